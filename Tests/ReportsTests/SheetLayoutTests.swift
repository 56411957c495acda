// SheetLayoutTests.swift - on no sheet does a text or a picture lie on another or beyond the edge.

import ImageCodecs
import Reports
import Routing
import Testing
import VQAPipeline

@Suite struct SheetLayoutTests {
  @Test(arguments: [
    (1, 1, 7, 7, 224, 224), (2, 4, 8, 8, 64, 64), (8, 6, 14, 14, 60, 4), (3, 6, 7, 14, 448, 300),
    (2, 2, 14, 7, 10, 100), (2, 3, 8, 8, 1, 700), (2, 3, 8, 8, 700, 1), (1, 5, 1, 1, 1, 1), (1, 2, 8, 8, 150, 140),
  ])
  func nothingOverlaps(layers: Int, spans: Int, rows: Int, columns: Int, width: Int, height: Int) throws {
    let example = Example.sized(layers: layers, spans: spans, grid: GridSize(rows: rows, columns: columns))
    let picture = try Example.picture(width: width, height: height)
    let sheet = try SpanSheet(example.answer, example.views, picture: picture).sheet
    expectOrder(sheet)
    #expect(sheet.pictures.count == 1 + 1 + layers * spans + 1)
    #expect(max(sheet.pictures[0].width, sheet.pictures[0].height) >= 192)
  }

  @Test(arguments: hostileTexts)
  func hostileTextsBreakNothing(text: String) throws {
    var example = Example.sized(layers: 1, spans: 2, grid: GridSize(rows: 2, columns: 2))
    let picture = try Example.picture(width: 64, height: 2)
    let plain = try SpanSheet(example.answer, example.views, picture: picture).sheet
    example.question = text
    example.candidates = [0.99999, .nan, 0].map { AnswerCandidate(answer: text, probability: $0) }
    example.words = [(text, 0.5), ("", .nan)]
    let sheet = try SpanSheet(example.answer, example.views, picture: picture).sheet
    expectOrder(sheet)
    #expect(sheet.width == plain.width)
    #expect(sheet.height < plain.height + 300)
  }

  @Test func unfitNumbersBreakNothing() throws {
    var example = Example.sized(layers: 1, spans: 3, grid: GridSize(rows: 2, columns: 2))
    example.orders = [.max, .min, 500]
    example.weights = [[.nan, .infinity, -1]]
    example.words = (0..<500).map { ("word\($0)", 3e38) }
    var views = example.views
    views.pooling = [.nan, .infinity, -1, -.infinity]
    let layout = try SpanSheet(example.answer, views, picture: try Example.picture(width: 64, height: 2))
    expectOrder(layout.sheet)
    #expect(try layout.drawn().width == layout.sheet.width)
  }

  @Test func otherScriptsAreWrittenInLatinLetters() throws {
    let picture = try Example.picture(width: 64, height: 2)
    func sheet(_ question: String) throws -> RGBImage {
      var example = Example.sized(layers: 0, spans: 0, grid: GridSize(rows: 1, columns: 1))
      example.question = question
      return try SpanSheet(example.answer, example.views, picture: picture).drawn()
    }
    #expect(try sheet("Größe “naïve”?") == sheet("Grosse \"naive\"?"))
    #expect(try sheet("Что это?") == sheet("Cto eto?"))
    #expect(try sheet("\u{1B}[0m") == sheet("\\u{1B}[0m"))
    #expect(try sheet("a😀b") == sheet("a🚀b"))
    #expect(try sheet("a😀b") != sheet("ab"))
  }

  private func expectOrder(_ sheet: Sheet) {
    let parts = sheet.texts + sheet.pictures
    for (index, part) in parts.enumerated() {
      #expect(part.x >= 8 && part.x + part.width <= sheet.width - 8, "\(part)")
      #expect(part.y >= 8 && part.y + part.height <= sheet.height, "\(part)")
      for other in parts[..<index] {
        let isApart =
          part.x >= other.x + other.width || other.x >= part.x + part.width || part.y >= other.y + other.height
          || other.y >= part.y + part.height
        #expect(isApart, "\(part) \(other)")
      }
    }
  }
}
