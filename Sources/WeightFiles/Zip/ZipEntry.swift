// ZipEntry.swift - one entry of a zip archive, checked against the file.

/// How the bytes of an entry are stored.
public enum ZipMethod: UInt16, Sendable, Equatable {
  /// As they are.
  case stored = 0
  /// Compressed (RFC 1951).
  case deflated = 8
}

/// What is known of an entry before its bytes are read.
public struct ZipEntry: Sendable, Equatable {
  /// Path inside the archive, its parts separated by "/".
  public let name: String
  /// How its bytes are stored.
  public let method: ZipMethod
  /// Number of its bytes, once they are inflated.
  public let size: Int
  /// CRC-32 of its bytes.
  public let checksum: UInt32
  /// Where its bytes are in the file, as they are stored.
  public let range: Range<Int>
  /// Place in the directory.
  let index: Int
}
