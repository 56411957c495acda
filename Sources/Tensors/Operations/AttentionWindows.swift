// AttentionWindows.swift - which tokens of a grid each order of attention reaches.
//
// TRAR (Zhou et al., ICCV 2021): the window of order o around a token is the square of tokens at Chebyshev distance at most o, clipped at
// the borders of the grid; order 0 stands for the whole picture.

/// The windows of several orders over one grid, with tables that let a kernel walk them eight columns at a time.
public final class AttentionWindows: Sendable {
  /// Rows of the grid.
  public let gridRows: Int
  /// Columns of the grid.
  public let gridColumns: Int
  /// The radius of each window, 0 for the whole picture; their order is the order of the routing weights.
  public let orders: [Int]

  /// Columns rounded up to whole vectors.
  let paddedColumns: Int
  /// For each order and column, ones where a window centred on that column reaches; `[orders, gridColumns, paddedColumns]`.
  private let columnMasks: [Float]

  /// Makes the windows of a grid.
  ///
  /// - Parameters:
  ///   - rows: Rows of the grid, at least 1.
  ///   - columns: Columns of the grid, at least 1.
  ///   - orders: At least one radius, none negative.
  public init(rows: Int, columns: Int, orders: [Int]) {
    precondition(rows > 0 && columns > 0, "AttentionWindows: a grid of \(rows) x \(columns)")
    precondition(!orders.isEmpty && orders.allSatisfy { $0 >= 0 }, "AttentionWindows: orders \(orders)")
    gridRows = rows
    gridColumns = columns
    self.orders = orders
    let padded = (columns + 7) / 8 * 8
    paddedColumns = padded
    var masks = [Float](repeating: 0, count: orders.count * columns * padded)
    for (index, order) in orders.enumerated() {
      for centre in 0..<columns {
        for column in max(0, centre - order)...min(columns - 1, centre + order) {
          masks[(index * columns + centre) * padded + column] = 1
        }
      }
    }
    columnMasks = masks
  }

  /// Number of tokens of the grid.
  public var tokens: Int { gridRows * gridColumns }

  /// Whether the window of an order around one token reaches another.
  public func reaches(order: Int, from query: Int, to key: Int) -> Bool {
    let rows = abs(query / gridColumns - key / gridColumns)
    let columns = abs(query % gridColumns - key % gridColumns)
    return order == 0 || max(rows, columns) <= order
  }

  /// Calls `body` with the mask table in place.
  func withMasks<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
    columnMasks.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("a grid has at least one column") }
      return body(base)
    }
  }
}
