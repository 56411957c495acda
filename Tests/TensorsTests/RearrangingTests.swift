// RearrangingTests.swift - cases of joining and cutting.

import Tensors
import Testing

extension OperationCase {
  static let rearranging: [OperationCase] = [
    OperationCase(
      "concatenated", [.random([2, 3, 4], seed: 1), .random([2, 3, 1], seed: 2), .random([2, 3, 9], seed: 3)],
      { Tensor.concatenated($0) },
      reference: { inputs in
        let rows = (0..<6).map { row in inputs.flatMap { $0.rows[row] } }
        return Reference(shape: [2, 3, 14], elements: rows.flatMap { $0 })
      }),
    OperationCase(
      "joiningTokens", [.random([2, 3, 5], seed: 1), .random([2, 1, 5], seed: 2), .random([2, 2, 5], seed: 3)],
      { Tensor.joiningTokens($0) },
      reference: { inputs in
        let samples = (0..<2).map { sample in inputs.flatMap { $0.samples[sample].elements } }
        return Reference(shape: [2, 6, 5], elements: samples.flatMap { $0 })
      }),
    OperationCase(
      "tokens", [.random([3, 5, 7], seed: 1)], { $0[0].tokens(1..<3) },
      reference: { inputs in
        Reference(shape: [3, 2, 7], elements: inputs[0].samples.flatMap { $0.rows[1..<3].flatMap { $0 } })
      }),
  ]
}

extension TensorTests {
  @Suite struct Rearranging {
    @Test func cutTokensJoinAgain() {
      let tokens = Tensor.random([3, 5, 7], seed: 1)
      let joined = Tensor.joiningTokens([tokens.tokens(0..<1), tokens.tokens(1..<4), tokens.tokens(4..<5)])
      #expect(joined.shape == tokens.shape)
      #expect(joined.elements == tokens.elements)
    }

    @Test func noTokensAreAnEmptyTensor() {
      #expect(Tensor.random([3, 5, 7], seed: 1).tokens(2..<2).shape == [3, 0, 7])
    }

    @Test func noTokensCanBeJoined() {
      let tokens = Tensor.random([3, 5, 7], seed: 1)
      let joined = Tensor.joiningTokens([tokens.tokens(0..<0), tokens, tokens.tokens(5..<5)])
      #expect(joined.shape == tokens.shape && joined.elements == tokens.elements)
    }

    @Test func stackedPartsAreABatch() {
      let parts = (0..<3).map { Tensor.random([4, 2], seed: UInt64($0)) }
      let stacked = Tensor.stacked(parts, shape: [4, 2])
      #expect(stacked.shape == [3, 4, 2])
      #expect(stacked.elements == parts.flatMap(\.elements))
      #expect(Tensor.stacked([], shape: [4, 2]).shape == [0, 4, 2])
    }

    /// Only some of the parts are watched, and one of them twice.
    @Test func onePartTwice() throws {
      let tape = Tape()
      let part = tape.watch(Tensor([1, 2], shape: [2, 1]))
      let other = Tensor([5, 6], shape: [2, 1])
      let joined = tape.record { Tensor.concatenated([part, other, part]) }
      #expect(joined.elements == [1, 5, 1, 2, 6, 2])
      tape.backward(from: joined, seed: Tensor([1, 10, 100, 2, 20, 200], shape: [2, 3]))
      #expect(try #require(tape.gradient(of: part)).elements == [101, 202])
    }
  }
}
