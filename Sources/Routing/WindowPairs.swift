// WindowPairs.swift - how many pairs of tokens a window of attention reaches, counted exactly.

extension GridSize {
  /// The pairs of query and key that a span reaches, over all queries of the grid: its windows are cut off at the borders.
  ///
  /// - Parameter order: The radius of the span in tokens; 0 stands for the whole picture.
  /// - Returns: From one for each token to `tokens * tokens`.
  public func pairs(order: Int) -> Int {
    guard order > 0 else { return tokens * tokens }
    return Self.reached(length: rows, radius: order) * Self.reached(length: columns, radius: order)
  }

  /// The pairs of places on a line at a distance of at most `radius`.
  private static func reached(length: Int, radius: Int) -> Int {
    // Each place and itself; then, for each distance, a pair in both directions.
    let farthest = min(radius, length - 1)
    return length + farthest * (2 * length - farthest - 1)
  }
}
