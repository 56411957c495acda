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
  /// When a choice of a single window computes nothing outside it.
  public let band: AttentionBandUse

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
  ///   - band: When a choice of a single window computes nothing outside it.
  public init(rows: Int, columns: Int, orders: [Int], band: AttentionBandUse = .whereItPays) {
    precondition(rows > 0 && columns > 0, "AttentionWindows: a grid of \(rows) x \(columns)")
    precondition(!orders.isEmpty && orders.allSatisfy { $0 >= 0 }, "AttentionWindows: orders \(orders)")
    gridRows = rows
    gridColumns = columns
    self.orders = orders
    self.band = band
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

  /// The pairs of a query and a key that windows of a radius reach on a grid.
  ///
  /// - Parameters:
  ///   - order: The radius in tokens; 0 stands for the whole grid.
  ///   - rows: Rows of the grid.
  ///   - columns: Columns of the grid.
  /// - Returns: From one for each token to the square of the tokens.
  public static func pairs(order: Int, rows: Int, columns: Int) -> Int {
    guard order > 0 else { return rows * columns * rows * columns }
    return reached(length: rows, radius: order) * reached(length: columns, radius: order)
  }

  /// The pairs of places on a line at a distance of at most `radius`.
  private static func reached(length: Int, radius: Int) -> Int {
    // Each place and itself; then, for each distance, a pair in both directions.
    let farthest = min(radius, length - 1)
    return length + farthest * (2 * length - farthest - 1)
  }

  /// The pairs of a query and a key that an answer computes when the windows have these weights: those of the only window of some weight,
  /// where its band pays, else all.
  public func computedPairs(weights: [Float]) -> Int {
    bandWindow(weights).map { Self.pairs(order: orders[$0], rows: gridRows, columns: gridColumns) } ?? tokens * tokens
  }

  /// The number of the only window with a weight, when its band is to be computed alone; nil when all pairs are.
  func bandWindow(_ weights: some Collection<Float>) -> Int? {
    var chosen: Int?
    for (window, weight) in weights.enumerated() where weight != 0 {
      guard chosen == nil else { return nil }
      chosen = window
    }
    guard let chosen, orders[chosen] > 0 else { return nil }
    switch band {
    case .never: return nil
    case .always: return chosen
    case .whereItPays:
      let pairs = Self.pairs(order: orders[chosen], rows: gridRows, columns: gridColumns)
      return pairs * AttentionBandUse.costOfPair <= tokens * tokens ? chosen : nil
    }
  }

  /// Calls `body` with the mask table in place.
  func withMasks<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
    columnMasks.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("a grid has at least one column") }
      return body(base)
    }
  }
}

/// When a choice of a single window computes nothing outside it.
public enum AttentionBandUse: Sendable {
  /// Where that takes less time than computing all pairs.
  case whereItPays
  /// Whatever it takes.
  case always
  /// Not at all; all pairs are computed and those outside the window left out.
  case never

  /// How many pairs of the dense product take as long as one of the band (measured: Documentation/Performance.md).
  static let costOfPair = 3
}
