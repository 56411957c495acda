// FilePart.swift - a run of bytes inside a file, in memory or mapped, that is known to be there.

import SafeFiles

/// A run of bytes of a file.
struct FilePart: Sendable {
  /// The file.
  let file: FileBytes
  /// Where in the file; inside it.
  let range: Range<Int>

  /// All of a file.
  init(_ file: FileBytes) {
    self.file = file
    range = 0..<file.count
  }

  /// A run of a file.
  /// - Parameters:
  ///   - file: The file.
  ///   - range: Offsets inside the file; others are a mistake of the program.
  init(_ file: FileBytes, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= file.count, "range outside the file")
    self.file = file
    self.range = range
  }

  /// Number of bytes.
  var count: Int { range.count }

  /// A run of this run.
  /// - Parameter inner: Offsets counted from the begin of this run.
  subscript(inner: Range<Int>) -> FilePart {
    FilePart(file, range.lowerBound + inner.lowerBound..<range.lowerBound + inner.upperBound)
  }

  /// Copies the first bytes, fewer when the run is shorter.
  func prefix(_ count: Int) -> [UInt8] {
    file.copy(range.lowerBound..<range.lowerBound + min(max(0, count), range.count))
  }

  /// Copies all bytes.
  func copy() -> [UInt8] { file.copy(range) }

  /// Gives the bytes, valid inside the closure only.
  func withBytes<Result, Failed: Error>(_ body: (RawSpan) throws(Failed) -> Result) throws(Failed) -> Result {
    try file.withBytes(range, body)
  }
}
