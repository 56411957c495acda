// SpanViews.swift - where each span of each layer looked, as one map over the picture.
//
// Attention is a map for every head and every query. What matters for the answer is what the tokens that the final pooling reads have
// gathered; so the queries are weighted by that pooling's weights, and the heads are averaged.

import Routing
import TRAR
import Tensors

/// Where the attention of one span of one layer went.
public struct SpanView: Sendable, Equatable {
  /// Number of the layer, from 0.
  public var layer: Int
  /// The radius of the span; 0 stands for the whole picture.
  public var order: Int
  /// The weight the router gave it.
  public var weight: Float
  /// Attention received by each token, row by row of the grid; sums to 1.
  public var attention: [Float]

  /// Collects a view.
  ///
  /// - Parameters:
  ///   - layer: Number of the layer, from 0.
  ///   - order: The radius of the span; 0 stands for the whole picture.
  ///   - weight: The weight the router gave it.
  ///   - attention: Attention received by each token, row by row of the grid.
  public init(layer: Int, order: Int, weight: Float, attention: [Float]) {
    self.layer = layer
    self.order = order
    self.weight = weight
    self.attention = attention
  }
}

/// Where the answer's attention went: by span, and in the words of the question.
public struct SpanViews: Sendable, Equatable {
  /// The grid of the attention maps.
  public var grid: GridSize
  /// One view for each layer and span, layer after layer.
  public var views: [SpanView]
  /// The share of each token in the final pooling, row by row; sums to 1.
  public var pooling: [Float]
  /// The words of the question with their share in the final pooling.
  public var words: [(word: String, weight: Float)]

  /// Collects views.
  ///
  /// - Parameters:
  ///   - grid: The grid of the attention maps.
  ///   - views: One view for each layer and span, layer after layer.
  ///   - pooling: The share of each token in the final pooling, row by row.
  ///   - words: The words of the question with their share in the final pooling.
  public init(grid: GridSize, views: [SpanView], pooling: [Float], words: [(word: String, weight: Float)]) {
    self.grid = grid
    self.views = views
    self.pooling = pooling
    self.words = words
  }

  /// Whether all parts are equal.
  public static func == (left: SpanViews, right: SpanViews) -> Bool {
    left.grid == right.grid && left.views == right.views && left.pooling == right.pooling
      && left.words.map(\.word) == right.words.map(\.word) && left.words.map(\.weight) == right.words.map(\.weight)
  }
}

extension VQAModel {
  /// Answers one question and tells where the attention of every span went.
  ///
  /// - Parameters:
  ///   - question: The question.
  ///   - picture: The picture.
  ///   - top: How many answers to give.
  /// - Returns: The answer and the views.
  public func explain(_ question: String, about picture: SeenPicture, top: Int = 5) -> (Answer, SpanViews) {
    let observed = Observations()
    let pass = TRARPass(settings: routingSettings) { observed.keep($0, $1) }
    let tokenized = tokenize(question)
    let answer = answer(question, tokenized, about: picture, pass: pass, top: top)
    return (answer, views(observed, answer.trace, picture.tokens.grid, tokenized.ids))
  }

  private func views(_ observed: Observations, _ trace: RoutingTrace, _ grid: GridSize, _ ids: [Int]) -> SpanViews {
    let tokens = grid.tokens
    let pooling = meanOverGlimpses(observed.values["mid.attflat_img.weights"], count: tokens)
    var views: [SpanView] = []
    for decision in trace.spans {
      guard let maps = observed.values["mid.dec\(decision.layer).att_maps"] else { continue }
      for (index, order) in decision.orders.enumerated() {
        let attention = received(maps, span: index, tokens: tokens, queryWeights: pooling)
        views.append(
          SpanView(
            layer: decision.layer, order: order, weight: decision.weights[0][index], attention: attention))
      }
    }
    let wordWeights = meanOverGlimpses(observed.values["mid.attflat_lang.weights"], count: ids.count)
    let said = ids.indices.filter { ids[$0] != 0 }.map { (word: words.word(ids[$0]) ?? "", weight: wordWeights[$0]) }
    return SpanViews(grid: grid, views: views, pooling: pooling, words: said)
  }

  private func meanOverGlimpses(_ weights: Tensor?, count: Int) -> [Float] {
    guard let weights else { return [Float](repeating: 1 / Float(count), count: count) }
    let values = weights.elements
    let glimpses = weights.width
    return (0..<count).map { token in
      (0..<glimpses).reduce(0) { $0 + values[token * glimpses + $1] } / Float(glimpses)
    }
  }

  /// Attention that each token receives in maps `[1, S, heads, N, N]`, queries weighted, heads averaged.
  private func received(_ maps: Tensor, span: Int, tokens: Int, queryWeights: [Float]) -> [Float] {
    let heads = maps.shape[2]
    var sums = [Float](repeating: 0, count: tokens)
    maps.withElements { values in
      for head in 0..<heads {
        for query in 0..<tokens {
          let start = ((span * heads + head) * tokens + query) * tokens
          let share = queryWeights[query] / Float(heads)
          for key in 0..<tokens { sums[key] += values[start + key] * share }
        }
      }
    }
    return sums
  }
}

/// Keeps the values that explanations are made of.
private final class Observations {
  private(set) var values: [String: Tensor] = [:]

  func keep(_ name: String, _ value: () -> Tensor) {
    if name.hasSuffix(".att_maps") || name.hasSuffix(".weights") { values[name] = value() }
  }
}
