// SpanViews.swift - where each span of each layer looked, as one map over the picture.
//
// How they are made is told in Explaining.swift.

import Routing

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
  /// The words of the question as they were read, with their share in the final pooling.
  public var words: [(word: String, weight: Float)]
  /// For each layer, how much the picture attended to each of ``words``; each row sums to 1.
  public var wordAttention: [[Float]]

  /// Collects views.
  ///
  /// - Parameters:
  ///   - grid: The grid of the attention maps.
  ///   - views: One view for each layer and span, layer after layer.
  ///   - pooling: The share of each token in the final pooling, row by row.
  ///   - words: The words of the question with their share in the final pooling.
  ///   - wordAttention: For each layer, how much the picture attended to each of the words.
  public init(
    grid: GridSize, views: [SpanView], pooling: [Float], words: [(word: String, weight: Float)],
    wordAttention: [[Float]] = []
  ) {
    self.grid = grid
    self.views = views
    self.pooling = pooling
    self.words = words
    self.wordAttention = wordAttention
  }

  /// Whether all parts are equal.
  public static func == (left: SpanViews, right: SpanViews) -> Bool {
    left.grid == right.grid && left.views == right.views && left.pooling == right.pooling
      && left.wordAttention == right.wordAttention
      && left.words.map(\.word) == right.words.map(\.word) && left.words.map(\.weight) == right.words.map(\.weight)
  }
}
