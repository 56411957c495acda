// EfficientNetLite.swift - a convolutional network that turns a picture into a grid of 32-pixel cells, and knows a thousand classes.
//
// Tan and Le (ICML 2019) in the "lite" variant: no squeeze-excitation, ReLU6 everywhere. Batch norms are folded into the convolutions when
// weights are read, so that every convolution has a bias here. Activations are `[B, H, W, C]`.

import Layers
import Tensors

/// EfficientNet-lite0.
public struct EfficientNetLite: Layer, Sendable {
  /// One row of the table of blocks: how many of a kind follow each other.
  struct Group: Sendable {
    let blocks: Int
    let size: Int
    let stride: Int
    let expansion: Int
    let outputs: Int
  }

  /// The blocks, group by group.
  static let groups = [
    Group(blocks: 1, size: 3, stride: 1, expansion: 1, outputs: 16),
    Group(blocks: 2, size: 3, stride: 2, expansion: 6, outputs: 24),
    Group(blocks: 2, size: 5, stride: 2, expansion: 6, outputs: 40),
    Group(blocks: 3, size: 3, stride: 2, expansion: 6, outputs: 80),
    Group(blocks: 3, size: 5, stride: 1, expansion: 6, outputs: 112),
    Group(blocks: 4, size: 5, stride: 2, expansion: 6, outputs: 192),
    Group(blocks: 1, size: 3, stride: 1, expansion: 6, outputs: 320),
  ]
  /// Pixels on a side of one cell of the grid.
  public static let cell = 32
  /// Channels of the map that the head widens to the grid.
  public static let mapWidth = 320
  /// Width of a token of the grid.
  public static let width = 1280
  /// Classes of ImageNet's challenge.
  public static let classes = 1000
  private static let stemOutputs = 32

  let stem: Convolution
  let blocks: [InvertedResidual]
  let head: Convolution
  let classifier: Linear

  /// Makes a network with fresh weights.
  public init(random: inout SeededRandom) {
    stem = .same(3, Self.stemOutputs, size: 3, stride: 2, random: &random)
    var inputs = Self.stemOutputs
    var blocks: [InvertedResidual] = []
    for group in Self.groups {
      for number in 0..<group.blocks {
        blocks.append(
          InvertedResidual(inputs, group, stride: number == 0 ? group.stride : 1, random: &random))
        inputs = group.outputs
      }
    }
    self.blocks = blocks
    head = .same(inputs, Self.width, size: 1, stride: 1, random: &random)
    classifier = Linear(Self.width, Self.classes, random: &random)
  }

  /// The grid of a batch of pictures.
  ///
  /// - Parameters:
  ///   - pictures: `[B, S, S, 3]`, red, green, blue, `(pixel - 127) / 128`; S is a multiple of ``cell``.
  ///   - observe: Told of every block's map, `[B, H, W, C]`, by number.
  /// - Returns: `[B, S / 32, S / 32, 1280]`.
  public func features(_ pictures: Tensor, observe: ((_ block: Int, _ map: Tensor) -> Void)? = nil) -> Tensor {
    features(ofMap: map(pictures, observe: observe))
  }

  /// The map of a batch of pictures before the head widens it: a quarter of the grid's numbers, of which it is made.
  ///
  /// - Parameters:
  ///   - pictures: As ``features(_:observe:)`` takes them.
  ///   - observe: Told of every block's map, `[B, H, W, C]`, by number.
  /// - Returns: `[B, S / 32, S / 32, 320]`.
  public func map(_ pictures: Tensor, observe: ((_ block: Int, _ map: Tensor) -> Void)? = nil) -> Tensor {
    precondition(
      pictures.rank == 4 && pictures.shape[1] == pictures.shape[2] && pictures.shape[1] % Self.cell == 0
        && pictures.shape[3] == 3, "pictures \(pictures.shape) of no whole cells of \(Self.cell) pixels")
    // Who learns or looks at the maps gets them for the whole batch.
    guard observe == nil, Tape.current == nil else { return map(ofAll: pictures, observe: observe) }
    return pictures.mappingSamples { map(ofAll: $0, observe: nil) }
  }

  private func map(ofAll pictures: Tensor, observe: ((_ block: Int, _ map: Tensor) -> Void)?) -> Tensor {
    var map = stem(pictures, activation: .relu6)
    for (number, block) in blocks.enumerated() {
      map = block(map)
      observe?(number, map)
    }
    return map
  }

  /// The grid made of a map, `[B, H, W, 320]` to `[B, H, W, 1280]`.
  public func features(ofMap map: Tensor) -> Tensor { head(map, activation: .relu6) }

  /// The logits of the thousand classes from a grid `[B, H, W, 1280]`, `[B, 1000]`.
  public func logits(_ features: Tensor) -> Tensor {
    let tokens = features.reshaped([features.shape[0], features.shape[1] * features.shape[2], Self.width])
    return classifier(tokens.meanOverTokens())
  }

  /// The rows of the classifier, `[1000, 1280]`.
  public var classRows: Tensor { classifier.weight.value }

  /// Multiplications with addition of one picture of this height and width, without the classifier.
  public static func multiplyAdds(pictureSize: Int) -> Int {
    var side = pictureSize / 2
    var inputs = stemOutputs
    var total = side * side * 9 * 3 * inputs
    for group in groups {
      for number in 0..<group.blocks {
        let inner = inputs * group.expansion
        if group.expansion > 1 { total += side * side * inputs * inner }
        if number == 0 { side /= group.stride }
        total += side * side * inner * (group.size * group.size + group.outputs)
        inputs = group.outputs
      }
    }
    return total + side * side * inputs * width
  }

  /// The parameters, batch norms folded, under the original's names of the convolutions.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    stem.forEachParameter(at: parameterName(path, "_conv_stem"), body)
    for (number, block) in blocks.enumerated() {
      block.forEachParameter(at: parameterName(path, "_blocks.\(number)"), body)
    }
    head.forEachParameter(at: parameterName(path, "_conv_head"), body)
    classifier.forEachParameter(at: parameterName(path, "_fc"), body)
  }
}

/// A block: widened by a convolution of single pixels, convolved channel by channel, narrowed, and added to its input where that has its shape.
struct InvertedResidual: Layer, Sendable {
  let expand: Convolution?
  let depthwise: Convolution
  let project: Convolution
  let isResidual: Bool

  init(_ inputs: Int, _ group: EfficientNetLite.Group, stride: Int, random: inout SeededRandom) {
    let inner = inputs * group.expansion
    expand = group.expansion > 1 ? .same(inputs, inner, size: 1, stride: 1, random: &random) : nil
    depthwise = .same(inner, inner, size: group.size, stride: stride, groups: inner, random: &random)
    project = .same(inner, group.outputs, size: 1, stride: 1, random: &random)
    isResidual = stride == 1 && inputs == group.outputs
  }

  func callAsFunction(_ map: Tensor) -> Tensor {
    let widened = expand?(map, activation: .relu6) ?? map
    let narrowed = project(depthwise(widened, activation: .relu6))
    return isResidual ? map + narrowed : narrowed
  }

  func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    expand?.forEachParameter(at: parameterName(path, "_expand_conv"), body)
    depthwise.forEachParameter(at: parameterName(path, "_depthwise_conv"), body)
    project.forEachParameter(at: parameterName(path, "_project_conv"), body)
  }
}

extension Convolution {
  /// A convolution with a bias and the padding that TensorFlow calls "same": of an odd number of zeros, the one more comes last.
  ///
  /// Sides that a stride of 2 meets are even here, so two of its zeros less are needed than a stride of 1 asks for.
  fileprivate static func same(
    _ inputs: Int, _ outputs: Int, size: Int, stride: Int, groups: Int = 1, random: inout SeededRandom
  ) -> Convolution {
    let all = size - stride
    let (before, after) = (all / 2, all - all / 2)
    return Convolution(
      inputs, outputs, size: size, stride: stride,
      padding: ConvolutionPadding(top: before, left: before, bottom: after, right: after), groups: groups,
      hasBias: true, random: &random)
  }
}
