// LinearGradients.swift - the two products behind the gradient of a linear map: that of its weights, and that of its inputs.
//
// Both run down columns of matrices. At a row stride of a power of two the elements of a column share a few places of the cache, and the
// product takes up to twice as long; so such matrices are first copied to rows one cache line longer, which costs a hundredth of it.

/// A linear map of `rows` rows from `inputs` to `outputs`, weights `[outputs, inputs]`, seen from its gradients.
struct LinearGradients {
  let rows: Int
  let outputs: Int
  let inputs: Int

  /// The gradient of the weights: slopes transposed by inputs, summed over all rows.
  ///
  /// - Parameters:
  ///   - slopes: The gradient of the outputs, `[rows, outputs]`.
  ///   - values: The inputs, `[rows, inputs]`.
  ///   - place: Where the result goes or is added to, `[outputs, inputs]`.
  func weights(_ slopes: UnsafePointer<Float>, _ values: UnsafePointer<Float>, to place: GradientPlace) {
    let right = SpreadRows(values, rows: rows, width: inputs, for: rows)
    func multiply(_ left: UnsafePointer<Float>, _ layout: MatrixLayout) {
      MatrixProduct(
        rows: outputs, columns: inputs, inner: rows, left: layout, right: MatrixLayout(rowStride: right.stride),
        output: MatrixLayout(rowStride: inputs), accumulate: place.accumulate
      ).runOnPool(left, right.pointer, into: place.pointer)
    }
    guard rows >= 64, outputs >= 64, inputs >= 64 else {
      return multiply(slopes, MatrixLayout(rowStride: 1, columnStride: outputs))
    }
    let left = TransposedMatrix(slopes, rows: rows, columns: outputs)
    multiply(left.pointer, MatrixLayout(rowStride: left.stride))
  }

  /// The gradient of the inputs: slopes by weights.
  ///
  /// - Parameters:
  ///   - slopes: The gradient of the outputs, `[rows, outputs]`.
  ///   - weights: `[outputs, inputs]`.
  ///   - place: Where the result goes or is added to, `[rows, inputs]`.
  func inputs(_ slopes: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, to place: GradientPlace) {
    let right = SpreadRows(weights, rows: outputs, width: inputs, for: rows)
    MatrixProduct(
      rows: rows, columns: inputs, inner: outputs, left: MatrixLayout(rowStride: outputs),
      right: MatrixLayout(rowStride: right.stride), output: MatrixLayout(rowStride: inputs),
      accumulate: place.accumulate
    ).runOnPool(slopes, right.pointer, into: place.pointer)
  }
}

/// Where a contribution to a gradient goes, and whether it is added to what is there.
typealias GradientPlace = (pointer: UnsafeMutablePointer<Float>, accumulate: Bool)

/// A matrix as it lies, or its copy with a stride at which columns do not collide in the cache.
private struct SpreadRows {
  let pointer: UnsafePointer<Float>
  let stride: Int
  private let copy: Storage?

  /// Copies the matrix when its width is a multiple of a quarter of a page and the product has enough rows to pay for it.
  init(_ matrix: UnsafePointer<Float>, rows: Int, width: Int, for productRows: Int) {
    guard width % 256 == 0, productRows >= 64 else {
      pointer = matrix
      stride = width
      copy = nil
      return
    }
    let stride = width + 16
    let storage = Storage(count: rows * stride)
    Pieces.runRows(rows, width: width) { range in
      for row in range { (storage.pointer + row * stride).update(from: matrix + row * width, count: width) }
    }
    pointer = UnsafePointer(storage.pointer)
    self.stride = stride
    copy = storage
  }
}
