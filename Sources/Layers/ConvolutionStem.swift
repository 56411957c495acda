// ConvolutionStem.swift - a few small convolutions that turn pixels into a coarse map.
//
// Xiao et al. (NeurIPS 2021), "Early convolutions help transformers see better".

import Tensors

/// 3x3 convolutions, each with batch norm and ReLU, that halve height and width; then residual ones on the last map.
public struct ConvolutionStem: Layer, Sendable {
  private struct Stage: Sendable {
    let convolution: Convolution
    let norm: BatchNorm
    let stride: Int
  }

  private let stages: [Stage]
  private let refinements: [Stage]

  /// Makes a stem; a deep one convolves once more at full resolution before each halving but the first.
  ///
  /// - Parameters:
  ///   - channels: Channels after each halving.
  ///   - isDeep: Whether there is a convolution of stride 1 before each halving but the first.
  ///   - refinements: Residual convolutions on the last map.
  ///   - random: Source of the first weights.
  public init(_ channels: [Int], isDeep: Bool = false, refinements: Int = 0, random: inout SeededRandom) {
    var stages: [Stage] = []
    var inputs = 3
    for (index, outputs) in channels.enumerated() {
      if isDeep && index > 0 {
        let same = Convolution(inputs, inputs, size: 3, random: &random)
        stages.append(Stage(convolution: same, norm: BatchNorm(inputs), stride: 1))
      }
      let halving = Convolution(inputs, outputs, size: 3, stride: 2, random: &random)
      stages.append(Stage(convolution: halving, norm: BatchNorm(outputs), stride: 2))
      inputs = outputs
    }
    self.stages = stages
    self.refinements = (0..<refinements).map { _ in
      Stage(convolution: Convolution(inputs, inputs, size: 3, random: &random), norm: BatchNorm(inputs), stride: 1)
    }
  }

  /// `[B, H, W, 3]` to `[B, H', W', C]`.
  public func callAsFunction(_ pictures: Tensor) -> Tensor {
    let map = stages.reduce(pictures) { $1.norm($1.convolution($0), activation: .relu) }
    return refinements.reduce(map) { $0 + $1.norm($1.convolution($0), activation: .relu) }
  }

  /// Multiplications with addition of one picture of this height and width.
  public func multiplyAdds(pictureSize: Int) -> Int {
    var side = pictureSize
    return (stages + refinements).reduce(0) { total, stage in
      side = (side + stage.stride - 1) / stage.stride
      return total + stage.convolution.multiplyAdds(places: side * side)
    }
  }

  /// All parameters, by number of the convolution.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    for (index, stage) in (stages + refinements).enumerated() {
      stage.convolution.forEachParameter(at: parameterName(path, "\(index).conv"), body)
      stage.norm.forEachParameter(at: parameterName(path, "\(index).norm"), body)
    }
  }
}
