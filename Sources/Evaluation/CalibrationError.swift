// CalibrationError.swift - how far confidence and accuracy lie apart: the expected calibration error (Naeini et al., AAAI 2015).

/// The expected calibration error.
public enum CalibrationError {
  /// Equal parts of the confidences from 0 to 1 that are told apart.
  public static let bins = 15

  /// The mean difference of confidence and accuracy over bins of like confidence, each weighted by its answers.
  ///
  /// - Parameters:
  ///   - confidences: How sure each answer is, from 0 to 1; one that is no number counts as 0.
  ///   - scores: What each answer is worth, from 0 to 1.
  ///   - bins: Number of equal bins; each holds its upper end, the first its lower one, too.
  /// - Returns: From 0, as sure as right, to 1; 0 of no answers.
  public static func expected(confidences: [Float], scores: [Double], bins: Int = bins) -> Double {
    precondition(
      confidences.count == scores.count && bins > 0, "\(confidences.count) confidences, \(scores.count) scores")
    var reliability = Reliability(bins: bins)
    for (confidence, score) in zip(confidences, scores) { reliability.add(confidence: confidence, score: score) }
    return reliability.error
  }
}
