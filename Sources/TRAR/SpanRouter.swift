// SpanRouter.swift - reads the picture and weighs the spans of one layer.
//
// TRAR's path controller: pooling, a linear map to half the width without bias, ReLU, a linear map to one logit for each span.

import Layers
import Routing
import Tensors

/// Chooses the weights of the spans of one layer from the picture itself.
struct SpanRouter: Layer, Sendable {
  private enum Pool: Sendable {
    case average
    case attention(AttentionPooling, UnbiasedLayerNorm)
    case scored(Linear)
  }

  private let pool: Pool
  private let narrow: Linear  // D -> D / 2
  private let choose: Linear  // D / 2 -> S
  private let routing: RoutingKind

  init(_ configuration: TRARConfiguration, random: inout SeededRandom) {
    let width = configuration.hidden
    switch configuration.pooling {
    case .average: pool = .average
    case .attention:
      // The original fixes this dropout at 0.1, whatever the network's is.
      pool = .attention(
        AttentionPooling(width, inner: width, glimpses: 1, outputs: width, dropout: 0.1, random: &random),
        UnbiasedLayerNorm(width))
    case .scored: pool = .scored(Linear(width, 1, random: &random))
    }
    narrow = Linear(width, width / 2, hasBias: false, random: &random)
    choose = Linear(width / 2, configuration.orders.count, random: &random)
    routing = configuration.routing
  }

  /// Weighs the spans.
  ///
  /// - Parameters:
  ///   - tokens: `[B, N, D]`.
  ///   - layer: Number of the layer.
  ///   - pass: Settings and observer.
  /// - Returns: The weights of the spans, `[B, S]`.
  func callAsFunction(_ tokens: Tensor, layer: Int, pass: TRARPass) -> Tensor {
    let name = "mid.dec\(layer)."
    let logits = choose(narrow(pooled(tokens, name: name, pass), activation: .relu))
    pass.observe(name + "route_logits") { logits }
    let weights = routing.weights(logits, layer: layer, settings: pass.settings)
    pass.observe(name + "route_alpha") { weights }
    guard pass.settings.binarize, Tape.current?.training == nil else { return weights }
    let chosen = RoutingKind.binarized(weights)
    pass.observe(name + "route_alpha_binarized") { chosen }
    return chosen
  }

  private func pooled(_ tokens: Tensor, name: String, _ pass: TRARPass) -> Tensor {
    switch pool {
    case .average:
      let result = tokens.meanOverTokens()
      pass.observe(name + "route_pool_out") { result.reshaped(result.shape + [1]) }
      return result
    case .attention(let pooling, let norm):
      // The original takes tokens that are zero in the present layer as padding; after a bias or a norm there are practically none.
      let result = norm(pooling(tokens, hidden: tokens.zeroRows))
      pass.observe(name + "route_pool_out") { result }
      return result
    case .scored(let score):
      let scores = score(tokens)
      pass.observe(name + "route_pool_out") { scores }
      return tokens.pooled(scores: scores, hidden: tokens.zeroRows)
    }
  }

  func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    switch pool {
    case .average: break
    case .attention(let pooling, let norm):
      pooling.forEachParameter(at: parameterName(path, "pool"), body)
      norm.forEachParameter(at: parameterName(path, "pool.norm"), body)
    case .scored(let score): score.forEachParameter(at: parameterName(path, "pool"), body)
    }
    narrow.forEachParameter(at: parameterName(path, "mlp.0"), body)
    choose.forEachParameter(at: parameterName(path, "mlp.2"), body)
  }
}
