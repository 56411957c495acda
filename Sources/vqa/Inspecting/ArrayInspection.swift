// ArrayInspection.swift - what an .npy or .npz file of NumPy or a checkpoint of PyTorch holds.

import SafeFiles
import VQAPipeline
import WeightFiles

/// Looks into arrays, archives of arrays and checkpoints.
enum ArrayInspection {
  /// A line of the list of tensors.
  private typealias Line = (name: String, type: TensorDataType, shape: [Int])

  static func array(_ path: String) throws -> Finding {
    let array = try ArrayFile(path: path)
    var finding = Finding(kind: "array")
    finding.rows = [
      ("type", type(array)), ("shape", shape(array.shape)), ("numbers", Columns.grouped(array.count)),
    ]
    if let features = features(array) { finding.rows.append(("features", features)) }
    finding.members = object(("", array.dataType, array.shape))
    finding.members["name"] = nil
    finding.members["byteOrder"] = .string(array.byteOrder == .big ? "big" : "little")
    finding.members["fortranOrder"] = .bool(array.isFortranOrder)
    return finding
  }

  /// What an array is to a model that takes features; nil where it cannot be any.
  private static func features(_ array: ArrayFile) -> String? {
    guard array.shape.count == 2, [.float16, .bfloat16, .float32, .float64].contains(array.dataType) else { return nil }
    return "as features of a picture: \(array.shape[0]) rows of \(Columns.grouped(array.shape[1])) numbers"
  }

  private static func type(_ array: ArrayFile) -> String {
    array.dataType.rawValue + (array.byteOrder == .big ? ", big-endian" : "")
      + (array.isFortranOrder ? ", Fortran order" : "")
  }

  /// A zip archive: a checkpoint when it has a pickle, otherwise arrays.
  static func archive(_ path: String) throws -> Finding {
    let zip = try ZipArchive(path: path)
    if zip.entries.contains(where: { $0.name.hasSuffix("/data.pkl") }) { return try checkpoint(path) }
    let archive = try ArrayArchive(path: path)
    guard !archive.names.isEmpty else { throw FileFailure(file: path, cause: UnknownFile(isEmpty: false)) }
    do {
      let arrays = try archive.names.map { name in (name: name, array: try archive.array(name)) }
      var finding = list("arrays", arrays.map { ($0.name, $0.array.dataType, $0.array.shape) })
      let read = arrays.first { $0.name == FeatureReader.arrayName }?.array
      if let features = read.flatMap(features) { finding.rows.append(("features", features)) }
      return finding
    } catch let failure as ArrayArchiveFailure {
      throw FileFailure(file: path, cause: failure)
    }
  }

  /// A torch checkpoint of either layout.
  static func checkpoint(_ path: String) throws -> Finding {
    let checkpoint = try TorchCheckpoint(path: path)
    do throws(TorchFailure) { try checkpoint.verify() } catch { throw FileFailure(file: path, cause: error) }
    // A value can stand in so many places that no list of them would end.
    let tensors = checkpoint.root.tensors(limit: LoadLimits.default.tensorCount)
    let lines = tensors.map { name, tensor -> Line in (name, tensor.dataType, tensor.shape) }
    var finding = list("checkpoint", lines)
    let values = plainValues(checkpoint.root)
    finding.rows += values.map { (visibleText($0.key, limit: 40), text($0.value)) }
    finding.members["values"] = .object(JSONObject(values))
    if DynamicViTCheckpoint.isOne(checkpoint) { try DynamicViTInspection.addCheckpoint(checkpoint, to: &finding) }
    if BackboneFile.isPublished(checkpoint) { finding.add("network", "EfficientNet, as it was published") }
    return finding
  }

  /// The members of the outermost dictionary that are no containers.
  private static func plainValues(_ root: PickleValue) -> [JSONObject.Member] {
    var values: [JSONObject.Member] = []
    for (key, value) in root.dictionaryValue ?? [] where values.count < 100 {
      let plain: JSONValue? =
        switch value {
        case .boolean(let value): .bool(value)
        case .integer(let value): .integer(value)
        case .number(let value): value.isFinite ? .number(value) : .string("\(value)")
        case .text(let value): .string(value)
        default: nil
        }
      if let plain { values.append((key.textValue ?? "\(key.integerValue ?? 0)", plain)) }
    }
    return values
  }

  private static func text(_ value: JSONValue) -> String {
    visibleText(value.stringValue ?? value.serialized(), limit: 60)
  }

  private static func list(_ kind: String, _ lines: [Line]) -> Finding {
    var finding = Finding(kind: kind)
    finding.rows = [
      ("tensors", Columns.grouped(lines.count)),
      ("numbers", Columns.grouped(lines.reduce(0) { $0 &+ $1.shape.reduce(1, &*) })),
    ]
    let width = min(56, (lines.map { visibleText($0.name).count }.max() ?? 0) + 2)
    finding.details = lines.map { line in
      let start = visibleText(line.name)
      let space = String(repeating: " ", count: max(1, width - start.count))
      return "\(start)\(space)\(line.type.rawValue)  \(shape(line.shape))\n"
    }.joined()
    finding.members = ["tensors": .array(lines.map { .object(object($0)) })]
    return finding
  }

  private static func object(_ line: Line) -> JSONObject {
    [
      "name": .string(line.name), "type": .string(line.type.rawValue),
      "shape": .array(line.shape.map { .integer(Int64($0)) }),
    ]
  }

  private static func shape(_ shape: [Int]) -> String {
    shape.isEmpty ? "1 number" : shape.map(String.init).joined(separator: " x ")
  }
}
