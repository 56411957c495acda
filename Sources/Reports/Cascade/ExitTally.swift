// ExitTally.swift - where the answers of a set were given, what they are worth and what they cost, by type of question.

import Evaluation
import Routing
import SafeFiles
import VQAPipeline

/// The answers to one group of questions.
public struct ExitGroup: Sendable, Equatable {
  /// Questions, answered or not.
  public private(set) var questions = 0
  /// Answers given at each exit.
  public private(set) var counts: [Int]
  private var score = 0.0
  private var scores: [Double]
  private var costs: [Double]

  init(exits: Int) {
    counts = [Int](repeating: 0, count: exits)
    scores = [Double](repeating: 0, count: exits)
    costs = [Double](repeating: 0, count: exits)
  }

  /// Questions with an answer.
  public var answered: Int { counts.reduce(0, +) }
  /// Mean score of all questions, from 0 to 1.
  public var accuracy: Double { score / Double(max(1, questions)) }
  /// Mean multiplications with addition of an answer.
  public var meanMultiplyAdds: Double { costs.reduce(0, +) / Double(max(1, answered)) }
  /// The part of the answers that was given at each exit.
  public var fractions: [Double] { counts.map { Double($0) / Double(max(1, answered)) } }
  /// Mean score of the answers given at an exit, from 1; nil where there are none.
  public func accuracy(exit: Int) -> Double? {
    counts[exit - 1] > 0 ? scores[exit - 1] / Double(counts[exit - 1]) : nil
  }
  /// Mean multiplications with addition of the answers given at an exit, from 1; nil where there are none.
  public func multiplyAdds(exit: Int) -> Double? {
    counts[exit - 1] > 0 ? costs[exit - 1] / Double(counts[exit - 1]) : nil
  }

  mutating func add(score: Double, exit: Int?, multiplyAdds: Int) {
    questions += 1
    self.score += score
    guard let exit, counts.indices.contains(exit - 1) else { return }
    counts[exit - 1] += 1
    scores[exit - 1] += score
    costs[exit - 1] += Double(multiplyAdds)
  }
}

/// The answers of a cascade to a set of questions.
public struct ExitTally: Sendable {
  /// The grid of each exit.
  public let grids: [GridSize]
  /// All questions.
  public private(set) var total: ExitGroup
  private var byType: [String: ExitGroup] = [:]

  /// Begins a tally of a cascade of these grids.
  public init(grids: [GridSize]) {
    self.grids = grids
    total = ExitGroup(exits: grids.count)
  }

  /// Adds a question.
  ///
  /// - Parameters:
  ///   - type: The type of the question.
  ///   - score: What its answer is worth, from 0 to 1.
  ///   - exit: Where it was given, from 1; nil where there is none.
  ///   - multiplyAdds: What it cost.
  public mutating func add(type: String, score: Double, exit: Int?, multiplyAdds: Int) {
    total.add(score: score, exit: exit, multiplyAdds: multiplyAdds)
    byType[type, default: ExitGroup(exits: grids.count)].add(score: score, exit: exit, multiplyAdds: multiplyAdds)
  }

  /// The types of questions, the most frequent first.
  public var types: [(type: String, group: ExitGroup)] {
    byType.map { (type: $0.key, group: $0.value) }
      .sorted { ($1.group.questions, $0.type) < ($0.group.questions, $1.type) }
  }
}

extension ExitTally {
  /// Exits beside each other in a table.
  private static let mostExits = 4
  /// Columns of a type's name.
  private static let typeWidth = 20

  /// A line for each exit, then one for each type of question; at most 80 columns, ends with a line feed.
  public var text: String {
    var text = row("exit", "grid", "questions", "share", "accuracy", "million multiply-adds")
    for (index, grid) in grids.enumerated() {
      text += row(
        String(index + 1), CascadeText.size(grid), String(total.counts[index]), share(total.fractions[index]),
        total.accuracy(exit: index + 1).map(percent) ?? "-", total.multiplyAdds(exit: index + 1).map(cost) ?? "-")
    }
    text += row("all", "", String(total.answered), "", percent(total.accuracy), cost(total.meanMultiplyAdds))
    let exits = grids.indices.prefix(Self.mostExits)
    text += "\n" + typeRow("by question type", "accuracy", "questions", exits.map { "exit \($0 + 1)" }, "million")
    for (type, group) in types {
      text += typeRow(
        "  " + shownText(type), percent(group.accuracy), String(group.questions),
        exits.map { share(group.fractions[$0]) }, cost(group.meanMultiplyAdds))
    }
    return trimmingLineEnds(text)
  }

  private func row(
    _ exit: String, _ grid: String, _ questions: String, _ share: String, _ accuracy: String, _ cost: String
  ) -> String {
    let number = String(cost.prefix { $0 != " " })
    return rightAligned(exit, to: 4) + "  " + padded(grid, to: 8) + rightAligned(questions, to: 12)
      + rightAligned(share, to: 11) + rightAligned(accuracy, to: 11) + rightAligned(number, to: 11)
      + cost.dropFirst(number.count) + "\n"
  }

  private func typeRow(
    _ type: String, _ accuracy: String, _ questions: String, _ exits: [String], _ cost: String
  ) -> String {
    padded(cut(type, to: Self.typeWidth - 1), to: Self.typeWidth) + rightAligned(accuracy, to: 10)
      + rightAligned(questions, to: 10)
      + exits.map { rightAligned($0, to: 8) }.joined() + rightAligned(cost, to: 9) + "\n"
  }

  private func percent(_ share: Double) -> String { Percent.fixed(100 * share, places: 2) + " %" }
  private func share(_ share: Double) -> String { Percent.text(Float(share)) }
  private func cost(_ multiplyAdds: Double) -> String { millions(Int(multiplyAdds.rounded())) }

  /// For programs: `perExit`, a list with `exit`, `grid`, `count`, `share`, `accuracy` and `meanMultiplyAdds` (null where no answer was given
  /// there), and `exitsPerQuestionType`, by type `accuracy`, `count`, `exits` and `meanMultiplyAdds`; accuracies in per cent.
  public var json: JSONObject {
    func percent(_ share: Double) -> JSONValue { .number(PythonRounding.round(100 * share, places: 2)) }
    let exits = grids.enumerated().map { index, grid -> JSONValue in
      [
        "exit": .integer(Int64(index + 1)), "grid": [.integer(Int64(grid.rows)), .integer(Int64(grid.columns))],
        "count": .integer(Int64(total.counts[index])), "share": .number(total.fractions[index]),
        "accuracy": total.accuracy(exit: index + 1).map(percent) ?? .null,
        "meanMultiplyAdds": total.multiplyAdds(exit: index + 1).map { .number($0) } ?? .null,
      ]
    }
    let types = types.map { type, group -> JSONObject.Member in
      let counts = group.counts.enumerated().map { (String($0 + 1), JSONValue.integer(Int64($1))) }
      return (
        type,
        [
          "accuracy": percent(group.accuracy), "count": .integer(Int64(group.questions)),
          "exits": .object(JSONObject(counts)), "meanMultiplyAdds": .number(group.meanMultiplyAdds),
        ]
      )
    }
    return ["perExit": .array(exits), "exitsPerQuestionType": .object(JSONObject(types))]
  }
}
