// CascadeText.swift - what the stages of a cascade did for one answer, as lines for a terminal and as JSON.

import Routing
import SafeFiles
import VQAPipeline

/// The stages of a cascade as text.
enum CascadeText {
  /// Where the answer was given: `2 of 3, a grid of 10 x 10`.
  static func exit(_ answer: Answer, _ record: CascadeRecord) -> String {
    let grid = record.stages.indices.contains(answer.exit - 1) ? record.stages[answer.exit - 1].grid : nil
    return "\(answer.exit) of \(record.stages.count)" + (grid.map { ", a grid of \(size($0))" } ?? "")
  }

  /// What was spent, and how much that is of a full run.
  static func cost(_ answer: Answer, _ record: CascadeRecord) -> String {
    let share = Double(answer.multiplyAdds) / Double(max(1, record.fullRunMultiplyAdds))
    return "\(millions(answer.multiplyAdds)) million multiply-adds, \(Percent.fixed(100 * share, places: 0)) % of the "
      + "\(millions(record.fullRunMultiplyAdds)) million of a full run"
  }

  /// A line for the question and for each stage: what it took, how sure the answer was, and what the rest would have taken.
  static func table(_ answer: Answer, _ record: CascadeRecord) -> String {
    var text = "The exits: from the coarsest grid to the first that is sure enough.\n"
    text += row("exit", "grid", "confidence", "needed", "million multiply-adds")
    text += row("", "question", "", "", millions(record.questionMultiplyAdds))
    for (index, stage) in record.stages.enumerated() {
      let note = index + 1 == answer.exit ? "  *" : stage.confidence == nil ? "  \(state(stage))" : ""
      let spent = millions(stage.isComputed ? stage.spent : stage.possible) + note
      text += row(
        String(index + 1), size(stage.grid), stage.confidence.map { Percent.text($0, places: 2) } ?? "-",
        stage.threshold.map(threshold) ?? "-", spent)
    }
    text += "  * is where the answer was given; what was not run is what it would have taken.\n"
    return trimmingLineEnds(text)
  }

  /// What became of a stage that gave no answer.
  static func state(_ stage: CascadeRecord.Stage) -> String {
    guard stage.isComputed else { return "not run" }
    return stage.visionMultiplyAdds == 0 ? "computed before" : "not asked"
  }

  private static func row(_ exit: String, _ grid: String, _ confidence: String, _ needed: String, _ cost: String)
    -> String
  {
    let number = cost.prefix { $0 != " " }
    let rest = cost.dropFirst(number.count)
    return "  " + rightAligned(exit, to: 4) + "  " + padded(grid, to: 8) + rightAligned(confidence, to: 12)
      + rightAligned(needed, to: 10) + "  " + rightAligned(String(number), to: 12) + rest + "\n"
  }

  /// A grid: `7 x 7`.
  static func size(_ grid: GridSize) -> String { "\(grid.rows) x \(grid.columns)" }

  /// The least confidence of an exit: a share, or `never` where no confidence reaches it.
  static func threshold(_ threshold: Float) -> String {
    threshold > 1 ? "never" : Percent.text(threshold, places: 2)
  }

  /// The stages as JSON.
  ///
  /// - Parameter record: The record.
  /// - Returns: For each stage `exit` (from 1), `grid`, `confidence` and `threshold` (null where there is none), `multiplyAdds` and `run`;
  ///   of a stage that was not run, what it would have cost.
  static func json(_ record: CascadeRecord) -> JSONValue {
    .array(
      record.stages.enumerated().map { index, stage in
        [
          "exit": .integer(Int64(index + 1)),
          "grid": [.integer(Int64(stage.grid.rows)), .integer(Int64(stage.grid.columns))],
          "confidence": stage.confidence.map { .shortest($0) } ?? .null,
          "threshold": stage.threshold.map { .shortest($0) } ?? .null,
          "multiplyAdds": .integer(Int64(stage.isComputed ? stage.spent : stage.possible)),
          "run": .bool(stage.isComputed),
        ]
      })
  }
}

/// Millions with three digits where there are as many.
func millions(_ count: Int) -> String {
  let millions = Double(max(0, count)) / 1e6
  return switch millions {
  case 100...: Percent.fixed(millions, places: 0)
  case 10...: Percent.fixed(millions, places: 1)
  case 0.005...: Percent.fixed(millions, places: 2)
  default: count > 0 ? "less than 0.01" : "0"
  }
}
