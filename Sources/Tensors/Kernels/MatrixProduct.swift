// MatrixProduct.swift - C = A B or C += A B for matrices with any strides, once or for a batch of them.

/// Where the elements of a matrix lie, in floats.
package struct MatrixLayout: Sendable, Hashable {
  package var rowStride: Int
  package var columnStride: Int
  /// Distance between two matrices of a batch.
  package var batchStride: Int

  package init(rowStride: Int, columnStride: Int = 1, batchStride: Int = 0) {
    self.rowStride = rowStride
    self.columnStride = columnStride
    self.batchStride = batchStride
  }
}

/// A batch of products of the same shape: `batch` times [rows, inner] by [inner, columns].
package struct MatrixProduct: Sendable, Hashable {
  package var batch = 1
  package var rows: Int
  package var columns: Int
  package var inner: Int
  package var left: MatrixLayout
  package var right: MatrixLayout
  package var output: MatrixLayout
  /// Add to what the output holds instead of replacing it.
  package var accumulate = false
  /// Applied to the finished sums; the output's rows are then runs of floats.
  package var activation = Activation.none

  package init(
    batch: Int = 1, rows: Int, columns: Int, inner: Int, left: MatrixLayout, right: MatrixLayout, output: MatrixLayout,
    accumulate: Bool = false, activation: Activation = .none
  ) {
    self.batch = batch
    self.rows = rows
    self.columns = columns
    self.inner = inner
    self.left = left
    self.right = right
    self.output = output
    self.accumulate = accumulate
    self.activation = activation
    precondition(activation == .none || output.columnStride == 1, "an activation of columns that lie apart")
  }

  /// Computes on the calling thread.
  package func run(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
    bias: UnsafePointer<Float>? = nil
  ) {
    guard batch > 0, rows > 0, columns > 0 else { return }
    #if OneDNN
      if Backend.current == .oneDNN, inner > 0 {
        OneDNNMatrixProduct.run(self, left, right, into: output, bias: bias)
        return
      }
    #endif
    for index in 0..<batch {
      PortableMatrixProduct.run(
        self, left + index * self.left.batchStride, right + index * self.right.batchStride,
        into: output + index * self.output.batchStride, bias: bias)
      for row in 0..<(activation == .none ? 0 : rows) {
        let line = output + index * self.output.batchStride + row * self.output.rowStride
        ActivationKernel.applyInPlace(activation, line, columns)
      }
    }
  }

  /// Computes with the pool's threads, cut over output rows, or over columns when there are few rows.
  ///
  /// The cut depends on the shape alone, so the result does not depend on the number of threads.
  package func runOnPool(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
    bias: UnsafePointer<Float>? = nil
  ) {
    let work = batch * rows * columns * inner
    guard batch == 1, work >= 1 << 19 else {
      run(left, right, into: output, bias: bias)
      return
    }
    // Pieces of at most 256 rows keep the library's product that takes matrices as they lie. One that rearranges the right matrix does so
    // for every piece; where that is large, few large pieces cost less.
    let fewestRows = 64 * columns * inner >= 1 << 23 ? 256 : 64
    let byRows = rows >= 4 * fewestRows || (columns < 96 && rows >= 2 * fewestRows)
    let extent = byRows ? rows : columns
    let even = (extent + 15) / 16
    // The library's inner loop takes 48 columns at a time.
    let piece = byRows ? min(256, max(fewestRows, even)) : max(96, (even + 47) / 48 * 48)
    let pieces = (extent + piece - 1) / piece
    WorkerPool.shared.run(pieces) { index in
      let start = index * piece
      var part = self
      if byRows {
        part.rows = min(piece, rows - start)
        part.run(left + start * self.left.rowStride, right, into: output + start * self.output.rowStride, bias: bias)
      } else {
        part.columns = min(piece, columns - start)
        part.run(
          left, right + start * self.right.columnStride, into: output + start * self.output.columnStride,
          bias: bias.map { $0 + start })
      }
    }
  }
}
