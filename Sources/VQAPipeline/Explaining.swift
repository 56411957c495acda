// Explaining.swift - an answer together with where the attention of every span went.
//
// Attention is a map for every head and every query. What matters for the answer is what the tokens that the final pooling reads have
// gathered; so the queries are weighted by that pooling's weights, and the heads are averaged. The same holds for the attention that the
// tokens pay to the words of the question.

import Routing
import TRAR
import Tensors
import VQAFormats

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
    return (answer, views(observed, answer, vision.grids[answer.exit - 1], tokenized.ids))
  }

  /// Answers questions, each about one of the pictures, and tells where the attention of every span went; several are
  /// computed at a time.
  ///
  /// - Parameters:
  ///   - questions: The questions.
  ///   - pictures: The picture of each question, in the same order.
  ///   - top: How many answers to give for each.
  /// - Returns: The answers with their views, in order.
  public func explain(
    _ questions: [String], about pictures: [SeenPicture], top: Int = 5
  ) -> [(answer: Answer, views: SpanViews)] {
    precondition(questions.count == pictures.count, "explain: \(questions.count) questions, \(pictures.count) pictures")
    return WorkerPool.shared.map(questions.count) { index in
      let (answer, views) = explain(questions[index], about: pictures[index], top: top)
      return (answer: answer, views: views)
    }
  }

  private func views(_ observed: Observations, _ answer: Answer, _ grid: GridSize, _ ids: [Int]) -> SpanViews {
    let tokens = grid.tokens
    let pooling = meanOverGlimpses(observed.values["mid.attflat_img.weights"], count: tokens)
    let places = ids.indices.filter { ids[$0] != 0 }
    var views: [SpanView] = []
    var wordAttention: [[Float]] = []
    for decision in answer.trace.spans {
      let name = "mid.dec\(decision.layer)."
      if let maps = observed.values[name + "cross_att_map"] {
        let attention = received(maps, firstMap: 0, heads: maps.shape[1], queryWeights: pooling)
        wordAttention.append(places.map { attention[$0] })
      }
      guard let maps = observed.values[name + "att_maps"] else { continue }
      let heads = maps.shape[2]
      for (index, order) in decision.orders.enumerated() {
        let attention = received(maps, firstMap: index * heads, heads: heads, queryWeights: pooling)
        views.append(
          SpanView(layer: decision.layer, order: order, weight: decision.weights[0][index], attention: attention))
      }
    }
    let wordWeights = meanOverGlimpses(observed.values["mid.attflat_lang.weights"], count: ids.count)
    let said = zip(places, QuestionTokenizer.words(of: answer.question)).map { (word: $1, weight: wordWeights[$0]) }
    return SpanViews(grid: grid, views: views, pooling: pooling, words: said, wordAttention: wordAttention)
  }

  private func meanOverGlimpses(_ weights: Tensor?, count: Int) -> [Float] {
    guard let weights else { return [Float](repeating: 1 / Float(count), count: count) }
    let values = weights.elements
    let glimpses = weights.width
    return (0..<count).map { token in
      (0..<glimpses).reduce(0) { $0 + values[token * glimpses + $1] } / Float(glimpses)
    }
  }

  /// Attention that each key receives in some of the maps `[..., queries, keys]`, one a head, queries weighted, heads averaged.
  private func received(_ maps: Tensor, firstMap: Int, heads: Int, queryWeights: [Float]) -> [Float] {
    let keys = maps.width
    let queries = queryWeights.count
    var sums = [Float](repeating: 0, count: keys)
    maps.withElements { values in
      for map in firstMap..<firstMap + heads {
        for query in 0..<queries {
          let start = (map * queries + query) * keys
          let share = queryWeights[query] / Float(heads)
          for key in 0..<keys { sums[key] += values[start + key] * share }
        }
      }
    }
    return sums
  }
}

/// Keeps the values that explanations are made of.
private final class Observations {
  private(set) var values: [String: Tensor] = [:]
  private static let kept = [".att_maps", ".cross_att_map", ".weights"]

  func keep(_ name: String, _ value: () -> Tensor) {
    if Self.kept.contains(where: name.hasSuffix) { values[name] = value() }
  }
}
