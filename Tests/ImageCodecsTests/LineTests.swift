// LineTests.swift - lines and discs of a canvas: where they are, how smooth, and that nothing breaks them.

import ImageCodecs
import Testing

@Suite struct LineTests {
  private func ink(_ canvas: Canvas, x: Int, y: Int) -> Int {
    255 - Int(canvas.image.pixels[(y * canvas.image.width + x) * 3])
  }

  @Test func aLevelLineIsARectangleWithRoundEnds() throws {
    var canvas = try Canvas(width: 20, height: 9)
    canvas.line(from: CanvasPoint(x: 5, y: 4.5), to: CanvasPoint(x: 15, y: 4.5), color: .black, width: 3)
    for x in 6..<14 {
      #expect((0..<9).map { ink(canvas, x: x, y: $0) } == [0, 0, 0, 255, 255, 255, 0, 0, 0])
    }
    #expect(ink(canvas, x: 1, y: 4) == 0 && ink(canvas, x: 18, y: 4) == 0 && ink(canvas, x: 16, y: 4) > 0)
  }

  @Test func aDiscHasItsArea() throws {
    var canvas = try Canvas(width: 40, height: 40)
    canvas.disc(at: CanvasPoint(x: 20.3, y: 19.8), diameter: 17, color: .black)
    let ink = (0..<1600).reduce(0.0) { $0 + Double(255 - Int(canvas.image.pixels[$1 * 3])) / 255 }
    #expect(abs(ink / (Double.pi * 8.5 * 8.5) - 1) < 0.02)
  }

  @Test func aSlopeIsSymmetrical() throws {
    var canvas = try Canvas(width: 16, height: 16)
    canvas.line(from: CanvasPoint(x: 2, y: 2), to: CanvasPoint(x: 14, y: 14), color: .black, width: 2)
    for y in 0..<16 {
      for x in 0..<16 {
        #expect(ink(canvas, x: x, y: y) == ink(canvas, x: y, y: x))
        #expect(ink(canvas, x: x, y: y) == ink(canvas, x: 15 - x, y: 15 - y))
      }
    }
    #expect(ink(canvas, x: 8, y: 8) == 255 && ink(canvas, x: 8, y: 11) == 0)
  }

  @Test func nothingIsDrawnOutsideAndNoNumberBreaksIt() throws {
    var canvas = try Canvas(width: 4, height: 4)
    let blank = canvas.image
    let inside = CanvasPoint(x: 2, y: 2)
    for place in [Double.nan, .infinity, 1e300, -1e7] {
      canvas.line(from: inside, to: CanvasPoint(x: place, y: 2), color: .black, width: 1)
    }
    for width in [0, -1, .nan, .infinity] as [Double] { canvas.disc(at: inside, diameter: width, color: .black) }
    canvas.line(from: CanvasPoint(x: -90, y: -5), to: CanvasPoint(x: 90, y: -5), color: .black, width: 4)
    #expect(canvas.image == blank)
    canvas.line(from: CanvasPoint(x: -1e5, y: 2), to: CanvasPoint(x: 1e5, y: 2), color: .black, width: 10)
    #expect(canvas.image.pixels.allSatisfy { $0 == 0 })
  }
}
