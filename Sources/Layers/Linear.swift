// Linear.swift - a learned linear map of every row.

import Tensors

/// y = activation(x Wᵀ + b).
public struct Linear: Layer, Sendable {
  /// `[outputs, inputs]`.
  public let weight: Parameter
  /// `[outputs]`, or nil.
  public let bias: Parameter?

  /// Makes a layer with PyTorch's default first values, uniform in ±1/√inputs.
  public init(_ inputs: Int, _ outputs: Int, hasBias: Bool = true, random: inout SeededRandom) {
    weight = Initialisation.uniform([outputs, inputs], fanIn: inputs, random: &random)
    bias = hasBias ? Initialisation.uniform([outputs], fanIn: inputs, random: &random) : nil
  }

  /// Maps every row, `[..., inputs]` to `[..., outputs]`.
  public func callAsFunction(_ input: Tensor, activation: Activation = .none) -> Tensor {
    input.linear(weight.tensor, bias: bias?.tensor, activation: activation)
  }

  /// Number of inputs.
  public var inputs: Int { weight.value.shape[1] }

  /// Number of outputs.
  public var outputs: Int { weight.value.shape[0] }

  /// The parameters under the names of the original checkpoints.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    body(parameterName(path, "weight"), weight)
    if let bias { body(parameterName(path, "bias"), bias) }
  }
}
