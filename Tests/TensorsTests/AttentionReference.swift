// AttentionReference.swift - attention as the original TRAR computes it, in Double: one masked softmax for every window.
//
// Every score that a window or the padding blocks is overwritten with -1e9; the maps of the windows are dropped out and mixed after
// their softmax. So a window without a visible key comes out uniform by itself, and no row shares its maximum with another window.

import Tensors

/// What an attention is computed with, besides its operands.
struct AttentionSetting: Sendable {
  var heads = 1
  /// Rows, columns and orders of the windows; nil for plain attention.
  var windows: Windows?
  /// True for each key that takes no part.
  var hidden: [Bool]?

  struct Windows: Sendable {
    let rows: Int
    let columns: Int
    let orders: [Int]
  }

  /// The windows as the operation takes them.
  var attentionWindows: AttentionWindows? {
    windows.map { AttentionWindows(rows: $0.rows, columns: $0.columns, orders: $0.orders) }
  }

  /// The operation with operands query, key, value and, for windows, weights.
  func callAsFunction(_ operands: [Tensor], dropout: Float = 0) -> Tensor {
    guard let attentionWindows else {
      return Tensor.attention(
        query: operands[0], key: operands[1], value: operands[2], heads: heads, hiddenKeys: hidden, dropout: dropout)
    }
    return Tensor.routedAttention(
      query: operands[0], key: operands[1], value: operands[2], heads: heads, windows: attentionWindows,
      weights: operands[3], hiddenKeys: hidden, dropout: dropout)
  }

  /// Whether a window reaches a key from a query: both coordinates at most the order apart.
  private func reaches(_ window: Int, _ query: Int, _ key: Int) -> Bool {
    guard let windows, windows.orders[window] > 0 else { return true }
    let order = windows.orders[window]
    let (fromRow, fromColumn) = query.quotientAndRemainder(dividingBy: windows.columns)
    let (toRow, toColumn) = key.quotientAndRemainder(dividingBy: windows.columns)
    return abs(fromRow - toRow) <= order && abs(fromColumn - toColumn) <= order
  }

  /// The map of every window before mixing, `[B, S, heads, T, N]`.
  func maps(_ operands: [Reference]) -> Reference {
    let (query, key) = (operands[0], operands[1])
    let (batch, queries, keys) = (query.shape[0], query.shape[1], key.shape[1])
    let depth = query.width / heads
    let count = windows?.orders.count ?? 1
    var elements: [Double] = []
    for sample in 0..<batch {
      let (asking, offered) = (query.samples[sample].rows, key.samples[sample].rows)
      for window in 0..<count {
        for head in 0..<heads {
          for line in 0..<queries {
            let part = (head * depth)..<((head + 1) * depth)
            elements += Exact.softmax(
              (0..<keys).map { place in
                let isHidden = hidden?[sample * keys + place] ?? false
                if isHidden || !reaches(window, line, place) { return -1e9 }
                return Exact.dot(Array(asking[line][part]), Array(offered[place][part])) / Double(depth).squareRoot()
              })
          }
        }
      }
    }
    return Reference(shape: [batch, count, heads, queries, keys], elements: elements)
  }

  /// The result of the operation; `masks` are the dropout factors of all maps.
  func reference(_ operands: [Reference], masks: Reference? = nil) -> Reference {
    var maps = maps(operands)
    if let masks { maps.elements = zip(maps.elements, masks.elements).map { $0 * $1 } }
    let (count, queries, keys) = (maps.shape[1], maps.shape[3], maps.shape[4])
    let (batch, width) = (operands[0].shape[0], operands[0].width)
    let depth = width / heads
    var result = [Double](repeating: 0, count: batch * queries * width)
    for sample in 0..<batch {
      let values = operands[2].samples[sample].rows
      for window in 0..<count {
        let weight = operands.count > 3 ? operands[3].elements[sample * count + window] : 1
        for head in 0..<heads {
          for line in 0..<queries {
            let start = (((sample * count + window) * heads + head) * queries + line) * keys
            for (place, probability) in maps.elements[start..<(start + keys)].enumerated() where probability != 0 {
              for column in (head * depth)..<((head + 1) * depth) {
                result[(sample * queries + line) * width + column] += weight * probability * values[place][column]
              }
            }
          }
        }
      }
    }
    return Reference(shape: [batch, queries, width], elements: result)
  }

  /// Random operands for a batch; the weights of the windows need not sum to 1.
  func operands(_ batch: Int, queries: Int? = nil, keys: Int? = nil, depth: Int, seed: UInt64 = 1) -> [Tensor] {
    let tokens = windows.map { $0.rows * $0.columns }
    let keys = keys ?? tokens ?? 1
    let width = depth * heads
    var operands = [
      Tensor.random([batch, queries ?? keys, width], seed: seed, -1.5, 1.5),
      Tensor.random([batch, keys, width], seed: seed + 1, -1.5, 1.5),
      Tensor.random([batch, keys, width], seed: seed + 2),
    ]
    if let windows { operands.append(.random([batch, windows.orders.count], seed: seed + 3, 0.1, 1)) }
    return operands
  }

  /// A case of the operation with these operands.
  func operation(_ name: String, _ operands: [Tensor]) -> OperationCase {
    OperationCase(name, operands, { self($0) }, reference: { reference($0) })
  }
}

/// The slope of the reference along a direction of all operands at once, weighted by `weights`.
func referenceSlope(
  _ operands: [Reference], _ direction: [[Double]], weights: [Double], step: Double = 1e-5,
  _ reference: ([Reference]) -> Reference
) -> Double {
  func value(_ factor: Double) -> Double {
    let moved = zip(operands, direction).map { operand, change in
      Reference(shape: operand.shape, elements: zip(operand.elements, change).map { $0 + factor * step * $1 })
    }
    return Exact.dot(reference(moved).elements, weights)
  }
  return (value(1) - value(-1)) / (2 * step)
}
