// ConditionalRunnerTests.swift - the conditional run against the rule after the fact, in any order and batches of any size.

import DynamicViT
import Layers
import Routing
import Tensors
import TestSupport
import Testing

/// What all stages say about everybody.
private struct Everybody {
  let logits: [Tensor]
  let outcomes: ExitOutcomes

  init(_ cascade: DynamicViTCascade, _ pictures: Tensor) {
    logits = cascade.logits(pictures)
    let confidences = logits.map { $0.softmax().greatestOfRows() }
    outcomes = ExitOutcomes(confidences: confidences, scores: confidences.map { $0.map { _ in 0 } })
  }

  /// A rule of which each threshold is one that nobody or everybody reaches, a confidence of the set itself, or one between.
  func drawnRule(_ random: inout SeededRandom) -> ExitRule {
    ExitRule(
      thresholds: outcomes.confidences.dropLast().map { row in
        let greatest = row.max() ?? 1
        switch random.integer(in: 0...9) {
        case 0: return ExitRule.never
        case 1: return -.infinity
        case 2: return 0
        case 3: return .nan
        case 4, 5, 6: return row[random.integer(in: 0...(row.count - 1))]
        default: return random.uniform(row.min() ?? 0, greatest)
        }
      })
  }
}

extension DynamicViTTests {
  @Suite struct ConditionalRuns {
    // Without optimisation few pictures, rules and stages must do.
    #if DEBUG
      private static let (count, rules, stages) = (4, 6, 2)
      private static let families = [DynamicViTConfiguration.Family.deit]
    #else
      private static let (count, rules, stages) = (12, 60, 3)
      // The family that takes grids takes no pictures.
      private static let families = DynamicViTConfiguration.Family.allCases.filter { $0 != .grids }
    #endif

    /// Compares a run with what the rule says of the logits of all stages.
    private func expectSame(
      _ outcome: ConditionalOutcome, _ everybody: Everybody, _ rule: ExitRule, order: [Int], _ what: String
    ) throws {
      let exits = everybody.outcomes.exits(by: rule)
      #expect(outcome.exits == order.map { exits[$0] }, "\(what)")
      for (place, number) in order.enumerated() {
        let expected = (0...exits[number]).map { everybody.outcomes.confidences[$0][number] }
        #expect(try compare(outcome.confidences[place], expected, absolute: 1e-6).isWithin, "\(what)")
        let logits = outcome.logits.samples([place]).elements
        let whole = everybody.logits[exits[number]].samples([number]).elements
        #expect(try compare(logits, whole, absolute: 1e-5).isWithin, "\(what), picture \(number)")
      }
      // Each stage ran on those that had not left before it, and on no other.
      let stages = everybody.logits.indices
      #expect(outcome.stageSamples == stages.map { stage in order.count { exits[$0] >= stage } }, "\(what)")
      #expect(outcome.exitCounts == stages.map { exit in order.count { exits[$0] == exit } }, "\(what)")
    }

    @Test(arguments: families)
    func aRunIsTheRuleAfterTheFact(_ family: DynamicViTConfiguration.Family) throws {
      let count = Self.count
      let pictures = randomPictures(count, seed: 3)
      for backend in Backend.available {
        try withBackend(backend) {
          var configuration = DynamicViTConfiguration.small(family)
          configuration.stages = Self.stages
          let cascade = randomCascade(configuration)
          let everybody = Everybody(cascade, pictures)
          var random = SeededRandom(seed: 11)
          for number in 0..<Self.rules {
            let rule = everybody.drawnRule(&random)
            let outcome = ConditionalRunner(cascade, rule: rule)(pictures)
            let what = "\(family) \(backend) rule \(number) \(rule.thresholds)"
            try expectSame(outcome, everybody, rule, order: Array(0..<count), what)
          }
        }
      }
    }

    @Test(arguments: DynamicViTConfiguration.variants)
    func orderAndSizeOfBatchesDoNotMatter(features: Bool, relations: Bool) throws {
      let pictures = randomPictures(Self.count, seed: 4)
      for backend in Backend.available {
        try withBackend(backend) {
          var configuration = DynamicViTConfiguration.small(features: features, relations: relations)
          configuration.stages = Self.stages
          let cascade = randomCascade(configuration)
          let everybody = Everybody(cascade, pictures)
          var random = SeededRandom(seed: 5)
          let middle = everybody.outcomes.confidences.map { $0.sorted()[Self.count / 2] }
          for batch in [1, Self.count - 1, Self.count + 3] {
            let order = random.permutation(Self.count)
            // Just as sure as one of the pictures, who must leave with those that are surer.
            let rule = ExitRule(thresholds: Array(middle.dropLast()))
            let outcome = ConditionalRunner(cascade, rule: rule, batch: batch)(pictures.samples(order))
            #expect(Set(outcome.exits).count > 1)
            try expectSame(outcome, everybody, rule, order: order, "\(backend) batches of \(batch), order \(order)")
          }
        }
      }
    }

    /// An observer sees the pictures that really come to a stage.
    @Test func aStageRunsOnlyForThoseWhoComeToIt() throws {
      let pictures = randomPictures(3, seed: 6)
      let cascade = randomCascade(.small())
      let sure = Everybody(cascade, pictures).outcomes.confidences
      let first = sure[0].max() ?? 1
      for (rule, seen) in [
        (ExitRule.always(0, of: 3), [3]), (.always(1, of: 3), [3, 3]), (.always(2, of: 3), [3, 3, 3]),
        (ExitRule(thresholds: [first, -.infinity]), [3, 2]),
        (ExitRule(thresholds: [first, ExitRule.never]), [3, 2, 2]),
      ] {
        var came: [String: Int] = [:]
        let outcome = ConditionalRunner(cascade, rule: rule)(
          pictures,
          pass: DynamicViTPass { name, value in
            if name.hasSuffix(".x0") { came[name, default: 0] += value().shape[0] }
          })
        let expected = seen.enumerated().map { ("stage\($0 + 1).x0", $1) }
        #expect(came == Dictionary(uniqueKeysWithValues: expected), "\(rule.thresholds)")
        #expect(Array(outcome.stageSamples.prefix(seen.count)) == seen, "\(rule.thresholds)")
        #expect(outcome.stageSamples.dropFirst(seen.count).allSatisfy { $0 == 0 }, "\(rule.thresholds)")
      }
    }

    /// Even where everybody would leave, a confidence that is no number does not.
    @Test func whoseConfidenceIsNoNumberGoesOn() throws {
      let pictures = randomPictures(2, seed: 7)
      let cascade = randomCascade(.small())
      let expected = cascade.logits(pictures)[1]
      for (name, parameter) in cascade.namedParameters where name == "less_less_token.head.bias" {
        parameter.value = Tensor(repeating: .nan, shape: parameter.value.shape)
      }
      let outcome = ConditionalRunner(cascade, rule: .always(0, of: 3))(pictures)
      #expect(outcome.exits == [1, 1])
      // The first stage had kept nothing for the second, and ran again.
      #expect(outcome.stageSamples == [4, 2, 0])
      #expect(try compare(outcome.logits.elements, expected.elements, absolute: 1e-5).isWithin)
    }

    @Test func nobodyIsABatchToo() {
      let cascade = randomCascade(.small())
      let outcome = ConditionalRunner(cascade, rule: .always(1, of: 3))(Tensor([], shape: [0, 224, 224, 3]))
      #expect(outcome.exits.isEmpty && outcome.logits.shape == [0, 5] && outcome.stageSamples == [0, 0, 0])
    }
  }
}
