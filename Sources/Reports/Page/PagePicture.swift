// PagePicture.swift - a picture inside a page: its bytes stand there once, every other place draws it again by its name.

import ImageCodecs
import Routing

/// How a picture becomes part of a page.
struct PictureFit {
  /// Longest side in pixels that is kept.
  let longest: Int
  /// Bytes above which a photograph is encoded more coarsely.
  let bytes: Int

  /// The picture of a page about one question.
  static let large = PictureFit(longest: 640, bytes: 200_000)
  /// One picture of many on a page.
  static let small = PictureFit(longest: 112, bytes: 6_000)
}

/// The place of a picture in a page, where other places can take it from.
struct PagePlace: Sendable {
  /// Its name in the page.
  let name: Markup
  /// Its shape as a style.
  let style: Markup
  /// The grid whose cells are the units it is drawn in.
  let grid: GridSize

  /// The picture drawn again.
  var again: Markup { "<use href=\"#\(name)\"/>" }
}

/// A picture that stands in a page once.
struct PagePicture {
  /// Longest side of a picture whose dots are shown as squares.
  private static let dottedSide = 128
  /// The narrowest and the widest shape that is kept; beyond, a picture is squeezed, as the model squeezes it into a square.
  private static let shapes = 0.4...2.5
  /// The qualities of JPEG that are tried.
  private static let qualities = [80, 60, 40, 20]

  /// Where it stands.
  let place: PagePlace
  /// The bytes as the address of an image.
  private let address: Markup
  private let isDotted: Bool

  /// Prepares a picture.
  ///
  /// - Parameters:
  ///   - picture: The picture.
  ///   - name: Its name in the page, unlike that of any other.
  ///   - grid: The grid whose cells are the units it is drawn in.
  ///   - fit: Size and bytes.
  /// - Throws: `ImageFailure` when the picture cannot be resized or encoded.
  init(_ picture: RGBImage, name: Markup, grid: GridSize, fit: PictureFit) throws(ImageFailure) {
    let shape = min(Self.shapes.upperBound, max(Self.shapes.lowerBound, Double(picture.width) / Double(picture.height)))
    place = PagePlace(name: name, style: "--shape:\(Markup.decimal(shape, places: 3))", grid: grid)
    let side = max(picture.width, picture.height)
    isDotted = side <= Self.dottedSide && side < fit.longest
    address = try Self.encoded(Self.fitted(picture, longest: fit.longest), most: fit.bytes)
  }

  /// The picture itself.
  func figure(label: String) -> Markup {
    let grid = place.grid
    let kind: Markup = isDotted ? " class=\"dots\"" : ""
    return """
      <svg class="picture" \(HeatFigure.frame(grid)) role="img" aria-label="\(label, limit: 300)">\
      <image id="\(place.name)"\(kind) width="\(grid.columns)" height="\(grid.rows)" \
      preserveAspectRatio="none" href="\(address)"/></svg>
      """
  }

  /// Makes a picture smaller where one of its sides is too long.
  static func fitted(_ picture: RGBImage, longest: Int) throws(ImageFailure) -> RGBImage {
    let side = max(picture.width, picture.height)
    guard side > longest else { return picture }
    let share = Double(longest) / Double(side)
    let width = max(1, Int((Double(picture.width) * share).rounded()))
    let height = max(1, Int((Double(picture.height) * share).rounded()))
    return try picture.resized(to: (width: width, height: height), filter: .bicubic)
  }

  /// Drawings are smaller as PNG, and without loss; photographs as JPEG.
  private static func encoded(_ picture: RGBImage, most: Int) throws(ImageFailure) -> Markup {
    let png = try encodePNG(picture)
    var jpeg: [UInt8] = []
    for quality in qualities {
      jpeg = try encodeJPEG(picture, quality: quality)
      if jpeg.count <= most { break }
    }
    let isDrawing = png.count <= most && png.count <= 2 * jpeg.count
    return isDrawing ? .dataAddress(png, type: "png") : .dataAddress(jpeg, type: "jpeg")
  }
}
