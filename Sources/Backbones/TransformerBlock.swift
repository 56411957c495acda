// TransformerBlock.swift - one layer of a vision transformer: norm before attention, norm before the feed-forward part.
//
// ViT (Dosovitskiy et al., ICLR 2021).

import Layers
import Tensors

/// Attention among the tokens and a feed-forward part, each added to its input.
struct TransformerBlock: Layer, Sendable {
  private let norm1: LayerNorm
  private let attention: MultiHeadAttention
  private let norm2: LayerNorm
  private let widen: Linear
  private let narrow: Linear
  private let dropout: Float

  init(_ width: Int, heads: Int, inner: Int, dropout: Float, random: inout SeededRandom) {
    norm1 = LayerNorm(width, epsilon: 1e-6)
    attention = MultiHeadAttention(width, heads: heads, dropout: dropout, random: &random)
    norm2 = LayerNorm(width, epsilon: 1e-6)
    widen = Linear(width, inner, random: &random)
    narrow = Linear(inner, width, random: &random)
    self.dropout = dropout
  }

  /// `[B, N, D]` to `[B, N, D]`.
  func callAsFunction(_ tokens: Tensor) -> Tensor {
    let normed = norm1(tokens)
    let seen = tokens + attention(normed, memory: normed).dropout(dropout)
    return seen + narrow(widen(norm2(seen), activation: .gelu)).dropout(dropout)
  }

  func multiplyAdds(tokens: Int) -> Int {
    let width = widen.inputs
    return tokens * (4 * width * width + 2 * width * widen.outputs) + 2 * tokens * tokens * width
  }

  func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    norm1.forEachParameter(at: parameterName(path, "norm1"), body)
    attention.forEachParameter(at: parameterName(path, "attn"), body)
    norm2.forEachParameter(at: parameterName(path, "norm2"), body)
    widen.forEachParameter(at: parameterName(path, "mlp.fc1"), body)
    narrow.forEachParameter(at: parameterName(path, "mlp.fc2"), body)
  }
}
