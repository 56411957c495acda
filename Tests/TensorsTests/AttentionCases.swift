// AttentionCases.swift - cases of attention, plain and through windows, that pass through the tests of every operation.

import Tensors

extension OperationCase {
  /// Four keys: all seen, two hidden, all hidden.
  private static let hidden =
    [false, false, false, false] + [false, true, false, true] + [true, true, true, true]

  private static var plainAttention: [OperationCase] {
    let two = AttentionSetting(heads: 2)
    let one = AttentionSetting()
    let masked = AttentionSetting(heads: 2, hidden: hidden)
    return [
      two.operation("attention, more keys than queries", two.operands(2, queries: 3, keys: 5, depth: 4)),
      one.operation("attention, fewer keys than queries", one.operands(1, queries: 5, keys: 2, depth: 3)),
      one.operation("attention, one key", one.operands(2, queries: 2, keys: 1, depth: 1)),
      // More than a vector of keys, and neither keys nor depth a multiple of eight.
      one.operation("attention, eleven keys", one.operands(1, queries: 2, keys: 11, depth: 9)),
      masked.operation("attention, hidden keys", masked.operands(3, queries: 2, keys: 4, depth: 2)),
    ]
  }

  private static func routed(
    _ name: String, rows: Int, columns: Int, orders: [Int], batch: Int = 1, heads: Int = 1, depth: Int = 3,
    hidden: [Bool]? = nil, weights: [Float]? = nil
  ) -> OperationCase {
    let windows = AttentionSetting.Windows(rows: rows, columns: columns, orders: orders)
    let setting = AttentionSetting(heads: heads, windows: windows, hidden: hidden)
    var operands = setting.operands(batch, depth: depth)
    if let weights { operands[3] = Tensor(weights, shape: [batch, orders.count]) }
    return setting.operation("routed attention, " + name, operands)
  }

  /// The right half of a 2 x 4 grid, so that a window of radius 1 around the last column sees nothing, then a grid without padding.
  private static let paddedRight =
    [false, false, true, true, false, false, true, true] + [Bool](repeating: false, count: 8)

  static let attention: [OperationCase] =
    plainAttention + [
      routed("3 x 3", rows: 3, columns: 3, orders: [0, 1, 2], heads: 2, depth: 2),
      routed("orders unsorted and repeated", rows: 2, columns: 4, orders: [2, 0, 1, 1]),
      routed("one order", rows: 3, columns: 2, orders: [1]),
      routed("one token", rows: 1, columns: 1, orders: [0, 0], batch: 2),
      routed("wider than a vector", rows: 2, columns: 9, orders: [1, 0, 3], depth: 1),
      routed("a column", rows: 9, columns: 1, orders: [0, 2], depth: 2),
      routed(
        "wholly hidden windows", rows: 2, columns: 4, orders: [1, 0], batch: 2, heads: 2, depth: 1, hidden: paddedRight),
      routed(
        "all keys hidden", rows: 2, columns: 2, orders: [0, 1], batch: 2,
        hidden: [true, true, true, true, false, false, false, true]),
      // A weight of zero is skipped in the forward, but has a gradient.
      routed(
        "one-hot weights", rows: 2, columns: 4, orders: [2, 1, 0], batch: 2, depth: 1, hidden: paddedRight,
        weights: [0, 1, 0, 0, 0, 1]),
      routed("weights of either sign", rows: 2, columns: 3, orders: [1, 0], weights: [-0.5, 1.25]),
    ]

  /// One head is one piece of work.
  static let cutAttention: [OperationCase] = [
    routed(
      "cut over heads", rows: 5, columns: 5, orders: [0, 1, 2], batch: 3, heads: 3, depth: 5,
      hidden: (0..<75).map { $0 % 25 >= 25 - 2 * ($0 / 25) * 5 })
  ]
}
