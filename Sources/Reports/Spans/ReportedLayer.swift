// ReportedLayer.swift - the span decisions of one answer as every report shows them.

import Routing
import VQAPipeline

/// One span of a layer.
struct ReportedSpan {
  /// The radius in tokens; 0 stands for the whole picture.
  let order: Int
  /// The weight the router gave it.
  let weight: Float
  /// Whether its weight is the greatest of its layer, the first of equals.
  let isChosen: Bool
  /// Where its attention went; nil where it was not observed.
  let attention: [Float]?

  /// The size of its window: `whole`, `3x3`, `5x5` ...
  var window: String { Self.window(order: order) }

  /// The size of the window of an order.
  static func window(order: Int) -> String {
    guard order > 0 else { return "whole" }
    let side = 2 * min(order, 1 << 30) + 1
    return "\(side)x\(side)"
  }
}

/// The spans of a layer.
struct ReportedLayer {
  /// Number of the layer, from 1.
  let number: Int
  /// Its spans in the order of the router's weights.
  let spans: [ReportedSpan]

  /// How undecided the router was, in bits.
  let entropy: Double

  /// The entropy it would have with equal weights.
  var greatestEntropy: Double { SpanDecision.greatestEntropy(spans: spans.count) }
  /// The span with the greatest weight.
  var chosen: ReportedSpan? { spans.first(where: \.isChosen) }

  /// The layers of an answer, with the attention of its views where there are any.
  ///
  /// - Parameters:
  ///   - answer: The answer with its trace.
  ///   - views: Where the attention went.
  /// - Returns: The layers in order.
  static func all(of answer: Answer, _ views: SpanViews? = nil) -> [ReportedLayer] {
    let views = Dictionary(grouping: views?.views ?? [], by: \.layer)
    return answer.trace.spans.map { decision in
      let weights = decision.weights.first ?? []
      let seen = views[decision.layer] ?? []
      let count = min(weights.count, decision.orders.count)
      let best = (0..<count).reduce(0) { weights[$1] > weights[$0] ? $1 : $0 }
      let spans = (0..<count).map { index in
        ReportedSpan(
          order: decision.orders[index], weight: weights[index], isChosen: index == best,
          attention: seen.indices.contains(index) ? seen[index].attention : nil)
      }
      return ReportedLayer(
        number: min(decision.layer, .max - 1) + 1, spans: spans,
        entropy: decision.weights.isEmpty ? 0 : decision.entropy(picture: 0))
    }
  }
}
