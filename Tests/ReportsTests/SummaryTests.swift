// SummaryTests.swift - summaries held against sums made one by one, and each of their forms.

import Reports
import Routing
import SafeFiles
import Testing
import VQAPipeline

@Suite struct SummaryTests {
  private let grid = GridSize(rows: 8, columns: 8)
  private let types = ["what is", "is the", "what is", "how many", "is the", "what is"]

  /// Answers whose weights all differ.
  private var answers: [Answer] {
    types.indices.map { number in
      var example = Example()
      example.orders = [0, 1, 2, 3]
      example.weights = (0..<2).map { layer in
        let raw = (0..<4).map { Float(($0 * 5 + layer * 3 + number * 7) % 11 + 1) }
        return raw.map { $0 / raw.reduce(0, +) }
      }
      example.multiplyAdds = 1_000_000 + number
      return example.answer
    }
  }

  private var summary: SpanSummary {
    var summary = SpanSummary(width: 16)
    for (answer, type) in zip(answers, types) { summary.add(answer, grid: grid, type: type) }
    return summary
  }

  @Test func table() throws {
    let table = SpanReport.table(summary, failed: 2)
    try expectSnapshot("summary.txt", table)
    expectPlainLines(table)
  }

  @Test func json() throws {
    let json = SpanReport.json(summary, failed: 2)
    try expectSnapshot("summary.json", json.serialized(pretty: true))
    #expect(json.objectValue?.keys == ["questions", "failed", "grid", "layers", "work", "types"])
  }

  @Test func csv() throws {
    let text = SpanReport.csv(summary)
    try expectSnapshot("summary.csv", text)
    let rows = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(Set(rows.map(\.count)) == [10])
    #expect(rows.count == 1 + (1 + 3) * 2 * 4)
  }

  @Test func page() throws {
    let html = SpanReport.html(
      summary, failed: 2, from: SpanSetSource(model: "tiny", configuration: "0123abcd", questions: "q.json"))
    try expectSnapshot("summary.html", skeleton(html))
    expectSafePage(html)
  }

  @Test func meansAndChoicesAreThoseOfTheAnswers() {
    for type in [nil, "what is", "is the", "how many"] {
      let own = zip(answers, types).filter { type == nil || $0.1 == type }.map(\.0)
      let group = type == nil ? summary.total : summary.types.first { $0.type == type }?.group
      #expect(group?.count == own.count)
      for layer in 0..<2 {
        let weights = own.map { $0.trace.spans[layer].weights[0] }
        let found = group?.layers[layer]
        for span in 0..<4 {
          let mean = weights.map { Double($0[span]) }.reduce(0, +) / Double(own.count)
          #expect(abs((found?.meanWeights[span] ?? -1) - mean) < 1e-9)
          #expect(found?.choices[span] == weights.count { $0.max() == $0[span] })
        }
        let entropies = weights.map { row in row.map { -Double($0) * logarithm($0) }.reduce(0, +) }
        let mean = entropies.reduce(0, +) / Double(own.count)
        #expect(abs((found?.meanEntropy ?? -1) - mean) < 1e-6)
        #expect(abs((found?.normalisedEntropy ?? -1) - mean / 2) < 1e-6)
      }
    }
  }

  /// The logarithm to base 2 by halving: exact enough, and no other code's.
  private func logarithm(_ value: Float) -> Double {
    var (low, high) = (-64.0, 0.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if power(middle) < Double(value) { low = middle } else { high = middle }
    }
    return high
  }

  /// 2 to the power of a number from -64 to 0, by its binary digits.
  private func power(_ exponent: Double) -> Double {
    let whole = exponent.rounded(.down)
    var rest = exponent - whole, result = 1.0, root = 2.0
    for _ in 0..<50 {
      root = root.squareRoot()
      rest *= 2
      if rest >= 1 {
        result *= root
        rest -= 1
      }
    }
    return result * (whole < 0 ? 1 / Double(UInt64(1) << UInt64(min(63, -whole))) : 1)
  }

  @Test func savedWorkIsThatOfPairsCountedOneByOne() {
    for (rows, columns) in [(8, 8), (3, 5), (1, 4)] {
      let grid = GridSize(rows: rows, columns: columns)
      var summary = SpanSummary(width: 16)
      var (all, inside, cost) = (0, 0, 0)
      for answer in answers {
        summary.add(answer, grid: grid, type: "")
        cost += answer.multiplyAdds
        for decision in answer.trace.spans {
          let order = decision.chosenOrder(picture: 0)
          for query in 0..<grid.tokens {
            for key in 0..<grid.tokens {
              let distance = max(abs(query / columns - key / columns), abs(query % columns - key % columns))
              all += 1
              if order == 0 || distance <= order { inside += 1 }
            }
          }
        }
      }
      let work = summary.total.work
      #expect(work.allPairs == all && work.chosenPairs == inside)
      #expect(abs(work.savedPairs - Double(all - inside) / Double(all)) < 1e-12)
      // A pair costs a score and a share of the values, each as wide as the layer.
      #expect(abs(work.savedOfAnswer - Double(2 * 16 * (all - inside)) / Double(cost)) < 1e-12)
    }
  }

  @Test func typesComeByTheirNumberAndTheRestIsOne() throws {
    var summary = SpanSummary(width: 16)
    for number in 0..<60 {
      for _ in 0...(number % 3) { summary.add(answers[0], grid: grid, type: "type \(number)") }
    }
    #expect(summary.types.count == 60)
    #expect(summary.types.map(\.group.count) == summary.types.map(\.group.count).sorted(by: >))
    let table = SpanReport.table(summary, failed: 0)
    expectPlainLines(table)
    #expect(table.contains("48 other types"))
    let source = SpanSetSource(model: "", configuration: "", questions: "")
    let html = SpanReport.html(summary, failed: 0, from: source)
    #expect(html.contains("20 other types"))
    expectSafePage(html)
    #expect(SpanReport.csv(summary).split(separator: "\n").count == 1 + 61 * 2 * 4)
  }

  @Test func manySpansAreShownInSeveralRows() {
    var summary = SpanSummary(width: 16)
    let example = Example.sized(layers: 1, spans: 11, grid: GridSize(rows: 14, columns: 14))
    summary.add(example.answer, grid: example.grid, type: "what")
    let table = SpanReport.table(summary, failed: 0)
    expectPlainLines(table)
    #expect(table.split(separator: "\n").count { $0.contains("entropy") && $0.contains("questions") } == 3)
  }

  @Test func nothingAndUnfitAnswersBreakNothing() throws {
    var summary = SpanSummary(width: 16)
    let source = SpanSetSource(model: "", configuration: "", questions: "")
    for _ in 0..<2 {
      expectPlainLines(SpanReport.table(summary, failed: 3))
      expectSafePage(SpanReport.html(summary, failed: 3, from: source))
      #expect(try JSONValue.parse(Array(SpanReport.json(summary, failed: 3).serialized().utf8))["failed"] == 3)
      _ = SpanReport.csv(summary)
      var answer = Example().answer
      answer.trace.spans = [
        SpanDecision(layer: .max - 1, orders: [0, 1], weights: [[.nan, .infinity]]),
        SpanDecision(layer: 1, orders: [], weights: []), SpanDecision(layer: 2, orders: [1, 2], weights: [[0.5]]),
      ]
      summary.add(answer, grid: GridSize(rows: 0, columns: 0), type: "")
      summary.add(Example().answer, grid: grid, type: "")
    }
    #expect(summary.grids.count == 2)
    #expect(SpanReport.json(summary, failed: 0)["grid"] == .null)
  }

  @Test(arguments: hostileMarkup + hostileTexts)
  func hostileTypesStayText(text: String) throws {
    var summary = SpanSummary(width: 16)
    summary.add(answers[0], grid: grid, type: text)
    let html = SpanReport.html(
      summary, failed: 0, from: SpanSetSource(model: text, configuration: text, questions: text))
    expectSafePage(html)
    expectPlainLines(SpanReport.table(summary, failed: 0))
    let csv = SpanReport.csv(summary)
    #expect(csv.split(separator: "\n").count == 1 + 2 * 2 * 4)
    #expect(!csv.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
    let json = SpanReport.json(summary, failed: 0)
    #expect(try JSONValue.parse(Array(json.serialized().utf8))["types"]?.arrayValue?.first?["type"] == .string(text))
  }
}
