// TensorFile.swift - reads weights from a safetensors file (github.com/huggingface/safetensors, README "Format").

import SafeFiles

/// The tensors of a safetensors file; the numbers stay in the file until they are asked for.
public struct TensorFile: Sendable {
  /// The tensors in the order of the header.
  public let tensors: [TensorEntry]
  /// Texts the writer put in: configuration, training record and the like.
  public let metadata: [String: String]

  private let bytes: FileBytes
  private let places: [ScalarText: Int]

  /// Maps a file and checks its header.
  /// - Parameters:
  ///   - path: Path of the file.
  ///   - limits: Size of the file and of its header, number of tensors.
  /// - Throws: ``FileFailure`` with a ``FileReadFailure`` or a ``SafetensorsFailure``.
  public init(path: String, limits: LoadLimits = .default) throws(FileFailure) {
    let bytes = FileBytes.mapped(try MappedFile(path: path, limit: limits.weightFileBytes))
    let header: SafetensorsHeader
    do { header = try SafetensorsHeader(bytes, limits: limits) } catch { throw FileFailure(file: path, cause: error) }
    self.init(bytes, header)
  }

  /// Checks the header of a file that is in memory.
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - limits: Size of its header, number of tensors.
  /// - Throws: ``SafetensorsFailure``.
  public init(bytes: [UInt8], limits: LoadLimits = .default) throws(SafetensorsFailure) {
    let bytes = FileBytes.memory(bytes)
    self.init(bytes, try SafetensorsHeader(bytes, limits: limits))
  }

  private init(_ bytes: FileBytes, _ header: SafetensorsHeader) {
    self.bytes = bytes
    tensors = header.entries
    metadata = header.metadata
    var places: [ScalarText: Int] = [:]
    for (place, tensor) in tensors.enumerated() { places[ScalarText(tensor.name)] = place }
    self.places = places
  }

  /// Names of the tensors in the order of the header.
  public var names: [String] { tensors.map(\.name) }

  /// A tensor by name, or nil when the file has none of that name.
  public subscript(name: String) -> TensorEntry? {
    places[ScalarText(name)].map { tensors[$0] }
  }

  /// A tensor by name.
  /// - Parameter name: Its name, compared scalar by scalar.
  /// - Returns: Type, shape and place of the tensor.
  /// - Throws: ``SafetensorsFailure/noTensor(name:)``.
  public func tensor(_ name: String) throws(SafetensorsFailure) -> TensorEntry {
    guard let tensor = self[name] else { throw .noTensor(name: name) }
    return tensor
  }

  /// Reads the numbers of a tensor as `Float`; wider ones are rounded to the nearest.
  /// - Parameter name: Name of a tensor of any type but complex and 8-bit floating-point ones.
  /// - Returns: The numbers, the last dimension varying fastest.
  /// - Throws: ``SafetensorsFailure``.
  public func floats(_ name: String) throws(SafetensorsFailure) -> [Float] {
    let tensor = try tensor(name)
    guard let format = tensor.type.format else { throw .notConvertible(tensor: name, type: tensor.type) }
    return bytes.withBytes(tensor.range) { PackedNumbers.floats($0, format) }
  }

  /// Reads the numbers of a tensor of whole numbers exactly.
  /// - Parameter name: Name of a tensor of booleans or whole numbers, but not U64.
  /// - Returns: The numbers, the last dimension varying fastest.
  /// - Throws: ``SafetensorsFailure``.
  public func int64s(_ name: String) throws(SafetensorsFailure) -> [Int64] {
    let tensor = try tensor(name)
    guard let format = tensor.type.format,
      let numbers = bytes.withBytes(tensor.range, { PackedNumbers.int64s($0, format) })
    else { throw .notWhole(tensor: name, type: tensor.type) }
    return numbers
  }

  /// Lends the numbers of a tensor: an F32 one where it lies in the file, any other one converted.
  /// - Parameters:
  ///   - name: Name of a tensor of any type but complex and 8-bit floating-point ones.
  ///   - body: Reads the numbers; they are valid inside it only.
  /// - Returns: What `body` returns.
  /// - Throws: ``SafetensorsFailure``, or what `body` throws.
  public func withFloats<Result>(_ name: String, _ body: (Span<Float>) throws -> Result) throws -> Result {
    let tensor = try tensor(name)
    if tensor.type == .float32, let result = try bytes.withFloats(tensor.range, body) { return result }
    let converted = try floats(name)
    return try body(converted.span)
  }

  /// Reads the numbers of a tensor as `Float` into memory for exactly as many; wider ones are rounded to the nearest.
  ///
  /// - Parameters:
  ///   - name: Name of a tensor of any type but complex and 8-bit floating-point ones.
  ///   - target: The memory, whose contents are undefined.
  /// - Throws: ``SafetensorsFailure``.
  package func read(_ name: String, into target: UnsafeMutableBufferPointer<Float>) throws(SafetensorsFailure) {
    let tensor = try tensor(name)
    guard let format = tensor.type.format else { throw .notConvertible(tensor: name, type: tensor.type) }
    bytes.withBytes(tensor.range) { PackedNumbers.read($0, format, into: target) }
  }

  /// The file in memory and the place of a tensor of F32 numbers in it, for those who use them where they lie.
  ///
  /// - Parameter name: Name of a tensor.
  /// - Returns: The mapped file, and the offsets of the numbers; nil when they have to be read or converted.
  /// - Throws: ``SafetensorsFailure/noTensor(name:)``.
  package func mapped(_ name: String) throws(SafetensorsFailure) -> (file: MappedFile, range: Range<Int>)? {
    let tensor = try tensor(name)
    guard case .mapped(let file) = bytes, tensor.type == .float32 else { return nil }
    return (file, tensor.range)
  }

  /// Checks that no tensor holds a NaN or an infinity.
  /// - Throws: ``SafetensorsFailure/notFinite(tensor:index:)`` for the first one in the order of the header.
  public func checkFinite() throws(SafetensorsFailure) {
    for tensor in tensors {
      guard let format = tensor.type.format else { continue }
      if let index = bytes.withBytes(tensor.range, { PackedNumbers.firstNotFinite($0, format) }) {
        throw .notFinite(tensor: tensor.name, index: index)
      }
    }
  }
}
