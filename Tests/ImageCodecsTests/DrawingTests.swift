// DrawingTests.swift - rectangles, pictures, text and heat maps, cut off at the edges.

import Foundation
import ImageCodecs
import Testing

struct DrawingTests {
  static let red = RGBColor(red: 255, green: 0, blue: 0)

  /// The canvas as text: `#` where it is not white.
  func ink(_ canvas: Canvas) -> [String] {
    (0..<canvas.image.height).map { y in
      String((0..<canvas.image.width).map { x in canvas.image.color(x: x, y: y) == .white ? "." : "#" })
    }
  }

  @Test func outlineIsInside() throws {
    var canvas = try Canvas(width: 7, height: 5)
    canvas.outline(PixelRectangle(x: 1, y: 1, width: 5, height: 4), color: Self.red)
    #expect(ink(canvas) == [".......", ".#####.", ".#...#.", ".#...#.", ".#####."])
    canvas = try Canvas(width: 7, height: 5)
    canvas.outline(PixelRectangle(x: -2, y: -1, width: 6, height: 5), color: Self.red, thickness: 2)
    #expect(ink(canvas) == ["####...", "..##...", "####...", "####...", "......."])
  }

  @Test func nothingIsDrawnOutside() throws {
    let blank = try Canvas(width: 4, height: 4)
    var canvas = blank
    let picture = try RGBImage(width: 2, height: 2, color: .black)
    for (x, y) in [(-2, 0), (4, 0), (0, 4), (0, -2), (.max, .max), (.min, .min), (.min, 1)] {
      canvas.paste(picture, x: x, y: y)
      canvas.fill(PixelRectangle(x: x, y: y, width: 2, height: 2), color: .black)
      canvas.outline(PixelRectangle(x: x, y: y, width: 2, height: 2), color: .black, thickness: .max)
      canvas.overlay(
        try HeatMap(rows: 1, columns: 1, values: [1]), in: PixelRectangle(x: x, y: y, width: 2, height: 2))
    }
    canvas.fill(PixelRectangle(x: 1, y: 1, width: -1, height: 5), color: .black)
    canvas.write("far", x: .max, y: 0)
    canvas.write("far", x: 0, y: .max, scale: .max)
    canvas.write("far\nfar", x: .min, y: .min)
    #expect(canvas.image == blank.image)
  }

  @Test func picturesAreCutAtTheEdge() throws {
    var canvas = try Canvas(width: 3, height: 2)
    let pixels = (1...4).flatMap { [UInt8($0), UInt8($0), UInt8($0)] }
    let picture = try RGBImage(width: 2, height: 2, pixels: pixels)
    canvas.paste(picture, x: -1, y: 0)
    canvas.paste(picture, x: 2, y: 1)
    let reds = (0..<6).map { canvas.image.color(x: $0 % 3, y: $0 / 3)?.red }
    #expect(reds == [2, 255, 255, 4, 255, 1])
  }

  @Test func textIsReadable() throws {
    var canvas = try Canvas(width: 17, height: 10)
    canvas.write("L1g", x: 0, y: 1)
    #expect(
      ink(canvas) == [
        ".................",
        "#.......#........",
        "#......##........",
        "#.......#....##.#",
        "#.......#...#..##",
        "#.......#...#...#",
        "#.......#...#..##",
        "#####..###...##.#",
        "................#",
        ".............###.",
      ])
  }

  @Test func everyPrintableCharacterHasItsOwnGlyph() throws {
    var seen: [[String]: Unicode.Scalar] = [:]
    for code in UInt8(32)...126 {
      var canvas = try Canvas(width: 5, height: 9)
      canvas.write(String(Unicode.Scalar(code)), x: 0, y: 0)
      let other = seen.updateValue(Unicode.Scalar(code), forKey: ink(canvas))
      #expect(other == nil, "\(Unicode.Scalar(code)) looks like \(String(describing: other))")
    }
    var box = try Canvas(width: 5, height: 9), drawn = box
    box.outline(PixelRectangle(x: 0, y: 0, width: 5, height: 7), color: .black)
    drawn.write("é", x: 0, y: 0)
    #expect(drawn.image == box.image)
  }

  @Test func textSizeAndScale() throws {
    #expect(Canvas.size(ofText: "abc") == (17, 9))
    #expect(Canvas.size(ofText: "a\nbcd", scale: 2) == (34, 40))
    #expect(Canvas.size(ofText: "") == (0, 9))
    var canvas = try Canvas(width: 34, height: 40)
    canvas.write("a\n  M", x: 0, y: 0, scale: 2)
    #expect(ink(canvas)[22].hasSuffix("##......##"))
    #expect(ink(canvas)[4].hasPrefix("..######.."))
  }

  @Test func coloursRiseInLightness() {
    // Relative luminance of sRGB, near enough.
    let luminance = (0...100).map { step in
      let color = ColorScale.ember.color(at: Float(step) / 100)
      let parts = [color.red, color.green, color.blue].map { pow(Double($0) / 255, 2.2) }
      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
    #expect(zip(luminance, luminance.dropFirst()).allSatisfy { $0 < $1 })
    #expect(luminance[0] < 0.01 && luminance[100] > 0.8)
    #expect(ColorScale.ember.color(at: .nan) == ColorScale.ember.color(at: -3))
    #expect(ColorScale.ember.color(at: .infinity) == ColorScale.ember.color(at: 1))
    let end = ColorScale.ember.color(at: 1)
    #expect(end.red > 200 && end.green > 200 && end.blue < 100, "yellow, not \(end)")
  }

  @Test func heatMapLiesWhereItsCellsAre() throws {
    let map = try HeatMap(rows: 2, columns: 3, values: [0, 0, 4, .nan, 2, -.infinity])
    var canvas = try Canvas(width: 30, height: 20)
    canvas.overlay(map, opacity: 1)
    let scale = ColorScale.ember
    #expect(canvas.image.color(x: 29, y: 0) == scale.color(at: 1))
    #expect(canvas.image.color(x: 0, y: 0) == scale.color(at: 0))
    #expect(canvas.image.color(x: 0, y: 19) == scale.color(at: 0))
    // Between the middle of the top right cell and that of the cell left of it: 19.5 + 0.5 = 20, half the way.
    #expect(canvas.image.color(x: 19, y: 0) == scale.color(at: 0.45))
    var untouched = try Canvas(width: 30, height: 20)
    untouched.overlay(map, opacity: 0)
    #expect(try untouched.image == RGBImage(width: 30, height: 20, color: .white))
    var half = untouched
    half.overlay(map, in: PixelRectangle(x: 10, y: 0, width: 10, height: 20), maximum: 8, opacity: 0.5)
    let expected = (255 + Int(scale.color(at: 0.5).red) + 1) / 2
    #expect(half.image.color(x: 19, y: 0)?.red == UInt8(expected))
    #expect(half.image.color(x: 20, y: 0) == .white)
  }

  @Test func heatMapsAreChecked() {
    #expect(throws: ImageFailure.badSize(width: 0, height: 2)) { try HeatMap(rows: 2, columns: 0, values: []) }
    #expect(throws: ImageFailure.wrongCount(expected: 6, found: 1)) { try HeatMap(rows: 2, columns: 3, values: [1]) }
  }
}
