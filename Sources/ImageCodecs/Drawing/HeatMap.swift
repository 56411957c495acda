// HeatMap.swift - a grid of numbers to be laid over a picture.

/// A grid of numbers, row by row from the top, such as how much attention each part of a picture got.
public struct HeatMap: Sendable, Equatable {
  /// Rows of the grid.
  public let rows: Int
  /// Columns of the grid.
  public let columns: Int
  /// The numbers, row by row.
  public let values: [Float]

  /// A grid of these numbers.
  ///
  /// - Parameters:
  ///   - rows: Rows of the grid, at least 1.
  ///   - columns: Columns of the grid, at least 1.
  ///   - values: The numbers, row by row. NaN and infinities count as 0.
  /// - Throws: ``ImageFailure/badSize(width:height:)``, ``ImageFailure/tooManyPixels(width:height:limit:)`` or
  ///   ``ImageFailure/wrongCount(expected:found:)``.
  public init(rows: Int, columns: Int, values: [Float]) throws(ImageFailure) {
    let expected = try RGBImage.checkedCount(width: columns, height: rows) / 3
    guard values.count == expected else { throw .wrongCount(expected: expected, found: values.count) }
    self.rows = rows
    self.columns = columns
    self.values = values.map { $0.isFinite ? $0 : 0 }
  }

  /// The largest number.
  public var maximum: Float { values.max() ?? 0 }

  /// The number at a place of the grid, interpolated between the middles of the four cells around it.
  ///
  /// - Parameters:
  ///   - x: From 0 at the left edge to 1 at the right edge.
  ///   - y: From 0 at the top edge to 1 at the bottom edge.
  /// - Returns: The interpolated number.
  func value(x: Float, y: Float) -> Float {
    let (left, right, across) = Self.neighbours(x, of: columns)
    let (top, bottom, down) = Self.neighbours(y, of: rows)
    let upper = values[top * columns + left] * (1 - across) + values[top * columns + right] * across
    let lower = values[bottom * columns + left] * (1 - across) + values[bottom * columns + right] * across
    return upper * (1 - down) + lower * down
  }

  /// The two cells whose middles lie around a place, and the share of the second.
  private static func neighbours(_ place: Float, of count: Int) -> (first: Int, second: Int, share: Float) {
    let position = min(Float(count - 1), max(0, place * Float(count) - 0.5))
    let first = min(count - 1, Int(position))
    return (first, min(count - 1, first + 1), position - Float(first))
  }
}
