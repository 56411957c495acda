// SheetStyle.swift - sizes, colours and letters of the pages drawn for people.

import ImageCodecs

/// How a piece of text is written.
struct TextStyle {
  /// Pixels of a dot of the font.
  let scale: Int
  /// The colour of the letters.
  let color: RGBColor
  /// Whether each letter is drawn twice, a pixel apart.
  var isBold = false

  /// Rows from one line to the next.
  var lineHeight: Int { SheetText.lineHeight(scale: scale) }

  /// The question at the top.
  static func title(scale: Int) -> TextStyle { TextStyle(scale: scale, color: SheetColor.ink, isBold: true) }
  /// The answer below it.
  static let result = TextStyle(scale: 3, color: SheetColor.accent, isBold: true)
  /// Headings of rows and panels.
  static let heading = TextStyle(scale: 2, color: SheetColor.ink, isBold: true)
  /// Captions and lists.
  static let plain = TextStyle(scale: 2, color: SheetColor.ink)
  /// What matters less.
  static let faint = TextStyle(scale: 2, color: SheetColor.faint)
  /// What belongs to the chosen span.
  static let chosen = TextStyle(scale: 2, color: SheetColor.accent, isBold: true)
}

/// The colours of a page; the accent is none of the heat map's.
enum SheetColor {
  /// Letters.
  static let ink = RGBColor(red: 32, green: 34, blue: 40)
  /// Letters that matter less.
  static let faint = RGBColor(red: 104, green: 108, blue: 118)
  /// Rules and the empty part of bars.
  static let line = RGBColor(red: 222, green: 225, blue: 230)
  /// Bars.
  static let bar = RGBColor(red: 128, green: 136, blue: 150)
  /// The chosen span.
  static let accent = RGBColor(red: 0, green: 128, blue: 132)
}

/// Distances on a page in pixels.
enum SheetSize {
  /// Around the page.
  static let margin = 24
  /// Between cells.
  static let gap = 20
  /// Between rows of cells.
  static let rowGap = 28
  /// Narrowest cell: room for its caption.
  static let cell = 192
  /// Thickness of the frame of the chosen span.
  static let frame = 4
  /// From a heading to what stands below it.
  static let heading = 28
  /// Height of a bar.
  static let bar = 8
}
