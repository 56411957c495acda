// Inflater.swift - deflated bytes (RFC 1951) and checksums, by zlib.

import CZlib

/// Inflates and sums up bytes; the only place that knows zlib.
enum Inflater {
  /// No byte of deflated data becomes more than so many.
  static let largestRatio: UInt64 = 1032

  /// Bytes given to or taken from zlib at a time.
  private static let chunk = 1 << 16

  /// How inflating ended.
  enum Outcome: Equatable {
    /// All of it, and how many bytes of the input it took.
    case done([UInt8], used: Int)
    /// The input is damaged or ends too early, after so many bytes.
    case damaged(used: Int)
    /// More bytes come of it than the limit.
    case tooLarge
  }

  /// Inflates bytes.
  ///
  /// Memory is taken as the bytes come, not by what the archive says.
  /// - Parameters:
  ///   - input: The deflated bytes, without a header around them.
  ///   - size: Number of bytes they become.
  /// - Returns: The bytes, or nil when the input is damaged, goes on behind its end, or becomes more or fewer bytes.
  static func inflate(_ input: RawSpan, size: Int) -> [UInt8]? {
    guard case .done(let bytes, let used) = inflate(input, limit: size) else { return nil }
    return bytes.count == size && used == input.byteCount ? bytes : nil
  }

  /// Inflates bytes up to their end, wherever it is in the input.
  ///
  /// - Parameters:
  ///   - input: The deflated bytes, without a header around them; more may follow.
  ///   - limit: How many bytes they may become.
  /// - Returns: The bytes, or why there are none.
  static func inflate(_ input: RawSpan, limit: Int) -> Outcome {
    var stream = z_stream()
    // zlib keeps the address of the stream, so it must not move between the calls.
    return withUnsafeMutablePointer(to: &stream) { stream in
      guard inflateInit2_(stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
        return .damaged(used: 0)
      }
      defer { inflateEnd(stream) }
      return input.withUnsafeBytes { run(stream, $0, limit: limit) }
    }
  }

  private static func run(
    _ stream: UnsafeMutablePointer<z_stream>, _ input: UnsafeRawBufferPointer, limit: Int
  ) -> Outcome {
    var output: [UInt8] = []
    output.reserveCapacity(min(limit, chunk))
    var buffer = [UInt8](repeating: 0, count: min(chunk, limit + 1))
    var used = 0
    while true {
      let given = min(chunk, input.count - used)
      var left = given
      let (status, made) = buffer.withUnsafeMutableBufferPointer { room -> (Int32, Int) in
        let source = input.baseAddress.map { $0 + used }?.assumingMemoryBound(to: Bytef.self)
        stream.pointee.next_in = UnsafeMutablePointer(mutating: source)
        stream.pointee.avail_in = uInt(given)
        stream.pointee.next_out = room.baseAddress
        stream.pointee.avail_out = uInt(room.count)
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        left = Int(stream.pointee.avail_in)
        return (status, room.count - Int(stream.pointee.avail_out))
      }
      used += given - left
      guard status == Z_OK || status == Z_STREAM_END else { return .damaged(used: used) }
      guard output.count + made <= limit else { return .tooLarge }
      output += buffer[..<made]
      if status == Z_STREAM_END { return .done(output, used: used) }
      // Nothing taken and nothing made: the input ends too early.
      guard given > left || made > 0 else { return .damaged(used: used) }
    }
  }

  /// CRC-32 of bytes.
  static func checksum(_ bytes: RawSpan) -> UInt32 {
    bytes.withUnsafeBytes { buffer in
      UInt32(truncatingIfNeeded: crc32_z(0, buffer.baseAddress?.assumingMemoryBound(to: Bytef.self), buffer.count))
    }
  }
}

/// The library that inflates.
public enum ZlibLibrary {
  /// The version in use, such as `1.2.13`.
  public static var version: String { zlibVersion().map { String(cString: $0) } ?? "unknown" }
}
