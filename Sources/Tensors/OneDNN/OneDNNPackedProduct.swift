// OneDNNPackedProduct.swift - products of rows by weights that stay as they are, in the order that the library computes fastest with.
//
// The library's matrix product rearranges its right matrix in every call, which costs as much as the arithmetic where rows are few. Its
// convolution of single pixels is the same product and takes weights that were rearranged once. Rows and outputs are cut by the shape alone,
// so that a single picture keeps several threads busy and the result depends on nothing else.

#if OneDNN
  /// y = activation(x Wᵀ + b) with W `[columns, inner]`.
  struct OneDNNPackedProduct {
    let rows: Int
    let columns: Int
    let inner: Int
    let activation: Activation
    /// Rows and outputs computed at a time, where those that suit a layer are not wanted.
    var piece: (rows: Int, columns: Int)?

    /// Weights of less than two cache lines are as fast where they lie.
    private static let fewestWeights = 32
    private static let mostRows = 256

    /// Outputs computed at a time; a multiple of what the library's loops take.
    private var columnPiece: Int {
      piece?.columns ?? (columns <= 128 ? columns : columns < 2048 ? 96 : 192)
    }

    /// Computes the product; false where the weights are very few or the library has only slow code for them.
    ///
    /// A row's outputs are the same bits whatever the number of rows, which the library's matrix product does not promise: so a picture is answered
    /// the same alone and among others, and a cascade's stages do not depend on who has left.
    func run(
      _ values: UnsafePointer<Float>, _ weights: Storage, bias: UnsafePointer<Float>?,
      into output: UnsafeMutablePointer<Float>
    ) -> Bool {
      guard rows > 0, inner * columns >= Self.fewestWeights, let orders = weights.orders else { return false }
      let rowPiece = min(rows, piece?.rows ?? Self.mostRows)
      let (rowPieces, columnPieces) = ((rows + rowPiece - 1) / rowPiece, (columns + columnPiece - 1) / columnPiece)
      let shapes = [rowPiece, rows - (rowPieces - 1) * rowPiece].map { rows in
        [columnPiece, columns - (columnPieces - 1) * columnPiece].map { ConvolutionShape(product: rows, inner, $0) }
      }
      func pass(_ column: Int) -> Pass {
        let start = column * columnPiece
        return Pass(
          run: OneDNNConvolution.forward(
            shapes.map { $0[column == columnPieces - 1 ? 1 : 0] }, weights.pointer + start * inner,
            bias.map { $0 + start }, activation: activation, keeping: KeptPart(orders: orders, number: column)))
      }
      let isFirst = orders.isEmpty
      let passes = isFirst ? WorkerPool.shared.map(columnPieces, pass) : (0..<columnPieces).map(pass)
      let ready = passes.compactMap(\.run)
      guard ready.count == columnPieces else { return false }
      if isFirst { weights.dropPages() }
      WorkerPool.shared.run(rowPieces * columnPieces) { index in
        let (row, column) = (index / columnPieces, index % columnPieces)
        let shape = shapes[row == rowPieces - 1 ? 1 : 0][column == columnPieces - 1 ? 1 : 0]
        let source = values + row * rowPiece * inner
        let target = output + row * rowPiece * columns + column * columnPiece
        guard shape.outputs < columns else { return ready[column](shape, source, target) }
        // The library writes outputs side by side; they are put where they belong.
        let dense = Storage(count: shape.outputCount)
        ready[column](shape, source, dense.pointer)
        for line in 0..<shape.width {
          (target + line * columns).update(from: dense.pointer + line * shape.outputs, count: shape.outputs)
        }
      }
      return true
    }
  }

  /// A part of the product; without a closure where the library has only slow code for it.
  private struct Pass: @unchecked Sendable {
    let run: ConvolutionPass?
  }

  extension ConvolutionShape {
    /// A product of rows by weights as a convolution of a line of single pixels.
    fileprivate init(product rows: Int, _ inner: Int, _ columns: Int) {
      self.init(input: [1, 1, rows, inner], weight: [columns, inner, 1, 1])
    }
  }
#endif
