// ReliabilityFile.swift - `--reliability`: how often answers of like confidence are right.

import CommandLineKit
import Evaluation
import Reports

/// The option `--reliability`.
enum ReliabilityFile {
  static let option = OptionSpecification(
    "reliability", value: "FILE",
    help: "Writes how often answers of like confidence are right, drawn into a .png or as numbers into a .csv file",
    repeats: true)

  /// Writes a diagram.
  static func write(_ reliability: Reliability, title: String, to file: DrawnFile, _ console: Console) throws {
    try file.write(
      csv: { ReliabilityReport.csv(reliability) }, png: { try ReliabilityReport.png(reliability, title: title) },
      console)
  }
}
