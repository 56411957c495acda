// DecoderLayer.swift - one TRAR layer over the picture: routed self-attention, attention to the question, feed-forward.

import Layers
import Routing
import Tensors

/// A TRAR layer; a norm after each of its three sums.
struct DecoderLayer: Layer, Sendable {
  let routed: RoutedAttention
  let cross: MultiHeadAttention
  let feedForward: FeedForward
  let norm1: UnbiasedLayerNorm
  let norm2: UnbiasedLayerNorm
  let norm3: UnbiasedLayerNorm
  let dropout: Float

  init(_ configuration: TRARConfiguration, random: inout SeededRandom) {
    let width = configuration.hidden
    dropout = configuration.dropout
    routed = RoutedAttention(configuration, random: &random)
    cross = MultiHeadAttention(width, heads: configuration.heads, dropout: dropout, random: &random)
    feedForward = FeedForward(
      width, inner: configuration.feedForward, outputs: width, dropout: dropout, random: &random)
    norm1 = UnbiasedLayerNorm(width)
    norm2 = UnbiasedLayerNorm(width)
    norm3 = UnbiasedLayerNorm(width)
  }

  /// One layer.
  ///
  /// - Parameters:
  ///   - tokens: `[B, N, D]`.
  ///   - question: The encoded question, `[B, T, D]`.
  ///   - spans: Spans over the grid of N tokens.
  ///   - hidden: Marks of padded tokens.
  ///   - layer: Number of the layer.
  ///   - pass: Settings and observer.
  ///   - trace: Receives the router's choice.
  /// - Returns: `[B, N, D]`.
  func callAsFunction(
    _ tokens: Tensor, question: EncodedQuestion, spans: SpanMasks, hidden: [Bool]?, layer: Int, pass: TRARPass,
    trace: inout RoutingTrace
  ) -> Tensor {
    let name = "mid.dec\(layer)."
    let attended = routed(tokens, spans: spans, hidden: hidden, layer: layer, pass: pass, trace: &trace)
    pass.observe(name + "mhatt1") { attended }
    let seen = norm1(tokens + attended.dropout(dropout))
    pass.observe(name + "norm1") { seen }
    pass.observe(name + "cross_att_map") {
      let maps = cross.maps(seen, memory: question.states, hiddenKeys: question.hidden)  // [B, 1, h, N, T]
      return maps.reshaped([maps.shape[0]] + maps.shape.dropFirst(2))
    }
    let asked = cross(seen, memory: question.states, hiddenKeys: question.hidden)
    pass.observe(name + "mhatt2") { asked }
    let joined = norm2(seen + asked.dropout(dropout))
    pass.observe(name + "norm2") { joined }
    let result = norm3(joined + feedForward(joined).dropout(dropout))
    pass.observe(name + "out") { result }
    return result
  }

  func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    routed.forEachParameter(at: parameterName(path, "mhatt1"), body)
    cross.forEachParameter(at: parameterName(path, "mhatt2"), body)
    feedForward.forEachParameter(at: parameterName(path, "ffn"), body)
    norm1.forEachParameter(at: parameterName(path, "norm1"), body)
    norm2.forEachParameter(at: parameterName(path, "norm2"), body)
    norm3.forEachParameter(at: parameterName(path, "norm3"), body)
  }
}
