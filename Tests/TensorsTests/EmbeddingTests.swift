// EmbeddingTests.swift - cases of looking up rows and samples.

import Tensors
import Testing

extension OperationCase {
  static let embedding: [OperationCase] = [
    OperationCase(
      "rows", [.random([6, 9], seed: 1)], { $0[0].rows([1, 5, 1, 0, 2, 1], shape: [3, 2]) },
      reference: { inputs in
        Reference(shape: [3, 2, 9], elements: [1, 5, 1, 0, 2, 1].flatMap { inputs[0].rows[$0] })
      }),
    OperationCase(
      "samples", [.random([3, 2, 5], seed: 1)], { $0[0].samples([2, 0, 2, 2]) },
      reference: { inputs in
        Reference(shape: [4, 2, 5], elements: [2, 0, 2, 2].flatMap { inputs[0].samples[$0].elements })
      }),
  ]
}

extension TensorTests {
  @Suite struct Embedding {
    @Test func rowsNotAskedForGetNoGradient() throws {
      let tape = Tape()
      let table = tape.watch(Tensor.random([4, 2], seed: 1))
      tape.backward(from: tape.record { table.rows([3, 1, 3], shape: [3]) })
      #expect(try #require(tape.gradient(of: table)).elements == [0, 0, 1, 1, 0, 0, 2, 2])
    }

    @Test func noIndicesGiveNoRows() {
      #expect(Tensor.random([4, 2], seed: 1).rows([], shape: [0, 3]).shape == [0, 3, 2])
    }
  }
}
