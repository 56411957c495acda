// TRARCost.swift - multiplications with addition of one answer, by part; counted from the shapes.

import Routing

extension TRARNetwork {
  /// Multiplications with addition to encode one question.
  public var questionMultiplyAdds: Int { questionMultiplyAdds(further: 0) }

  /// Multiplications with addition to encode one question together with further tokens.
  public func questionMultiplyAdds(further: Int) -> Int {
    let words = configuration.questionLength + further
    let width = configuration.hidden
    let memory = configuration.questionLength * 4 * width * (configuration.wordWidth + width)
    let layer = words * (4 * width * width + 2 * width * configuration.feedForward) + 2 * words * words * width
    return memory + configuration.encoderLayers * layer + poolingMultiplyAdds(tokens: words)
  }

  /// Multiplications with addition to answer one encoded question on a grid, every span computed from the same scores.
  ///
  /// - Parameters:
  ///   - grid: The grid.
  ///   - layers: How many decoder layers run; nil: all.
  ///   - further: Tokens that were encoded together with the question.
  /// - Returns: Their number.
  public func answerMultiplyAdds(grid: GridSize, layers: Int? = nil, further: Int = 0) -> Int {
    let tokens = grid.tokens
    let words = configuration.questionLength + further
    let width = configuration.hidden
    let projection = tokens * configuration.featureWidth * width
    let routed = 4 * tokens * width * width + 2 * tokens * tokens * width + routerMultiplyAdds(tokens: tokens)
    let cross = 2 * tokens * width * width + 2 * words * width * width + 2 * tokens * words * width
    let feedForward = 2 * tokens * width * configuration.feedForward
    let decoded = (layers ?? configuration.decoderLayers) * (routed + cross + feedForward)
    return projection + decoded + poolingMultiplyAdds(tokens: tokens) + configuration.flatOutput * configuration.answers
  }

  /// Multiplications with addition to answer one encoded question, the pairs of tokens counted that its choice of spans computes.
  ///
  /// - Parameters:
  ///   - spans: The spans over the grid.
  ///   - trace: What the answer's pass decided, layer by layer.
  ///   - picture: Number of the picture in the trace.
  ///   - layers: How many decoder layers ran; nil: all.
  ///   - further: Tokens that were encoded together with the question.
  /// - Returns: At most what ``answerMultiplyAdds(grid:layers:)`` gives; less where a layer chose a single span that hides much.
  public func answerMultiplyAdds(
    spans: SpanMasks, trace: RoutingTrace, picture: Int = 0, layers: Int? = nil, further: Int = 0
  ) -> Int {
    let all = spans.grid.tokens * spans.grid.tokens
    let hidden = trace.spans.reduce(0) { $0 + all - spans.windows.computedPairs(weights: $1.weights[picture]) }
    return answerMultiplyAdds(grid: spans.grid, layers: layers, further: further) - 2 * hidden * configuration.hidden
  }

  private func routerMultiplyAdds(tokens: Int) -> Int {
    let width = configuration.hidden
    let choice = width / 2 * (width + configuration.orders.count)
    switch configuration.pooling {
    case .average: return choice
    case .attention: return choice + Self.pooling(tokens, width, inner: width, glimpses: 1, outputs: width)
    case .scored: return choice + 2 * tokens * width
    }
  }

  private func poolingMultiplyAdds(tokens: Int) -> Int {
    Self.pooling(
      tokens, configuration.hidden, inner: configuration.flatHidden, glimpses: configuration.glimpses,
      outputs: configuration.flatOutput)
  }

  private static func pooling(_ tokens: Int, _ width: Int, inner: Int, glimpses: Int, outputs: Int) -> Int {
    tokens * inner * (width + glimpses) + tokens * glimpses * width + glimpses * width * outputs
  }
}
