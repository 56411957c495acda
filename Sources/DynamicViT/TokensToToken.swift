// TokensToToken.swift - pixels to tokens by overlapping squares: cut, attend, cut, attend, cut, project.
//
// T2T-ViT (Yuan et al., ICCV 2021) in the form that Dynamic ViT uses. Both kinds of attention end with a skip from the values, since the
// widths before and after differ; their order of parts differs, too: keys, queries, values in the performer, queries first in the other.

import Layers
import Tensors

/// An attention within the squares, `[B, T, d]` to `[B, T, e]`.
struct SquareAttention: Layer, Sendable {
  let norm1: LayerNorm
  let joined: Linear  // d -> 3 e
  let project: Linear
  let norm2: LayerNorm
  let first: Linear
  let second: Linear
  /// Fixed directions of the performer; nil: plain attention.
  let features: Parameter?
  let inputs: Int
  /// The performer's dropouts are constants of the original, not settings.
  private static let performerDropout: Float = 0.1

  init(_ configuration: DynamicViTConfiguration, inputs: Int, random: inout SeededRandom) {
    let width = configuration.tokenWidth
    let isPerformer = configuration.family == .performer
    self.inputs = inputs
    norm1 = LayerNorm(inputs)
    joined = .truncated(inputs, 3 * width, hasBias: isPerformer, random: &random)
    project = .truncated(width, width, random: &random)
    norm2 = LayerNorm(width)
    first = .truncated(width, width, random: &random)
    second = .truncated(width, width, random: &random)
    features =
      isPerformer
      ? Parameter(
        OrthogonalRows.make(configuration.performerFeatures, width: width, random: &random), isTrainable: false) : nil
  }

  var width: Int { project.outputs }

  func callAsFunction(_ tokens: Tensor) -> Tensor {
    let parts = joined(norm1(tokens))
    let values = parts.columns((2 * width)..<(3 * width))
    let attended: Tensor
    let dropout: Float
    if let features {
      attended = parts.performerAttention(features: features.tensor)
      dropout = Self.performerDropout
    } else {
      // The original's scale is that of the input's width, not of the attention's.
      attended = parts.selfAttention(heads: 1, scale: 1 / Float(inputs).squareRoot()).output
      dropout = 0
    }
    let seen = values + project(attended).dropout(dropout)
    return seen + second(first(norm2(seen), activation: .gelu)).dropout(dropout)
  }

  func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    let isPerformer = features != nil
    if let features { body(parameterName(path, "w"), features) }
    joined.forEachParameter(at: parameterName(path, isPerformer ? "kqv" : "attn.qkv"), body)
    project.forEachParameter(at: parameterName(path, isPerformer ? "proj" : "attn.proj"), body)
    norm1.forEachParameter(at: parameterName(path, "norm1"), body)
    norm2.forEachParameter(at: parameterName(path, "norm2"), body)
    first.forEachParameter(at: parameterName(path, isPerformer ? "mlp.0" : "mlp.fc1"), body)
    second.forEachParameter(at: parameterName(path, isPerformer ? "mlp.2" : "mlp.fc2"), body)
  }
}

/// Pictures to the tokens of one stage.
struct TokensToToken: Layer, Sendable {
  let windows: SquareWindows
  let sides: [Int]
  let attention1: SquareAttention
  let attention2: SquareAttention
  let project: Linear

  init(_ configuration: DynamicViTConfiguration, stage: Int, random: inout SeededRandom) {
    windows = configuration.windows(stage: stage)
    sides = configuration.sides(stage: stage)
    let later = DynamicViTConfiguration.laterWindows
    let wide = configuration.tokenWidth * later.size * later.size
    attention1 = SquareAttention(configuration, inputs: 3 * windows.size * windows.size, random: &random)
    attention2 = SquareAttention(configuration, inputs: wide, random: &random)
    project = .truncated(wide, configuration.width, random: &random)
  }

  /// `[B, H, W, 3]` to `[B, N, D]`.
  func callAsFunction(_ pictures: Tensor, pass: DynamicViTPass) -> Tensor {
    let later = DynamicViTConfiguration.laterWindows
    let cut0 = pictures.unfolded(windows)
    pass.observe("split0_first3") { cut0.tokens(0..<3) }
    let seen1 = attention1(cut0)
    pass.observe("attention1_out") { seen1 }
    let cut1 = grid(seen1, side: sides[0]).unfolded(later)
    pass.observe("split1_first3") { cut1.tokens(0..<3) }
    let seen2 = attention2(cut1)
    pass.observe("attention2_out") { seen2 }
    let cut2 = grid(seen2, side: sides[1]).unfolded(later)
    pass.observe("split2_first3") { cut2.tokens(0..<3) }
    return project(cut2)
  }

  private func grid(_ tokens: Tensor, side: Int) -> Tensor {
    tokens.reshaped([tokens.shape[0], side, side, tokens.width])
  }

  func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    attention1.forEachParameter(at: parameterName(path, "attention1"), body)
    attention2.forEachParameter(at: parameterName(path, "attention2"), body)
    project.forEachParameter(at: parameterName(path, "project"), body)
  }
}
