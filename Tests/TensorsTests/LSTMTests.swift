// LSTMTests.swift - cases of the recurrent layer.

import Tensors
import Testing

extension OperationCase {
  private static func lstmReference(_ inputs: [Reference]) -> Reference {
    let hidden = inputs[2].width
    let weights = (input: inputs[1].rows, hidden: inputs[2].rows)
    var states: [Double] = []
    for sample in inputs[0].samples {
      var state = [Double](repeating: 0, count: hidden)
      var cell = state
      for word in sample.rows {
        let gates = (0..<(4 * hidden)).map { gate in
          Exact.dot(weights.input[gate], word) + inputs[3].elements[gate] + Exact.dot(weights.hidden[gate], state)
            + inputs[4].elements[gate]
        }
        for unit in 0..<hidden {
          let input = Exact.sigmoid(gates[unit])
          let forget = Exact.sigmoid(gates[hidden + unit])
          cell[unit] = forget * cell[unit] + input * Exact.tanh(gates[2 * hidden + unit])
          state[unit] = Exact.sigmoid(gates[3 * hidden + unit]) * Exact.tanh(cell[unit])
        }
        states += state
      }
    }
    return Reference(shape: Array(inputs[0].shape.dropLast()) + [hidden], elements: states)
  }

  private static func lstm(_ name: String, _ sizes: (batch: Int, steps: Int, inputs: Int, hidden: Int)) -> OperationCase
  {
    OperationCase(
      "lstm, \(name)",
      [
        .random([sizes.batch, sizes.steps, sizes.inputs], seed: 1, -2, 2),
        .random([4 * sizes.hidden, sizes.inputs], seed: 2), .random([4 * sizes.hidden, sizes.hidden], seed: 3),
        .random([4 * sizes.hidden], seed: 4), .random([4 * sizes.hidden], seed: 5),
      ],
      { $0[0].lstm(inputWeight: $0[1], hiddenWeight: $0[2], inputBias: $0[3], hiddenBias: $0[4]) },
      reference: lstmReference)
  }

  static let lstm: [OperationCase] = [
    lstm("four steps", (batch: 2, steps: 4, inputs: 3, hidden: 3)),
    lstm("one step", (batch: 2, steps: 1, inputs: 3, hidden: 2)),
    lstm("nine units", (batch: 1, steps: 2, inputs: 2, hidden: 9)),
  ]

  static let cutLSTM: [OperationCase] = [lstm("cut", (batch: 33, steps: 4, inputs: 63, hidden: 16))]
}

extension TensorTests {
  @Suite struct LSTM {
    @Test(arguments: OperationCase.cutLSTM)
    func cutResultIsTheReference(_ operation: OperationCase) {
      let result = withThreads(2) { operation.function(operation.inputs) }
      let expected = operation.reference(operation.inputs.map { Reference($0) })
      expectClose(result.elements, expected.elements, within: 5e-6)
    }

    /// Closed and wide open gates: nothing overflows, and a cell that is never forgotten counts the steps.
    @Test func saturatedGatesStayExact() {
      let weights = Tensor(repeating: 0, shape: [4, 1])
      let bias = Tensor([200, 200, 200, 200])
      let result = Tensor(repeating: 0, shape: [1, 3, 1])
        .lstm(
          inputWeight: weights, hiddenWeight: weights, inputBias: bias, hiddenBias: Tensor(repeating: 0, shape: [4]))
      expectClose(result.elements, [Exact.tanh(1), Exact.tanh(2), Exact.tanh(3)], within: 1e-6)
      let closed = Tensor(repeating: 0, shape: [1, 3, 1])
        .lstm(
          inputWeight: weights, hiddenWeight: weights, inputBias: bias * -1,
          hiddenBias: Tensor(repeating: 0, shape: [4]))
      expectClose(closed.elements, [0, 0, 0], within: 1e-6)
    }

    /// Samples of a batch do not see each other.
    @Test func samplesAreIndependent() {
      let operation = OperationCase.lstm[0]
      let whole = operation.function(operation.inputs)
      for sample in 0..<2 {
        var inputs = operation.inputs
        inputs[0] = inputs[0].samples([sample])
        expectClose(
          operation.function(inputs).elements, whole.samples([sample]).elements.map(Double.init), within: 1e-6)
      }
    }
  }
}
