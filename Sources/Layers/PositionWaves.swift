// PositionWaves.swift - first values of position embeddings that already tell where a token lies.
//
// The sines and cosines of Vaswani et al. (NeurIPS 2017), section 3.5, in two dimensions as He et al. (CVPR 2022, "Masked autoencoders")
// start from: one half of the width for the row, the other for the column.

import Tensors

/// Makes position embeddings of a grid.
public enum PositionWaves {
  /// The longest wave is so many times the shortest.
  private static let range = 100.0

  /// A table `[side * side, width]` that training may change.
  public static func table(side: Int, width: Int) -> Parameter {
    Parameter(values(side: side, width: width, first: 0))
  }

  /// A table `[1, side * side + 1, width]` that training may change; the class token, which lies nowhere, begins with zeros.
  public static func tableAfterClassToken(side: Int, width: Int) -> Parameter {
    Parameter(values(side: side, width: width, first: 1).reshaped([1, side * side + 1, width]))
  }

  private static func values(side: Int, width: Int, first: Int) -> Tensor {
    let count = width / 4
    let lengths = (0..<count).map { exponential(naturalLogarithm(range) * Double($0) / Double(max(1, count - 1))) }
    return Tensor(shape: [first + side * side, width]) { target in
      target.initialize(repeating: 0)
      for place in 0..<(side * side) {
        for (half, coordinate) in [place / side, place % side].enumerated() {
          let start = (first + place) * width + half * 2 * count
          for (index, length) in lengths.enumerated() {
            let angle = Double(coordinate) / length
            target[start + index] = Float(cosine(angle - Double.pi / 2))
            target[start + count + index] = Float(cosine(angle))
          }
        }
      }
    }
  }
}
