// PortableMatrixProduct.swift - a blocked matrix product in plain Swift.
//
// Both operands are packed into panels that fit the caches (Goto, van de Geijn 2008): four rows of the left, eight columns of the right;
// the innermost loop keeps a 4 x 8 tile of the output in registers. Multiply and add stay two instructions, since a fused one is a
// library call on machines where the build may not assume it.

enum PortableMatrixProduct {
  private static let tileRows = 4
  private static let tileColumns = 8
  private static let innerBlock = 256
  private static let rowBlock = 64

  /// One product of the batch; `output` is replaced (and `bias` added) or added to.
  static func run(
    _ product: MatrixProduct, _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>,
    into output: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>?
  ) {
    prepare(product, output, bias)
    let panels = (product.columns + tileColumns - 1) / tileColumns
    let packedRight = Storage(count: panels * tileColumns * min(innerBlock, max(1, product.inner)))
    let packedLeft = Storage(count: rowBlock * min(innerBlock, max(1, product.inner)))
    var innerStart = 0
    while innerStart < product.inner {
      let depth = min(innerBlock, product.inner - innerStart)
      packRight(product, right + innerStart * product.right.rowStride, depth, packedRight.pointer)
      var rowStart = 0
      while rowStart < product.rows {
        let rows = min(rowBlock, product.rows - rowStart)
        let source = left + rowStart * product.left.rowStride + innerStart * product.left.columnStride
        packLeft(product, source, rows, depth, packedLeft.pointer)
        for panel in 0..<panels {
          for row in stride(from: 0, to: rows, by: tileRows) {
            multiplyTile(
              packedLeft.pointer + row * depth, packedRight.pointer + panel * tileColumns * depth, depth,
              into: output, product.output, row: rowStart + row, rows: min(tileRows, rows - row),
              column: panel * tileColumns, columns: min(tileColumns, product.columns - panel * tileColumns))
          }
        }
        rowStart += rows
      }
      innerStart += depth
    }
  }

  /// Sets the output to zero or the bias, unless it is to be added to.
  private static func prepare(
    _ product: MatrixProduct, _ output: UnsafeMutablePointer<Float>, _ bias: UnsafePointer<Float>?
  ) {
    if product.accumulate && bias == nil { return }
    let layout = product.output
    for row in 0..<product.rows {
      let start = output + row &* layout.rowStride
      for column in 0..<product.columns {
        let place = start + column &* layout.columnStride
        let addend = bias.map { $0[column] } ?? 0
        place.pointee = product.accumulate ? place.pointee + addend : addend
      }
    }
  }

  private static func packRight(
    _ product: MatrixProduct, _ source: UnsafePointer<Float>, _ depth: Int, _ packed: UnsafeMutablePointer<Float>
  ) {
    let rowStride = product.right.rowStride
    let columnStride = product.right.columnStride
    var target = packed
    var column = 0
    while column < product.columns {
      let width = min(tileColumns, product.columns &- column)
      var from = source + column &* columnStride
      for _ in 0..<depth {
        for lane in 0..<width { target[lane] = from[lane &* columnStride] }
        for lane in width..<tileColumns { target[lane] = 0 }
        target += tileColumns
        from += rowStride
      }
      column = column &+ tileColumns
    }
  }

  private static func packLeft(
    _ product: MatrixProduct, _ source: UnsafePointer<Float>, _ rows: Int, _ depth: Int,
    _ packed: UnsafeMutablePointer<Float>
  ) {
    let rowStride = product.left.rowStride
    let columnStride = product.left.columnStride
    var target = packed
    var row = 0
    while row < rows {
      let height = min(tileRows, rows &- row)
      var from = source + row &* rowStride
      for _ in 0..<depth {
        for lane in 0..<height { target[lane] = from[lane &* rowStride] }
        for lane in height..<tileRows { target[lane] = 0 }
        target += tileRows
        from += columnStride
      }
      row = row &+ tileRows
    }
  }

  @inline(__always)
  private static func multiplyTile(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ depth: Int, into output: UnsafeMutablePointer<Float>,
    _ layout: MatrixLayout, row: Int, rows: Int, column: Int, columns: Int
  ) {
    var sum0 = SIMD8<Float>()
    var sum1 = SIMD8<Float>()
    var sum2 = SIMD8<Float>()
    var sum3 = SIMD8<Float>()
    let right = UnsafeRawPointer(right)
    var index = 0
    while index < depth {
      let values = right.loadUnaligned(fromByteOffset: index &* 32, as: SIMD8<Float>.self)
      let place = left + index &* 4
      sum0 += values * place[0]
      sum1 += values * place[1]
      sum2 += values * place[2]
      sum3 += values * place[3]
      index = index &+ 1
    }
    let start = output + row &* layout.rowStride + column &* layout.columnStride
    add(sum0, to: start, layout, columns)
    if rows > 1 { add(sum1, to: start + layout.rowStride, layout, columns) }
    if rows > 2 { add(sum2, to: start + 2 &* layout.rowStride, layout, columns) }
    if rows > 3 { add(sum3, to: start + 3 &* layout.rowStride, layout, columns) }
  }

  @inline(__always)
  private static func add(
    _ sum: SIMD8<Float>, to start: UnsafeMutablePointer<Float>, _ layout: MatrixLayout, _ columns: Int
  ) {
    if columns == 8 && layout.columnStride == 1 {
      let raw = UnsafeMutableRawPointer(start)
      let old = raw.loadUnaligned(as: SIMD8<Float>.self)
      raw.storeBytes(of: old + sum, as: SIMD8<Float>.self)
      return
    }
    for lane in 0..<columns { start[lane &* layout.columnStride] += sum[lane] }
  }
}
