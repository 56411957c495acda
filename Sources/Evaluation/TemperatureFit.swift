// TemperatureFit.swift - the temperature at which the softmax of logits is as sure as it is right (Guo et al., ICML 2017).
//
// One number for all: dividing every logit by it changes no answer, only how sure the answer is. The cross-entropy is convex in the
// inverse of the temperature, so its slope changes its sign once; the place is found by halving an interval of the logarithm.

import Tensors

/// The temperature that gives held-out answers the least cross-entropy.
public struct TemperatureFit: Sendable, Equatable {
  /// The least and the greatest temperature that is tried; where every answer is right, the least is found.
  public static let range: ClosedRange<Double> = 0.0625...16
  /// Halvings of the interval: enough for every digit of a single-precision number.
  private static let halvings = 40

  /// The temperature.
  public let temperature: Float
  /// Mean cross-entropy at temperature 1, in nats.
  public let crossEntropyBefore: Double
  /// Mean cross-entropy at the temperature found, in nats.
  public let crossEntropy: Double
  /// Questions that counted: those whose right answer is known and whose logits are finite.
  public let count: Int

  /// Fits a temperature.
  ///
  /// - Parameters:
  ///   - logits: `[questions][answers]`.
  ///   - labels: The place of the right answer of each question; nil where the answers do not have it, which counts nowhere.
  public init(logits: [[Float]], labels: [Int?]) {
    precondition(logits.count == labels.count, "\(logits.count) rows of logits, \(labels.count) labels")
    let rows = zip(logits, labels).compactMap { logits, label in label.flatMap { Row(logits, label: $0) } }
    count = rows.count
    var (low, high) = (naturalLogarithm(Self.range.lowerBound), naturalLogarithm(Self.range.upperBound))
    for _ in 0..<Self.halvings where !rows.isEmpty {
      let middle = (low + high) / 2
      let slope = rows.reduce(0.0) { $0 + $1.slope(sharpness: exponential(-middle)) }
      // A slope above 0 says that less sharpness, which is more temperature, is better.
      if slope > 0 { low = middle } else { high = middle }
    }
    temperature = rows.isEmpty ? 1 : Float(exponential((low + high) / 2))
    let sharpness = 1 / Double(temperature)
    crossEntropyBefore = rows.reduce(0) { $0 + $1.crossEntropy(sharpness: 1) } / Double(max(1, rows.count))
    crossEntropy = rows.reduce(0) { $0 + $1.crossEntropy(sharpness: sharpness) } / Double(max(1, rows.count))
  }
}

/// The logits of one question, as far below the greatest as they are.
private struct Row {
  private let gaps: [Double]
  private let label: Int

  init?(_ logits: [Float], label: Int) {
    guard logits.indices.contains(label), logits.allSatisfy(\.isFinite), let greatest = logits.max() else { return nil }
    gaps = logits.map { Double($0) - Double(greatest) }
    self.label = label
  }

  /// The derivative of the cross-entropy by the sharpness: the mean logit less the right answer's.
  func slope(sharpness: Double) -> Double {
    var total = 0.0, sum = 0.0
    for gap in gaps {
      let weight = exponential(sharpness * gap)
      total += weight
      sum += weight * gap
    }
    return sum / total - gaps[label]
  }

  func crossEntropy(sharpness: Double) -> Double {
    naturalLogarithm(gaps.reduce(0.0) { $0 + exponential(sharpness * $1) }) - sharpness * gaps[label]
  }
}
