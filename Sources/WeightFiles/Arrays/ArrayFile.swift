// ArrayFile.swift - reads an array from an .npy file (NumPy, "NPY format", versions 1.0 to 3.0).

import SafeFiles

/// One array of numbers; they stay in the file until they are asked for.
///
/// Stricter than NumPy: the data ends where the shape says, and arrays of objects, texts and records are refused.
public struct ArrayFile: Sendable {
  /// Size of each dimension, the outermost first; empty for a single number.
  public let shape: [Int]
  /// How the numbers are stored.
  public let dataType: TensorDataType
  /// Which byte of a number comes first.
  public let byteOrder: ByteOrder
  /// Whether the first dimension varies fastest in the file.
  public let isFortranOrder: Bool

  private let data: FilePart

  /// Maps a file and checks its header.
  /// - Parameters:
  ///   - path: Path of the file.
  ///   - limits: Size of the file and of its header, number of dimensions.
  /// - Throws: ``FileFailure`` with a ``FileReadFailure`` or an ``ArrayFailure``.
  public init(path: String, limits: LoadLimits = .default) throws(FileFailure) {
    let file = FileBytes.mapped(try MappedFile(path: path, limit: limits.weightFileBytes))
    do { try self.init(FilePart(file), limits: limits) } catch { throw FileFailure(file: path, cause: error) }
  }

  /// Checks the header of a file that is in memory.
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - limits: Size of its header, number of dimensions.
  /// - Throws: ``ArrayFailure``.
  public init(bytes: [UInt8], limits: LoadLimits = .default) throws(ArrayFailure) {
    try self.init(FilePart(.memory(bytes)), limits: limits)
  }

  /// Checks the header of an array inside another file.
  init(_ part: FilePart, limits: LoadLimits) throws(ArrayFailure) {
    let header = try ArrayHeader(part, limits: limits)
    (shape, dataType, byteOrder) = (header.shape, header.dataType, header.byteOrder)
    isFortranOrder = header.isFortranOrder
    data = part[header.dataStart..<part.count]
  }

  /// Number of its numbers.
  public var count: Int { data.count / dataType.width }

  /// Reads the numbers as `Float`; wider ones are rounded to the nearest.
  /// - Returns: The numbers, the last dimension varying fastest whatever the order in the file.
  /// - Throws: ``ArrayFailure/notConvertible(_:)`` for complex numbers.
  public func floats() throws(ArrayFailure) -> [Float] {
    guard let numbers = data.floats(dataType, byteOrder) else { throw .notConvertible(dataType) }
    return rowMajor(numbers)
  }

  /// Reads whole numbers exactly.
  /// - Returns: The numbers, the last dimension varying fastest whatever the order in the file.
  /// - Throws: ``ArrayFailure/notWhole(_:)`` for other than booleans and whole numbers, and for U64.
  public func int64s() throws(ArrayFailure) -> [Int64] {
    guard let numbers = data.int64s(dataType, byteOrder) else { throw .notWhole(dataType) }
    return rowMajor(numbers)
  }

  private func rowMajor<Number>(_ numbers: [Number]) -> [Number] {
    guard isFortranOrder, shape.count > 1 else { return numbers }
    var strides: [Int] = []
    var step = 1
    for size in shape {
      strides.append(step)
      step *= size
    }
    return Strided.rowMajor(numbers, shape: shape, strides: strides)
  }
}
