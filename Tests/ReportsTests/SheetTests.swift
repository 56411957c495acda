// SheetTests.swift - the sheet of maps: its layout, its pixels, and what it does with unfit input.

import ImageCodecs
import Reports
import Routing
import Testing
import VQAPipeline

@Suite struct SheetTests {
  @Test func thePictureOfTheSheet() throws {
    let example = Example.sized(layers: 1, spans: 2, grid: GridSize(rows: 3, columns: 3))
    let picture = try Example.picture(width: 64, height: 64)
    let layout = try SpanSheet(example.answer, example.views, picture: picture)
    let image = try decodeImage(try SpanReport.png(example.answer, example.views, picture: picture))
    #expect(image.width == layout.sheet.width)
    #expect((layout.sheet.height...layout.sheet.height + 40).contains(image.height))

    // The picture itself is there, each of its dots as a square of three by three.
    let place = try #require(layout.sheet.pictures.first)
    #expect(place.width == 192 && place.height == 192)
    for y in stride(from: 0, to: 192, by: 7) {
      for x in stride(from: 0, to: 192, by: 5) {
        #expect(image.color(x: place.x + x, y: place.y + y) == picture.color(x: x / 3, y: y / 3))
      }
    }
  }

  @Test func aMapIsBrightWhereTheAttentionWent() throws {
    var example = Example.sized(layers: 1, spans: 1, grid: GridSize(rows: 2, columns: 4))
    let picture = try RGBImage(width: 64, height: 64, color: .white)
    var views = example.views
    views.pooling = [0, 0, 0, 1, 0, 0, 0, 0]
    views.views[0].attention = [0.7, 0.1, 0, 0, 0.1, 0.1, 0, 0]
    let layout = try SpanSheet(example.answer, views, picture: picture)
    let image = try layout.drawn()
    let maps = layout.sheet.pictures.suffix(2)
    let span = try #require(maps.first), pooling = try #require(maps.last)
    #expect(light(image, span, 0.1, 0.2) > light(image, span, 0.9, 0.8) + 200)
    #expect(light(image, pooling, 0.9, 0.2) > light(image, pooling, 0.1, 0.8) + 200)
    #expect(light(image, span, 0.9, 0.8) == light(image, pooling, 0.1, 0.8))

    views.views[0].attention.reverse()
    let other = try SpanSheet(example.answer, views, picture: picture).drawn()
    #expect(light(other, span, 0.9, 0.8) == light(image, span, 0.1, 0.2))

    // The frame of the chosen span is beside its map, not on it.
    #expect(image.color(x: span.x - 4, y: span.y + 60) != .white)
    example.weights = [[0]]
    #expect(try SpanSheet(example.answer, views, picture: picture).drawn() != other)
  }

  @Test func evenAttentionDoesNotGlow() throws {
    let example = Example.sized(layers: 1, spans: 1, grid: GridSize(rows: 4, columns: 4))
    var views = example.views
    views.pooling = [Float](repeating: 1 / 16, count: 16)
    views.views[0].attention = [1] + [Float](repeating: 0, count: 15)
    let layout = try SpanSheet(example.answer, views, picture: try RGBImage(width: 64, height: 64, color: .white))
    let image = try layout.drawn()
    let maps = layout.sheet.pictures.suffix(2)
    let peaked = try #require(maps.first), even = try #require(maps.last)
    #expect(light(image, peaked, 0.05, 0.05) > light(image, even, 0.5, 0.5) + 150)
  }

  /// Red, green and blue together at a place of a map, given in shares of its sides.
  private func light(_ image: RGBImage, _ place: PixelRectangle, _ across: Double, _ down: Double) -> Int {
    let color = image.color(
      x: place.x + Int(Double(place.width) * across), y: place.y + Int(Double(place.height) * down))
    return color.map { Int($0.red) + Int($0.green) + Int($0.blue) } ?? -1
  }

  @Test func attentionThatDoesNotFitTheGridIsRefused() throws {
    let example = Example()
    var views = example.views
    views.grid = GridSize(rows: 7, columns: 8)
    let picture = try Example.picture(width: 64, height: 64)
    #expect(throws: ImageFailure.wrongCount(expected: 56, found: 64)) {
      try SpanReport.png(example.answer, views, picture: picture)
    }
    views.grid = GridSize(rows: .max, columns: 2)
    #expect(throws: ImageFailure.self) { try SpanReport.png(example.answer, views, picture: picture) }
    views.grid = GridSize(rows: 0, columns: 0)
    #expect(throws: ImageFailure.badSize(width: 0, height: 0)) {
      try SpanReport.png(example.answer, views, picture: picture)
    }
  }

  @Test func aSpanThatWasNotObservedIsStillShown() throws {
    let example = Example()
    var views = example.views
    views.views = []
    views.words = []
    let picture = try Example.picture(width: 64, height: 64)
    let layout = try SpanSheet(example.answer, views, picture: picture)
    #expect(layout.sheet.pictures.count == 1 + 1 + 8 + 1)
  }
}
