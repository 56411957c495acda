// RouterEntropy.swift - how undecided a router is: the entropy of the weights it gives to the spans (Shannon, 1948).

import Tensors

extension SpanDecision {
  /// The entropy of one picture's weights in bits: 0 where one span has all the weight, the logarithm to base 2 of their
  /// number where all have the same.
  ///
  /// - Parameter picture: Number of the picture in the batch.
  /// - Returns: The entropy; weights that are no positive numbers count as 0.
  public func entropy(picture: Int) -> Double {
    let bits = weights[picture].reduce(0.0) { sum, weight in
      weight > 0 && weight.isFinite ? sum - Double(weight) * naturalLogarithm(Double(weight)) : sum
    }
    return max(0, bits / naturalLogarithm(2))
  }

  /// The greatest entropy that weights for so many spans can have, in bits.
  public static func greatestEntropy(spans: Int) -> Double {
    spans > 1 ? naturalLogarithm(Double(spans)) / naturalLogarithm(2) : 0
  }
}
