// LinearTests.swift - cases of the linear layer and its activations.

import Tensors
import Testing

extension OperationCase {
  /// Odd numbers of halves: a sum of an odd number of their products is at least 1/4 from zero, where ReLU has its kink.
  private static let halves: [Float] = [-1.5, -0.5, 0.5, 1.5]

  private static func linearReference(_ activation: Activation) -> @Sendable ([Reference]) -> Reference {
    { inputs in
      inputs[0].mapRows { row in
        inputs[1].rows.enumerated().map { output, weights in
          Exact.activation(activation)(Exact.dot(row, weights) + (inputs.count > 2 ? inputs[2].elements[output] : 0))
        }
      }
    }
  }

  static let linear: [OperationCase] = [Activation.none, .relu, .relu6, .gelu].flatMap { activation in
    let tokens = Tensor.random([2, 3, 5], seed: 1, from: halves)
    let weight = Tensor.random([9, 5], seed: 2, from: halves)
    let bias = Tensor.random([9], seed: 3, from: [-1, -0.5, 0, 0.5])
    return [
      OperationCase(
        "linear, bias, \(activation)", [tokens, weight, bias],
        { $0[0].linear($0[1], bias: $0[2], activation: activation) }, reference: linearReference(activation)),
      OperationCase(
        "linear, no bias, \(activation)", [tokens, weight], { $0[0].linear($0[1], activation: activation) },
        reference: linearReference(activation)),
    ]
  }

  static let cutLinear: [OperationCase] = [
    // 2¹⁹ multiplications and more are cut: over rows when there are many of them or few columns, else over columns.
    OperationCase(
      "linear, cut over rows", large([131, 65], [67, 65], [67]),
      { $0[0].linear($0[1], bias: $0[2], activation: .gelu) }, reference: linearReference(.gelu)),
    OperationCase(
      "linear, cut over columns", large([9, 190], [310, 190], [310]),
      { $0[0].linear($0[1], bias: $0[2], activation: .relu) }, reference: linearReference(.relu)),
    OperationCase(
      "linear, one row", large([1, 1030], [515, 1030]), { $0[0].linear($0[1]) }, reference: linearReference(.none)),
  ]

  static func large(_ shapes: [Int]...) -> [Tensor] {
    shapes.enumerated().map { Tensor.random($1, seed: UInt64(40 + $0)) }
  }
}

extension TensorTests {
  @Suite struct Linear {
    @Test(arguments: OperationCase.cutLinear)
    func cutProductIsTheReference(_ operation: OperationCase) {
      let result = withThreads(2) { operation.function(operation.inputs) }
      let expected = operation.reference(operation.inputs.map { Reference($0) })
      expectClose(result.elements, expected.elements, within: 2e-6)
    }

    @Test func noRowsGiveNoRowsAndAZeroGradient() throws {
      let tape = Tape()
      let weight = tape.watch(Tensor(repeating: 1, shape: [2, 3]))
      let result = tape.record { Tensor([], shape: [0, 3]).linear(weight) }
      #expect(result.shape == [0, 2])
      tape.backward(from: result)
      #expect(try #require(tape.gradient(of: weight)).elements == [0, 0, 0, 0, 0, 0])
    }

    /// The gradient of ReLU at zero is zero, as in the frameworks the originals were trained with.
    @Test func reluIsFlatAtZero() throws {
      let tape = Tape()
      let input = tape.watch(Tensor([-1, 0, 2]))
      tape.backward(from: tape.record { input.activated(.relu) })
      #expect(try #require(tape.gradient(of: input)).elements == [0, 0, 1])
    }
  }
}
