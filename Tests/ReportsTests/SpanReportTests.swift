// SpanReportTests.swift - the spans of an answer as table, JSON and CSV.

import Reports
import Routing
import SafeFiles
import Testing
import VQAPipeline

@Suite struct SpanReportTests {
  @Test func table() throws {
    let table = SpanReport.table(Example().answer, Example().views)
    try expectSnapshot("spans.txt", table)
    expectPlainLines(table)
  }

  @Test func json() throws {
    let json = SpanReport.json(Example().answer, grid: GridSize(rows: 8, columns: 6))
    try expectSnapshot("spans.json", json.serialized() + "\n")
    #expect(json.objectValue?.keys == ["question", "answer", "grid", "layers"])
    #expect(json["grid"] == [8, 6])
    for layer in try #require(json["layers"]?.arrayValue) {
      #expect(layer.objectValue?.keys == ["layer", "orders", "weights", "chosen"])
    }
  }

  @Test func csv() throws {
    try expectSnapshot("spans.csv", SpanReport.csv(Example().answer))
  }

  @Test func csvReadsBackAsTheTrace() throws {
    let example = Example.sized(layers: 5, spans: 6, grid: GridSize(rows: 14, columns: 14))
    let rows = SpanReport.csv(example.answer).split(separator: "\n").map { $0.split(separator: ",") }
    #expect(rows.first == ["layer", "order", "weight", "chosen"])
    #expect(rows.count == 1 + 5 * 6)
    for (layer, weights) in example.weights.enumerated() {
      let own = rows.dropFirst().filter { $0[0] == "\(layer + 1)" }
      #expect(own.map { Int($0[1]) } == example.orders)
      #expect(own.map { Float($0[2]) } == weights)
      #expect(own.filter { $0[3] == "true" }.map { Float($0[2]) } == [weights.max()])
      #expect(own.filter { $0[3] == "false" }.count == 5)
    }
  }

  @Test func ofEqualWeightsTheFirstIsChosen() {
    var example = Example()
    example.weights = [[0.25, 0.25, 0.25, 0.25]]
    example.orders = [3, 2, 1, 0]
    let json = SpanReport.json(example.answer, grid: example.grid)
    #expect(json["layers"]?.arrayValue?.first?["chosen"] == 3)
    #expect(SpanReport.csv(example.answer).split(separator: "true").count == 2)
  }

  @Test(arguments: hostileTexts)
  func hostileTextsBreakNothing(text: String) throws {
    var example = Example()
    example.question = text
    example.candidates = [AnswerCandidate(answer: text, probability: 0.5)]
    example.words = [(text, 0.5), ("x", .nan)]
    expectPlainLines(SpanReport.table(example.answer, example.views))
    let json = SpanReport.json(example.answer, grid: example.grid).serialized()
    #expect(try JSONValue.parse(Array(json.utf8))["answer"] == .string(text))
    #expect(SpanReport.csv(example.answer) == SpanReport.csv(Example().answer))
  }

  @Test func unfitPartsBreakNothing() {
    var answer = Example().answer
    answer.trace.spans = [
      SpanDecision(layer: .max, orders: [.max, -3], weights: [[.nan, .infinity]]),
      SpanDecision(layer: 1, orders: [], weights: []), SpanDecision(layer: 2, orders: [1, 2], weights: [[0.5]]),
    ]
    var views = Example().views
    views.grid = GridSize(rows: 0, columns: 0)
    views.views = [SpanView(layer: 2, order: 1, weight: 1, attention: [])]
    expectPlainLines(SpanReport.table(answer, views))
    let layers = SpanReport.json(answer, grid: views.grid)["layers"]?.arrayValue
    #expect(layers?.map { $0["orders"]?.arrayValue?.count } == [2, 0, 1])
    #expect(layers?[1]["chosen"] == .some(.null))
  }
}
