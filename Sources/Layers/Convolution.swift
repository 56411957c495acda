// Convolution.swift - a learned convolution over pictures.

import Tensors

/// A convolution over `[B, H, W, C]`.
public struct Convolution: Layer, Sendable {
  /// `[outputs, inputs / groups, size, size]`, as PyTorch stores it.
  public let weight: Parameter
  /// `[outputs]`, or nil.
  public let bias: Parameter?
  private let stride: Int
  private let padding: ConvolutionPadding
  private let groups: Int

  /// Makes a convolution with He's first values, which fit a ReLU behind it.
  ///
  /// - Parameters:
  ///   - inputs: Channels in.
  ///   - outputs: Channels out.
  ///   - size: Side of the square kernel.
  ///   - stride: Pixels from one place of the kernel to the next.
  ///   - padding: Zeros put around the picture; without it, half the kernel.
  ///   - groups: Parts the channels are cut into; as many as channels make it depthwise.
  ///   - hasBias: Whether a number is added to each output channel; not needed before a batch norm.
  ///   - random: Source of the first values.
  public init(
    _ inputs: Int, _ outputs: Int, size: Int, stride: Int = 1, padding: ConvolutionPadding? = nil, groups: Int = 1,
    hasBias: Bool = false, random: inout SeededRandom
  ) {
    precondition(groups > 0 && inputs % groups == 0 && outputs % groups == 0, "channels must divide into groups")
    let shape = [outputs, inputs / groups, size, size]
    weight = Initialisation.kaiming(shape, fanOut: outputs / groups * size * size, random: &random)
    bias = hasBias ? Initialisation.constant(0, [outputs]) : nil
    self.stride = stride
    self.padding = padding ?? ConvolutionPadding(size / 2)
    self.groups = groups
  }

  /// `[B, H, W, inputs]` to `[B, H', W', outputs]`.
  public func callAsFunction(_ pictures: Tensor, activation: Activation = .none) -> Tensor {
    pictures.convolution(
      weight.tensor, bias: bias?.tensor, stride: stride, padding: padding, groups: groups, activation: activation)
  }

  /// Multiplications with addition to compute `places` output places.
  public func multiplyAdds(places: Int) -> Int { places * weight.value.count }

  /// The parameters under PyTorch's names.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    body(parameterName(path, "weight"), weight)
    if let bias { body(parameterName(path, "bias"), bias) }
  }
}
