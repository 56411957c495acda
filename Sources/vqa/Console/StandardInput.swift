// StandardInput.swift - bytes from standard input, never more than a limit.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import SafeFiles

/// The standard input.
enum StandardInput {
  /// What it is called in failures.
  static let name = "standard input"

  /// Whether a person types it.
  static var isTerminal: Bool { isatty(0) == 1 }

  /// Reads all of it.
  static func readAll(limit: Int) throws(FileFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    while let chunk = try readSome() {
      bytes += chunk
      guard bytes.count <= limit else {
        throw FileFailure(file: name, cause: FileReadFailure.tooLarge(bytes: bytes.count, limit: limit))
      }
    }
    return bytes
  }

  /// Reads what is there, waiting for something; nil at the end.
  static func readSome() throws(FileFailure) -> [UInt8]? {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(0, &chunk, chunk.count)
      if count > 0 { return Array(chunk[..<count]) }
      if count == 0 { return nil }
      if errno == EAGAIN || errno == EWOULDBLOCK {
        _ = isReady(within: 200)
      } else if errno != EINTR {
        throw FileFailure(file: name, cause: FileReadFailure.notRead(errno))
      }
    }
  }

  /// Whether something can be read within so many milliseconds; the end counts as something, a signal does not.
  static func isReady(within milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, milliseconds) > 0
  }
}
