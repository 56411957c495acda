// CanvasLine.swift - lines and discs with smooth edges.

/// A place on a canvas in pixels from its top left corner; the middle of the first pixel is at 0.5, 0.5.
public struct CanvasPoint: Sendable, Equatable {
  /// Pixels from the left.
  public var x: Double
  /// Pixels from the top.
  public var y: Double

  /// A place.
  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

extension Canvas {
  /// Draws a straight line with round ends; one of no length is a disc.
  ///
  /// - Parameters:
  ///   - start: Where it starts.
  ///   - end: Where it ends.
  ///   - color: The colour.
  ///   - width: Pixels across.
  public mutating func line(from start: CanvasPoint, to end: CanvasPoint, color: RGBColor, width: Double) {
    let reach = width / 2 + 1
    // A line to a place that is no number, or so far away that no pixel of it would show, is none.
    let ends = [start.x, start.y, end.x, end.y]
    guard width > 0, reach < 1e6, ends.allSatisfy({ $0.magnitude < 1e6 }) else { return }
    let (left, top) = (Int(min(start.x, end.x) - reach), Int(min(start.y, end.y) - reach))
    let (right, bottom) = (Int(max(start.x, end.x) + reach), Int(max(start.y, end.y) + reach))
    let box = PixelRectangle(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let square = dx * dx + dy * dy
    let columns = columns(of: box)
    for row in rows(of: box) {
      for column in columns {
        let (px, py) = (Double(column) + 0.5 - start.x, Double(row) + 0.5 - start.y)
        let along = square > 0 ? min(1, max(0, (px * dx + py * dy) / square)) : 0
        let (ax, ay) = (px - along * dx, py - along * dy)
        let cover = width / 2 + 0.5 - (ax * ax + ay * ay).squareRoot()
        if cover > 0 { blend(color, x: column, y: row, share: min(1, cover)) }
      }
    }
  }

  /// Draws a disc.
  ///
  /// - Parameters:
  ///   - center: Its middle.
  ///   - diameter: Pixels across.
  ///   - color: The colour.
  public mutating func disc(at center: CanvasPoint, diameter: Double, color: RGBColor) {
    line(from: center, to: center, color: color, width: diameter)
  }

  private mutating func blend(_ color: RGBColor, x: Int, y: Int, share: Double) {
    let offset = (y * image.width + x) * 3
    for (channel, value) in [color.red, color.green, color.blue].enumerated() {
      let mixed = Double(image.pixels[offset + channel]) * (1 - share) + Double(value) * share
      image.pixels[offset + channel] = UInt8(mixed.rounded())
    }
  }
}
