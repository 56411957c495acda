// LSTM.swift - a long short-term memory over a whole sequence (Hochreiter, Schmidhuber 1997; PyTorch's gates: input, forget, cell, output).
//
// The products with the inputs of all steps are one matrix product; each step then adds its product with the last hidden state.

extension Tensor {
  /// Runs a one-layer, one-direction LSTM from zero states over `[B, T, E]`.
  ///
  /// - Parameters:
  ///   - inputWeight: `[4H, E]`.
  ///   - hiddenWeight: `[4H, H]`.
  ///   - inputBias: `[4H]`.
  ///   - hiddenBias: `[4H]`, added to the other one.
  /// - Returns: The hidden states of all steps, `[B, T, H]`.
  public func lstm(inputWeight: Tensor, hiddenWeight: Tensor, inputBias: Tensor, hiddenBias: Tensor) -> Tensor {
    let sizes = LSTMSizes(batch: shape[0], steps: shape[1], inputs: shape[2], hidden: hiddenWeight.shape[1])
    precondition(sizes.steps > 0, "lstm: no step in \(shape)")
    precondition(inputWeight.shape == [4 * sizes.hidden, sizes.inputs], "lstm: input weight \(inputWeight.shape)")
    precondition(hiddenWeight.shape == [4 * sizes.hidden, sizes.hidden], "lstm: hidden weight \(hiddenWeight.shape)")
    precondition(inputBias.count == 4 * sizes.hidden, "lstm: input bias \(inputBias.shape)")
    precondition(hiddenBias.count == 4 * sizes.hidden, "lstm: hidden bias \(hiddenBias.shape)")
    let gates = Storage(count: sizes.batch * sizes.steps * 4 * sizes.hidden)
    let cells = Storage(count: sizes.batch * sizes.steps * sizes.hidden)
    let hidden = Storage(count: cells.count)
    let bias = Storage(count: 4 * sizes.hidden)
    VectorMath.map(bias.count, inputBias.pointer, hiddenBias.pointer, bias.pointer) { $0 + $1 }
    MatrixProduct(
      rows: sizes.batch * sizes.steps, columns: 4 * sizes.hidden, inner: sizes.inputs,
      left: MatrixLayout(rowStride: sizes.inputs), right: MatrixLayout(rowStride: 1, columnStride: sizes.inputs),
      output: MatrixLayout(rowStride: 4 * sizes.hidden)
    ).runOnPool(pointer, inputWeight.pointer, into: gates.pointer, bias: bias.pointer)
    for step in 0..<sizes.steps {
      if step > 0 {
        sizes.recurrentProduct.runOnPool(
          hidden.pointer + (step - 1) * sizes.hidden, hiddenWeight.pointer,
          into: gates.pointer + step * 4 * sizes.hidden)
      }
      for sample in 0..<sizes.batch {
        LSTMKernel.forward(sizes, sample, step, gates.pointer, cells.pointer, hidden.pointer)
      }
    }
    let result = Tensor(storage: hidden, shape: [sizes.batch, sizes.steps, sizes.hidden])
    return Tape.result(result, of: [self, inputWeight, hiddenWeight, inputBias, hiddenBias]) {
      { gradient in
        let slopes = LSTMKernel.backward(sizes, gates.pointer, cells.pointer, hiddenWeight.pointer, gradient)
        let rows = sizes.batch * sizes.steps
        for bias in [inputBias, hiddenBias] {
          guard let node = bias.node else { continue }
          ColumnSum.add(slopes.pointer, rows: rows, columns: 4 * sizes.hidden, to: node.addableContribution())
        }
        let fromInputs = LinearGradients(rows: rows, outputs: 4 * sizes.hidden, inputs: sizes.inputs)
        if let node = inputWeight.node { fromInputs.weights(slopes.pointer, self.pointer, to: node.contribution()) }
        if let node = hiddenWeight.node {
          let earlier = LSTMKernel.earlierStates(sizes, hidden.pointer)
          LinearGradients(rows: rows, outputs: 4 * sizes.hidden, inputs: sizes.hidden)
            .weights(slopes.pointer, earlier.pointer, to: node.contribution())
        }
        if let node = self.node { fromInputs.inputs(slopes.pointer, inputWeight.pointer, to: node.contribution()) }
      }
    }
  }
}

struct LSTMSizes {
  let batch: Int
  let steps: Int
  let inputs: Int
  let hidden: Int

  /// Adds the product of the last hidden states with the recurrent weights to the gates of one step.
  var recurrentProduct: MatrixProduct {
    MatrixProduct(
      rows: batch, columns: 4 * hidden, inner: hidden, left: MatrixLayout(rowStride: steps * hidden),
      right: MatrixLayout(rowStride: 1, columnStride: hidden), output: MatrixLayout(rowStride: steps * 4 * hidden),
      accumulate: true)
  }
}

enum LSTMKernel {
  /// One step of one sample; the gates are replaced by their activated values, which the gradient needs.
  static func forward(
    _ sizes: LSTMSizes, _ sample: Int, _ step: Int, _ gates: UnsafeMutablePointer<Float>,
    _ cells: UnsafeMutablePointer<Float>, _ hidden: UnsafeMutablePointer<Float>
  ) {
    let width = sizes.hidden
    let row = sample * sizes.steps + step
    let gate = gates + row * 4 * width
    let cell = cells + row * width
    let output = hidden + row * width
    VectorMath.map(2 * width, gate, gate, VectorMath.sigmoid)
    VectorMath.map(width, gate + 2 * width, gate + 2 * width, VectorMath.tanh)
    VectorMath.map(width, gate + 3 * width, gate + 3 * width, VectorMath.sigmoid)
    VectorMath.map(width, gate, gate + 2 * width, cell) { $0 * $1 }
    if step > 0 {
      let before = cell - width
      for index in 0..<width { cell[index] += gate[width &+ index] * before[index] }
    }
    VectorMath.map(width, gate + 3 * width, cell, output) { $0 * VectorMath.tanh($1) }
  }

  /// The gradients of the gates before their activations, `[B, T, 4H]`, last step first.
  static func backward(
    _ sizes: LSTMSizes, _ gates: UnsafePointer<Float>, _ cells: UnsafePointer<Float>,
    _ hiddenWeight: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>
  ) -> Storage {
    let width = sizes.hidden
    let slopes = Storage(count: sizes.batch * sizes.steps * 4 * width)
    let hiddenSlope = Storage(zeros: sizes.batch * width)
    let cellSlope = Storage(zeros: sizes.batch * width)
    for step in stride(from: sizes.steps - 1, through: 0, by: -1) {
      for sample in 0..<sizes.batch {
        let row = sample * sizes.steps + step
        let gate = gates + row * 4 * width
        let cell = cells + row * width
        let target = slopes.pointer + row * 4 * width
        let later = hiddenSlope.pointer + sample * width
        let memory = cellSlope.pointer + sample * width
        for index in 0..<width {
          let input = gate[index]
          let forget = gate[width &+ index]
          let candidate = gate[2 &* width &+ index]
          let output = gate[3 &* width &+ index]
          // tanh of the cell, read back from the output would divide by a gate that may be zero; so compute it again.
          let squashed = VectorMath.tanh(Vector(repeating: cell[index]))[0]
          let slope = gradient[row &* width &+ index] + later[index]
          let total = memory[index] + slope * output * (1 - squashed * squashed)
          let before: Float = step > 0 ? cell[index &- width] : 0
          target[index] = total * candidate * input * (1 - input)
          target[width &+ index] = total * before * forget * (1 - forget)
          target[2 &* width &+ index] = total * input * (1 - candidate * candidate)
          target[3 &* width &+ index] = slope * squashed * output * (1 - output)
          memory[index] = total * forget
        }
      }
      guard step > 0 else { break }
      MatrixProduct(
        rows: sizes.batch, columns: width, inner: 4 * width, left: MatrixLayout(rowStride: sizes.steps * 4 * width),
        right: MatrixLayout(rowStride: width), output: MatrixLayout(rowStride: width)
      ).runOnPool(slopes.pointer + step * 4 * width, hiddenWeight, into: hiddenSlope.pointer)
    }
    return slopes
  }

  /// The hidden state before each step: zero, then those of the steps but the last.
  static func earlierStates(_ sizes: LSTMSizes, _ hidden: UnsafePointer<Float>) -> Storage {
    let earlier = Storage(zeros: sizes.batch * sizes.steps * sizes.hidden)
    for sample in 0..<sizes.batch {
      let start = sample * sizes.steps * sizes.hidden
      (earlier.pointer + start + sizes.hidden).update(from: hidden + start, count: (sizes.steps - 1) * sizes.hidden)
    }
    return earlier
  }
}
