// ElementwiseTests.swift - cases of sums, scaling and activations.

import Tensors
import Testing

extension OperationCase {
  /// Numbers on both sides of zero, none near it.
  private static let awayFromZero: [Float] = [-2.3, -1.1, -0.4, -0.15, 0.2, 0.35, 0.9, 1.7]

  static let elementwise: [OperationCase] =
    [
      OperationCase(
        "+", [.random([2, 3, 7], seed: 1), .random([2, 3, 7], seed: 2)], { $0[0] + $0[1] },
        reference: { Reference(shape: $0[0].shape, elements: Exact.add($0[0].elements, $0[1].elements)) }),
      OperationCase(
        "* number", [.random([3, 7], seed: 1)], { $0[0] * -1.75 }, reference: { $0[0].map { $0 * -1.75 } }),
      OperationCase(
        "addingTable", [.random([3, 2, 5], seed: 1), .random([2, 5], seed: 2)], { $0[0].addingTable($0[1]) },
        reference: { inputs in
          Reference(
            shape: inputs[0].shape,
            elements: inputs[0].samples.flatMap { Exact.add($0.elements, inputs[1].elements) })
        }),
      OperationCase(
        "reshaped", [.random([2, 6], seed: 1)], { $0[0].reshaped([3, 2, 2]) },
        reference: { Reference(shape: [3, 2, 2], elements: $0[0].elements) }),
    ]
    + [Activation.none, .relu, .relu6, .gelu].map { activation in
      OperationCase(
        "activated, \(activation)", [.random([5, 5], seed: 4, from: awayFromZero)], { $0[0].activated(activation) },
        reference: { $0[0].map(Exact.activation(activation)) })
    }
    + [
      OperationCase(
        "activated, relu6, beyond six", [.random([6, 7], seed: 5, from: [-7, -0.5, 0.5, 5.5, 6.5, 9])],
        { $0[0].activated(.relu6) }, reference: { $0[0].map(Exact.activation(.relu6)) })
    ]

  static let cutElementwise: [OperationCase] = [
    // 2¹⁵ elements make a piece.
    OperationCase(
      "+, cut", large([66_001], [66_001]), { $0[0] + $0[1] },
      reference: { Reference(shape: $0[0].shape, elements: Exact.add($0[0].elements, $0[1].elements)) }),
    OperationCase(
      "activated, cut", large([2, 20_001]), { $0[0].activated(.gelu) }, reference: { $0[0].map(Exact.gelu) }),
    OperationCase(
      "activated, relu, cut", large([40_001]), { $0[0].activated(.relu) }, reference: { $0[0].map { max(0, $0) } }),
  ]
}

extension TensorTests {
  @Suite struct Elementwise {
    @Test(arguments: OperationCase.cutElementwise)
    func cutResultIsTheReference(_ operation: OperationCase) {
      let result = withThreads(2) { operation.function(operation.inputs) }
      let expected = operation.reference(operation.inputs.map { Reference($0) })
      expectClose(result.elements, expected.elements, within: 2e-6)
    }

    @Test func reshapingSharesTheElementsAndTheGradient() throws {
      let tape = Tape()
      let input = tape.watch(Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]))
      let turned = input.reshaped([3, 2])
      #expect(turned.pointer == input.pointer)
      tape.backward(from: tape.record { turned + input.reshaped([3, 2]) * 2 })
      let gradient = try #require(tape.gradient(of: input))
      #expect(gradient.shape == [2, 3])
      #expect(gradient.elements == [3, 3, 3, 3, 3, 3])
    }

    @Test func aTensorAddedToItselfGetsBothGradients() throws {
      let tape = Tape()
      let input = tape.watch(Tensor([1, -2]))
      tape.backward(from: tape.record { input + input })
      #expect(try #require(tape.gradient(of: input)).elements == [2, 2])
    }
  }
}
