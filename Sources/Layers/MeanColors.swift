// MeanColors.swift - a linear map of a cell's pixels that starts as a map of their mean colour.

import Tensors

extension Convolution {
  /// A map of each cell's pixels, all pixels of a cell weighing the same at first.
  ///
  /// Beside a stem it hands on which colour lies where from the first step, before the stem has learned anything.
  ///
  /// - Parameters:
  ///   - cell: Height and width of a cell in pixels.
  ///   - width: Width D of a token.
  ///   - random: Source of the first weights.
  /// - Returns: The map, `[B, H, W, 3]` to `[B, H / cell, W / cell, D]`.
  public static func meanColors(cell: Int, _ width: Int, random: inout SeededRandom) -> Convolution {
    let map = Convolution(3, width, size: cell, stride: cell, padding: ConvolutionPadding(0), random: &random)
    let pixels = cell * cell
    let values = (0..<(width * 3)).flatMap { _ in [Float](repeating: random.normal() / Float(pixels), count: pixels) }
    map.weight.value = Tensor(values, shape: map.weight.value.shape)
    return map
  }
}
