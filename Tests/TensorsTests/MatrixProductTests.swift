// MatrixProductTests.swift - products of every shape, layout and kind of accumulation, element by element against Double.

import Tensors
import Testing

/// A product with operands for it, drawn at random.
struct ProductCase: Sendable, CustomTestStringConvertible {
  let product: MatrixProduct
  let hasBias: Bool
  let seed: UInt64

  var testDescription: String {
    let sizes = "\(product.batch) x [\(product.rows), \(product.inner)] [\(product.inner), \(product.columns)]"
    let layouts = [product.left, product.right, product.output]
      .map { "(\($0.rowStride), \($0.columnStride), \($0.batchStride))" }.joined(separator: " ")
    return sizes + " strides " + layouts + (product.accumulate ? " accumulate" : "") + (hasBias ? " bias" : "")
  }

  /// Sizes on both sides of the kernel's tiles (4 x 8), blocks (64 rows, 256 deep) and the pool's pieces.
  static let shapes: [[Int]] = [
    [1, 1, 1], [1, 8, 3], [4, 8, 16], [5, 9, 7], [3, 7, 1], [2, 17, 31], [65, 3, 5], [64, 16, 4], [7, 1, 40],
    [1, 33, 64],
    [9, 5, 256], [4, 6, 257], [67, 10, 13], [13, 12, 300], [6, 8, 0],
  ]

  static let all: [ProductCase] = shapes.enumerated().flatMap { index, sizes in
    (0..<8).map { round in
      var random = SeededRandom(seed: 11, stream: UInt64(index), UInt64(round))
      return make(sizes, batch: round % 4 == 3 ? 3 : 1, transposedOutput: false, &random)
    }
  }

  static let transposedOutputs: [ProductCase] = shapes.enumerated().map { index, sizes in
    var random = SeededRandom(seed: 12, stream: UInt64(index))
    return make(sizes, batch: index % 3 == 2 ? 2 : 1, transposedOutput: true, &random)
  }

  /// 2¹⁹ multiplications and more, which the pool cuts over rows or columns.
  static let cut: [ProductCase] = [[130, 63, 65], [200, 41, 67], [7, 300, 260], [1, 1031, 515], [127, 129, 33]]
    .enumerated()
    .map { index, sizes in
      var random = SeededRandom(seed: 13, stream: UInt64(index))
      return make(sizes, batch: 1, transposedOutput: false, &random)
    }

  private static func make(
    _ sizes: [Int], batch: Int, transposedOutput: Bool, _ random: inout SeededRandom
  ) -> ProductCase {
    let output = layout(sizes[0], sizes[1], batch: batch, transposed: transposedOutput, &random)
    var right = layout(sizes[2], sizes[1], batch: batch, transposed: random.integer(below: 2) == 0, &random)
    // One right matrix for the whole batch.
    if batch > 1 && random.integer(below: 2) == 0 { right.batchStride = 0 }
    return ProductCase(
      product: MatrixProduct(
        batch: batch, rows: sizes[0], columns: sizes[1], inner: sizes[2],
        left: layout(sizes[0], sizes[2], batch: batch, transposed: random.integer(below: 2) == 0, &random),
        right: right,
        output: output, accumulate: random.integer(below: 2) == 0),
      hasBias: random.integer(below: 2) == 0, seed: random.next())
  }

  /// Row-major or transposed, packed or with gaps between lines.
  private static func layout(
    _ rows: Int, _ columns: Int, batch: Int, transposed: Bool, _ random: inout SeededRandom
  ) -> MatrixLayout {
    let gap = random.integer(below: 2) * 3
    let line = max(1, transposed ? rows : columns) + gap
    let size = line * max(1, transposed ? columns : rows)
    return MatrixLayout(
      rowStride: transposed ? 1 : line, columnStride: transposed ? line : 1, batchStride: batch > 1 ? size + gap : 0)
  }
}

extension TensorTests {
  @Suite struct Products {
    /// Runs a product and holds every float of the output's memory, gaps too, against Double.
    private static func check(_ test: ProductCase, onPool: Bool, activation: Activation = .none) {
      var product = test.product
      product.activation = activation
      let left = Tensor.random([extent(product.left, product.batch, product.rows, product.inner)], seed: test.seed)
      let right = Tensor.random(
        [extent(product.right, product.batch, product.inner, product.columns)], seed: test.seed ^ 1)
      let bias = Tensor.random([product.columns], seed: test.seed ^ 2)
      let before = Tensor.random(
        [extent(product.output, product.batch, product.rows, product.columns)], seed: test.seed ^ 3)
      let output = Tensor(before.elements)
      let run = onPool ? product.runOnPool : product.run
      run(left.pointer, right.pointer, output.pointer, test.hasBias ? UnsafePointer(bias.pointer) : nil)

      let (a, b) = (left.elements, right.elements)
      var expected = before.elements.map(Double.init)
      var allowed = [Double](repeating: 0, count: expected.count)
      for batch in 0..<product.batch {
        for row in 0..<product.rows {
          for column in 0..<product.columns {
            let place = place(product.output, batch, row, column)
            var sum = (product.accumulate ? expected[place] : 0) + (test.hasBias ? Double(bias.elements[column]) : 0)
            var size = abs(sum)
            for index in 0..<product.inner {
              let term =
                Double(a[self.place(product.left, batch, row, index)])
                * Double(b[self.place(product.right, batch, index, column)])
              sum += term
              size += abs(term)
            }
            // Each of the additions rounds by at most half a unit of a partial sum.
            allowed[place] = size * Double(product.inner + 3) * 0x1p-24
            switch activation {
            case .none: expected[place] = sum
            case .relu: expected[place] = max(0, sum)
            case .relu6: expected[place] = min(6, max(0, sum))
            case .gelu:
              expected[place] = Exact.gelu(sum)
              // Its slope is at most 1.13, its Φ right to 3e-7.
              allowed[place] = 1.13 * allowed[place] + 5e-7 * abs(sum)
            }
          }
        }
      }
      let actual = output.elements
      let wrong = actual.indices.first { !(abs(Double(actual[$0]) - expected[$0]) <= allowed[$0]) }
      #expect(wrong == nil, "element \(wrong ?? 0): \(actual[wrong ?? 0]), expected \(expected[wrong ?? 0])")
    }

    private static func place(_ layout: MatrixLayout, _ batch: Int, _ row: Int, _ column: Int) -> Int {
      batch * layout.batchStride + row * layout.rowStride + column * layout.columnStride
    }

    private static func extent(_ layout: MatrixLayout, _ batch: Int, _ rows: Int, _ columns: Int) -> Int {
      rows == 0 || columns == 0 ? 1 : place(layout, batch - 1, rows - 1, columns - 1) + 1
    }

    @Test(arguments: ProductCase.all)
    func everyLayoutIsRight(_ test: ProductCase) {
      for backend in Backend.available { withBackend(backend) { Self.check(test, onPool: false) } }
    }

    @Test(arguments: ProductCase.all, [Activation.relu, .relu6, .gelu])
    func activationsAreOfTheWholeSum(_ test: ProductCase, _ activation: Activation) {
      for backend in Backend.available {
        withBackend(backend) { Self.check(test, onPool: false, activation: activation) }
      }
    }

    @Test(arguments: ProductCase.cut, [Activation.relu, .relu6, .gelu])
    func activationsOfCutProducts(_ test: ProductCase, _ activation: Activation) {
      for backend in Backend.available {
        withBackend(backend) { withThreads(2) { Self.check(test, onPool: true, activation: activation) } }
      }
    }

    @Test(arguments: ProductCase.transposedOutputs)
    func transposedOutputsAreRight(_ test: ProductCase) {
      for backend in Backend.available { withBackend(backend) { Self.check(test, onPool: false) } }
    }

    @Test(arguments: ProductCase.cut)
    func cutProductsAreRight(_ test: ProductCase) {
      for backend in Backend.available {
        withBackend(backend) { withThreads(2) { Self.check(test, onPool: true) } }
      }
    }

    /// A new thread, which has none of the settings of this one, gives the same bits: the summed axis is never cut.
    @Test(
      arguments: Backend.available,
      [[64, 63, 132], [64, 16, 132], [33, 64, 16], [33, 16, 64], [16, 16, 2000], [1, 64, 500]])
    func everyThreadGivesTheSameBits(_ backend: Backend, sizes: [Int]) {
      let product = MatrixProduct(
        rows: sizes[0], columns: sizes[1], inner: sizes[2],
        left: MatrixLayout(rowStride: 1, columnStride: sizes[0]), right: MatrixLayout(rowStride: sizes[1]),
        output: MatrixLayout(rowStride: sizes[1]))
      let left = Tensor.random([sizes[2], sizes[0]], seed: 1)
      let right = Tensor.random([sizes[2], sizes[1]], seed: 2)
      let results = (0..<4).map { _ in Tensor(repeating: 0, shape: [sizes[0], sizes[1]]) }
      withBackend(backend) {
        product.run(left.pointer, right.pointer, into: results[0].pointer)
        for result in results.dropFirst() {
          ShardGroup(count: 1, threads: 1).run { _ in
            product.run(left.pointer, right.pointer, into: result.pointer)
          }
          let isSame = result.elements == results[0].elements  // a failure need not print them all
          #expect(isSame)
        }
      }
    }
  }
}
