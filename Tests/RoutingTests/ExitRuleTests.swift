// ExitRuleTests.swift - who leaves where under a rule, and what that is worth and costs.

import Routing
import Testing

@Suite struct ExitRuleTests {
  @Test func aSampleLeavesAtTheFirstExitThatItsConfidenceReaches() {
    let rule = ExitRule(thresholds: [0.8, 0.5])
    #expect(rule.exits == 3)
    #expect(rule.exit(confidences: [0.8, 0, 0]) == 0)
    #expect(rule.exit(confidences: [0.79, 0.5, 0]) == 1)
    #expect(rule.exit(confidences: [0.79, 0.49, 0]) == 2)
    #expect(rule.leaves(exit: 2, confidence: -1))
    #expect(rule.exit(confidences: [.nan, .nan, .nan]) == 2)
    #expect(ExitRule(thresholds: []).exit(confidences: [0.1]) == 0)
    #expect(ExitRule(thresholds: [ExitRule.never, ExitRule.never]).exit(confidences: [1, 1, 0]) == 2)
  }

  @Test(arguments: 0..<3) func everybodyCanBeSentToOneExit(_ exit: Int) {
    let rule = ExitRule.always(exit, of: 3)
    #expect(rule.exits == 3)
    for confidence: Float in [0, 0.5, 1] {
      #expect(rule.exit(confidences: [confidence, confidence, confidence]) == exit)
    }
  }

  @Test func aRuleOnASetIsThatOfItsSamples() {
    let outcomes = ExitOutcomes(
      confidences: [[0.9, 0.1, 0.5, 0.5], [0.1, 0.9, 0.2, 0.6], [1, 1, 1, 1]],
      scores: [[1, 0, 0, 0], [0, 1, 0, 0.25], [0, 0, 1, 1]])
    #expect(outcomes.anytimeAccuracy == [0.25, 0.3125, 0.5])
    let rule = ExitRule(thresholds: [0.9, 0.6])
    #expect(outcomes.exits(by: rule) == [0, 1, 2, 1])
    let summary = outcomes.summary(by: rule, costs: [1, 3, 7])
    #expect(summary.counts == [1, 2, 1])
    #expect(summary.fractions == [0.25, 0.5, 0.25])
    #expect(summary.accuracy == 3.25 / 4)
    #expect(summary.cost == 0.25 * 1 + 0.5 * 3 + 0.25 * 7)
  }

  @Test func nobodyCostsNothing() {
    let outcomes = ExitOutcomes(confidences: [[], []], scores: [[], []])
    let summary = outcomes.summary(by: .always(1, of: 2), costs: [1, 2])
    #expect(summary.accuracy == 0 && summary.cost == 0 && outcomes.anytimeAccuracy == [0, 0])
  }
}
