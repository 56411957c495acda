// TensorFileWriter.swift - writes weights as a safetensors file (github.com/huggingface/safetensors, README "Format").

import SafeFiles

/// How the numbers of a file are stored.
public enum TensorStorage: Sendable, Equatable {
  /// 32 bits, exactly as they are.
  case float32
  /// IEEE 754 binary16, rounded to the nearest; a number beyond 65504 is refused.
  case float16
  /// The upper half of a binary32, rounded to the nearest.
  case bfloat16

  fileprivate var type: TensorDataType {
    switch self {
    case .float32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    }
  }

  fileprivate var format: NumberFormat {
    switch self {
    case .float32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    }
  }
}

/// Writes safetensors files.
///
/// The same tensors and metadata give the same bytes.
public enum TensorFileWriter {
  /// A tensor to be written: its numbers, the last dimension varying fastest.
  public typealias Tensor = (name: String, shape: [Int], values: [Float])

  /// Numbers converted at a time, so that a large tensor is not in memory twice.
  private static let chunk = 1 << 18

  /// Writes a file, in place of the one that is there; it is never seen half written.
  /// - Parameters:
  ///   - tensors: The tensors in the order of the file.
  ///   - metadata: Texts by key; written in the order of the keys.
  ///   - storage: How the numbers are stored.
  ///   - path: Path of the file, in a folder that exists.
  /// - Throws: ``FileFailure`` with a ``FileWriteFailure`` or a ``SafetensorsFailure``.
  public static func write(
    tensors: [Tensor], metadata: [String: String] = [:], storage: TensorStorage = .float32, to path: String
  ) throws(FileFailure) {
    let head = try inFile(path) { () throws(SafetensorsFailure) -> [UInt8] in
      try header(tensors, metadata: metadata, storage: storage)
    }
    var file = try AtomicFileWriter.open(path)
    try file.write(head)
    for tensor in tensors {
      for start in stride(from: 0, to: tensor.values.count, by: chunk) {
        let part = tensor.values[start..<min(start + chunk, tensor.values.count)]
        try file.write(
          inFile(path) { () throws(SafetensorsFailure) -> [UInt8] in try packed(part, of: tensor.name, storage) })
      }
    }
    try file.finish()
  }

  /// Makes the bytes of a file.
  /// - Parameters:
  ///   - tensors: The tensors in the order of the file.
  ///   - metadata: Texts by key; written in the order of the keys.
  ///   - storage: How the numbers are stored.
  /// - Returns: The whole file.
  /// - Throws: ``SafetensorsFailure``.
  public static func bytes(
    tensors: [Tensor], metadata: [String: String] = [:], storage: TensorStorage = .float32
  ) throws(SafetensorsFailure) -> [UInt8] {
    var bytes = try header(tensors, metadata: metadata, storage: storage)
    for tensor in tensors { bytes += try packed(tensor.values[...], of: tensor.name, storage) }
    return bytes
  }

  /// Checks that no tensor holds a NaN or an infinity.
  /// - Parameter tensors: Tensors that are about to be written.
  /// - Throws: ``SafetensorsFailure/notFinite(tensor:index:)`` for the first one.
  public static func checkFinite(_ tensors: [Tensor]) throws(SafetensorsFailure) {
    for tensor in tensors {
      if let index = tensor.values.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(tensor: tensor.name, index: index)
      }
    }
  }

  private static func inFile<Result>(
    _ path: String, _ make: () throws(SafetensorsFailure) -> Result
  ) throws(FileFailure) -> Result {
    do { return try make() } catch { throw FileFailure(file: path, cause: error) }
  }

  /// Length and header, padded with spaces so that the data begins at a multiple of eight bytes.
  private static func header(
    _ tensors: [Tensor], metadata: [String: String], storage: TensorStorage
  ) throws(SafetensorsFailure) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
        .map { "\(JSONValue.quoted($0.key)):\(JSONValue.quoted($0.value))" }
      members.append("\"\(SafetensorsHeader.metadataKey)\":{\(texts.joined(separator: ","))}")
    }
    var names: Set<ScalarText> = []
    var begin = 0
    for (name, shape, values) in tensors {
      guard name != SafetensorsHeader.metadataKey else { throw .reservedName }
      guard names.insert(ScalarText(name)).inserted else { throw .duplicateTensor(name: name) }
      guard elementCount(shape) == values.count else {
        throw .valueCount(tensor: name, shape: shape, values: values.count)
      }
      let end = begin + values.count * storage.type.width
      members.append(
        "\(JSONValue.quoted(name)):{\"dtype\":\"\(storage.type.rawValue)\","
          + "\"shape\":[\(shape.map(String.init).joined(separator: ","))],\"data_offsets\":[\(begin),\(end)]}")
      begin = end
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    while text.count % 8 != 0 { text.append(0x20) }
    let length = UInt64(text.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + text
  }

  /// The bytes of numbers, none of which may become infinite.
  private static func packed(
    _ values: ArraySlice<Float>, of name: String, _ storage: TensorStorage
  ) throws(SafetensorsFailure) -> [UInt8] {
    // From these numbers on rounding to the nearest gives infinity.
    let bound: Float = storage == .float16 ? 65520 : storage == .bfloat16 ? 0x1.FFp127 : .infinity
    if storage != .float32, let index = values.firstIndex(where: { $0.isFinite && $0.magnitude >= bound }) {
      throw .notRepresentable(tensor: name, index: index, value: values[index])
    }
    return PackedNumbers.bytes(values, storage.format)
  }
}
