// SpanPageTests.swift - the page of one answer and that of many: whole, safe, and small enough.

import ImageCodecs
import Reports
import Routing
import Testing
import VQAPipeline

@Suite struct SpanPageTests {
  private func page(_ example: Example, picture: RGBImage? = nil, source: String = "shapes/one.png") throws -> String {
    try SpanReport.html(
      example.answer, example.views,
      from: SpanSource(model: source, configuration: "0123abcd", pictureName: source, picture: picture))
  }

  @Test func thePageOfTheExample() throws {
    var example = Example.sized(layers: 1, spans: 2, grid: GridSize(rows: 2, columns: 2))
    example.words = [("what", 0.25), ("shape", 0.75)]
    let html = try page(example, picture: Example.picture(width: 4, height: 4))
    try expectSnapshot("spans.html", skeleton(html))
    expectSafePage(html)
  }

  @Test(arguments: [(1, 1, 1, 1), (2, 4, 8, 8), (2, 4, 14, 14), (1, 9, 32, 20), (12, 3, 3, 3)])
  func everySpanHasItsMap(layers: Int, spans: Int, rows: Int, columns: Int) throws {
    let example = Example.sized(layers: layers, spans: spans, grid: GridSize(rows: rows, columns: columns))
    let html = try page(example, picture: Example.picture(width: 90, height: 60))
    expectSafePage(html)
    let parsed = ParsedPage(html)
    #expect(parsed.tags.count { $0.name == "figure" } == layers * spans + 1)
    #expect(parsed.tags.count { $0.name == "image" } == layers * spans + 2)
    #expect(
      parsed.tags.count { $0.attributes.contains { $0.name == "class" && $0.value == "on" } && $0.name == "figure" }
        == layers)
    for text in ["What shape is in the picture?", "circle", "97.3 %", "46,812,345", "0123abcd", "rectangle"] {
      #expect(html.contains(text), "\(text)")
    }
  }

  @Test func aPictureIsThereOnce() throws {
    let example = Example.sized(layers: 3, spans: 4, grid: GridSize(rows: 8, columns: 8))
    let html = try page(example, picture: Example.picture(width: 900, height: 700))
    #expect(html.utf8.count < 200_000)
    #expect(ParsedPage(html).values("href").count { $0 == "#picture" } == 3 * 4 + 1)
  }

  @Test func withoutAPictureTheMapsAreThere() throws {
    let html = try page(Example())
    expectSafePage(html)
    #expect(!html.contains("id=\"picture\"") && !html.contains("<use"))
    #expect(ParsedPage(html).tags.count { $0.name == "image" } == 2 * 4 + 1)
    #expect(html.contains("known by its features only"))
  }

  @Test(arguments: hostileMarkup + hostileTexts)
  func hostileTextsStayText(text: String) throws {
    var example = Example.sized(layers: 1, spans: 2, grid: GridSize(rows: 2, columns: 2))
    let picture = try Example.picture(width: 8, height: 8)
    let plain = ParsedPage(try page(example, picture: picture))
    example.question = text
    example.candidates = [0.9, 0.1, 0].map { AnswerCandidate(answer: text, probability: $0) }
    example.words = example.words.map { (text, $0.weight) }
    let html = try page(example, picture: picture, source: text)
    expectSafePage(html)
    #expect(ParsedPage(html).tags.map(\.name) == plain.tags.map(\.name))
    example.unknownWords = [text, text]
    example.droppedWords = 7
    #expect(ParsedPage(try page(example, source: text)).tags.count { $0.name == "bdi" } > 2)
  }

  @Test func unfitPartsBreakNothing() throws {
    var example = Example()
    example.candidates = []
    example.words = []
    example.weights = [[.nan, .infinity, -1, 0.5], [], [0.3]]
    var views = example.views
    views.views = [SpanView(layer: 2, order: 1, weight: 1, attention: [])]
    views.pooling = [1, .nan]
    views.wordAttention = [[0.5]]
    let source = SpanSource(model: "", configuration: "", pictureName: "")
    expectSafePage(try SpanReport.html(example.answer, views, from: source))
    views.grid = GridSize(rows: 0, columns: 0)
    expectSafePage(try SpanReport.html(example.answer, views, from: source))
  }
}

@Suite struct SpanSetPageTests {
  private let source = SpanSetSource(model: "tiny", configuration: "0123abcd", questions: "q.json")

  private func item(_ id: Int, image: Int, _ example: Example, _ picture: RGBImage?, name: String = "a.png")
    -> SpanSetItem
  {
    SpanSetItem(
      questionID: id, imageID: image, pictureName: name, picture: picture, answer: example.answer, views: example.views)
  }

  /// The page of items given one by one.
  private func page(_ items: [SpanSetItem], failed: Int = 0, reasons: [String] = []) throws -> String {
    var page = SpanSetPage(source, count: items.count + failed)
    var html = page.start(spans: [(grid: GridSize(rows: 8, columns: 8), orders: [0, 1, 2, 3])])
    for item in items { html += try page.add([item]) }
    return html + page.end(failed: failed, reasons: reasons)
  }

  @Test func thePageOfTwoQuestions() throws {
    var example = Example.sized(layers: 1, spans: 2, grid: GridSize(rows: 2, columns: 2))
    example.words = [("what", 0.25), ("shape", 0.75)]
    let picture = try Example.picture(width: 4, height: 4)
    let html = try page(
      [item(11, image: 1, example, picture), item(12, image: 1, example, nil)], failed: 1,
      reasons: ["b.png: gone; check"])
    try expectSnapshot("spans-set.html", skeleton(html))
    expectSafePage(html)
  }

  @Test func aPictureIsThereOnceWheneverItComes() throws {
    let picture = try Example.picture(width: 64, height: 64)
    let items = [(1, 5), (2, 5), (3, 6), (4, 5), (5, 7), (6, 7)].map { id, image in
      item(id, image: image, Example(), image == 7 ? nil : picture)
    }
    let html = try page(items)
    expectSafePage(html)
    let parsed = ParsedPage(html)
    #expect(parsed.tags.count { $0.name == "section" } == 4)
    #expect(parsed.tags.count { $0.name == "article" } == 6)
    #expect(parsed.values("id").filter { $0.hasPrefix("p") } == ["p0", "p1"])
    #expect(parsed.values("id").filter { $0.hasPrefix("q") } == ["q1", "q2", "q3", "q4", "q5", "q6"])
    // Two layers a question, and the picture itself where it comes back.
    #expect(parsed.values("href").count { $0 == "#p0" } == 3 * 2 + 1)
    // However the questions are cut into pieces, the page is the same.
    var whole = SpanSetPage(source, count: 6)
    #expect(
      whole.start(spans: [(grid: GridSize(rows: 8, columns: 8), orders: [0, 1, 2, 3])]) + (try whole.add(items))
        + whole.end(failed: 0, reasons: []) == html)
  }

  @Test func noQuestionsMakeAPageToo() throws {
    expectSafePage(try page([]))
    expectSafePage(try page([], failed: 60, reasons: (0..<60).map { "picture \($0)" }))
  }

  /// A picture of grain, the worst that a photograph can be.
  private func grain(seed: UInt64) throws -> RGBImage {
    var state = seed &* 2 &+ 1
    let pixels = (0..<112 * 84 * 3).map { _ -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    return try RGBImage(width: 112, height: 84, pixels: pixels)
  }

  @Test(arguments: [(6, 4, 8), (6, 5, 14), (12, 4, 32), (2, 4, 8), (40, 9, 20)])
  func aThousandQuestionsStayBelow20MB(layers: Int, spans: Int, side: Int) throws {
    var example = Example.sized(layers: layers, spans: spans, grid: GridSize(rows: side, columns: side))
    example.question = "what is the person in the back of the red car on the left looking at?"
    example.words = example.question.split(separator: " ").map { (String($0), 0.0667) }
    var page = SpanSetPage(source, count: 1_000)
    let frame =
      page.start(spans: [(grid: example.grid, orders: example.orders)]).utf8.count
      + page.end(failed: 0, reasons: []).utf8.count
    var bytes = 0
    let count = 3
    for number in 0..<count {
      let picture = try grain(seed: UInt64(number))
      bytes += try page.add([item(number, image: number, example, picture, name: "COCO_val2014_000000000042.jpg")]).utf8
        .count
    }
    #expect(frame + bytes / count * 1_000 < 20_000_000, "\(bytes / count) bytes a question")
  }

  @Test(arguments: hostileMarkup + hostileTexts)
  func hostileTextsStayText(text: String) throws {
    var example = Example.sized(layers: 1, spans: 2, grid: GridSize(rows: 2, columns: 2))
    let plain = ParsedPage(try page([item(1, image: 1, example, nil)]))
    example.question = text
    example.candidates = [AnswerCandidate(answer: text, probability: 0.5)]
    example.words = example.words.map { (text, $0.weight) }
    let html = try page([item(1, image: 1, example, nil, name: text)])
    expectSafePage(html)
    #expect(ParsedPage(html).tags.map(\.name) == plain.tags.map(\.name))
    var hostile = SpanSetPage(SpanSetSource(model: text, configuration: text, questions: text), count: 1)
    expectSafePage(
      hostile.start(spans: [(grid: GridSize(rows: 8, columns: 8), orders: [])])
        + hostile.end(failed: 1, reasons: [text]))
  }
}
