// ByteReader.swift - bytes from outside, read from front to back; every read checks that the bytes are there.

/// Which byte of a number comes first.
public enum ByteOrder: Sendable, Equatable {
  /// Least significant byte first.
  case little
  /// Most significant byte first.
  case big
}

/// Why a read of ``ByteReader`` failed.
public enum ByteReaderFailure: Failure, Equatable {
  /// Fewer bytes are left than are wanted.
  case endOfData(offset: Int, wanted: Int, left: Int)
  /// A text is not UTF-8.
  case invalidUTF8(offset: Int)

  /// Always bad data.
  public var kind: FailureKind { .badData }

  /// The byte at which the read began.
  public var place: String? {
    switch self {
    case .endOfData(let offset, _, _), .invalidUTF8(let offset): "byte \(offset)"
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .endOfData(_, let wanted, let left): "\(wanted) bytes are wanted here, \(left) are left"
    case .invalidUTF8: "the text is not UTF-8"
    }
  }

  /// What to do next.
  public var advice: String { "the file is cut short or damaged: fetch or make it again" }
}

/// Reads numbers, texts and byte runs from front to back.
public struct ByteReader: Sendable {
  private let bytes: [UInt8]
  /// Index of the next byte.
  public private(set) var offset = 0

  /// Starts at the first byte.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Number of bytes not read yet.
  public var remaining: Int { bytes.count - offset }

  /// Takes the next bytes.
  /// - Parameter count: How many; a negative number is refused like one that is too large.
  /// - Returns: The bytes, without a copy.
  /// - Throws: ``ByteReaderFailure`` when fewer are left.
  public mutating func bytes(_ count: Int) throws(ByteReaderFailure) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else {
      throw .endOfData(offset: offset, wanted: count, left: remaining)
    }
    defer { offset += count }
    return bytes[offset..<offset + count]
  }

  /// Passes over bytes.
  /// - Parameter count: How many.
  /// - Throws: ``ByteReaderFailure`` when fewer are left.
  public mutating func skip(_ count: Int) throws(ByteReaderFailure) {
    _ = try bytes(count)
  }

  /// Goes to a byte, forward or back.
  /// - Parameter offset: Index of the byte read next; the end of the data is allowed.
  /// - Throws: ``ByteReaderFailure`` when it lies outside the data.
  public mutating func seek(to offset: Int) throws(ByteReaderFailure) {
    guard offset >= 0, offset <= bytes.count else {
      throw .endOfData(offset: self.offset, wanted: offset, left: bytes.count)
    }
    self.offset = offset
  }

  /// Reads a whole number of a fixed width.
  /// - Parameters:
  ///   - type: Its type, as `UInt32.self`.
  ///   - order: Which byte comes first.
  /// - Returns: The number.
  /// - Throws: ``ByteReaderFailure`` when its bytes are not there.
  public mutating func integer<Number: FixedWidthInteger>(
    _ type: Number.Type = Number.self, order: ByteOrder = .little
  ) throws(ByteReaderFailure) -> Number {
    let run = try bytes(Number.bitWidth / 8)
    var bits: Number.Magnitude = 0
    switch order {
    case .little: for byte in run.reversed() { bits = bits << 8 | Number.Magnitude(byte) }
    case .big: for byte in run { bits = bits << 8 | Number.Magnitude(byte) }
    }
    return Number(truncatingIfNeeded: bits)
  }

  /// Reads one byte.
  /// - Returns: The byte.
  /// - Throws: ``ByteReaderFailure`` at the end of the data.
  public mutating func byte() throws(ByteReaderFailure) -> UInt8 {
    try integer()
  }

  /// Reads a UTF-8 text.
  /// - Parameter count: Its length in bytes.
  /// - Returns: The text.
  /// - Throws: ``ByteReaderFailure`` when bytes are missing or are not UTF-8.
  public mutating func text(_ count: Int) throws(ByteReaderFailure) -> String {
    let start = offset
    guard let text = String(validating: try bytes(count), as: UTF8.self) else {
      throw .invalidUTF8(offset: start)
    }
    return text
  }
}
