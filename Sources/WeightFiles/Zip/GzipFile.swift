// GzipFile.swift - the bytes of a gzip file (RFC 1952), one member after another, under a limit.

import SafeFiles

/// Why a gzip file is refused.
public enum GzipFailure: Failure, Equatable {
  /// A member does not begin as one.
  case notGzip(offset: Int)
  /// The file ends inside a member.
  case cutShort(offset: Int)
  /// Compressed data is damaged near a byte.
  case damaged(offset: Int)
  /// Length or checksum of a member, which stand at a byte, are not those of its data.
  case wrongChecksum(offset: Int)
  /// The data becomes larger than the limit.
  case tooLarge(limit: Int)

  /// Always bad data.
  public var kind: FailureKind { .badData }

  /// The byte.
  public var place: String? {
    switch self {
    case .notGzip(let offset), .cutShort(let offset), .damaged(let offset), .wrongChecksum(let offset): "byte \(offset)"
    case .tooLarge: nil
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .notGzip: "no gzip data begins here"
    case .cutShort: "the file ends inside its gzip data"
    case .damaged: "the compressed data is damaged"
    case .wrongChecksum: "length or checksum are not those of the data"
    case .tooLarge(let limit): "the data becomes larger than the limit of \(limit) bytes"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .notGzip, .tooLarge: "check that this is the right file"
    case .cutShort, .damaged, .wrongChecksum: "fetch or make the file again"
    }
  }
}

/// Gzip files.
public enum GzipFile {
  /// Whether bytes begin as gzip data.
  public static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// Reads a file, inflated where it is gzip data.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limit: How many bytes the file may have, and may become.
  /// - Returns: The data.
  /// - Throws: `FileFailure` with ``GzipFailure``.
  public static func read(_ path: String, limit: Int = LoadLimits.default.jsonFileBytes) throws(FileFailure) -> [UInt8]
  {
    let bytes = try readFile(path, limit: limit)
    guard isGzip(bytes) else { return bytes }
    do { return try inflate(bytes, limit: limit) } catch { throw FileFailure(file: path, cause: error) }
  }

  /// Inflates gzip data: one member or several.
  ///
  /// - Parameters:
  ///   - bytes: All of the file.
  ///   - limit: How many bytes may come of it.
  /// - Returns: The data of all members.
  /// - Throws: ``GzipFailure`` with the byte.
  public static func inflate(_ bytes: [UInt8], limit: Int) throws(GzipFailure) -> [UInt8] {
    var output: [UInt8] = []
    var start = 0
    repeat {
      let begin = try header(bytes, at: start)
      let outcome = FileBytes.memory(bytes).withBytes(begin..<bytes.count) {
        Inflater.inflate($0, limit: limit - output.count)
      }
      switch outcome {
      case .tooLarge: throw .tooLarge(limit: limit)
      case .damaged(let used):
        throw begin + used == bytes.count ? .cutShort(offset: bytes.count) : .damaged(offset: begin + used)
      case .done(let data, let used):
        let end = begin + used
        guard bytes.count - end >= 8 else { throw .cutShort(offset: bytes.count) }
        let checksum = FileBytes.memory(data).withBytes(0..<data.count) { Inflater.checksum($0) }
        guard number(bytes, at: end) == checksum, number(bytes, at: end + 4) == UInt32(truncatingIfNeeded: data.count)
        else { throw .wrongChecksum(offset: end) }
        output += data
        start = end + 8
      }
    } while start < bytes.count
    return output
  }

  private static func number(_ bytes: [UInt8], at place: Int) -> UInt32 {
    bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Passes over the header of a member.
  ///
  /// - Returns: Where its compressed data begins.
  private static func header(_ bytes: [UInt8], at start: Int) throws(GzipFailure) -> Int {
    let fixed = 10
    guard bytes.count - start >= fixed else { throw .cutShort(offset: bytes.count) }
    let flags = bytes[start + 3]
    // The three highest flags have no meaning yet.
    guard bytes[start] == 0x1F, bytes[start + 1] == 0x8B, bytes[start + 2] == 8, flags & 0xE0 == 0 else {
      throw .notGzip(offset: start)
    }
    var place = start + fixed
    func has(_ flag: UInt8) -> Bool { flags & flag != 0 }
    if has(4) {
      guard bytes.count - place >= 2 else { throw .cutShort(offset: bytes.count) }
      place += 2 + Int(bytes[place]) + Int(bytes[place + 1]) << 8
    }
    // A name and a comment, each up to a zero.
    for flag: UInt8 in [8, 16] where has(flag) {
      guard place < bytes.count, let end = bytes[place...].firstIndex(of: 0) else {
        throw .cutShort(offset: bytes.count)
      }
      place = end + 1
    }
    if has(2) { place += 2 }
    guard place <= bytes.count else { throw .cutShort(offset: bytes.count) }
    return place
  }
}
