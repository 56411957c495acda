// ThresholdSolverTests.swift - the percentile rule and the direct search, held against their definitions.

import Routing
import Tensors
import Testing

/// A set whose later exits are righter and surer than the earlier ones.
private func drawnOutcomes(_ samples: Int, exits: Int = 3, seed: UInt64, levels: Float = 1000) -> ExitOutcomes {
  var random = SeededRandom(seed: seed)
  var confidences: [[Float]] = []
  var scores: [[Double]] = []
  for exit in 0..<exits {
    let row = (0..<samples).map { _ in (random.uniform() * levels).rounded() / levels }
    confidences.append(row)
    scores.append(row.map { random.uniform() < 0.4 * $0 + 0.2 * Float(exit + 1) ? 1 : 0 })
  }
  return ExitOutcomes(confidences: confidences, scores: scores)
}

@Suite struct ThresholdSolverTests {
  @Test func partsAreAGeometricRow() {
    let third: Float = 1 / 3
    #expect(ThresholdSolver.targetFractions(point: 20) == [third, third, third])
    #expect(ThresholdSolver.targetFractions(point: 20, exits: 2) == [0.5, 0.5])
    #expect(ThresholdSolver.targetFractions(point: 7, exits: 1) == [1])
    for point in ThresholdSolver.operatingPoints {
      let parts = ThresholdSolver.targetFractions(point: point)
      let ratio = Float(point) / 20
      #expect(abs(parts.reduce(0, +) - 1) < 1e-6)
      #expect(abs(parts[1] / parts[0] - ratio) < 1e-5)
      #expect(abs(parts[2] / parts[1] - ratio) < 1e-5)
    }
  }

  @Test func theThresholdIsTheConfidenceOfTheLastThatIsToLeave() {
    let confidences: [[Float]] = [
      [0.9, 0.7, 0.5, 0.3, 0.2, 0.1], [0.1, 0.2, 0.6, 0.5, 0.5, 0.4], [0, 0, 0, 0, 0, 0],
    ]
    let rule = ThresholdSolver.rule(confidences: confidences, fractions: [0.34, 0.34, 0.32])
    // Two leave first; of the other four, two are the surest at 0.5 or above, and one as sure goes with them.
    #expect(rule.thresholds == [0.7, 0.5])
    #expect(
      ExitOutcomes(confidences: confidences, scores: confidences.map { $0.map(Double.init) }).exits(by: rule)
        == [0, 0, 1, 1, 1, 2])
  }

  @Test func whereNobodyIsToLeaveNobodyDoes() {
    let confidences: [[Float]] = [[0.9, 0.7, 0.5], [0.9, 0.7, 0.5], [1, 1, 1]]
    #expect(ThresholdSolver.rule(confidences: confidences, fractions: [0.3, 0.3, 0.4]).thresholds == [1e8, 1e8])
    // All are equally sure, so all leave at once and nobody is left for the second exit.
    let equal: [[Float]] = [[0.5, 0.5, 0.5], [0.5, 0.5, 0.5], [1, 1, 1]]
    #expect(ThresholdSolver.rule(confidences: equal, fractions: [0.4, 0.4, 0.2]).thresholds == [0.5, 1e8])
    #expect(ThresholdSolver.rule(confidences: [[], [], []], fractions: [0.4, 0.4, 0.2]).thresholds == [1e8, 1e8])
  }

  @Test func theCurveCostsMoreAndMore() {
    let outcomes = drawnOutcomes(500, seed: 1)
    let curve = ThresholdSolver.curve(calibration: outcomes.confidences, outcomes: outcomes, costs: [1, 3, 7])
    #expect(curve.map(\.point) == Array(1...59))
    #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.summary.cost <= $1.summary.cost })
    for bound in [1.2, 2.5, 4, 7] {
      let best = ThresholdSolver.best(within: bound, outcomes: outcomes, costs: [1, 3, 7])
      let possible = curve.filter { $0.summary.cost <= bound }.map(\.summary.accuracy)
      #expect(best?.summary.accuracy == possible.max())
      #expect((best?.summary.cost ?? .infinity) <= bound)
    }
    #expect(ThresholdSolver.best(within: 0.9, outcomes: outcomes, costs: [1, 3, 7]) == nil)
  }
}

@Suite struct BudgetSearchTests {
  /// All pairs of confidences, tried one by one.
  @Test(arguments: [(seed: 1, levels: 1000), (seed: 2, levels: 8), (seed: 3, levels: 3)])
  func theSearchFindsTheBestOfAllRules(seed: Int, levels: Int) throws {
    let outcomes = drawnOutcomes(40, seed: UInt64(seed), levels: Float(levels))
    let costs: [Double] = [1, 3, 8]
    let tried = outcomes.confidences.dropLast().map { Set($0 + [ExitRule.never]) }
    let summaries = tried[0].flatMap { left in
      tried[1].map { outcomes.summary(by: ExitRule(thresholds: [left, $0]), costs: costs) }
    }
    for bound in [1.0, 1.3, 2, 3, 4.5, 6, 8] {
      let possible = summaries.filter { $0.cost <= bound }
      let accuracy = try #require(possible.map(\.accuracy).max())
      let found = try #require(BudgetSearch().best(within: bound, outcomes: outcomes, costs: costs))
      #expect(found.summary == outcomes.summary(by: found.rule, costs: costs))
      #expect(abs(found.summary.accuracy - accuracy) < 1e-12, "bound \(bound)")
      #expect(found.summary.cost == possible.filter { $0.accuracy == accuracy }.map(\.cost).min())
    }
  }

  @Test(arguments: [(seed: 7, levels: 1000), (seed: 8, levels: 8)])
  func theCheapestOfAllRulesThatAreAccurateEnoughIsFound(seed: Int, levels: Int) throws {
    let outcomes = drawnOutcomes(40, seed: UInt64(seed), levels: Float(levels))
    let costs: [Double] = [1, 3, 8]
    let tried = outcomes.confidences.dropLast().map { Set($0 + [ExitRule.never]) }
    let summaries = tried[0].flatMap { left in
      tried[1].map { outcomes.summary(by: ExitRule(thresholds: [left, $0]), costs: costs) }
    }
    let greatest = try #require(summaries.map(\.accuracy).max())
    for accuracy in [0, 0.3, 0.5, outcomes.anytimeAccuracy[2], greatest] {
      let cost = try #require(summaries.filter { $0.accuracy >= accuracy - 1e-12 }.map(\.cost).min())
      let found = try #require(BudgetSearch().cheapest(reaching: accuracy, outcomes: outcomes, costs: costs))
      #expect(found.summary.cost == cost && found.summary.accuracy >= accuracy - 1e-12, "\(accuracy)")
      #expect(found.summary == outcomes.summary(by: found.rule, costs: costs))
      if let point = ThresholdSolver.cheapest(reaching: accuracy, outcomes: outcomes, costs: costs) {
        #expect(point.summary.accuracy >= accuracy - 1e-12 && point.summary.cost >= cost)
      }
    }
    #expect(BudgetSearch().cheapest(reaching: greatest + 0.01, outcomes: outcomes, costs: costs) == nil)
    #expect(ThresholdSolver.cheapest(reaching: greatest + 0.01, outcomes: outcomes, costs: costs) == nil)
    let least = try #require(ThresholdSolver.cheapest(reaching: 0, outcomes: outcomes, costs: costs))
    let curve = ThresholdSolver.curve(calibration: outcomes.confidences, outcomes: outcomes, costs: costs)
    #expect(least.summary.cost == curve.map(\.summary.cost).min())
  }

  @Test func twoExitsHaveOneThreshold() throws {
    let outcomes = drawnOutcomes(60, exits: 2, seed: 4)
    for bound in [1.0, 2, 3.5, 5] {
      let found = try #require(BudgetSearch().best(within: bound, outcomes: outcomes, costs: [1, 5]))
      let possible = (outcomes.confidences[0] + [ExitRule.never])
        .map { outcomes.summary(by: ExitRule(thresholds: [$0]), costs: [1, 5]) }.filter { $0.cost <= bound }
      #expect(found.rule.exits == 2)
      #expect(found.summary.accuracy == possible.map(\.accuracy).max())
    }
  }

  @Test func aBoundBelowTheFirstExitCannotBeKept() throws {
    let outcomes = drawnOutcomes(20, seed: 5)
    #expect(BudgetSearch().best(within: 0.99, outcomes: outcomes, costs: [1, 3, 8]) == nil)
    let least = try #require(BudgetSearch().best(within: 1, outcomes: outcomes, costs: [1, 3, 8]))
    #expect(least.summary.counts == [20, 0, 0])
  }

  @Test func aSampleWithoutAConfidenceRunsToTheEnd() throws {
    let outcomes = ExitOutcomes(
      confidences: [[.nan, 0.5], [.nan, 0.5], [0, 0]], scores: [[1, 1], [1, 1], [0, 0]])
    let found = try #require(BudgetSearch().best(within: 8, outcomes: outcomes, costs: [1, 3, 8]))
    #expect(found.summary.counts == [1, 0, 1])
  }

  /// Quantiles of a large set are as good as all of its confidences, or nearly so.
  @Test func quantilesAreFineEnough() throws {
    let outcomes = drawnOutcomes(4000, seed: 6, levels: 1e6)
    let coarse = try #require(BudgetSearch(candidates: 60).best(within: 3, outcomes: outcomes, costs: [1, 3, 8]))
    let fine = try #require(BudgetSearch(candidates: 400).best(within: 3, outcomes: outcomes, costs: [1, 3, 8]))
    #expect(coarse.summary.cost <= 3 && fine.summary.cost <= 3)
    #expect(fine.summary.accuracy >= coarse.summary.accuracy - 0.002)
    #expect(coarse.summary.accuracy > fine.summary.accuracy - 0.01)
    let percentile = try #require(ThresholdSolver.best(within: 3, outcomes: outcomes, costs: [1, 3, 8]))
    #expect(fine.summary.accuracy >= percentile.summary.accuracy - 0.002)
  }
}
