// ColorLattice.swift - colours as shares of 27 points, so that a linear map tells brown from black.
//
// Colours spread over the corners of a lattice of 3 x 3 x 3 points: black, grey and white are points of their own, as are red, teal and yellow,
// and a colour between points belongs to each of the eight around it by how near it lies.

import Tensors

/// Soft membership of colours in the points of a lattice.
enum ColorLattice {
  /// Points in each of red, green and blue.
  private static let side = 3
  /// Number of points.
  static let points = side * side * side

  /// Adds the shares of one colour, which add up to `weight`.
  ///
  /// - Parameters:
  ///   - color: Red, green and blue from -1 to 1; further out counts as the end.
  ///   - weight: What the shares add up to.
  ///   - add: Receives the number of a point and its share.
  private static func spread(_ color: UnsafePointer<Float>, weight: Float, _ add: (Int, Float) -> Void) {
    var low = (0, 0, 0)
    var part = (Float(0), Float(0), Float(0))
    func place(_ value: Float) -> (Int, Float) {
      // Not a number counts as dark.
      let kept: Float = value > -1 ? min(value, 1) : -1
      let scaled = (kept + 1) / 2 * Float(side - 1)
      let floor = min(Int(scaled), side - 2)
      return (floor, scaled - Float(floor))
    }
    (low.0, part.0) = place(color[0])
    (low.1, part.1) = place(color[1])
    (low.2, part.2) = place(color[2])
    for corner in 0..<8 {
      let (red, green, blue) = (corner & 1, corner >> 1 & 1, corner >> 2)
      let share =
        (red == 1 ? part.0 : 1 - part.0) * (green == 1 ? part.1 : 1 - part.1) * (blue == 1 ? part.2 : 1 - part.2)
      guard share > 0 else { continue }
      add(((low.0 + red) * side + low.1 + green) * side + low.2 + blue, share * weight)
    }
  }

  /// Cells whose last channels are the colours of their quarters, with the shares of the points after them.
  ///
  /// - Parameters:
  ///   - cells: `[..., C]`, the last `3 q` channels are q colours.
  ///   - colors: q.
  /// - Returns: `[..., C + 27]`.
  static func widened(_ cells: Tensor, colors: Int) -> Tensor {
    let width = cells.width
    let rows = cells.count / width
    return Tensor(shape: cells.shape.dropLast() + [width + points]) { target in
      cells.withElements { values in
        for row in 0..<rows {
          let start = row &* (width &+ points)
          for channel in 0..<width { target[start &+ channel] = values[row &* width &+ channel] }
          for point in 0..<points { target[start &+ width &+ point] = 0 }
          for color in 0..<colors {
            guard let source = values.baseAddress else { continue }
            spread(source + (row &* width &+ width &- 3 &* (colors &- color)), weight: 1 / Float(colors)) {
              target[start &+ width &+ $0] += $1
            }
          }
        }
      }
    }
  }

  /// For each point the root of its share of a whole picture, and of its greatest share of one quarter.
  ///
  /// - Parameters:
  ///   - cells: `[N, C]`, row by row, the last `3 q` channels are q colours.
  ///   - width: C.
  ///   - colors: q.
  /// - Returns: `[54]`.
  static func sums(_ cells: UnsafeBufferPointer<Float>, width: Int, colors: Int) -> [Float] {
    var total = [Float](repeating: 0, count: points)
    var greatest = [Float](repeating: 0, count: points)
    let rows = cells.count / max(1, width)
    guard let source = cells.baseAddress else { return total + greatest }
    for row in 0..<rows {
      for color in 0..<colors {
        spread(source + (row &* width &+ width &- 3 &* (colors &- color)), weight: 1) { point, share in
          total[point] += share
          greatest[point] = max(greatest[point], share)
        }
      }
    }
    return total.map { ($0 / Float(rows * colors)).squareRoot() } + greatest.map { $0.squareRoot() }
  }
}
