// CalibrationReport.swift - what a calibration found: each exit, the thresholds chosen, the points for budgets.

import Routing
import SafeFiles
import VQAPipeline

/// The result of a calibration, for people and for programs.
public struct CalibrationReport: Sendable {
  private let calibration: ExitCalibration
  private let choice: ExitCalibration.Choice
  private let grids: [GridSize]
  private let fullRun: Int
  private let points: [BudgetPoint]
  /// Columns of the names of facts.
  private static let indent = 13

  /// Collects what is told.
  ///
  /// - Parameters:
  ///   - calibration: The calibration.
  ///   - choice: The thresholds chosen.
  ///   - grids: The grid of each exit.
  ///   - fullRun: Multiplications with addition of an answer at the last exit alone.
  ///   - points: The points that are stored.
  public init(
    _ calibration: ExitCalibration, _ choice: ExitCalibration.Choice, grids: [GridSize], fullRun: Int,
    points: [BudgetPoint]
  ) {
    self.calibration = calibration
    self.choice = choice
    self.grids = grids
    self.fullRun = fullRun
    self.points = points
  }

  /// A table of the exits and the facts of the thresholds, at most 80 columns; ends with a line feed.
  public var text: String {
    var text = row("", "", "", "calibration error", "", "", "million")
    text += row("exit", "grid", "temperature", "before", "after", "accuracy", "multiply-adds")
    for (index, exit) in calibration.exits.enumerated() {
      let grid = grids.indices.contains(index) ? CascadeText.size(grids[index]) : ""
      text += row(
        String(index + 1), grid, Percent.fixed(Double(exit.temperature), places: 3), points(exit.errorBefore),
        points(exit.errorAfter), points(exit.accuracy), millions(Int(exit.multiplyAdds.rounded())))
    }
    text += """
        before: at temperature 1. An answer at the last exit alone takes \(millions(fullRun))
        million multiply-adds, those of the table are of every exit in turn.

      """
    text += "\n"
    for (name, value) in facts { text += labelled(name, value, indent: Self.indent) }
    return trimmingLineEnds(text)
  }

  private var facts: [(name: String, value: String)] {
    let point = choice.point
    let thresholds = point.thresholds.enumerated().map { "\(CascadeText.threshold($1)) at exit \($0 + 1)" }
    let shares = choice.fractions.enumerated().map { "\(Percent.text(Float($1))) at exit \($0 + 1)" }
    let costs = points.map(\.multiplyAdds)
    let searched = points.count { $0.solvedBy == .search }
    let difference = 100 * (point.accuracy - (calibration.exits.last?.accuracy ?? 0))
    let distance =
      abs(difference) < 0.005
      ? "as much as the last exit"
      : "\(Percent.fixed(abs(difference), places: 2)) points \(difference > 0 ? "above" : "below") the last exit"
    var facts: [(name: String, value: String)] = [("questions", grouped(calibration.count))]
    if calibration.exits.contains(where: { $0.yesNoTemperature != nil }) { facts.append(("yes or no", yesNo)) }
    facts += [
      (
        "thresholds",
        thresholds.joined(separator: ", ") + (point.solvedBy == .search ? "; searched" : "; percentile rule")
      ),
      ("answered", shares.joined(separator: ", ")),
      ("accuracy", "\(points(point.accuracy)), \(distance)"),
      (
        "mean cost",
        "\(millions(Int(point.multiplyAdds.rounded()))) million multiply-adds, "
          + "\(Percent.fixed(100 * point.multiplyAdds / Double(max(1, fullRun)), places: 0)) % of the last exit alone"
      ),
      (
        "budgets",
        "\(points.count) points stored, \(searched) searched and \(points.count - searched) by the percentile rule, from "
          + "\(millions(Int((costs.min() ?? 0).rounded()))) to \(millions(Int((costs.max() ?? 0).rounded()))) million"
      ),
    ]
    return facts
  }

  /// The temperatures of the answers yes and no.
  private var yesNo: String {
    let texts = calibration.exits.enumerated().map { index, exit in
      "\(Percent.fixed(Double(exit.yesNoTemperature ?? exit.temperature), places: 3)) at exit \(index + 1)"
    }
    return "temperature of these answers " + texts.joined(separator: ", ")
  }

  private func points(_ share: Double) -> String { Percent.fixed(100 * share, places: 2) + " %" }

  private func row(
    _ exit: String, _ grid: String, _ temperature: String, _ before: String, _ after: String, _ accuracy: String,
    _ cost: String
  ) -> String {
    let errors =
      after.isEmpty ? "  " + padded(before, to: 19) : rightAligned(before, to: 10) + rightAligned(after, to: 11)
    return rightAligned(exit, to: 4) + "  " + padded(grid, to: 8) + rightAligned(temperature, to: 12) + errors
      + rightAligned(accuracy, to: 12) + rightAligned(cost, to: 15) + "\n"
  }

  /// `questions`; `exits` with `exit`, `grid`, `temperature`, perhaps `yesNoTemperature`, `calibrationErrorBefore`, `calibrationErrorAfter`, `accuracy` and
  /// `multiplyAdds`; `chosen` with `thresholds`, `solvedBy`, `multiplyAdds`, `accuracy` and `exits`; `fullMultiplyAdds`; `points`.
  public var json: JSONValue {
    var chosen = object(choice.point)
    chosen["exits"] = .array(choice.fractions.map { .number($0) })
    return [
      "questions": .integer(Int64(calibration.count)),
      "exits": .array(
        calibration.exits.enumerated().map { index, exit in
          var object: JSONObject = [
            "exit": .integer(Int64(index + 1)),
            "grid": [.integer(Int64(grids[index].rows)), .integer(Int64(grids[index].columns))],
            "temperature": .shortest(exit.temperature),
          ]
          object["yesNoTemperature"] = exit.yesNoTemperature.map { .shortest($0) }
          object["calibrationErrorBefore"] = .number(exit.errorBefore)
          object["calibrationErrorAfter"] = .number(exit.errorAfter)
          object["accuracy"] = .number(exit.accuracy)
          object["multiplyAdds"] = .number(exit.multiplyAdds)
          return .object(object)
        }),
      "chosen": .object(chosen), "fullMultiplyAdds": .integer(Int64(fullRun)),
      "points": .array(points.map { .object(object($0)) }),
    ]
  }

  private func object(_ point: BudgetPoint) -> JSONObject {
    [
      "thresholds": .array(point.thresholds.map { .shortest($0) }), "solvedBy": .string(point.solvedBy.rawValue),
      "multiplyAdds": .number(point.multiplyAdds), "accuracy": .number(point.accuracy),
    ]
  }
}
