// SpanMasks.swift - which tokens of the picture each span reaches, and which it hides.
//
// TRAR (Zhou et al., ICCV 2021): a span of order o is a window of Chebyshev radius o around each token; order 0 sees the whole picture.

import Routing
import Tensors

/// The spans that a routed attention mixes, over one grid of tokens.
///
/// Printing it draws each span around the token in the middle of the grid: `#` is seen, `.` is hidden, `@` is the token itself.
public struct SpanMasks: Sendable, CustomStringConvertible {
  /// Why spans cannot be made.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    /// No order was given.
    case noOrders
    /// An order is negative, or as large as the grid, which the original refuses.
    case orderOutsideGrid(order: Int, grid: GridSize)
    /// The grid has no token.
    case emptyGrid(GridSize)

    /// What is wrong and what to do.
    public var description: String {
      switch self {
      case .noOrders: "no orders of spans are given; give at least one, such as 0 for the whole picture"
      case .orderOutsideGrid(let order, let grid):
        "order \(order) does not fit a grid of \(grid.rows)x\(grid.columns); orders run from 0 to "
          + "\(max(grid.rows, grid.columns) - 1)"
      case .emptyGrid(let grid): "a grid of \(grid.rows)x\(grid.columns) has no tokens"
      }
    }
  }

  /// The grid.
  public let grid: GridSize
  /// The windows as the attention operation takes them.
  public let windows: AttentionWindows

  /// Makes the spans of a grid.
  ///
  /// - Parameters:
  ///   - grid: Rows and columns of tokens.
  ///   - orders: The radius of each span, 0 for the whole picture, below the longer side of the grid; their order is that of the weights.
  /// - Throws: ``Failure`` when an order does not fit the grid.
  public init(grid: GridSize, orders: [Int]) throws(Failure) {
    guard grid.rows > 0, grid.columns > 0 else { throw .emptyGrid(grid) }
    guard !orders.isEmpty else { throw .noOrders }
    for order in orders where order < 0 || order >= max(grid.rows, grid.columns) {
      throw .orderOutsideGrid(order: order, grid: grid)
    }
    self.grid = grid
    windows = AttentionWindows(rows: grid.rows, columns: grid.columns, orders: orders)
  }

  /// The radius of each span in tokens; 0 stands for the whole picture.
  public var orders: [Int] { windows.orders }

  /// Whether a span hides a key from a query; tokens are numbered row by row.
  public func hides(order: Int, query: Int, key: Int) -> Bool {
    !windows.reaches(order: order, from: query, to: key)
  }

  /// The share of all pairs of tokens that a span reaches, from 0 to 1: what it would cost to compute only those.
  public func coverage(order: Int) -> Double {
    Double(grid.pairs(order: order)) / Double(grid.tokens * grid.tokens)
  }

  /// The spans drawn side by side around the token in the middle of the grid.
  public var description: String {
    let centre = (grid.rows / 2) * grid.columns + grid.columns / 2
    let titles = orders.map { $0 == 0 ? "order 0, all" : "order \($0), \(2 * $0 + 1)x\(2 * $0 + 1)" }
    let width = max(grid.columns, titles.map(\.count).max() ?? 0) + 2
    func padded(_ text: String) -> String { text + String(repeating: " ", count: width - text.count) }
    var lines = [titles.map(padded).joined()]
    for row in 0..<grid.rows {
      lines.append(
        orders.map { order in
          padded(
            (0..<grid.columns).map { column in
              let key = row * grid.columns + column
              if key == centre { return "@" }
              return hides(order: order, query: centre, key: key) ? "." : "#"
            }.joined())
        }.joined())
    }
    return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
  }
}
