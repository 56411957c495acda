// WindowPairsTests.swift - pairs of a window and the entropy of weights, held against counting and against known values.

import Routing
import Testing

@Suite struct WindowPairsTests {
  @Test(arguments: [(1, 1), (1, 9), (9, 1), (3, 3), (8, 8), (5, 11), (14, 14)])
  func pairsAreThoseCountedOneByOne(rows: Int, columns: Int) {
    let grid = GridSize(rows: rows, columns: columns)
    for order in 0...max(rows, columns) + 1 {
      var count = 0
      for query in 0..<grid.tokens {
        for key in 0..<grid.tokens {
          let distance = max(abs(query / columns - key / columns), abs(query % columns - key % columns))
          if order == 0 || distance <= order { count += 1 }
        }
      }
      #expect(grid.pairs(order: order) == count, "order \(order)")
    }
  }

  @Test func aWindowAsLargeAsTheGridReachesEverything() {
    let grid = GridSize(rows: 8, columns: 8)
    #expect(grid.pairs(order: 7) == 64 * 64)
    #expect(grid.pairs(order: .max) == 64 * 64)
    #expect(grid.pairs(order: 1) == 22 * 22)
  }

  @Test func gridsWithoutTokensHaveNoPairs() {
    #expect(GridSize(rows: 0, columns: 4).pairs(order: 2) == 0)
    #expect(GridSize(rows: 0, columns: 0).pairs(order: 0) == 0)
  }
}

@Suite struct RouterEntropyTests {
  private func entropy(_ weights: [Float]) -> Double {
    SpanDecision(layer: 0, orders: Array(weights.indices), weights: [[0.5], weights]).entropy(picture: 1)
  }

  @Test func knownValues() {
    #expect(entropy([1, 0, 0, 0]) == 0)
    #expect(entropy([0.5, 0.5]) == 1)
    #expect(abs(entropy([0.25, 0.25, 0.25, 0.25]) - 2) < 1e-12)
    #expect(abs(entropy([0.5, 0.25, 0.125, 0.125]) - 1.75) < 1e-12)
    #expect(entropy([1]) == 0)
    #expect(entropy([]) == 0)
  }

  @Test func unequalWeightsHaveLess() {
    #expect(entropy([0.7, 0.1, 0.1, 0.1]) < entropy([0.4, 0.3, 0.2, 0.1]))
    #expect(entropy([0.4, 0.3, 0.2, 0.1]) < 2)
  }

  @Test func weightsThatAreNoNumbersBreakNothing() {
    #expect(entropy([.nan, .infinity, -1, 1]) == 0)
  }

  @Test func theGreatestIsThatOfEqualWeights() {
    for spans in 1...9 {
      let equal = [Float](repeating: 1 / Float(spans), count: spans)
      #expect(abs(entropy(equal) - SpanDecision.greatestEntropy(spans: spans)) < 1e-6)
    }
    #expect(SpanDecision.greatestEntropy(spans: 0) == 0)
  }
}
