// ExitOutcomes.swift - what every exit of a cascade says about a set of samples, and what a rule makes of it after the fact.

/// Confidences and scores of all samples of a set at all exits, whether a rule would let them get there or not.
public struct ExitOutcomes: Sendable, Equatable {
  /// `[exits][samples]`.
  public let confidences: [[Float]]
  /// What the answer at each exit is worth, `[exits][samples]`: 1 where it is right, 0 where it is wrong, or between.
  public let scores: [[Double]]

  /// Collects what is known of a set; both have the same lengths.
  public init(confidences: [[Float]], scores: [[Double]]) {
    precondition(
      !confidences.isEmpty && confidences.map(\.count) == scores.map(\.count)
        && confidences.allSatisfy { $0.count == confidences[0].count },
      "confidences and scores of \(confidences.map(\.count)) and \(scores.map(\.count)) samples")
    self.confidences = confidences
    self.scores = scores
  }

  /// Number of exits.
  public var exits: Int { confidences.count }
  /// Number of samples.
  public var samples: Int { confidences[0].count }

  /// Anytime accuracy: the mean score of each exit when everybody leaves there; 0 of no samples.
  public var anytimeAccuracy: [Double] {
    scores.map { $0.reduce(0, +) / Double(max(1, samples)) }
  }

  /// The exit of each sample, from 0.
  public func exits(by rule: ExitRule) -> [Int] {
    precondition(rule.exits == exits, "a rule for \(rule.exits) exits, not \(exits)")
    return (0..<samples).map { sample in
      rule.thresholds.indices.first { rule.leaves(exit: $0, confidence: confidences[$0][sample]) } ?? exits - 1
    }
  }

  /// What a rule gives on this set.
  ///
  /// - Parameters:
  ///   - rule: One for as many exits.
  ///   - costs: The cost of a sample that leaves at each exit, everything before it included.
  /// - Returns: Where samples leave, what that is worth and what it costs.
  public func summary(by rule: ExitRule, costs: [Double]) -> ExitSummary {
    precondition(costs.count == exits, "\(costs.count) costs for \(exits) exits")
    var counts = [Int](repeating: 0, count: exits)
    var score = 0.0
    for (sample, exit) in exits(by: rule).enumerated() {
      counts[exit] += 1
      score += scores[exit][sample]
    }
    return ExitSummary(counts: counts, accuracy: score / Double(max(1, samples)), costs: costs)
  }
}

/// Where samples leave a cascade, what their answers are worth and what they cost.
public struct ExitSummary: Sendable, Equatable {
  /// Samples that leave at each exit.
  public let counts: [Int]
  /// Mean score of the answers at the exits taken.
  public let accuracy: Double
  /// Mean cost of a sample.
  public let cost: Double

  /// Sums up.
  ///
  /// - Parameters:
  ///   - counts: Samples that leave at each exit.
  ///   - accuracy: Mean score of the answers.
  ///   - costs: The cost of a sample that leaves at each exit, everything before it included.
  public init(counts: [Int], accuracy: Double, costs: [Double]) {
    self.counts = counts
    self.accuracy = accuracy
    let samples = Double(max(1, counts.reduce(0, +)))
    cost = zip(counts, costs).reduce(0) { $0 + Double($1.0) / samples * $1.1 }
  }

  /// The part of all samples that leaves at each exit.
  public var fractions: [Double] {
    let samples = Double(max(1, counts.reduce(0, +)))
    return counts.map { Double($0) / samples }
  }
}
