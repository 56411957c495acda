// FeedForward.swift - two linear maps with a ReLU between them, as in every TRAR layer and attention pooling.

import Layers
import Tensors

/// Linear, ReLU, dropout, linear.
struct FeedForward: Layer, Sendable {
  let first: Linear
  let second: Linear
  let dropout: Float

  init(_ inputs: Int, inner: Int, outputs: Int, dropout: Float, random: inout SeededRandom) {
    first = Linear(inputs, inner, random: &random)
    second = Linear(inner, outputs, random: &random)
    self.dropout = dropout
  }

  /// `[..., inputs]` to `[..., outputs]`.
  func callAsFunction(_ input: Tensor) -> Tensor {
    second(first(input, activation: .relu).dropout(dropout))
  }

  func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    first.forEachParameter(at: parameterName(path, "mlp.fc.linear"), body)
    second.forEachParameter(at: parameterName(path, "mlp.linear"), body)
  }
}

/// Sums a sequence up by learned attention: one softmax over the sequence for each glimpse.
struct AttentionPooling: Layer, Sendable {
  let scores: FeedForward  // D -> glimpses
  let merge: Linear  // glimpses D -> outputs

  init(_ width: Int, inner: Int, glimpses: Int, outputs: Int, dropout: Float, random: inout SeededRandom) {
    scores = FeedForward(width, inner: inner, outputs: glimpses, dropout: dropout, random: &random)
    merge = Linear(width * glimpses, outputs, random: &random)
  }

  /// `[B, N, D]` to `[B, outputs]`; hidden tokens take no part.
  func callAsFunction(_ tokens: Tensor, hidden: [Bool]?, observe: (String, () -> Tensor) -> Void = { _, _ in })
    -> Tensor
  {
    let scored = scores(tokens)  // [B, N, G]
    observe("mlp") { scored }
    observe("weights") { Tensor.poolingWeights(scores: scored, batch: tokens.shape[0], hidden: hidden) }
    return merge(tokens.pooled(scores: scored, hidden: hidden))
  }

  func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    scores.forEachParameter(at: path, body)
    merge.forEachParameter(at: parameterName(path, "linear_merge"), body)
  }
}
