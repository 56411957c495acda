// DrawnFile.swift - a file that options such as `--curve` write: a drawing or comma-separated values, by the name of the file.

import CommandLineKit
import SafeFiles

/// A file that holds the same numbers drawn or as text.
struct DrawnFile {
  let path: String
  private let isDrawing: Bool

  /// Reads an option; the name of each file says what is written.
  static func all(_ option: OptionSpecification, _ arguments: Arguments) throws(UsageError) -> [DrawnFile] {
    var files: [DrawnFile] = []
    for path in arguments.strings(option.name) {
      let name = path.lowercased()
      guard name.hasSuffix(".png") || name.hasSuffix(".csv") else {
        throw arguments.failure(
          .invalidValue(option: "--\(option.name)", value: path, expected: "a name ending in .png or .csv"))
      }
      files.append(DrawnFile(path: path, isDrawing: name.hasSuffix(".png")))
    }
    return files
  }

  /// Writes the file; only what its name asks for is made.
  func write(csv: () -> String, png: () throws -> [UInt8], _ console: Console) throws {
    if isDrawing {
      try AtomicFile.write(try png(), to: path)
      console.inform("drawn in \(path)")
    } else {
      try AtomicFile.write(csv(), to: path)
    }
  }
}
