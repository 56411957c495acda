// BitmapFont.swift - a small font whose letters are five by seven dots, with two rows below the line.

/// The font of ``Canvas``: printable ASCII; every other character is a box.
enum BitmapFont {
  /// Columns of a glyph.
  static let width = 5
  /// Rows of a glyph, the two below the line included.
  static let height = 9
  /// Columns from one glyph to the next.
  static let advance = 6
  /// Rows from one line to the next.
  static let lineHeight = 11

  /// The rows of a glyph from the top; bit 4 is its left column.
  ///
  /// - Parameter scalar: The character.
  /// - Returns: Nine rows of five bits.
  static func rows(of scalar: Unicode.Scalar) -> [UInt8] {
    guard let glyph = glyphs[scalar] else { return box }
    return glyph
  }

  private static let box: [UInt8] = [0b11111, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b11111, 0, 0]

  private static let glyphs: [Unicode.Scalar: [UInt8]] = {
    let lines = fontPicture.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf8) }
    var glyphs: [Unicode.Scalar: [UInt8]] = [:]
    let blockHeight = height + 1, glyphsInBlock = 16
    for index in 0..<95 {
      let top = index / glyphsInBlock * blockHeight + 1, left = index % glyphsInBlock * advance
      glyphs[Unicode.Scalar(UInt8(32 + index))] = lines[top..<top + height].map { line in
        line[left..<left + width].reduce(0) { row, dot in row << 1 | (dot == UInt8(ascii: "#") ? 1 : 0) }
      }
    }
    return glyphs
  }()
}
