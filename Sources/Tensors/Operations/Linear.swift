// Linear.swift - y = activation(x Wᵀ + b), the layer that most arithmetic is spent in.

extension Tensor {
  /// Multiplies every row by a weight matrix, adds a bias and applies an activation.
  ///
  /// - Parameters:
  ///   - weight: `[outputs, inputs]`, as PyTorch stores it.
  ///   - bias: `[outputs]` or nil.
  ///   - activation: Applied to every output.
  /// - Returns: `[..., outputs]`.
  public func linear(_ weight: Tensor, bias: Tensor? = nil, activation: Activation = .none) -> Tensor {
    let inputs = width
    let outputs = weight.shape[0]
    precondition(weight.rank == 2 && weight.shape[1] == inputs, "linear: weight \(weight.shape) for rows of \(inputs)")
    precondition(bias.map { $0.count == outputs } ?? true, "linear: bias \(bias?.shape ?? []) for \(outputs) outputs")
    let rows = rows
    let before = Storage(count: rows * outputs)
    let isWatched = Tape.current != nil && [self, weight, bias].contains { $0?.node != nil }
    // GELU's gradient needs what went in; ReLU's can be read off what came out.
    let keepsBefore = activation == .gelu && isWatched
    LinearProduct(rows: rows, outputs: outputs, inputs: inputs, activation: keepsBefore ? .none : activation)
      .run(pointer, weight.storage, bias: bias?.pointer, into: before.pointer)
    let after = keepsBefore ? Storage(count: before.count) : before
    if keepsBefore { ActivationKernel.apply(activation, before.pointer, after.pointer, before.count) }
    let result = Tensor(storage: after, shape: shape.dropLast() + [outputs])
    return Tape.result(result, of: [self, weight, bias]) {
      { gradient in
        ActivationKernel.multiplyByDerivative(activation, before.pointer, gradient, before.count)
        if let bias, let node = bias.node {
          ColumnSum.add(gradient, rows: rows, columns: outputs, to: node.addableContribution())
        }
        let gradients = LinearGradients(rows: rows, outputs: outputs, inputs: inputs)
        if let node = weight.node { gradients.weights(gradient, self.pointer, to: node.contribution()) }
        if let node = self.node { gradients.inputs(gradient, weight.pointer, to: node.contribution()) }
      }
    }
  }
}

/// The product of rows by transposed weights.
private struct LinearProduct {
  let rows: Int
  let outputs: Int
  let inputs: Int
  let activation: Activation

  /// From this many rows on, and for weights that do not fit the first cache, turning the weights pays.
  private var turnsWeights: Bool { rows >= 512 && outputs >= 64 && inputs >= 64 && inputs * outputs >= 1 << 14 }

  func run(
    _ values: UnsafePointer<Float>, _ storage: Storage, bias: UnsafePointer<Float>?,
    into output: UnsafeMutablePointer<Float>
  ) {
    #if OneDNN
      if Tape.current == nil, Backend.current == .oneDNN {
        let product = OneDNNPackedProduct(
          rows: rows, columns: outputs, inner: inputs, activation: activation)
        if product.run(values, storage, bias: bias, into: output) { return }
      }
    #endif
    let weights = UnsafePointer(storage.pointer)
    func multiply(_ right: UnsafePointer<Float>, _ layout: MatrixLayout) {
      MatrixProduct(
        rows: rows, columns: outputs, inner: inputs, left: MatrixLayout(rowStride: inputs), right: layout,
        output: MatrixLayout(rowStride: outputs), activation: activation
      ).runOnPool(values, right, into: output, bias: bias)
    }
    guard turnsWeights else { return multiply(weights, MatrixLayout(rowStride: 1, columnStride: inputs)) }
    let turned = TransposedMatrix(weights, rows: outputs, columns: inputs)
    multiply(turned.pointer, MatrixLayout(rowStride: turned.stride))
  }
}

/// Activations and their derivatives over whole buffers.
enum ActivationKernel {
  /// Applies an activation to a row on the calling thread, without the library.
  static func applyInPlace(_ activation: Activation, _ row: UnsafeMutablePointer<Float>, _ count: Int) {
    switch activation {
    case .none: return
    case .relu: VectorMath.map(count, row, row) { $0.replacing(with: 0, where: $0 .< Vector.zero) }
    case .relu6: VectorMath.map(count, row, row, clipped)
    case .gelu: VectorMath.map(count, row, row) { $0 * VectorMath.normal($0).distribution }
    }
  }

  /// ReLU6; comparisons, not min and max, so that what is no number stays none.
  @inline(__always)
  private static func clipped(_ values: Vector) -> Vector {
    let low = values.replacing(with: 0, where: values .< Vector.zero)
    return low.replacing(with: 6, where: low .> Vector(repeating: 6))
  }

  static func apply(
    _ activation: Activation, _ source: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    switch activation {
    case .none:
      if source != target { target.update(from: source, count: count) }
    case .relu:
      Pieces.run(count) { start, length in
        VectorMath.map(length, source + start, target + start) { $0.replacing(with: 0, where: $0 .< Vector.zero) }
      }
    case .relu6:
      Pieces.run(count) { start, length in
        VectorMath.map(length, source + start, target + start, clipped)
      }
    case .gelu:
      Pieces.run(count) { start, length in
        #if OneDNN
          if Backend.current == .oneDNN {
            OneDNNActivation.gelu(source + start, target + start, count: length)
            return
          }
        #endif
        VectorMath.map(length, source + start, target + start) { $0 * VectorMath.normal($0).distribution }
      }
    }
  }

  /// Turns the gradient of the outputs into that of the inputs, in place.
  ///
  /// - Parameters:
  ///   - activation: The activation that was applied.
  ///   - source: What went in; for both kinds of ReLU what came out serves as well.
  ///   - gradient: The gradient, changed in place.
  ///   - count: Number of elements.
  static func multiplyByDerivative(
    _ activation: Activation, _ source: UnsafeMutablePointer<Float>, _ gradient: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    switch activation {
    case .none:
      return
    case .relu:
      Pieces.run(count) { start, length in
        VectorMath.map(length, source + start, gradient + start, gradient + start) { value, slope in
          slope.replacing(with: 0, where: value .<= Vector.zero)
        }
      }
    case .relu6:
      Pieces.run(count) { start, length in
        VectorMath.map(length, source + start, gradient + start, gradient + start) { value, slope in
          let low = slope.replacing(with: 0, where: value .<= Vector.zero)
          return low.replacing(with: 0, where: value .>= Vector(repeating: 6))
        }
      }
    case .gelu:
      Pieces.run(count) { start, length in
        VectorMath.map(length, source + start, gradient + start, gradient + start) { value, slope in
          let normal = VectorMath.normal(value)
          return slope * (normal.distribution + value * normal.density)
        }
      }
    }
  }
}

/// Sums over rows, the gradient of a bias.
enum ColumnSum {
  /// Adds the sum of all rows to `target`, row after row.
  static func add(
    _ matrix: UnsafePointer<Float>, rows: Int, columns: Int, to target: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows { VectorMath.add(columns, matrix + row &* columns, to: target) }
  }
}
