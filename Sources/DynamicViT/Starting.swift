// Starting.swift - first values as vision transformers are started: truncated normal of deviation 0.02, biases zero.

import Layers
import Tensors

extension Linear {
  /// A linear map that starts from a truncated normal distribution.
  static func truncated(_ inputs: Int, _ outputs: Int, hasBias: Bool = true, random: inout SeededRandom) -> Linear {
    let map = Linear(inputs, outputs, hasBias: hasBias, random: &random)
    map.weight.value =
      Initialisation.normal([outputs, inputs], deviation: 0.02, truncated: true, random: &random).value
    map.bias?.value = Tensor(repeating: 0, shape: [outputs])
    return map
  }
}

extension DynamicViTConfiguration {
  /// A linear map of a block with the first values of its family: those of the stem family, made for small widths, heed the width.
  func startedLinear(_ inputs: Int, _ outputs: Int, hasBias: Bool = true, random: inout SeededRandom) -> Linear {
    family == .stem
      ? Linear(inputs, outputs, hasBias: hasBias, random: &random)
      : .truncated(inputs, outputs, hasBias: hasBias, random: &random)
  }
}

/// A learned convolution or linear map kept in the shape of a convolution's kernel.
struct Kernel: Layer, Sendable {
  let weight: Parameter
  let bias: Parameter

  /// PyTorch's default first values, uniform in ±1/√inputs.
  init(_ inputs: Int, _ outputs: Int, size: Int, random: inout SeededRandom) {
    let fanIn = inputs * size * size
    weight = Initialisation.uniform([outputs, inputs, size, size], fanIn: fanIn, random: &random)
    bias = Initialisation.uniform([outputs], fanIn: fanIn, random: &random)
  }

  func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    body(parameterName(path, "weight"), weight)
    body(parameterName(path, "bias"), bias)
  }
}
