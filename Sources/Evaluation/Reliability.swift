// Reliability.swift - how often answers of like confidence are right: the reliability diagram (Guo et al., ICML 2017) and what it comes to.

/// Confidence and accuracy of answers, by confidence.
public struct Reliability: Sendable, Equatable {
  /// Answers of like confidence.
  public struct Bin: Sendable, Equatable {
    /// Number of answers.
    public var count = 0
    /// Sum of their confidences.
    var confidences = 0.0
    /// Sum of what they are worth.
    var scores = 0.0

    /// Mean confidence, from 0 to 1; 0 of none.
    public var confidence: Double { confidences / Double(max(1, count)) }
    /// Mean worth, from 0 to 1; 0 of none.
    public var accuracy: Double { scores / Double(max(1, count)) }
  }

  /// Equal parts of the confidences from 0 to 1; each holds its upper end, the first its lower one, too.
  public private(set) var bins: [Bin]

  /// Of no answers.
  public init(bins: Int = CalibrationError.bins) {
    precondition(bins > 0, "\(bins) bins")
    self.bins = Array(repeating: Bin(), count: bins)
  }

  /// Adds an answer.
  ///
  /// - Parameters:
  ///   - confidence: How sure it is, from 0 to 1; one that is no number counts as 0.
  ///   - score: What it is worth, from 0 to 1.
  public mutating func add(confidence: Float, score: Double) {
    let sure = confidence > 0 ? min(1, Double(confidence)) : 0
    let bin = min(bins.count - 1, max(0, Int((sure * Double(bins.count)).rounded(.up)) - 1))
    bins[bin].count += 1
    bins[bin].confidences += sure
    bins[bin].scores += score
  }

  /// Number of answers.
  public var count: Int { bins.reduce(0) { $0 + $1.count } }

  /// Mean confidence, from 0 to 1.
  public var confidence: Double { bins.reduce(0) { $0 + $1.confidences } / Double(max(1, count)) }

  /// The expected calibration error, from 0 to 1: the mean difference of confidence and accuracy over the bins, each weighted by its answers.
  public var error: Double {
    bins.reduce(0) { $0 + ($1.confidences - $1.scores).magnitude } / Double(max(1, count))
  }
}
