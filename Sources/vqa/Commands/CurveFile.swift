// CurveFile.swift - `--curve`: accuracy against cost.

import CommandLineKit
import Reports
import VQAPipeline

/// The option `--curve`.
enum CurveFile {
  static let option = OptionSpecification(
    "curve", value: "FILE",
    help: "Of a cascade: writes accuracy against mean multiply-adds, drawn into a .png or as numbers into a .csv file",
    repeats: true)

  /// Refuses a model that has no curve.
  static func check(_ model: VQAModel, _ arguments: Arguments) throws(UsageError) {
    if model.exits < 2 { throw ExitOptions.oneGrid("curve", model, arguments) }
  }

  /// Writes a curve.
  static func write(_ curve: CostCurve, title: String, to file: DrawnFile, _ console: Console) throws {
    try file.write(csv: { CurveReport.csv(curve) }, png: { try CurveReport.png(curve, title: title) }, console)
  }
}
