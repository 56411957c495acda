// AttentionCell.swift - a picture fitted to a cell, and attention laid over it.

import ImageCodecs
import Routing

/// The picture that all maps of a sheet lie over.
struct AttentionCell {
  /// Longest side of a picture that is enlarged by whole factors; beyond, its dots are too fine to be kept.
  private static let smallPicture = 128
  /// Longest side that is kept as it is.
  private static let largeSide = 256
  /// Longest side of all other pictures.
  private static let usualSide = 224
  /// Times the even share that the brightest colour stands for at least.
  static let leastPeak = 4
  /// How much of a map's colour covers the picture.
  private static let opacity: Float = 0.68

  /// The picture in its colours.
  let picture: RGBImage
  /// The picture in pale grey, on which the colours of a map are told apart.
  private let base: Canvas

  /// Fits a picture to a cell: small ones enlarged dot by dot, large ones made smaller.
  ///
  /// - Parameter picture: A picture of any size.
  /// - Throws: `ImageFailure` when the picture is too large to be resized.
  init(_ picture: RGBImage) throws(ImageFailure) {
    let longest = max(picture.width, picture.height)
    if longest <= Self.smallPicture {
      self.picture = try Self.enlarged(picture, by: (SheetSize.cell + longest - 1) / longest)
    } else if longest >= SheetSize.cell, longest <= Self.largeSide {
      self.picture = picture
    } else {
      let share = Double(Self.usualSide) / Double(longest)
      let size = (
        width: max(1, Int((Double(picture.width) * share).rounded())),
        height: max(1, Int((Double(picture.height) * share).rounded()))
      )
      self.picture = try picture.resized(to: size, filter: .bicubic)
    }
    base = Canvas(try Self.paleGrey(self.picture))
  }

  /// The picture under a map whose brightest colour stands for its own peak.
  ///
  /// A map without a clear peak would glow all over, and its least unevenness show as a pattern; so the brightest colour
  /// stands for at least a few times the even share.
  ///
  /// - Parameters:
  ///   - attention: The attention each token received, row by row.
  ///   - grid: The grid of tokens.
  /// - Returns: The picture.
  /// - Throws: `ImageFailure` when the attention does not fit the grid.
  func picture(under attention: [Float], grid: GridSize) throws(ImageFailure) -> RGBImage {
    let map = try HeatMap(rows: grid.rows, columns: grid.columns, values: attention)
    let least = min(1, Float(Self.leastPeak) / Float(attention.count))
    var canvas = base
    canvas.overlay(map, maximum: max(map.maximum, least), opacity: Self.opacity)
    return canvas.image
  }

  /// The colours of a map from nothing to its greatest value, as they look over a grey of middle brightness.
  static func legend(width: Int, height: Int) throws(ImageFailure) -> RGBImage {
    var canvas = try Canvas(width: width, height: height, background: RGBColor(red: 150, green: 150, blue: 150))
    let steps = 256
    let ramp = (0..<steps).map { Float($0) / Float(steps - 1) }
    canvas.overlay(try HeatMap(rows: 1, columns: steps, values: ramp), opacity: opacity)
    return canvas.image
  }

  /// The picture with each dot as a square.
  private static func enlarged(_ picture: RGBImage, by factor: Int) throws(ImageFailure) -> RGBImage {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(picture.pixels.count * factor * factor)
    for y in 0..<picture.height {
      let line = (0..<picture.width).flatMap { x in
        let start = (y * picture.width + x) * 3
        return (0..<factor).flatMap { _ in picture.pixels[start..<start + 3] }
      }
      for _ in 0..<factor { pixels += line }
    }
    return try RGBImage(width: picture.width * factor, height: picture.height * factor, pixels: pixels)
  }

  /// Grey from 70 to 230; the weights of red, green and blue are those of television (BT.601).
  private static func paleGrey(_ picture: RGBImage) throws(ImageFailure) -> RGBImage {
    var pixels = picture.pixels
    for start in stride(from: 0, to: pixels.count, by: 3) {
      let light = (299 * Int(pixels[start]) + 587 * Int(pixels[start + 1]) + 114 * Int(pixels[start + 2])) / 1000
      let grey = UInt8(clamping: 70 + light * 160 / 255)
      for channel in 0..<3 { pixels[start + channel] = grey }
    }
    return try RGBImage(width: picture.width, height: picture.height, pixels: pixels)
  }
}
