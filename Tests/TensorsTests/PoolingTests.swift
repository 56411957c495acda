// PoolingTests.swift - cases of means and weighted sums over tokens.

import Tensors
import Testing

extension OperationCase {
  /// Weighted sums of the tokens of every sample, glimpse after glimpse.
  private static func pooledReference(_ hidden: [Bool]?) -> @Sendable ([Reference]) -> Reference {
    { inputs in
      let (batch, count, width) = (inputs[0].shape[0], inputs[0].shape[1], inputs[0].shape[2])
      let glimpses = inputs[1].width
      var elements: [Double] = []
      for sample in 0..<batch {
        let tokens = inputs[0].samples[sample].rows
        let scores = inputs[1].samples[sample].rows
        let shown = (0..<count).filter { !(hidden?[sample * count + $0] ?? false) }
        for glimpse in 0..<glimpses {
          var weights = [Double](repeating: 0, count: count)
          for (token, weight) in zip(shown, Exact.softmax(shown.map { scores[$0][glimpse] })) {
            weights[token] = weight
          }
          if shown.isEmpty { weights = [Double](repeating: 1 / Double(count), count: count) }
          elements += (0..<width).map { column in Exact.dot(weights, tokens.map { $0[column] }) }
        }
      }
      return Reference(shape: [batch, glimpses * width], elements: elements)
    }
  }

  private static func pooled(_ name: String, glimpses: Int, hidden: [Bool]?) -> OperationCase {
    OperationCase(
      "pooled, \(name)", [.random([3, 4, 5], seed: 1), .random([3, 4, glimpses], seed: 2, -2, 2)],
      { $0[0].pooled(scores: $0[1], hidden: hidden) }, reference: pooledReference(hidden))
  }

  /// The first sample whole, the second with two tokens hidden, the third with all.
  private static let hidden =
    [false, false, false, false] + [false, true, false, true] + [true, true, true, true]

  static let pooling: [OperationCase] = [
    OperationCase(
      "meanOverTokens", [.random([2, 3, 9], seed: 1)], { $0[0].meanOverTokens() },
      reference: { inputs in
        let means = inputs[0].samples.flatMap { sample in
          (0..<9).map { column in sample.rows.reduce(0) { $0 + $1[column] } / 3 }
        }
        return Reference(shape: [2, 9], elements: means)
      }),
    pooled("one glimpse", glimpses: 1, hidden: nil),
    pooled("three glimpses", glimpses: 3, hidden: nil),
    pooled("one glimpse, hidden tokens", glimpses: 1, hidden: hidden),
    pooled("two glimpses, hidden tokens", glimpses: 2, hidden: hidden),
  ]
}

extension TensorTests {
  @Suite struct Pooling {
    private static let hidden = [false, true, false, true, true, true]

    @Test func weightsOfASampleSumToOne() {
      let weights = Tensor.poolingWeights(scores: .random([2, 3, 2], seed: 1), batch: 2, hidden: Self.hidden)
      #expect(weights.shape == [2, 3, 2])
      let rows = weights.elements
      for (sample, glimpse) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let column = (0..<3).map { rows[sample * 6 + $0 * 2 + glimpse] }
        #expect(abs(column.reduce(0, +) - 1) < 1e-6)
      }
      #expect(rows[2] == 0 && rows[3] == 0, "a hidden token takes no part")
      #expect(rows[6...].allSatisfy { $0 == rows[6] }, "all hidden weigh the same")
    }

    @Test func hiddenTokensGetNoGradient() throws {
      let tape = Tape()
      let tokens = tape.watch(Tensor.random([2, 3, 4], seed: 1))
      let scores = tape.watch(Tensor.random([2, 3, 1], seed: 2))
      tape.backward(from: tape.record { tokens.pooled(scores: scores, hidden: Self.hidden) })
      #expect(try #require(tape.gradient(of: tokens)).elements[4..<8].allSatisfy { $0 == 0 })
      let scoreGradient = try #require(tape.gradient(of: scores)).elements
      #expect(scoreGradient[1] == 0)
      #expect(scoreGradient[3...].allSatisfy { $0 == 0 }, "no score of a sample without shown tokens matters")
    }

    @Test func greatScoresDoNotOverflow() {
      let tokens = Tensor([1, 2, 3], shape: [1, 3, 1])
      let result = tokens.pooled(scores: Tensor([500, 1000, -1000], shape: [1, 3, 1]))
      expectClose(result.elements, [2], within: 1e-6)
    }
  }
}
