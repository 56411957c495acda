// ExitCalibration.swift - temperatures and thresholds of a cascade, solved on held-out questions.
//
// First temperatures for each exit (Guo et al., ICML 2017), so that the confidences of all exits mean the same: one for the answers yes and
// no, which a model that learned from few pictures says too surely, and one for all others. Then thresholds, by the
// percentile rule of the original Dynamic ViT and by search under a mean cost. Everything is after the fact: each question was asked at
// every exit once.

import Evaluation
import Routing
import Tensors

/// What held-out questions say of the exits of a model.
public struct ExitCalibration: Sendable {
  /// How thresholds of the many possible are chosen for the model's own.
  public enum Goal: Sendable, Equatable {
    /// The most accurate ones whose mean cost keeps a bound, in multiplications with addition.
    case budget(Double)
    /// The cheapest ones that lose at most so many points of accuracy, in per cent, to the last exit.
    case loss(points: Double)
  }

  /// One exit.
  public struct Exit: Sendable, Equatable {
    /// Temperature of its softmax.
    public let temperature: Float
    /// Temperature where its best answer is yes or no; nil where too few are.
    public let yesNoTemperature: Float?
    /// Expected calibration error at temperature 1.
    public let errorBefore: Double
    /// Expected calibration error at its temperatures.
    public let errorAfter: Double
    /// Mean score when every answer is given here.
    public let accuracy: Double
    /// Mean multiplications with addition of an answer sought at each exit up to this one.
    public let multiplyAdds: Double
  }

  /// Thresholds with what they give.
  public struct Choice: Sendable, Equatable {
    /// The thresholds with their mean cost and accuracy.
    public let point: BudgetPoint
    /// The part of the questions that leaves at each exit.
    public let fractions: [Double]
  }

  /// Mean costs for which thresholds are searched, from everybody at the first exit to everybody at the last.
  public static let steps = 24
  /// Questions that a temperature of its own needs.
  public static let leastOfKind = 100

  /// The exits in order.
  public let exits: [Exit]
  /// Number of questions.
  public let count: Int
  private let outcomes: ExitOutcomes
  private var costs: [Double] { exits.map(\.multiplyAdds) }

  /// Fits temperatures.
  ///
  /// - Parameters:
  ///   - readings: What each exit says about each question; of two or three exits.
  ///   - yesNo: The places of the answers that have a temperature of their own, yes and no; none: all have the same.
  ///   - score: What an answer is worth, by the number of the question and the place of the answer.
  public init(
    readings: [ExitReadings], yesNo: Set<Int> = [], score: (_ question: Int, _ answer: Int) -> Double
  ) {
    let exitCount = readings.first?.logits.count ?? 0
    var exits: [Exit] = []
    var confidences: [[Float]] = []
    var scores: [[Double]] = []
    for exit in 0..<exitCount {
      let logits = readings.map { $0.logits[exit] }
      let worth = logits.enumerated().map { score($0, LogitAnswer.best(of: $1)) }
      let fit = Temperatures(logits, worth, yesNo: yesNo)
      let said = Self.said(readings, exit, fit.temperature)
      let before = Self.said(readings, exit) { _ in 1 }.map(\.confidence)
      let cost = readings.reduce(0.0) { $0 + Double($1.work.through(exit: exit + 1)) } / Double(readings.count)
      exits.append(
        Exit(
          temperature: fit.others, yesNoTemperature: fit.yesNo,
          errorBefore: CalibrationError.expected(confidences: before, scores: worth),
          errorAfter: CalibrationError.expected(confidences: said.map(\.confidence), scores: worth),
          accuracy: worth.reduce(0, +) / Double(readings.count), multiplyAdds: cost))
      confidences.append(said.map(\.confidence))
      scores.append(worth)
    }
    self.exits = exits
    count = readings.count
    outcomes = ExitOutcomes(confidences: confidences, scores: scores)
  }

  private static func said(
    _ readings: [ExitReadings], _ exit: Int, _ temperature: @escaping @Sendable ([Float]) -> Float
  ) -> [LogitAnswer] {
    WorkerPool.shared.map(readings.count) { index in
      let logits = readings[index].logits[exit]
      return LogitAnswer(logits: logits, temperature: temperature(logits))
    }
  }

  /// Thresholds for a ladder of mean costs by search, and those of the percentile rule; each rule once, the cheapest first.
  public func points(search: BudgetSearch = BudgetSearch()) -> [BudgetPoint] {
    let costs = costs
    guard let least = costs.first, let most = costs.last else { return [] }
    var points: [BudgetPoint] = []
    for step in 0..<Self.steps {
      let bound = least + (most - least) * Double(step) / Double(Self.steps - 1)
      guard let found = search.best(within: Self.reachable(bound), outcomes: outcomes, costs: costs) else { continue }
      points.append(BudgetPoint(found.rule, found.summary, .search))
    }
    let curve = ThresholdSolver.curve(calibration: outcomes.confidences, outcomes: outcomes, costs: costs)
    points += curve.map { BudgetPoint($0.rule, $0.summary, .percentile) }
    var kept: [BudgetPoint] = []
    for point in points
    where !kept.contains(where: { $0.solvedBy == point.solvedBy && $0.thresholds == point.thresholds }) {
      kept.append(point)
    }
    return kept.sorted { ($0.multiplyAdds, $0.accuracy) < ($1.multiplyAdds, $1.accuracy) }
  }

  /// The thresholds that reach a goal.
  ///
  /// - Parameters:
  ///   - goal: The goal.
  ///   - solver: How they are found.
  ///   - search: How finely thresholds are searched.
  /// - Returns: The thresholds; nil when even the first exit alone costs more than the bound.
  public func choice(
    for goal: Goal, by solver: BudgetPoint.Solver, search: BudgetSearch = BudgetSearch()
  ) -> Choice? {
    let found: (rule: ExitRule, summary: ExitSummary)?
    switch (goal, solver) {
    case (.budget(let bound), .search):
      found = search.best(within: Self.reachable(bound), outcomes: outcomes, costs: costs).map { ($0.rule, $0.summary) }
    case (.budget(let bound), .percentile):
      found = ThresholdSolver.best(within: Self.reachable(bound), outcomes: outcomes, costs: costs)
        .map { ($0.rule, $0.summary) }
    case (.loss(let points), .search):
      found = search.cheapest(reaching: target(points), outcomes: outcomes, costs: costs)
        .map { ($0.rule, $0.summary) }
    case (.loss(let points), .percentile):
      let point = ThresholdSolver.cheapest(reaching: target(points), outcomes: outcomes, costs: costs)
      // None of the 59 sends everybody to the last exit, which is always accurate enough.
      let last = ExitRule.always(outcomes.exits - 1, of: outcomes.exits)
      found = (point?.rule ?? last, point?.summary ?? outcomes.summary(by: last, costs: costs))
    }
    return found.map { Choice(point: BudgetPoint($0.rule, $0.summary, solver), fractions: $0.summary.fractions) }
  }

  /// How sure the answers are at the exits where a rule stops, and what they are worth.
  public func reliability(by rule: ExitRule) -> Reliability {
    var reliability = Reliability()
    for (sample, exit) in outcomes.exits(by: rule).enumerated() {
      reliability.add(confidence: outcomes.confidences[exit][sample], score: outcomes.scores[exit][sample])
    }
    return reliability
  }

  /// The accuracy that is to be reached.
  private func target(_ points: Double) -> Double { (exits.last?.accuracy ?? 0) - points / 100 }

  /// A bound that the sum of all parts keeps although they were rounded.
  private static func reachable(_ bound: Double) -> Double { bound * (1 + 1e-12) }
}

/// The temperatures of one exit.
private struct Temperatures: Sendable {
  let others: Float
  let yesNo: Float?
  private let places: Set<Int>

  init(_ logits: [[Float]], _ scores: [Double], yesNo places: Set<Int>) {
    self.places = places
    let isYesNo = logits.map { places.contains(LogitAnswer.best(of: $0)) }
    func fit(_ kind: Bool) -> TemperatureFit {
      let chosen = isYesNo.indices.filter { isYesNo[$0] == kind }
      return TemperatureFit(logits: chosen.map { logits[$0] }, scores: chosen.map { scores[$0] })
    }
    let closed = isYesNo.count { $0 }
    if min(closed, logits.count - closed) >= ExitCalibration.leastOfKind {
      (others, yesNo) = (fit(false).temperature, fit(true).temperature)
    } else {
      (others, yesNo) = (TemperatureFit(logits: logits, scores: scores).temperature, nil)
    }
  }

  @Sendable func temperature(_ logits: [Float]) -> Float {
    guard let yesNo, places.contains(LogitAnswer.best(of: logits)) else { return others }
    return yesNo
  }
}

extension BudgetPoint {
  fileprivate init(_ rule: ExitRule, _ summary: ExitSummary, _ solver: Solver) {
    self.init(
      multiplyAdds: summary.cost, thresholds: rule.thresholds, accuracy: min(1, summary.accuracy), solvedBy: solver)
  }
}
