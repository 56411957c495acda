// LineReader.swift - lines of standard input as they come, each of a bounded length.

import SafeFiles

/// Reads lines in groups: as many as have arrived, so that a program at the other end can wait for each answer.
struct LineReader {
  /// One line.
  enum Line: Equatable {
    /// Its bytes, without the line end.
    case bytes([UInt8])
    /// It was longer than allowed and has been passed over.
    case tooLong
  }

  /// Longest line in bytes.
  let limit: Int
  private var buffer: [UInt8] = []
  private var scanned = 0
  private var isSkipping = false
  private var isAtEnd = false

  init(limit: Int) {
    self.limit = limit
  }

  /// The next lines, at least one and at most `count`; none at the end, or when the program is asked to stop.
  mutating func next(_ count: Int) throws(FileFailure) -> [Line] {
    while !Interruption.isRequested {
      let lines = take(count)
      if !lines.isEmpty { return lines }
      if isAtEnd { return rest() }
      guard StandardInput.isReady(within: 200) else { continue }
      if let chunk = try StandardInput.readSome() { buffer += chunk } else { isAtEnd = true }
    }
    return []
  }

  /// Cuts whole lines from the buffer.
  private mutating func take(_ count: Int) -> [Line] {
    var lines: [Line] = []
    var start = 0
    while lines.count < count {
      guard let end = buffer[max(start, scanned)...].firstIndex(of: UInt8(ascii: "\n")) else {
        scanned = buffer.count
        break
      }
      if isSkipping {
        isSkipping = false
      } else {
        lines.append(end - start > limit ? .tooLong : .bytes(Array(buffer[start..<end])))
      }
      start = end + 1
      scanned = start
    }
    buffer.removeFirst(start)
    scanned -= start
    if buffer.count > limit, scanned == buffer.count {
      if !isSkipping { lines.append(.tooLong) }
      isSkipping = true
      (buffer, scanned) = ([], 0)
    }
    return lines
  }

  /// A last line without a line end.
  private mutating func rest() -> [Line] {
    defer { (buffer, scanned) = ([], 0) }
    return buffer.isEmpty || isSkipping ? [] : [.bytes(buffer)]
  }
}
