// CostCurve.swift - what the exits and the stored thresholds of a cascade give on a set, and what they cost.
//
// Anytime: everybody is answered at one exit, and the network answers there only. Budgeted: everybody goes from exit to exit until one is
// sure enough (Wang et al., NeurIPS 2021). All of it after the fact, from what every exit said once.

import Routing

/// Accuracy against mean cost on one set of questions.
public struct CostCurve: Sendable, Equatable {
  /// Where the answers of a point are given.
  public enum Kind: String, Sendable, CaseIterable {
    /// All at one exit.
    case anytime
    /// By thresholds that were searched for a mean cost.
    case search
    /// By thresholds of the percentile rule.
    case percentile
    /// By the thresholds that the model keeps to when nothing else is said.
    case stored
  }

  /// One point.
  public struct Point: Sendable, Equatable {
    /// Where answers are given.
    public let kind: Kind
    /// The exit of an anytime point; of others a number from 1, in the order of their cost on the questions they were solved on.
    public let number: Int
    /// Mean multiplications with addition of a question.
    public let multiplyAdds: Double
    /// Mean score, from 0 to 1.
    public let accuracy: Double
    /// The part of the questions that leaves at each exit.
    public let fractions: [Double]

    /// Collects a point; see the properties.
    public init(kind: Kind, number: Int, multiplyAdds: Double, accuracy: Double, fractions: [Double]) {
      self.kind = kind
      self.number = number
      self.multiplyAdds = multiplyAdds
      self.accuracy = accuracy
      self.fractions = fractions
    }
  }

  /// The points, kind after kind.
  public let points: [Point]
  /// The grid of each exit.
  public let grids: [GridSize]
  /// Number of questions.
  public let count: Int

  /// Makes a curve of given points.
  public init(points: [Point], grids: [GridSize], count: Int) {
    self.points = points
    self.grids = grids
    self.count = count
  }

  /// Finds the curve of a model.
  ///
  /// - Parameters:
  ///   - model: The model: its temperatures, thresholds and points.
  ///   - answers: The answer of each exit to each question.
  ///   - score: What an answer is worth, by the number of the question and the place of the answer.
  public init(_ model: VQAModel, answers: [ExitAnswers], score: (_ question: Int, _ answer: Int) -> Double) {
    let exits = 0..<model.exits
    let scores = exits.map { exit in answers.enumerated().map { score($0, $1.said[exit].place) } }
    let outcomes = ExitOutcomes(
      confidences: exits.map { exit in answers.map { $0.said[exit].confidence } }, scores: scores)
    let total = Double(max(1, answers.count))
    func point(_ kind: Kind, _ number: Int, exits: [Int], cost: (Int, Int) -> Int) -> Point {
      var (counts, score, work) = ([Int](repeating: 0, count: model.exits), 0.0, 0.0)
      for (sample, exit) in exits.enumerated() {
        counts[exit] += 1
        score += scores[exit][sample]
        work += Double(cost(sample, exit))
      }
      return Point(
        kind: kind, number: number, multiplyAdds: work / total, accuracy: score / total,
        fractions: counts.map { Double($0) / total })
    }
    func budgeted(_ kind: Kind, _ number: Int, _ thresholds: [Float]) -> Point {
      point(kind, number, exits: outcomes.exits(by: ExitRule(thresholds: thresholds))) {
        answers[$0].work.through(exit: $1 + 1)
      }
    }
    var points = exits.map { exit in
      point(.anytime, exit + 1, exits: answers.map { _ in exit }) { answers[$0].work.at(exit: $1 + 1) }
    }
    let cascade = model.configuration.cascade
    for (kind, solver) in [(Kind.search, BudgetPoint.Solver.search), (.percentile, .percentile)] {
      let solved = cascade.points.filter { $0.solvedBy == solver }.sorted { $0.multiplyAdds < $1.multiplyAdds }
      points += solved.enumerated().map { budgeted(kind, $0 + 1, $1.thresholds) }
    }
    if !cascade.thresholds.isEmpty { points.append(budgeted(.stored, 1, cascade.thresholds)) }
    self.init(points: points, grids: model.vision.grids, count: answers.count)
  }
}
