// SheetBars.swift - lists of names with a share and a bar each.

import ImageCodecs

extension Sheet {
  /// Most entries of a list; the rest is counted.
  private static let mostEntries = 48
  /// Most entries below each other before the list goes on in another column.
  private static let entriesInColumn = 10
  /// Narrowest column in pixels.
  private static let narrowestColumn = 280

  /// A bar over its full length in grey.
  mutating func bar(_ share: Float, in place: PixelRectangle, color: RGBColor) {
    fill(place, color: SheetColor.line)
    let length = share > 0 ? max(1, Int(min(1, share) * Float(place.width))) : 0
    fill(PixelRectangle(x: place.x, y: place.y, width: length, height: place.height), color: color)
  }

  /// Lists names with their shares, in as many columns as are needed and fit.
  ///
  /// - Parameters:
  ///   - entries: Names in printable ASCII, with shares from 0 to 1.
  ///   - x: Pixels from the left.
  ///   - y: Rows from the top.
  ///   - width: Pixels across.
  /// - Returns: The row below the list.
  mutating func list(_ entries: [(name: String, share: Float)], x: Int, y: Int, width: Int) -> Int {
    let shown = entries.prefix(Self.mostEntries)
    let fitting = max(1, (width + SheetSize.gap) / (Self.narrowestColumn + SheetSize.gap))
    let columns = max(1, min(fitting, (shown.count + Self.entriesInColumn - 1) / Self.entriesInColumn))
    let columnWidth = (width - (columns - 1) * SheetSize.gap) / columns
    let inColumn = (shown.count + columns - 1) / columns
    let style = TextStyle.plain
    let characters = SheetText.characters(in: columnWidth, scale: style.scale)
    let shares = 9  // " >99.99 %"
    let longest = min(shown.map(\.name.count).max() ?? 0, max(3, (characters - shares) * 2 / 3))
    for (index, entry) in shown.enumerated() {
      let left = x + index / inColumn * (columnWidth + SheetSize.gap)
      let top = y + index % inColumn * style.lineHeight
      let end = left + Canvas.size(ofText: String(repeating: "a", count: longest + shares), scale: style.scale).width
      write(SheetText.cut(entry.name, characters: longest), x: left, y: top, style)
      write(Percent.text(entry.share), endingAt: end, y: top, style)
      let place = PixelRectangle(
        x: end + 12, y: top + 3, width: max(0, min(columnWidth - (end + 12 - left), 240)), height: SheetSize.bar)
      bar(entry.share, in: place, color: SheetColor.bar)
    }
    let bottom = y + inColumn * style.lineHeight
    guard entries.count > shown.count else { return bottom }
    return write(lines: ["... and \(entries.count - shown.count) more"], x: x, y: bottom, .faint)
  }
}
