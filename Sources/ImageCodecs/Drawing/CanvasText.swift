// CanvasText.swift - writing on a canvas.

extension Canvas {
  /// The size a text takes when written.
  ///
  /// - Parameters:
  ///   - text: The text; "\n" begins a line.
  ///   - scale: Pixels a dot of the font is wide and high, at least 1.
  /// - Returns: Width and height in pixels; without the gaps after the last column and row.
  public static func size(ofText text: String, scale: Int = 1) -> (width: Int, height: Int) {
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    let longest = lines.map(\.count).max() ?? 0
    let scale = usable(scale)
    let columns = longest == 0 ? 0 : longest * BitmapFont.advance - (BitmapFont.advance - BitmapFont.width)
    let rows = lines.count * BitmapFont.lineHeight - (BitmapFont.lineHeight - BitmapFont.height)
    return (columns * scale, rows * scale)
  }

  /// Writes a text in the built-in font of five by seven dots, two rows more below the line; characters outside printable ASCII become boxes.
  ///
  /// - Parameters:
  ///   - text: The text; "\n" begins a line.
  ///   - x: Pixels from the left to the left edge of the first character.
  ///   - y: Rows from the top to the top edge of the first line.
  ///   - color: The colour of the dots.
  ///   - scale: Pixels a dot is wide and high; 1 to 256, the nearest is taken.
  public mutating func write(_ text: String, x: Int, y: Int, color: RGBColor = .black, scale: Int = 1) {
    let scale = Self.usable(scale)
    var left = x, top = y
    for scalar in text.unicodeScalars {
      if scalar == "\n" {
        left = x
        top = Self.end(top, BitmapFont.lineHeight * scale)
        continue
      }
      // Beyond the right edge nothing shows; the rest of a long line costs nothing.
      if left < image.width && top < image.height { draw(BitmapFont.rows(of: scalar), left, top, color, scale) }
      left = Self.end(left, BitmapFont.advance * scale)
    }
  }

  private mutating func draw(_ glyph: [UInt8], _ left: Int, _ top: Int, _ color: RGBColor, _ scale: Int) {
    for (row, dots) in glyph.enumerated() {
      for column in 0..<BitmapFont.width where dots & (1 << (BitmapFont.width - 1 - column)) != 0 {
        let x = Self.end(left, column * scale), y = Self.end(top, row * scale)
        fill(PixelRectangle(x: x, y: y, width: scale, height: scale), color: color)
      }
    }
  }

  private static func usable(_ scale: Int) -> Int { min(256, max(1, scale)) }
}
