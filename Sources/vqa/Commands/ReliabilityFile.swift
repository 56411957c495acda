// ReliabilityFile.swift - where `--reliability` writes accuracy by confidence: a drawing or comma-separated values, by the name of the file.

import CommandLineKit
import Evaluation
import Reports
import SafeFiles

/// A file of `--reliability`.
struct ReliabilityFile {
  let path: String
  private let isDrawing: Bool

  static let option = OptionSpecification(
    "reliability", value: "FILE",
    help: "Writes how often answers of like confidence are right, drawn into a .png or as numbers into a .csv file",
    repeats: true)

  /// Reads the option; the name of each file says what is written.
  static func all(_ arguments: Arguments) throws(UsageError) -> [ReliabilityFile] {
    var files: [ReliabilityFile] = []
    for path in arguments.strings("reliability") {
      let name = path.lowercased()
      guard name.hasSuffix(".png") || name.hasSuffix(".csv") else {
        throw arguments.failure(
          .invalidValue(option: "--reliability", value: path, expected: "a name ending in .png or .csv"))
      }
      files.append(ReliabilityFile(path: path, isDrawing: name.hasSuffix(".png")))
    }
    return files
  }

  /// Writes the file.
  func write(_ reliability: Reliability, title: String, _ console: Console) throws {
    if isDrawing {
      try AtomicFile.write(try ReliabilityReport.png(reliability, title: title), to: path)
      console.inform("drawn in \(path)")
    } else {
      try AtomicFile.write(ReliabilityReport.csv(reliability), to: path)
    }
  }
}
