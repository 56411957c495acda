// ConvolutionShape.swift - the sizes of one convolution, and how its work is cut into pieces.
//
// The cut depends on the sizes alone, so that a result does not depend on the number of threads.

/// Zeros put around a picture before a convolution, counted in pixels.
public struct ConvolutionPadding: Sendable, Hashable {
  /// Rows above the picture.
  public var top: Int
  /// Columns left of the picture.
  public var left: Int
  /// Rows below the picture.
  public var bottom: Int
  /// Columns right of the picture.
  public var right: Int

  /// Makes a padding that may differ from side to side.
  public init(top: Int, left: Int, bottom: Int, right: Int) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  /// Makes the same padding on all four sides.
  public init(_ size: Int = 0) {
    self.init(top: size, left: size, bottom: size, right: size)
  }
}

/// The sizes of a convolution over a batch of pictures, `[B, H, W, C]` to `[B, H', W', O]`.
package struct ConvolutionShape: Sendable, Hashable {
  package private(set) var batch: Int
  package private(set) var height: Int
  package let width: Int
  package let channels: Int
  package let outputs: Int
  package let kernelHeight: Int
  package let kernelWidth: Int
  package let stride: Int
  package private(set) var padding: ConvolutionPadding
  package let groups: Int

  /// Takes the sizes from an input `[B, H, W, C]` and a weight `[O, C / groups, kernel height, kernel width]`.
  package init(input: [Int], weight: [Int], stride: Int = 1, padding: ConvolutionPadding = .init(), groups: Int = 1) {
    precondition(input.count == 4 && weight.count == 4, "convolution: input \(input), weight \(weight)")
    precondition(
      stride > 0 && groups > 0 && weight[1] * groups == input[3] && weight[0] % groups == 0,
      "convolution: weight \(weight) for input \(input) in \(groups) groups with stride \(stride)")
    precondition(
      padding.top >= 0 && padding.left >= 0 && padding.bottom >= 0 && padding.right >= 0,
      "convolution: \(padding)")
    batch = input[0]
    height = input[1]
    width = input[2]
    channels = input[3]
    outputs = weight[0]
    kernelHeight = weight[2]
    kernelWidth = weight[3]
    self.stride = stride
    self.padding = padding
    self.groups = groups
    precondition(
      paddedHeight >= kernelHeight && paddedWidth >= kernelWidth && taps > 0,
      "convolution: weight \(weight) is larger than input \(input) with \(padding)")
  }

  private var paddedHeight: Int { height + padding.top + padding.bottom }
  private var paddedWidth: Int { width + padding.left + padding.right }

  package var outputHeight: Int { (paddedHeight - kernelHeight) / stride + 1 }
  package var outputWidth: Int { (paddedWidth - kernelWidth) / stride + 1 }
  /// Input channels that one output channel reads.
  package var groupChannels: Int { channels / groups }
  package var groupOutputs: Int { outputs / groups }
  /// Places of the kernel.
  package var taps: Int { kernelHeight * kernelWidth }
  package var inputCount: Int { batch * height * width * channels }
  package var outputCount: Int { batch * outputHeight * outputWidth * outputs }
  package var weightCount: Int { outputs * groupChannels * taps }
  /// Whether every output channel reads one input channel.
  package var isDepthwise: Bool { groups > 1 && groupChannels == 1 }
  /// Whether the convolution is a matrix product over the pixels as they lie.
  package var isPointwise: Bool { taps == 1 && stride == 1 && groups == 1 && padding == ConvolutionPadding() }

  /// Number of multiplications.
  var work: Int { outputCount * groupChannels * taps }

  /// A part of the convolution that one thread computes.
  struct Piece {
    let shape: ConvolutionShape
    let inputOffset: Int
    let outputOffset: Int
  }

  /// The convolution cut over its samples.
  func piecesOfSamples() -> [Piece] {
    guard batch > 0 else { return [] }
    let wanted = min(16, batch, max(1, work >> 19))
    let size = (batch + wanted - 1) / wanted
    return Swift.stride(from: 0, to: batch, by: size).map { start in
      var part = self
      part.batch = min(size, batch - start)
      return Piece(
        shape: part, inputOffset: start * (inputCount / batch), outputOffset: start * (outputCount / batch))
    }
  }

  /// The convolution of one picture cut over its output channels; nil where that would not pay.
  func piecesOfChannels() -> [ConvolutionShape]? {
    guard batch == 1, groups == 1, outputs >= 2 * Self.channelPiece, work >= 1 << 22 else { return nil }
    return Swift.stride(from: 0, to: outputs, by: Self.channelPiece).map { start in
      ConvolutionShape(
        input: [batch, height, width, channels],
        weight: [min(Self.channelPiece, outputs - start), channels, kernelHeight, kernelWidth], stride: stride,
        padding: padding)
    }
  }

  private static let channelPiece = 96

  /// The convolution cut over its samples or, when there is only one, over its output rows.
  func piecesOfOutput() -> [Piece] {
    let wanted = min(8, outputHeight / 4, work >> 19)
    let isCuttable = padding.top < kernelHeight && padding.bottom < kernelHeight
    guard batch == 1, wanted > 1, isCuttable else { return piecesOfSamples() }
    let size = (outputHeight + wanted - 1) / wanted
    return Swift.stride(from: 0, to: outputHeight, by: size).map { start in
      let end = min(outputHeight, start + size)
      let above = start * stride - padding.top
      let below = (end - 1) * stride + kernelHeight - padding.top
      var part = self
      part.padding.top = max(0, -above)
      part.padding.bottom = max(0, below - height)
      part.height = min(height, below) - max(0, above)
      return Piece(
        shape: part, inputOffset: max(0, above) * width * channels, outputOffset: start * outputWidth * outputs)
    }
  }
}
