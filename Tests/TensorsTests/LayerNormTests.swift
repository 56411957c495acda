// LayerNormTests.swift - cases of both kinds of layer norm, and rows in which all elements are the same.

import Tensors
import Testing

extension OperationCase {
  private static func normalised(_ row: [Double], _ kind: LayerNormKind) -> [Double] {
    let mean = row.reduce(0, +) / Double(row.count)
    let squares = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    switch kind {
    case .standard(let epsilon):
      let spread = (squares / Double(row.count) + Double(epsilon)).squareRoot()
      return row.map { ($0 - mean) / spread }
    case .unbiased(let epsilon):
      let spread = (squares / Double(row.count - 1)).squareRoot() + Double(epsilon)
      return row.map { ($0 - mean) / spread }
    }
  }

  private static func layerNorm(
    _ name: String, _ kind: LayerNormKind, _ inputs: [Tensor]
  ) -> OperationCase {
    OperationCase(
      "layerNorm, \(name)", inputs, { $0[0].layerNorm(scale: $0[1], shift: $0[2], kind: kind) },
      reference: { inputs in
        inputs[0].mapRows { row in
          let scaled = zip(normalised(row, kind), inputs[1].elements).map { $0 * $1 }
          return Exact.add(scaled, inputs[2].elements)
        }
      })
  }

  static let layerNorm: [OperationCase] = [5, 19].flatMap { width in
    let inputs: [Tensor] = [
      .random([2, 2, width], seed: 3, -2, 3), .random([width], seed: 2, 0.5, 1.5), .random([width], seed: 3),
    ]
    return [
      layerNorm("standard, width \(width)", .standard(epsilon: 1e-5), inputs),
      layerNorm("standard, large epsilon, width \(width)", .standard(epsilon: 0.5), inputs),
      layerNorm("unbiased, width \(width)", .unbiased(epsilon: 1e-6), inputs),
      layerNorm("unbiased, large epsilon, width \(width)", .unbiased(epsilon: 0.5), inputs),
    ]
  }

  static let cutLayerNorm: [OperationCase] = [
    layerNorm("standard, cut", .standard(epsilon: 1e-6), large([330, 101], [101], [101])),
    layerNorm("unbiased, cut", .unbiased(epsilon: 1e-6), large([330, 101], [101], [101])),
  ]
}

extension TensorTests {
  @Suite struct LayerNorm {
    private static let kinds: [LayerNormKind] = [.standard(epsilon: 1e-6), .unbiased(epsilon: 1e-6)]

    @Test(arguments: OperationCase.cutLayerNorm)
    func cutResultIsTheReference(_ operation: OperationCase) {
      let result = withThreads(2) { operation.function(operation.inputs) }
      let expected = operation.reference(operation.inputs.map { Reference($0) })
      expectClose(result.elements, expected.elements, within: 2e-6)
    }

    @Test(arguments: kinds) func aConstantRowBecomesTheShift(_ kind: LayerNormKind) {
      let shift = Tensor.random([12], seed: 1)
      let row = Tensor(repeating: 0.75, shape: [2, 12])
      let result = row.layerNorm(scale: Tensor(repeating: 2, shape: [12]), shift: shift, kind: kind)
      #expect(result.elements == shift.elements + shift.elements)
    }

    /// Where the deviation is zero its own gradient counts as zero: what is left is (g - mean g) / epsilon.
    @Test func theGradientOfAConstantRowIsFinite() throws {
      let epsilon: Float = 1e-6
      let slope = Tensor.random([1, 12], seed: 2)
      let scale = Tensor.random([12], seed: 3)
      let tape = Tape()
      let row = tape.watch(Tensor(repeating: 0.75, shape: [1, 12]))
      let result = tape.record {
        row.layerNorm(scale: scale, shift: Tensor(repeating: 0, shape: [12]), kind: .unbiased(epsilon: epsilon))
      }
      tape.backward(from: result, seed: slope)
      let scaled = zip(slope.elements, scale.elements).map { Double($0) * Double($1) }
      let mean = scaled.reduce(0, +) / 12
      let gradient = try #require(tape.gradient(of: row)).elements
      expectClose(gradient, scaled.map { ($0 - mean) / Double(epsilon) }, within: 1e-6)
    }

    /// A mean far from zero must not swallow the spread: the squares are taken of the distances from the mean.
    @Test(arguments: kinds) func aFarMeanKeepsTheSpread(_ kind: LayerNormKind) {
      let row: [Float] = [4096, 4097, 4098, 4099, 4100, 4101, 4102, 4103, 4104]
      let ones = Tensor(repeating: 1, shape: [9])
      let near = Tensor(row.map { $0 - 4100 }).layerNorm(scale: ones, shift: ones, kind: kind)
      let far = Tensor(row).layerNorm(scale: ones, shift: ones, kind: kind)
      expectClose(far.elements, near.elements.map(Double.init), within: 1e-6)
    }
  }
}
