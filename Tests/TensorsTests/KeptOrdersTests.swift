// KeptOrdersTests.swift - weights that the library has rearranged once: the same products, and none of old values.

import Tensors
import Testing

extension TensorTests {
  @Suite struct Kept {
    /// Rows, inputs and outputs: one picture's tokens, a question's words, a single row, and sizes that no loop of the library fits.
    static let sizes = [
      (50, 384, 384), (197, 64, 200), (300, 96, 97), (14, 100, 130), (1, 512, 300), (700, 48, 96), (9, 65, 67),
      (5, 4, 3),
    ]

    private func expectSame(
      _ found: [Float], _ expected: [Float], sourceLocation: SourceLocation = #_sourceLocation
    ) {
      expectClose(found, expected.map(Double.init), within: 1e-5, sourceLocation: sourceLocation)
    }

    @Test(arguments: sizes, [Activation.none, .relu, .relu6, .gelu])
    func productsAreThoseOfPlainWeights(sizes: (rows: Int, inputs: Int, outputs: Int), activation: Activation) {
      let input = Tensor.random([sizes.rows, sizes.inputs], seed: 1)
      let plain = Tensor.random([sizes.outputs, sizes.inputs], seed: 2)
      let bias = Tensor.random([sizes.outputs], seed: 3)
      let weight = Parameter(plain.copied)
      let expected = input.linear(plain, bias: bias, activation: activation).elements
      // The first product rearranges the weights, the second finds them.
      for _ in 0..<2 {
        expectSame(input.linear(weight.tensor, bias: bias, activation: activation).elements, expected)
        expectSame(
          input.linear(weight.tensor, activation: activation).elements,
          input.linear(plain, activation: activation).elements)
      }
    }

    @Test func threadsChangeNothing() {
      for (rows, inputs, outputs) in Self.sizes {
        let input = Tensor.random([rows, inputs], seed: 1)
        let results = [1, 2, 4].map { threads in
          let weight = Parameter(Tensor.random([outputs, inputs], seed: 2))
          return withThreads(threads) { input.linear(weight.tensor).elements }
        }
        #expect(results[1] == results[0] && results[2] == results[0], "\(rows), \(inputs), \(outputs)")
      }
    }

    /// What was asked before leaves no trace: neither the number of rows nor that weights were rearranged for others.
    @Test func earlierProductsChangeNothing() {
      let weight = Parameter(Tensor.random([300, 200], seed: 2))
      let input = Tensor.random([50, 200], seed: 1)
      let first = input.linear(weight.tensor).elements
      for rows in [1, 7, 400] { _ = Tensor.random([rows, 200], seed: 5).linear(weight.tensor, activation: .gelu) }
      #expect(input.linear(weight.tensor).elements == first)
      let late = Parameter(Tensor.random([300, 200], seed: 2))
      for rows in [1, 7, 400] { _ = Tensor.random([rows, 200], seed: 5).linear(late.tensor, activation: .gelu) }
      #expect(input.linear(late.tensor).elements == first)
    }

    @Test func anOptimisersStepIsSeen() {
      let weight = Parameter(Tensor.random([96, 128], seed: 2))
      let input = Tensor.random([20, 128], seed: 1)
      let before = input.linear(weight.tensor).elements
      let zero = { Tensor(repeating: 0, shape: [96, 128]) }
      let step = AdamStep(
        rate: 0.1, firstDecay: 0.9, secondDecay: 0.99, epsilon: 1e-8, weightDecay: 0, number: 1)
      weight.update(
        gradient: Tensor.random([96, 128], seed: 3), factor: 1, first: zero(), second: zero(), step: step)
      let after = input.linear(weight.tensor).elements
      #expect(after != before)
      expectSame(after, input.linear(weight.value.copied).elements)
      weight.average(with: zero(), decay: 0.5)
      expectSame(input.linear(weight.tensor).elements, input.linear(weight.value.copied).elements)
      weight.value = Tensor(repeating: 0, shape: [96, 128])
      #expect(input.linear(weight.tensor).elements.allSatisfy { $0 == 0 })
    }

    /// A picture of few rows is cut over its outputs; kept weights serve each part.
    @Test(arguments: [(1, 7, 32), (2, 7, 32), (1, 14, 16)])
    func convolutionsAreThoseOfPlainWeights(batch: Int, side: Int, patch: Int) {
      let pictures = Tensor.random([batch, side * patch, side * patch, 3], seed: 1)
      let plain = Tensor.random([200, 3, patch, patch], seed: 2)
      let bias = Tensor.random([200], seed: 3)
      let weight = Parameter(plain.copied)
      let expected = withBackend(.portable) {
        pictures.convolution(plain, bias: bias, stride: patch, activation: .relu).elements
      }
      for _ in 0..<2 {
        let found = withThreads(2) {
          pictures.convolution(weight.tensor, bias: bias, stride: patch, activation: .relu).elements
        }
        expectSame(found, expected)
      }
    }
  }
}
