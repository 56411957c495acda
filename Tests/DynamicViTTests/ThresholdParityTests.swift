// ThresholdParityTests.swift - the original's thresholds, exits, accuracies and costs, against this package's.

import DynamicViT
import Routing
import SafeFiles
import Tensors
import TestSupport
import Testing
import WeightFiles

/// How far accuracies, in parts of 1, and costs may be from the original's, which sums in single precision.
private let sumTolerance: Float = 1e-5

/// How far probabilities that are computed from pixels may be from the original's.
private let probabilityTolerance: Float = 2e-4

/// Numbers of a list of JSON.
private func numbers(_ value: JSONValue?) throws -> [Double] {
  try #require(value?.arrayValue).map { try #require($0.numberValue) }
}

/// Probabilities `[exits, samples, classes]` and labels as what a rule needs.
private func outcomes(_ softmax: Tensor, labels: [Int]) -> ExitOutcomes {
  let rows = (0..<softmax.shape[0]).map { exit in
    softmax.samples([exit]).reshaped([softmax.shape[1], softmax.width])
  }
  return ExitOutcomes(
    confidences: rows.map { $0.greatestOfRows() },
    scores: rows.map { zip($0.argmaxOfRows(), labels).map { $0 == $1 ? 1 : 0 } })
}

extension DynamicViTTests {
  @Suite struct ThresholdParity {
    @Test(arguments: try ParitySets.folders(.exitThresholds))
    func allOperatingPointsAreTheOriginals(_ set: ParitySet) throws {
      let description = try set.json("config.json")
      let file = try TensorFile(path: set.file("softmax.safetensors"))
      func outcome(_ part: String) throws -> ExitOutcomes {
        let probabilities = Tensor(
          try file.floats("\(part)_softmax"), shape: try file.tensor("\(part)_softmax").shape)
        return outcomes(probabilities, labels: try file.floats("\(part)_labels").map { Int($0) })
      }
      let (solving, evaluated) = (try outcome("solve"), try outcome("eval"))
      let costs = try numbers(description["gflops_per_exit"])
      let curve = ThresholdSolver.curve(calibration: solving.confidences, outcomes: evaluated, costs: costs)
      let table = try #require(description["table"]?.arrayValue)
      #expect(table.count == curve.count)
      var worst: Float = 0
      func compareSum(_ value: Double, _ expected: Double, _ what: String) {
        worst = max(worst, Float(abs(value - expected)))
        #expect(abs(value - expected) <= Double(sumTolerance), "\(set.path) \(what): \(value), not \(expected)")
      }
      for (exit, expected) in try numbers(description["anytime_accuracy"]).enumerated() {
        compareSum(evaluated.anytimeAccuracy[exit], expected / 100, "exit \(exit)")
      }
      for row in table {
        let number = try #require(row["p"]?.integerValue)
        let point = try #require(curve.first { $0.point == Int(number) })
        let parts = ThresholdSolver.targetFractions(point: point.point, exits: costs.count)
        for (part, expected) in zip(parts, try numbers(row["probs"])) {
          #expect(abs(part - Float(expected)) <= Float(expected).ulp * 2, "\(set.path) point \(number)")
        }
        let thresholds = try numbers(row["T"]).map { Float($0) }
        #expect(point.rule.thresholds == Array(thresholds.dropLast()), "\(set.path) point \(number)")
        let counts = try #require(row["exit_counts_eval"]?.arrayValue).compactMap { $0.integerValue.map { Int($0) } }
        #expect(point.summary.counts == counts, "\(set.path) point \(number)")
        compareSum(point.summary.accuracy, try #require(row["accuracy_percent"]?.numberValue) / 100, "point \(number)")
        compareSum(point.summary.cost, try #require(row["expected_gflops"]?.numberValue), "point \(number)")
      }
      try printParity(kind: "dvt", folder: set.name, worst: worst, tolerance: sumTolerance)
    }

    /// Sets of pictures with the exit of each, solved thresholds and thresholds set by hand.
    @Test(arguments: try ParitySets.folders(.dynamicViT).filter { try $0.json("config.json")["cases"] != nil })
    func everyPictureLeavesWhereTheOriginalsDoes(_ set: ParitySet) throws {
      let parity = try CascadeCase(set)
      let softmax = try parity.values("softmax")
      let stored = outcomes(softmax, labels: try parity.labels())
      let predictions = try parity.file("prediction").floats("prediction").map { Int($0) }
      let rows = softmax.reshaped([softmax.count / softmax.width, softmax.width])
      #expect(rows.argmaxOfRows() == predictions)
      #expect(stored.confidences.flatMap { $0 } == (try parity.values("confidence").elements))
      let costs = try numbers(parity.description["gflops_per_exit"])
      var worst: Float = 0
      for item in try #require(parity.description["cases"]?.arrayValue) {
        let exits = try #require(item["exit_index"]?.arrayValue).compactMap { $0.integerValue.map { Int($0) } }
        for key in ["threshold_exact", "threshold_mid"] where item[key] != nil {
          let rule = ExitRule(thresholds: try numbers(item[key]).dropLast().map { Float($0) })
          #expect(stored.exits(by: rule) == exits, "\(set.path) \(item.serialized())")
          let summary = stored.summary(by: rule, costs: costs)
          for (value, name, unit) in [
            (summary.accuracy, "accuracy_percent", 100.0), (summary.cost, "expected_gflops", 1),
          ] {
            let expected = try #require(item[name]?.numberValue) / unit
            worst = max(worst, Float(abs(value - expected)))
            #expect(abs(value - expected) <= Double(sumTolerance), "\(set.path) \(item.serialized())")
          }
        }
        guard let number = item["p"]?.integerValue else { continue }
        let parts = ThresholdSolver.targetFractions(point: Int(number), exits: costs.count)
        let solved = ThresholdSolver.rule(confidences: stored.confidences, fractions: parts)
        let expected = try numbers(item["threshold_exact"]).dropLast().map { Float($0) }
        #expect(solved.thresholds == Array(expected), "\(set.path) point \(number)")
      }
      try printParity(kind: "dvt", folder: set.name + "/exits", worst: worst, tolerance: sumTolerance)
    }

    /// From pixels, with thresholds that lie between the confidences of the set: whoever leaves is not computed any further.
    @Test(arguments: try ParitySets.folders(.dynamicViT).filter { try $0.json("config.json")["cases"] != nil })
    func theConditionalRunLeavesWhereTheOriginalsDoes(_ set: ParitySet) throws {
      let parity = try CascadeCase(set)
      let cases = try #require(parity.description["cases"]?.arrayValue).filter { $0["threshold_mid"] != nil }
      let (softmax, labels) = (try parity.values("softmax"), try parity.labels())
      let costs = try numbers(parity.description["gflops_per_exit"])
      // Without optimisation some pictures and cases must do; of the figures of all pictures then none can be compared.
      #if DEBUG
        let (kept, tried) = (Array(0..<3), [cases[cases.count / 2]])
      #else
        let (kept, tried) = (Array(labels.indices), cases)
      #endif
      let pictures = try parity.pictures().samples(kept)
      for backend in Backend.available {
        try withBackend(backend) {
          var worst: Float = 0
          for item in tried {
            let what = "\(set.path) \(backend) \(item.serialized())"
            let rule = ExitRule(thresholds: try numbers(item["threshold_mid"]).dropLast().map { Float($0) })
            let outcome = ConditionalRunner(parity.cascade, rule: rule, batch: 7)(pictures)
            let exits = try #require(item["exit_index"]?.arrayValue).compactMap { $0.integerValue.map { Int($0) } }
            #expect(outcome.exits == kept.map { exits[$0] }, "\(what)")
            #expect(outcome.stageSamples == costs.indices.map { stage in kept.count { exits[$0] >= stage } }, "\(what)")
            let probabilities = outcome.logits.softmax()
            for (place, number) in kept.enumerated() {
              let expected = softmax.samples([exits[number]]).reshaped([labels.count, softmax.width])
              let comparison = try compare(
                probabilities.samples([place]).elements, expected.samples([number]).elements,
                absolute: probabilityTolerance)
              worst = max(worst, comparison.worst)
              #expect(comparison.isWithin, "\(what), picture \(number): off by \(comparison.worst)")
            }
            guard kept.count == labels.count else { continue }
            let right = zip(outcome.logits.argmaxOfRows(), labels).count { $0 == $1 }
            let summary = ExitSummary(
              counts: outcome.exitCounts, accuracy: Double(right) / Double(labels.count), costs: costs)
            let accuracy = try #require(item["accuracy_percent"]?.numberValue) / 100
            let cost = try #require(item["expected_gflops"]?.numberValue)
            #expect(abs(summary.accuracy - accuracy) <= Double(sumTolerance), "\(what)")
            #expect(abs(summary.cost - cost) <= Double(sumTolerance), "\(what)")
          }
          try printParity(
            kind: "dvt", folder: set.name + "/conditional", worst: worst, tolerance: probabilityTolerance)
        }
      }
    }
  }
}
