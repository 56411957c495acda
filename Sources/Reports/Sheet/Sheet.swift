// Sheet.swift - a page that grows as things are put on it, and is drawn when its size is known.

import ImageCodecs

/// A page of text, bars and pictures.
package struct Sheet {
  /// Something on the page.
  private enum Mark {
    case text(String, x: Int, y: Int, color: RGBColor, scale: Int)
    case fill(PixelRectangle, color: RGBColor)
    case outline(PixelRectangle, color: RGBColor, thickness: Int)
    case picture(RGBImage, x: Int, y: Int)
  }

  /// Pixels across.
  package let width: Int
  /// Rows used so far.
  package private(set) var height = 1
  /// The place of each piece of text.
  package private(set) var texts: [PixelRectangle] = []
  /// The place of each picture.
  package private(set) var pictures: [PixelRectangle] = []
  private var marks: [Mark] = []

  /// An empty page.
  init(width: Int) {
    self.width = width
  }

  /// Writes one line.
  ///
  /// - Parameters:
  ///   - text: Printable ASCII.
  ///   - x: Pixels from the left.
  ///   - y: Rows from the top.
  ///   - style: Size and colour.
  mutating func write(_ text: String, x: Int, y: Int, _ style: TextStyle) {
    let size = Canvas.size(ofText: text, scale: style.scale)
    guard size.width > 0 else { return }
    for shift in 0...(style.isBold ? 1 : 0) {
      marks.append(.text(text, x: x + shift, y: y, color: style.color, scale: style.scale))
    }
    let place = PixelRectangle(x: x, y: y, width: size.width, height: size.height)
    texts.append(place)
    grow(place)
  }

  /// Writes lines below each other.
  ///
  /// - Parameters:
  ///   - lines: Lines of printable ASCII.
  ///   - x: Pixels from the left.
  ///   - y: Rows from the top.
  ///   - style: Size and colour.
  /// - Returns: The row below them.
  mutating func write(lines: [String], x: Int, y: Int, _ style: TextStyle) -> Int {
    for (index, line) in lines.enumerated() { write(line, x: x, y: y + index * style.lineHeight, style) }
    return y + lines.count * style.lineHeight
  }

  /// Writes one line that ends at a place.
  mutating func write(_ text: String, endingAt x: Int, y: Int, _ style: TextStyle) {
    write(text, x: x - Canvas.size(ofText: text, scale: style.scale).width, y: y, style)
  }

  /// Fills a rectangle.
  mutating func fill(_ place: PixelRectangle, color: RGBColor) {
    marks.append(.fill(place, color: color))
    grow(place)
  }

  /// Draws a frame around a rectangle, outside it.
  mutating func frame(_ place: PixelRectangle, color: RGBColor, gap: Int, thickness: Int) {
    let out = gap + thickness
    let frame = PixelRectangle(
      x: place.x - out, y: place.y - out, width: place.width + 2 * out, height: place.height + 2 * out)
    marks.append(.outline(frame, color: color, thickness: thickness))
    grow(frame)
  }

  /// Puts a picture on the page.
  mutating func paste(_ picture: RGBImage, x: Int, y: Int) {
    marks.append(.picture(picture, x: x, y: y))
    let place = PixelRectangle(x: x, y: y, width: picture.width, height: picture.height)
    pictures.append(place)
    grow(place)
  }

  /// The page as a picture.
  ///
  /// - Parameter margin: Rows left free at the bottom.
  /// - Returns: The canvas.
  /// - Throws: `ImageFailure` where the page has grown too large for a picture.
  func drawn(margin: Int) throws(ImageFailure) -> Canvas {
    var canvas = try Canvas(width: width, height: height + margin)
    for mark in marks {
      switch mark {
      case .text(let text, let x, let y, let color, let scale):
        canvas.write(text, x: x, y: y, color: color, scale: scale)
      case .fill(let place, let color): canvas.fill(place, color: color)
      case .outline(let place, let color, let thickness): canvas.outline(place, color: color, thickness: thickness)
      case .picture(let picture, let x, let y): canvas.paste(picture, x: x, y: y)
      }
    }
    return canvas
  }

  private mutating func grow(_ place: PixelRectangle) {
    height = max(height, place.y + place.height)
  }
}
