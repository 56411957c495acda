// ThresholdSolver.swift - thresholds that let a wanted part of a calibration set leave at each exit: the percentile rule of the original.
//
// Dynamic ViT (Wang et al., NeurIPS 2021): 59 operating points, from nearly everybody at the first exit to most at the last. All sums are of
// single precision, as in the original, since they decide where a rank is rounded down. Its own logarithm and exponential depend on the
// machine in the last place; here they are correctly rounded.

import Tensors

/// The percentile rule.
public enum ThresholdSolver {
  /// The operating points p of the original.
  public static let operatingPoints = 1...59

  /// The part of the samples that is to leave at each exit: proportional to the powers of q = p / 20.
  ///
  /// - Parameters:
  ///   - point: p; 20 gives every exit the same part.
  ///   - exits: Number of exits.
  /// - Returns: One part for each exit; their sum is 1.
  public static func targetFractions(point: Int, exits: Int = 3) -> [Float] {
    let logarithm = Float(naturalLogarithm(Double(Float(Double(point) / 20))))
    let powers = (1...exits).map { Float(exponential(Double(logarithm * Float($0)))) }
    let sum = powers.dropFirst().reduce(powers[0], +)
    return powers.map { $0 / sum }
  }

  /// Thresholds by which those parts of a set leave.
  ///
  /// Exit by exit, the threshold is the confidence of the last sample that is to leave there, counted by falling confidence among those that
  /// have not left before; everybody as confident leaves with it. Where nobody is to leave, or more than are left, nobody does.
  ///
  /// - Parameters:
  ///   - confidences: Of all samples at all exits, `[exits][samples]`.
  ///   - fractions: The part that is to leave at each exit.
  /// - Returns: The rule.
  public static func rule(confidences: [[Float]], fractions: [Float]) -> ExitRule {
    precondition(fractions.count == confidences.count, "\(fractions.count) parts for \(confidences.count) exits")
    var remaining = Array(confidences.first?.indices ?? 0..<0)
    let samples = Float(remaining.count)
    var thresholds: [Float] = []
    for (row, fraction) in zip(confidences, fractions).dropLast() {
      let wanted = Int((samples * fraction).rounded(.down))
      let ranked = remaining.map { row[$0] }.sorted(by: >)
      let threshold = ranked.indices.contains(wanted - 1) ? ranked[wanted - 1] : ExitRule.never
      thresholds.append(threshold)
      remaining.removeAll { row[$0] >= threshold }
    }
    return ExitRule(thresholds: thresholds)
  }

  /// Solves all operating points on one set and tells what each gives on another.
  ///
  /// - Parameters:
  ///   - calibration: Confidences of the set that the thresholds are solved on, `[exits][samples]`.
  ///   - outcomes: The set that they are tried on.
  ///   - costs: The cost of a sample that leaves at each exit, everything before it included.
  /// - Returns: One point after the other.
  public static func curve(
    calibration: [[Float]], outcomes: ExitOutcomes, costs: [Double]
  ) -> [OperatingPoint] {
    operatingPoints.map { point in
      let fractions = targetFractions(point: point, exits: calibration.count)
      let rule = rule(confidences: calibration, fractions: fractions)
      return OperatingPoint(point: point, rule: rule, summary: outcomes.summary(by: rule, costs: costs))
    }
  }

  /// The most accurate operating point whose mean cost on the set it is solved on keeps a bound; the cheapest of equals.
  ///
  /// - Parameters:
  ///   - bound: The greatest mean cost.
  ///   - outcomes: The set that the thresholds are solved and tried on.
  ///   - costs: The cost of a sample that leaves at each exit, everything before it included.
  /// - Returns: The point, or nil when all cost more.
  public static func best(within bound: Double, outcomes: ExitOutcomes, costs: [Double]) -> OperatingPoint? {
    curve(calibration: outcomes.confidences, outcomes: outcomes, costs: costs)
      .filter { $0.summary.cost <= bound }
      .max {
        ($0.summary.accuracy, -$0.summary.cost) < ($1.summary.accuracy, -$1.summary.cost)
      }
  }

  /// The cheapest operating point that is accurate enough on the set it is solved on; the most accurate of equals.
  ///
  /// - Parameters:
  ///   - accuracy: The least mean score.
  ///   - outcomes: The set that the thresholds are solved and tried on.
  ///   - costs: The cost of a sample that leaves at each exit, everything before it included.
  /// - Returns: The point, or nil when none is accurate enough.
  public static func cheapest(
    reaching accuracy: Double, outcomes: ExitOutcomes, costs: [Double]
  ) -> OperatingPoint? {
    curve(calibration: outcomes.confidences, outcomes: outcomes, costs: costs)
      .filter { $0.summary.accuracy >= accuracy - 1e-12 }
      .min {
        ($0.summary.cost, -$0.summary.accuracy) < ($1.summary.cost, -$1.summary.accuracy)
      }
  }
}

/// One operating point of the percentile rule and what it gives.
public struct OperatingPoint: Sendable, Equatable {
  /// Number p of the point.
  public let point: Int
  /// Its thresholds.
  public let rule: ExitRule
  /// What they give.
  public let summary: ExitSummary

  /// Collects a point.
  public init(point: Int, rule: ExitRule, summary: ExitSummary) {
    self.point = point
    self.rule = rule
    self.summary = summary
  }
}
