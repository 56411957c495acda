// WindowPairs.swift - how many pairs of tokens a window of attention reaches, counted exactly.

import Tensors

extension GridSize {
  /// The pairs of query and key that a span reaches, over all queries of the grid: its windows are cut off at the borders.
  ///
  /// - Parameter order: The radius of the span in tokens; 0 stands for the whole picture.
  /// - Returns: From one for each token to `tokens * tokens`.
  public func pairs(order: Int) -> Int {
    AttentionWindows.pairs(order: order, rows: rows, columns: columns)
  }
}
