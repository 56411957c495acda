// Canvas.swift - drawing on a picture: rectangles, pictures, text, heat maps. Whatever lies outside is cut off.

/// A rectangle of whole pixels; a width or height below 1 is an empty one.
public struct PixelRectangle: Sendable, Equatable {
  /// Pixels from the left to its left edge.
  public var x: Int
  /// Rows from the top to its top edge.
  public var y: Int
  /// Pixels across.
  public var width: Int
  /// Rows.
  public var height: Int

  /// A rectangle at a place with a size.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
}

/// A picture that can be drawn on.
public struct Canvas: Sendable {
  /// The picture as drawn so far.
  public internal(set) var image: RGBImage

  /// An empty canvas.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row, at least 1.
  ///   - height: Rows, at least 1.
  ///   - background: The colour of every pixel.
  /// - Throws: As ``RGBImage/init(width:height:color:)``.
  public init(width: Int, height: Int, background: RGBColor = .white) throws(ImageFailure) {
    image = try RGBImage(width: width, height: height, color: background)
  }

  /// A canvas that starts as a picture.
  public init(_ image: RGBImage) { self.image = image }

  /// Fills a rectangle.
  ///
  /// - Parameters:
  ///   - rectangle: What to fill.
  ///   - color: With which colour.
  public mutating func fill(_ rectangle: PixelRectangle, color: RGBColor) {
    let columns = columns(of: rectangle)
    for y in rows(of: rectangle) {
      for x in columns { image.setColor(color, x: x, y: y) }
    }
  }

  /// Draws the edge of a rectangle, inside it.
  ///
  /// - Parameters:
  ///   - rectangle: Whose edge.
  ///   - color: In which colour.
  ///   - thickness: Pixels from the outside of the edge to its inside.
  public mutating func outline(_ rectangle: PixelRectangle, color: RGBColor, thickness: Int = 1) {
    let x = rectangle.x, y = rectangle.y, width = rectangle.width, height = rectangle.height
    let edge = min(max(0, thickness), max(0, width), max(0, height))
    fill(PixelRectangle(x: x, y: y, width: width, height: edge), color: color)
    fill(PixelRectangle(x: x, y: Self.end(y, height - edge), width: width, height: edge), color: color)
    fill(PixelRectangle(x: x, y: y, width: edge, height: height), color: color)
    fill(PixelRectangle(x: Self.end(x, width - edge), y: y, width: edge, height: height), color: color)
  }

  /// Puts a picture on the canvas.
  ///
  /// - Parameters:
  ///   - picture: What to put there.
  ///   - x: Pixels from the left to its left edge.
  ///   - y: Rows from the top to its top edge.
  public mutating func paste(_ picture: RGBImage, x: Int, y: Int) {
    let place = PixelRectangle(x: x, y: y, width: picture.width, height: picture.height)
    let columns = columns(of: place)
    guard let left = columns.first else { return }
    for row in rows(of: place) {
      let source = ((row - y) * picture.width + left - x) * 3
      let target = (row * image.width + left) * 3
      image.pixels.replaceSubrange(
        target..<target + columns.count * 3, with: picture.pixels[source..<source + columns.count * 3])
    }
  }

  /// The columns of a rectangle that are on the canvas.
  func columns(of rectangle: PixelRectangle) -> Range<Int> {
    Self.clipped(rectangle.x, rectangle.width, to: image.width)
  }

  /// The rows of a rectangle that are on the canvas.
  func rows(of rectangle: PixelRectangle) -> Range<Int> {
    Self.clipped(rectangle.y, rectangle.height, to: image.height)
  }

  private static func clipped(_ start: Int, _ length: Int, to limit: Int) -> Range<Int> {
    let first = min(limit, max(0, start))
    return first..<max(first, min(limit, end(start, max(0, length))))
  }

  /// `start + length`, or the largest number where that is too large.
  static func end(_ start: Int, _ length: Int) -> Int {
    let (end, overflow) = start.addingReportingOverflow(length)
    return overflow ? .max : end
  }
}
