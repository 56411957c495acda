// RoutedAttention.swift - self-attention over picture tokens whose span is chosen for every picture.
//
// TRAR (Zhou et al., ICCV 2021). Every order (0 = whole picture, 1 = 3x3, 2 = 5x5 ...) has its own softmax over the same scores; the
// router's weights mix the maps. Shapes: B batch, N tokens, D width, S spans.

import Layers
import Routing
import Tensors

/// Mixes one attention map for each span, weighted by a router that reads the picture itself.
public struct RoutedAttention: Layer, Sendable {
  let attention: MultiHeadAttention  // the four projections, each D -> D
  let router: SpanRouter  // [B, N, D] -> [B, S]
  let dropout: Float

  init(_ configuration: TRARConfiguration, random: inout SeededRandom) {
    dropout = configuration.dropout
    attention = MultiHeadAttention(
      configuration.hidden, heads: configuration.heads, dropout: dropout, random: &random)
    router = SpanRouter(configuration, random: &random)
  }

  /// Attends from every token to the tokens of its spans.
  ///
  /// - Parameters:
  ///   - tokens: Picture tokens, `[B, N, D]`.
  ///   - spans: Which tokens each span hides on this grid.
  ///   - hidden: One mark for each of the B N tokens, true for padding.
  ///   - layer: Number of the layer.
  ///   - pass: Settings and observer.
  ///   - trace: Receives the weight given to each span.
  /// - Returns: Attended tokens, `[B, N, D]`.
  func callAsFunction(
    _ tokens: Tensor, spans: SpanMasks, hidden: [Bool]?, layer: Int, pass: TRARPass, trace: inout RoutingTrace
  ) -> Tensor {
    let weights = router(tokens, layer: layer, pass: pass)  // [B, S]
    trace.spans.append(SpanDecision(layer: layer, orders: spans.orders, weights: weights.rowsAsArrays))
    let query = attention.query(tokens)
    let key = attention.key(tokens)
    pass.observe("mid.dec\(layer).att_maps") {
      Tensor.attentionMaps(
        query: query, key: key, heads: attention.heads, windows: spans.windows, hiddenKeys: hidden)
    }
    let mixed = Tensor.routedAttention(
      query: query, key: key, value: attention.value(tokens), heads: attention.heads, windows: spans.windows,
      weights: weights, hiddenKeys: hidden, dropout: dropout)
    return attention.merge(mixed)
  }

  /// The parameters under the names of the original checkpoints.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    attention.forEachParameter(at: path, body)
    router.forEachParameter(at: parameterName(path, "routing_block"), body)
  }
}

extension Tensor {
  /// The rows as arrays.
  var rowsAsArrays: [[Float]] {
    withElements { values in
      (0..<rows).map { Array(values[($0 * width)..<(($0 + 1) * width)]) }
    }
  }
}
