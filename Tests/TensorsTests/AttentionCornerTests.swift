// AttentionCornerTests.swift - windows in which every key is hidden, and windows that lie far below the row's best score.

import Tensors
import Testing

extension TensorTests {
  @Suite struct AttentionCorners {
    /// A row of nine tokens; where the query is 1, the keys are the scores themselves.
    private static let line = AttentionSetting(windows: .init(rows: 1, columns: 9, orders: [1, 0, 2]))

    private static func operands(scores: [Float], weights: [Float]) -> [Tensor] {
      [
        Tensor(repeating: 1, shape: [1, 9, 1]), Tensor(scores, shape: [1, 9, 1]), .random([1, 9, 1], seed: 5, 0.5, 2),
        Tensor(weights, shape: [1, 3]),
      ]
    }

    /// Around e⁻⁶⁹ the sum of a window falls below the bound from which on it is computed by itself; below e⁻⁸⁷ it vanishes.
    @Test(
      arguments: [0, 10, 60, 65, 66, 67, 68, 69, 70, 71, 75, 80, 87, 88, 89, 100, 104, 150, 1000, 1e5, 1e8] as [Float])
    func aWindowFarBelowTheBestKeepsItsSoftmax(_ gap: Float) throws {
      // Halves and quarters: every score is exact, so that only exp rounds.
      let near: [Float] = [0, 0.5, -0.25, 1, -1, 0.75, 0.25, 0]
      for sign in [1, -1] as [Float] {
        let scores = near + [gap * sign]
        try checkAttention(Self.line, Self.operands(scores: scores, weights: [1, 0, 0]), within: 5e-6)
        try checkAttention(Self.line, Self.operands(scores: scores, weights: [0.5, 0.25, 0.25]), within: 5e-6)
      }
    }

    @Test func aGapInsideAWindowIsKept() throws {
      // Every window holds one of the great scores and one far below it.
      let scores: [Float] = [0, 200, 0, 150, 0, 100, 0, 50, 0]
      try checkAttention(Self.line, Self.operands(scores: scores, weights: [0.5, 0.25, 0.25]))
      let low = scores.map { $0 - 1e4 }
      try checkAttention(Self.line, Self.operands(scores: low, weights: [0.5, 0.25, 0.25]))
    }

    @Test func aHiddenKeyOfGreatestScoreDoesNotCount() throws {
      var setting = Self.line
      setting.hidden = (0..<9).map { $0 == 4 }
      // Were the hidden score the row's greatest, all others would vanish beside it.
      let scores: [Float] = [0, 0.5, -0.25, 1, 500, 0.75, 0.25, 0, 0.5]
      try checkAttention(setting, Self.operands(scores: scores, weights: [0.5, 0.25, 0.25]))
    }

    @Test func vanishedAndWhollyHiddenWindowsAreToldApart() throws {
      var setting = Self.line
      // The first tokens see nothing through radius 1; the seventh sees token 7 only, far below the last one's score.
      setting.hidden = (0..<9).map { $0 < 7 }
      let scores: [Float] = [3, 3, 3, 3, 3, 3, 3, 0, 200]
      let operands = Self.operands(scores: scores, weights: [1, 0, 0])
      try checkAttention(setting, operands)
      let result = setting(operands).elements
      let values = operands[2].elements
      let mean = values.reduce(0, +) / 9
      expectClose([result[0], result[5], result[6]], [Double(mean), Double(mean), Double(values[7])], within: 1e-6)
    }

    /// A window without a visible key gives the same share to every key, to hidden ones and to those outside it, too.
    @Test func aWhollyHiddenWindowIsUniformOverAllKeys() throws {
      var setting = AttentionSetting(windows: .init(rows: 2, columns: 5, orders: [1, 0]))
      setting.hidden = (0..<10).map { $0 % 5 > 1 }
      let operands = setting.operands(1, depth: 2)
      let maps = Tensor.attentionMaps(
        query: operands[0], key: operands[1], heads: 1, windows: setting.attentionWindows, hiddenKeys: setting.hidden)
      // The last token's window holds hidden keys only.
      #expect(Array(maps.elements[90..<100]) == [Float](repeating: 0.1, count: 10))
      let tape = Tape()
      let watched = operands.map(tape.watch)
      let result = tape.record { setting(watched) }
      let weights = operands[3].elements
      let values = operands[2].elements
      let mean = stride(from: 0, to: 20, by: 2).reduce(0) { $0 + values[$1] } / 10
      let global = setting([operands[0], operands[1], operands[2], Tensor([0, 1], shape: [1, 2])]).elements
      #expect(abs(result.elements[18] - (weights[0] * mean + weights[1] * global[18])) < 1e-6)
      // Its gradient goes to all values, but to no score: the queries of such a row have that of the global window alone.
      var seed = [Float](repeating: 0, count: 20)
      seed[18] = 1
      tape.backward(from: result, seed: Tensor(seed, shape: [1, 10, 2]))
      let valueGradient = try #require(tape.gradient(of: watched[2])).elements
      for key in 0..<10 where key % 5 > 1 {
        #expect(abs(valueGradient[key * 2] - weights[0] / 10) < 1e-7)
      }
      #expect(abs(try #require(tape.gradient(of: watched[3])).elements[0] - mean) < 1e-6)
    }

    /// A mean of the values in its place would hide that something went wrong.
    @Test func whatIsNoNumberComesOut() {
      for setting in [Self.line, AttentionSetting()] {
        var operands = Self.operands(scores: [0, 1, 2, 3, 4, 5, 6, 7, 8], weights: [0.5, 0.25, 0.25])
        if setting.windows == nil { operands.removeLast() }
        operands[0] = Tensor([.nan] + [Float](repeating: 1, count: 8), shape: [1, 9, 1])
        let result = setting(operands).elements
        #expect(result[0].isNaN)
        #expect(result[1...].allSatisfy { $0.isFinite })
      }
    }

    @Test func oneHotWeightsAreOneSoftmax() {
      let all = AttentionSetting(windows: .init(rows: 4, columns: 4, orders: [2, 0, 1]))
      var operands = all.operands(2, depth: 3)
      operands[3] = Tensor([0, 0, 1, 1, 0, 0], shape: [2, 3])
      let result = all(operands)
      for (sample, order) in [(0, 1), (1, 2)] {
        let one = AttentionSetting(windows: .init(rows: 4, columns: 4, orders: [order]))
        var alone = operands.map { $0.samples([sample]) }
        alone[3] = Tensor([1], shape: [1, 1])
        #expect(one(alone).elements == result.samples([sample]).elements)
      }
    }

    /// A weight of zero takes nothing from its window, not even where that is wholly hidden.
    @Test func aWeightOfZeroIsAbsent() {
      var setting = AttentionSetting(windows: .init(rows: 2, columns: 4, orders: [1, 0]))
      setting.hidden = [true, true, true, true, true, true, true, false]
      var operands = setting.operands(1, depth: 1)
      operands[3] = Tensor([0, 1], shape: [1, 2])
      let only = operands[2].elements[7]
      #expect(setting(operands).elements.allSatisfy { $0 == only })
    }
  }
}
