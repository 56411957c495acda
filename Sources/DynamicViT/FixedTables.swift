// FixedTables.swift - values that training never changes: positions as waves, and the performer's random directions.

import Layers
import Tensors

/// Positions of a sequence as sines and cosines (Vaswani et al., NeurIPS 2017): even columns sine, odd ones cosine.
enum SequenceWaves {
  /// `[1, count, width]`; the class token has position 0.
  static func table(count: Int, width: Int) -> Tensor {
    let speeds = (0..<width).map { exponential(-naturalLogarithm(10_000) * Double(2 * ($0 / 2)) / Double(width)) }
    return Tensor(shape: [1, count, width]) { target in
      for position in 0..<count {
        for (column, speed) in speeds.enumerated() {
          let angle = Double(position) * speed
          target[position * width + column] = Float(
            column % 2 == 0 ? cosine(angle - Double.pi / 2) : cosine(angle))
        }
      }
    }
  }
}

/// Random rows at right angles to each other, of length √count.
enum OrthogonalRows {
  /// `[count, width]`; of more rows than the width, every `width` are at right angles.
  static func make(_ count: Int, width: Int, random: inout SeededRandom) -> Tensor {
    var rows: [[Double]] = []
    for index in 0..<count {
      var row = (0..<width).map { _ in Double(random.normal()) }
      for other in rows[(index / width * width)...] {
        let share = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 }
        row = zip(row, other).map { $0 - share * $1 }
      }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      rows.append(row.map { $0 / max(length, 1e-12) })
    }
    let factor = Double(count).squareRoot()
    return Tensor(rows.flatMap { $0.map { Float($0 * factor) } }, shape: [count, width])
  }
}
