// EncoderLayer.swift - one layer over the words of the question.

import Layers
import Tensors

/// Attention among the words, then a feed-forward part; a norm after each sum (Vaswani and others 2017).
struct EncoderLayer: Layer, Sendable {
  let attention: MultiHeadAttention
  let feedForward: FeedForward
  let norm1: UnbiasedLayerNorm
  let norm2: UnbiasedLayerNorm
  let dropout: Float

  init(_ configuration: TRARConfiguration, random: inout SeededRandom) {
    let width = configuration.hidden
    dropout = configuration.dropout
    attention = MultiHeadAttention(width, heads: configuration.heads, dropout: dropout, random: &random)
    feedForward = FeedForward(
      width, inner: configuration.feedForward, outputs: width, dropout: dropout, random: &random)
    norm1 = UnbiasedLayerNorm(width)
    norm2 = UnbiasedLayerNorm(width)
  }

  /// `[B, T, D]` to `[B, T, D]`; hidden words are not attended to.
  func callAsFunction(_ words: Tensor, hidden: [Bool], layer: Int, pass: TRARPass) -> Tensor {
    let name = "mid.enc\(layer)."
    pass.observe(name + "att_map") {
      let maps = attention.maps(words, memory: words, hiddenKeys: hidden)  // [B, 1, h, T, T]
      return maps.reshaped([maps.shape[0]] + maps.shape.dropFirst(2))
    }
    let attended = attention(words, memory: words, hiddenKeys: hidden)
    pass.observe(name + "mhatt") { attended }
    let middle = norm1(words + attended.dropout(dropout))
    pass.observe(name + "norm1") { middle }
    let result = norm2(middle + feedForward(middle).dropout(dropout))
    pass.observe(name + "out") { result }
    return result
  }

  func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    attention.forEachParameter(at: parameterName(path, "mhatt"), body)
    feedForward.forEachParameter(at: parameterName(path, "ffn"), body)
    norm1.forEachParameter(at: parameterName(path, "norm1"), body)
    norm2.forEachParameter(at: parameterName(path, "norm2"), body)
  }
}
