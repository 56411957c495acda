// CurveFile.swift - where `--curve` writes accuracy against cost: a drawing or comma-separated values, by the name of the file.

import CommandLineKit
import Reports
import SafeFiles
import VQAPipeline

/// A file of `--curve`.
struct CurveFile {
  let path: String
  private let isDrawing: Bool

  static let option = OptionSpecification(
    "curve", value: "FILE",
    help: "Of a cascade: writes accuracy against mean multiply-adds, drawn into a .png or as numbers into a .csv file",
    repeats: true)

  /// Reads the option; the name of each file says what is written.
  static func all(_ arguments: Arguments) throws(UsageError) -> [CurveFile] {
    var files: [CurveFile] = []
    for path in arguments.strings("curve") {
      let name = path.lowercased()
      guard name.hasSuffix(".png") || name.hasSuffix(".csv") else {
        throw arguments.failure(
          .invalidValue(option: "--curve", value: path, expected: "a name ending in .png or .csv"))
      }
      files.append(CurveFile(path: path, isDrawing: name.hasSuffix(".png")))
    }
    return files
  }

  /// Refuses a model that has no curve.
  static func check(_ model: VQAModel, _ arguments: Arguments) throws(UsageError) {
    if model.exits < 2 { throw ExitOptions.oneGrid("curve", model, arguments) }
  }

  /// Writes a curve.
  func write(_ curve: CostCurve, title: String, _ console: Console) throws {
    if isDrawing {
      try AtomicFile.write(try CurveReport.png(curve, title: title), to: path)
      console.inform("drawn in \(path)")
    } else {
      try AtomicFile.write(CurveReport.csv(curve), to: path)
    }
  }
}
