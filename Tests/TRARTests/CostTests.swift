// CostTests.swift - multiplications counted by hand for a small network.

import Routing
import TRAR
import Tensors
import Testing

extension TRARTests {
  @Suite struct Cost {
    private static func network(_ change: (inout TRARConfiguration) -> Void = { _ in }) -> TRARNetwork {
      var configuration = TRARConfiguration.small(layers: 1)
      change(&configuration)
      var random = SeededRandom(seed: 1)
      return TRARNetwork(configuration, random: &random)
    }

    /// Widths: 6 a word, 8 a token, 10 inside, 5 words; pooling 9 inside, 2 glimpses, 12 out.
    @Test func aQuestionIsCountedByHand() {
      let memory = 5 * (32 * 6 + 32 * 8)
      let projections = 5 * 4 * 8 * 8
      let products = 2 * (5 * 5 * 8)
      let feedForward = 5 * (8 * 10 + 10 * 8)
      let pooling = 5 * (8 * 9 + 9 * 2) + 5 * 2 * 8 + (2 * 8) * 12
      #expect(Self.network().questionMultiplyAdds == memory + projections + products + feedForward + pooling)
      let two = Self.network { $0.encoderLayers = 2 }.questionMultiplyAdds
      #expect(two - Self.network().questionMultiplyAdds == projections + products + feedForward)
    }

    /// 12 tokens of 7 features; 13 answers.
    @Test func anAnswerIsCountedByHand() {
      let grid = GridSize(rows: 3, columns: 4)
      let projection = 12 * 7 * 8
      let router = 8 * 4 + 4 * 3
      let routed = 4 * 12 * 8 * 8 + 2 * (12 * 12 * 8) + router
      let cross = 2 * 12 * 8 * 8 + 2 * 5 * 8 * 8 + 2 * (12 * 5 * 8)
      let feedForward = 12 * (8 * 10 + 10 * 8)
      let pooling = 12 * (8 * 9 + 9 * 2) + 12 * 2 * 8 + (2 * 8) * 12
      let classifier = 12 * 13
      let expected = projection + routed + cross + feedForward + pooling + classifier
      #expect(Self.network().answerMultiplyAdds(grid: grid) == expected)
      let two = Self.network { $0.decoderLayers = 2 }.answerMultiplyAdds(grid: grid)
      #expect(two - expected == routed + cross + feedForward)
      // A router that scores its tokens, and one that pools them by attention.
      let scored = Self.network { $0.pooling = .scored }.answerMultiplyAdds(grid: grid)
      #expect(scored - expected == 12 * 8 + 12 * 8)
      let attention = Self.network { $0.pooling = .attention }.answerMultiplyAdds(grid: grid)
      #expect(attention - expected == 12 * (8 * 8 + 8) + 12 * 8 + 8 * 8)
    }

    /// On a grid of 8 x 8 a window of radius 1 reaches 22 x 22 pairs; two products of them a layer.
    @Test func aHardSpanIsCountedAsComputed() throws {
      let network = Self.network {
        $0.decoderLayers = 3
        $0.orders = [0, 1]
      }
      let spans = try SpanMasks(grid: GridSize(rows: 8, columns: 8), orders: [0, 1])
      var trace = RoutingTrace()
      for (layer, weights) in [[0, 1], [1, 0], [0.5, 0.5]].enumerated() {
        trace.spans.append(
          SpanDecision(layer: layer, orders: [0, 1], weights: [[0.5, 0.5], weights.map { Float($0) }]))
      }
      let all = network.answerMultiplyAdds(grid: spans.grid)
      #expect(network.answerMultiplyAdds(spans: spans, trace: trace, picture: 0) == all)
      let saved = 2 * (64 * 64 - 22 * 22) * network.configuration.hidden
      #expect(network.answerMultiplyAdds(spans: spans, trace: trace, picture: 1) == all - saved)
    }
  }
}
