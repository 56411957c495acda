// TemperatureFit.swift - the temperature at which a softmax is as sure as it is right (after Guo et al., ICML 2017).
//
// One number for all: dividing every logit by it changes no answer, only how sure the answer is. What is fitted is the confidence itself, the
// probability of the best answer, against what that answer is worth. So an answer that three of ten people gave counts as partly right, and
// thousands of answers that nobody would give do not count at all.

import Tensors

/// The temperature whose confidences tell best what held-out answers are worth.
public struct TemperatureFit: Sendable, Equatable {
  /// The least and the greatest temperature that is tried; where every answer is right, the least is found.
  public static let range: ClosedRange<Double> = 0.0625...16
  /// Temperatures tried first, evenly spaced in the logarithm.
  private static let steps = 17
  /// Narrowings of the interval around the best of them, each to 62 %.
  private static let narrowings = 34

  /// The temperature.
  public let temperature: Float
  /// Mean cross-entropy between confidence and worth at temperature 1, in nats.
  public let crossEntropyBefore: Double
  /// The same at the temperature found.
  public let crossEntropy: Double
  /// Questions that counted: those whose logits are finite.
  public let count: Int

  /// Fits a temperature.
  ///
  /// - Parameters:
  ///   - logits: `[questions][answers]`.
  ///   - scores: What the answer with the greatest logit is worth for each question, 0 to 1.
  public init(logits: [[Float]], scores: [Double]) {
    precondition(logits.count == scores.count, "\(logits.count) rows of logits, \(scores.count) scores")
    let rows = zip(logits, scores).compactMap { Row($0, score: $1) }
    count = rows.count
    func loss(_ logarithm: Double) -> Double {
      let sharpness = exponential(-logarithm)
      let losses = WorkerPool.shared.map(rows.count) { rows[$0].crossEntropy(sharpness: sharpness) }
      return losses.reduce(0, +) / Double(max(1, rows.count))
    }
    crossEntropyBefore = loss(0)
    guard !rows.isEmpty else {
      (temperature, crossEntropy) = (1, 0)
      return
    }
    let (least, most) = (naturalLogarithm(Self.range.lowerBound), naturalLogarithm(Self.range.upperBound))
    let step = (most - least) / Double(Self.steps - 1)
    let tried = (0..<Self.steps).map { loss(least + Double($0) * step) }
    let best = tried.indices.reduce(0) { tried[$1] < tried[$0] ? $1 : $0 }
    var low = max(least, least + Double(best - 1) * step), high = min(most, least + Double(best + 1) * step)
    // The golden section: of each interval one place inside is known from the one before.
    let golden = (5.0.squareRoot() - 1) / 2
    var left = high - golden * (high - low), right = low + golden * (high - low)
    var (leftLoss, rightLoss) = (loss(left), loss(right))
    for _ in 0..<Self.narrowings {
      if leftLoss <= rightLoss {
        (high, right, rightLoss) = (right, left, leftLoss)
        left = high - golden * (high - low)
        leftLoss = loss(left)
      } else {
        (low, left, leftLoss) = (left, right, rightLoss)
        right = low + golden * (high - low)
        rightLoss = loss(right)
      }
    }
    let place = (low + high) / 2
    temperature = Float(exponential(place))
    crossEntropy = loss(place)
  }
}

/// The logits of one question, as far below the greatest as they are.
private struct Row: Sendable {
  private let gaps: [Double]
  private let score: Double
  /// The nearest that a confidence counts to 0 or 1.
  private static let margin = 1e-9

  init?(_ logits: [Float], score: Double) {
    guard logits.allSatisfy(\.isFinite), let greatest = logits.max() else { return nil }
    gaps = logits.map { Double($0) - Double(greatest) }
    self.score = min(1, max(0, score))
  }

  /// Cross-entropy between the probability of the best answer and its worth.
  func crossEntropy(sharpness: Double) -> Double {
    let confidence = 1 / gaps.reduce(0.0) { $0 + exponential(sharpness * $1) }
    let sure = min(1 - Self.margin, max(Self.margin, confidence))
    return -score * naturalLogarithm(sure) - (1 - score) * naturalLogarithm(1 - sure)
  }
}
