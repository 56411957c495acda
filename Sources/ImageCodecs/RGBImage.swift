// RGBImage.swift - a picture of 8-bit red, green and blue.

/// One colour: red, green and blue from 0 to 255.
public struct RGBColor: Sendable, Equatable {
  /// The part of red.
  public var red: UInt8
  /// The part of green.
  public var green: UInt8
  /// The part of blue.
  public var blue: UInt8

  /// A colour of these parts.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// White.
  public static let white = RGBColor(red: 255, green: 255, blue: 255)
  /// Black.
  public static let black = RGBColor(red: 0, green: 0, blue: 0)
}

/// A picture in memory; at least one pixel, and always as many values as its size asks for.
public struct RGBImage: Sendable, Equatable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Red, green, blue of each pixel, row by row from the top, `width * height * 3` values.
  public internal(set) var pixels: [UInt8]

  /// A picture of one colour.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row, at least 1.
  ///   - height: Rows, at least 1.
  ///   - color: The colour of every pixel.
  /// - Throws: ``ImageFailure/badSize(width:height:)``, or ``ImageFailure/tooManyPixels(width:height:limit:)`` above the
  ///   default limit.
  public init(width: Int, height: Int, color: RGBColor) throws(ImageFailure) {
    let count = try Self.checkedCount(width: width, height: height)
    self.init(
      width: width, height: height,
      unchecked: [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        for offset in stride(from: 0, to: count, by: 3) {
          buffer[offset] = color.red
          buffer[offset &+ 1] = color.green
          buffer[offset &+ 2] = color.blue
        }
        initialized = count
      })
  }

  /// A picture of these pixels.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row, at least 1.
  ///   - height: Rows, at least 1.
  ///   - pixels: Red, green, blue of each pixel, row by row from the top.
  /// - Throws: As ``init(width:height:color:)``, or ``ImageFailure/wrongCount(expected:found:)``.
  public init(width: Int, height: Int, pixels: [UInt8]) throws(ImageFailure) {
    let count = try Self.checkedCount(width: width, height: height)
    guard pixels.count == count else { throw .wrongCount(expected: count, found: pixels.count) }
    self.init(width: width, height: height, unchecked: pixels)
  }

  /// A picture whose size and pixels were checked by the caller.
  init(width: Int, height: Int, unchecked pixels: [UInt8]) {
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// The colour at a place.
  ///
  /// - Parameters:
  ///   - x: Pixels from the left.
  ///   - y: Rows from the top.
  /// - Returns: The colour, or nil outside the picture.
  public func color(x: Int, y: Int) -> RGBColor? {
    guard let offset = offset(x: x, y: y) else { return nil }
    return RGBColor(red: pixels[offset], green: pixels[offset + 1], blue: pixels[offset + 2])
  }

  /// Colours one pixel; does nothing outside the picture.
  ///
  /// - Parameters:
  ///   - color: The new colour.
  ///   - x: Pixels from the left.
  ///   - y: Rows from the top.
  public mutating func setColor(_ color: RGBColor, x: Int, y: Int) {
    guard let offset = offset(x: x, y: y) else { return }
    pixels[offset] = color.red
    pixels[offset + 1] = color.green
    pixels[offset + 2] = color.blue
  }

  private func offset(x: Int, y: Int) -> Int? {
    guard x >= 0, x < width, y >= 0, y < height else { return nil }
    return (y * width + x) * 3
  }

  /// The number of values of a picture of this size, if it may exist.
  static func checkedCount(width: Int, height: Int) throws(ImageFailure) -> Int {
    guard width >= 1, height >= 1 else { throw .badSize(width: width, height: height) }
    let (area, overflow) = width.multipliedReportingOverflow(by: height)
    let limit = ImageLimits.default.pixels
    guard !overflow, area <= limit else { throw .tooManyPixels(width: width, height: height, limit: limit) }
    return area * 3
  }
}
