// Spans.swift - routed attention over one chosen span: all pairs against those of the band.

import Foundation
import Tensors

/// One grid and order, timed both ways.
struct SpanMeasurement: Encodable {
  var grid: Int
  var order: Int
  /// Share of all pairs inside the windows.
  var pairs: Double
  /// Least processor time of one call for one picture with eight heads, in microseconds.
  var dense: Double
  var banded: Double
}

/// Prints a line of JSON for each grid and order, with eight heads of width 64.
func reportSpans(seconds: Double) {
  for grid in [8, 14, 32] {
    for order in 1...5 where order < grid {
      let times = spanTimes(grid: grid, order: order, seconds: seconds)
      let all = Double(grid * grid * grid * grid)
      let pairs = Double(AttentionWindows.pairs(order: order, rows: grid, columns: grid)) / all
      let line = SpanMeasurement(grid: grid, order: order, pairs: pairs, dense: times.dense, banded: times.banded)
      guard let text = try? JSONEncoder().encode(line) else { continue }
      FileHandle.standardOutput.write(text + Data("\n".utf8))
    }
  }
}

/// Least processor time of each way in microseconds, taken in turn.
private func spanTimes(grid: Int, order: Int, seconds: Double) -> (dense: Double, banded: Double) {
  var random = SeededRandom(seed: 3)
  let operands = (0..<3).map { _ in
    Tensor(shape: [1, grid * grid, 512]) { buffer in
      for index in buffer.indices { buffer[index] = random.normal() }
    }
  }
  func least(_ band: AttentionBandUse) -> Double {
    let windows = AttentionWindows(rows: grid, columns: grid, orders: [order], band: band)
    let weights = Tensor([1], shape: [1, 1])
    return measure(seconds: 0, least: 2, group: seconds / 10, warmUps: 1) {
      _ = Tensor.routedAttention(
        query: operands[0], key: operands[1], value: operands[2], heads: 8, windows: windows, weights: weights)
    }.processorLeast * 1e3
  }
  var best = (dense: Double.infinity, banded: Double.infinity)
  for _ in 0..<5 {
    best.dense = min(best.dense, least(.never))
    best.banded = min(best.banded, least(.always))
  }
  return best
}
