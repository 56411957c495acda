// Normalisation.swift - layer norm in both kinds, and batch norm.

import Tensors

/// The standard layer norm (Ba, Kiros, Hinton 2016): variance over n, epsilon under the root.
public struct LayerNorm: Layer, Sendable {
  /// `[width]`, from 1.
  public let weight: Parameter
  /// `[width]`, from 0.
  public let bias: Parameter
  private let epsilon: Float

  /// Makes a norm of rows of a width.
  public init(_ width: Int, epsilon: Float = 1e-5) {
    weight = Initialisation.constant(1, [width])
    bias = Initialisation.constant(0, [width])
    self.epsilon = epsilon
  }

  /// Normalises every row.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    input.layerNorm(scale: weight.tensor, shift: bias.tensor, kind: .standard(epsilon: epsilon))
  }

  /// The parameters under the names of the original checkpoints.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    body(parameterName(path, "weight"), weight)
    body(parameterName(path, "bias"), bias)
  }
}

/// TRAR's layer norm: deviation over n - 1, epsilon added to the deviation.
public struct UnbiasedLayerNorm: Layer, Sendable {
  /// `[width]`, from 1; named a_2.
  public let scale: Parameter
  /// `[width]`, from 0; named b_2.
  public let shift: Parameter
  private let epsilon: Float

  /// Makes a norm of rows of a width.
  public init(_ width: Int, epsilon: Float = 1e-6) {
    scale = Initialisation.constant(1, [width])
    shift = Initialisation.constant(0, [width])
    self.epsilon = epsilon
  }

  /// Normalises every row.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    input.layerNorm(scale: scale.tensor, shift: shift.tensor, kind: .unbiased(epsilon: epsilon))
  }

  /// The parameters under the names of the original checkpoints.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    body(parameterName(path, "a_2"), scale)
    body(parameterName(path, "b_2"), shift)
  }
}

/// Normalises every channel over the batch in training, by running statistics otherwise (Ioffe, Szegedy 2015).
public struct BatchNorm: Layer, Sendable {
  /// `[channels]`, from 1.
  public let weight: Parameter
  /// `[channels]`, from 0.
  public let bias: Parameter
  /// `[channels]`, kept in training.
  public let runningMean: Parameter
  /// `[channels]`, kept in training.
  public let runningVariance: Parameter
  private let momentum: Float
  private let epsilon: Float

  /// Makes a norm of channels; in training a batch has the share `momentum` in the running statistics.
  public init(_ channels: Int, momentum: Float = 0.1, epsilon: Float = 1e-5) {
    weight = Initialisation.constant(1, [channels])
    bias = Initialisation.constant(0, [channels])
    runningMean = Initialisation.constant(0, [channels], isTrainable: false)
    runningVariance = Initialisation.constant(1, [channels], isTrainable: false)
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// Normalises `[..., channels]`.
  public func callAsFunction(_ input: Tensor, activation: Activation = .none) -> Tensor {
    input.batchNorm(
      scale: weight.tensor, shift: bias.tensor, runningMean: runningMean, runningVariance: runningVariance,
      momentum: momentum, epsilon: epsilon, activation: activation)
  }

  /// The parameters and statistics under PyTorch's names.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    body(parameterName(path, "weight"), weight)
    body(parameterName(path, "bias"), bias)
    body(parameterName(path, "running_mean"), runningMean)
    body(parameterName(path, "running_var"), runningVariance)
  }
}
