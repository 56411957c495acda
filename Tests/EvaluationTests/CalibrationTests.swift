// CalibrationTests.swift - temperatures and calibration errors whose values are known by other means.

import Evaluation
import Tensors
import Testing

@Suite struct TemperatureFitTests {
  /// Two answers, one always `gap` above the other and right three times in four: as sure as right is σ(gap / T) = 3/4.
  @Test(arguments: [(gap: Float(4), right: 30), (gap: 0.5, right: 30), (gap: 1.5, right: 21), (gap: 9, right: 39)])
  func theTemperatureOfTwoAnswersIsKnown(gap: Float, right: Int) {
    let logits = Array(repeating: [gap, 0], count: 40)
    let scores = (0..<40).map { $0 < right ? 1.0 : 0 }
    let share = Double(right) / 40
    let fit = TemperatureFit(logits: logits, scores: scores)
    let expected = Double(gap) / naturalLogarithm(share / (1 - share))
    #expect(abs(Double(fit.temperature) / expected - 1) < 1e-6, "\(fit.temperature) instead of \(expected)")
    // What is left is the entropy of the shares.
    let entropy = -share * naturalLogarithm(share) - (1 - share) * naturalLogarithm(1 - share)
    #expect(abs(fit.crossEntropy - entropy) < 1e-9)
    let before = share * logOnePlus(exponential(Double(-gap))) + (1 - share) * logOnePlus(exponential(Double(gap)))
    #expect(abs(fit.crossEntropyBefore - before) < 1e-9 && fit.count == 40)
  }

  /// Labels drawn from a softmax are told best by its own temperature.
  @Test func theTemperatureOfDrawnLabelsIsFound() {
    var random = SeededRandom(seed: 11)
    var logits: [[Float]] = []
    var scores: [Double] = []
    for _ in 0..<20_000 {
      let row = (0..<5).map { _ in 2 * random.normal() }
      let weights = row.map { exponential(Double($0)) }
      var place = Double(random.uniform()) * weights.reduce(0, +)
      let label =
        weights.firstIndex {
          place -= $0; return place < 0
        } ?? 4
      scores.append(row[label] == row.max() ? 1 : 0)
      logits.append(row.map { $0 * 2.5 })
    }
    let fit = TemperatureFit(logits: logits, scores: scores)
    #expect(abs(fit.temperature - 2.5) < 0.06)
    #expect(fit.crossEntropy < fit.crossEntropyBefore)
    // No temperature beside it is better, and logits twice as large want one twice as large.
    for factor: Float in [0.98, 1.02] {
      let other = TemperatureFit(logits: logits.map { $0.map { $0 / (fit.temperature * factor) } }, scores: scores)
      #expect(other.crossEntropyBefore > fit.crossEntropy)
    }
    let doubled = TemperatureFit(logits: logits.map { $0.map { 2 * $0 } }, scores: scores)
    #expect(abs(doubled.temperature / fit.temperature - 2) < 1e-5)
    #expect(TemperatureFit(logits: logits, scores: scores) == fit)
  }

  @Test func theEndsOfTheRangeHold() {
    let sure = TemperatureFit(logits: Array(repeating: [3, 0, 0], count: 5), scores: [1, 1, 1, 1, 1])
    #expect(abs(Double(sure.temperature) - TemperatureFit.range.lowerBound) < 1e-6)
    let wrong = TemperatureFit(logits: Array(repeating: [3, 0, 0], count: 5), scores: [0, 0, 0, 0, 0])
    #expect(abs(Double(wrong.temperature) - TemperatureFit.range.upperBound) < 1e-4)
  }

  @Test func whatCannotBeToldCountsNowhere() {
    let none = TemperatureFit(logits: [[.infinity, 2], [.nan, 0]], scores: [1, 0])
    #expect(none.temperature == 1 && none.count == 0 && none.crossEntropy == 0)
    let some = TemperatureFit(logits: [[4, 0], [4, 0], [.infinity, 0]], scores: [1, 0, 0])
    #expect(some.count == 2)
  }

  /// Answers that are worth a part count as that part: three quarters of each is as three of four.
  @Test func partsOfARightAnswerCount() {
    let logits = Array(repeating: [Float(2), 0, -30], count: 8)
    let parts = TemperatureFit(logits: logits, scores: Array(repeating: 0.75, count: 8))
    let whole = TemperatureFit(logits: logits, scores: [1, 1, 1, 0, 1, 1, 1, 0])
    #expect(abs(parts.temperature / whole.temperature - 1) < 1e-5)
    #expect(abs(Double(parts.temperature) - 2 / naturalLogarithm(3)) < 1e-4)
  }
}

@Suite struct CalibrationErrorTests {
  @Test func theErrorIsTheMeanGapOfTheBins() {
    // A bin at 0.95: 8 of 10 right, 0.15 apart; a bin at 0.5: 3 of 5 right, 0.1 apart; so (10 · 0.15 + 5 · 0.1) / 15.
    let confidences = [Float](repeating: 0.95, count: 10) + [Float](repeating: 0.5, count: 5)
    let scores: [Double] = [1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0]
    #expect(abs(CalibrationError.expected(confidences: confidences, scores: scores) - 2.0 / 15) < 1e-7)
  }

  @Test func oppositeGapsCancelWithinABinOnly() {
    #expect(abs(CalibrationError.expected(confidences: [0.5, 0.5], scores: [0, 1])) < 1e-12)
    #expect(abs(CalibrationError.expected(confidences: [0.25, 0.75], scores: [0.5, 0.5]) - 0.25) < 1e-7)
    #expect(abs(CalibrationError.expected(confidences: [0.25, 0.75], scores: [0.5, 0.5], bins: 1)) < 1e-7)
  }

  @Test func endsBelongToTheirBins() {
    // With two bins 0.5 is in the lower one, beside 0.
    #expect(abs(CalibrationError.expected(confidences: [0.5, 0], scores: [0, 0.5], bins: 2)) < 1e-12)
    #expect(CalibrationError.expected(confidences: [1, 1], scores: [1, 1]) == 0)
    #expect(CalibrationError.expected(confidences: [.nan, 2], scores: [0, 1]) == 0)
    #expect(CalibrationError.expected(confidences: [], scores: []) == 0)
  }
}
