// CascadeReportTests.swift - where a cascade stopped, as text, JSON, page, table and curve.

import ImageCodecs
import Reports
import Routing
import SafeFiles
import Testing
import VQAPipeline

@Suite struct CascadeReportTests {
  @Test func answers() throws {
    let (answer, views) = CascadeExample.answer(exit: 2)
    let text = AnswerReport.text(answer, top: 3)
    try expectSnapshot("answer-cascade.txt", text)
    expectPlainLines(text)
    expectPlainLines(SpanReport.table(answer, views))
    try expectSnapshot("answer-cascade.json", AnswerReport.json(answer).serialized(pretty: true))
    #expect(SpanReport.json(answer, grid: views.grid)["exits"] == AnswerReport.json(answer)["exits"])
    // A stage that was passed without being asked.
    let passed = AnswerReport.text(CascadeExample.answer(exit: 2, passedUnasked: true).answer, top: 1)
    expectPlainLines(passed)
    #expect(passed.contains("     1  7 x 7              -   93.12 %          4.10  not asked\n"), "\(passed)")
  }

  @Test func pageOfOne() throws {
    for exit in 1...3 {
      let (answer, views) = CascadeExample.answer(exit: exit)
      let source = SpanSource(
        model: "steps", configuration: "0123abcd", pictureName: "one.png",
        picture: try Example.picture(width: 96, height: 64))
      let html = try SpanReport.html(answer, views, from: source)
      expectSafePage(html)
      if exit == 2 { try expectSnapshot("spans-cascade.html", skeleton(html)) }
      #expect(html.components(separatedBy: "class=\"gridded\"").count == 4)
      #expect(html.components(separatedBy: "would have taken").count == 2 * (3 - exit) + 1)
      #expect(html.contains("exit \(exit), \([7, 10, 14][exit - 1])×"))
      var bare = source
      bare.picture = nil
      expectSafePage(try SpanReport.html(answer, views, from: bare))
    }
  }

  @Test func pageOfMany() throws {
    var page = SpanSetPage(SpanSetSource(model: "steps", configuration: "0123abcd", questions: "q.json"), count: 3)
    var html = page.start(spans: CascadeExample.grids.map { (grid: $0, orders: [0, 1, 2, 3]) })
    let items = try [(1, 2), (1, 1), (2, 3)].enumerated().map { number, item in
      let (answer, views) = CascadeExample.answer(exit: item.1)
      return SpanSetItem(
        questionID: number, imageID: item.0, pictureName: "\(item.0).png",
        picture: try Example.picture(width: 30, height: 20), answer: answer, views: views)
    }
    html += try page.add(items)
    html += page.end(failed: 0, reasons: [])
    expectSafePage(html)
    try expectSnapshot("spans-set-cascade.html", skeleton(html))
    // The second question about a picture is drawn in the units of the first: the picture stands in the page once.
    let cards = html.components(separatedBy: "<article")
    #expect(cards.count == 4 && cards[2].contains("viewBox=\"0 0 10 10\"") && !cards[2].contains("viewBox=\"0 0 7 7\""))
    #expect(html.contains("<th scope=\"row\">exit 2</th><td>10×10</td><td>1</td>"))
  }

  @Test func summariesTellTheGrids() throws {
    var summary = SpanSummary(width: 16)
    for number in 0..<9 {
      let exit = [1, 1, 2, 1, 3, 2, 1, 1, 1][number]
      var (answer, views) = CascadeExample.answer(exit: exit)
      let orders = [[0, 1, 2, 3], [0, 2, 3, 5], [0, 2, 4, 6]][exit - 1]
      answer.trace.spans = answer.trace.spans.map { SpanDecision(layer: $0.layer, orders: orders, weights: $0.weights) }
      summary.add(answer, grid: views.grid, type: number % 2 == 0 ? "what is" : "how many")
    }
    #expect(summary.total.layers.map(\.number) == [1, 2, 1, 2, 1, 2])
    #expect(summary.total.layers.map(\.count) == [6, 6, 2, 2, 1, 1])
    #expect(summary.total.layers.map(\.orders[3]) == [3, 3, 5, 5, 6, 6])
    let table = SpanReport.table(summary, failed: 0)
    try expectSnapshot("summary-cascade.txt", table)
    expectPlainLines(table)
    expectSafePage(
      SpanReport.html(summary, failed: 0, from: SpanSetSource(model: "m", configuration: "c", questions: "q")))
    let json = SpanReport.json(summary, failed: 0)
    #expect(json["exits"]?.arrayValue?.map { $0["questions"] } == [6, 2, 1] && json["grid"] == .null)
    #expect(json["layers"]?.arrayValue?.last?["grid"] == [14, 14])
    let rows = SpanReport.csv(summary).split(separator: "\n").map { $0.split(separator: ",").count }
    #expect(rows.first == 11 && SpanReport.csv(summary).contains("what is,5,1,7x7,0,"))
  }

  @Test func calibrations() throws {
    let calibration = CascadeExample.calibration()
    let choice = try #require(calibration.choice(for: .budget(12e6), by: .search))
    let points = calibration.points()
    let report = CalibrationReport(
      calibration, choice, grids: CascadeExample.grids, fullRun: 39_600_000, points: points)
    try expectSnapshot("calibration.txt", report.text)
    expectPlainLines(report.text)
    let json = report.json
    #expect(json["exits"]?.arrayValue?.count == 3 && json["points"]?.arrayValue?.count == points.count)
    #expect(json["chosen"]?["exits"]?.arrayValue?.compactMap(\.numberValue) == choice.fractions)
    #expect(json["questions"] == 90 && json["fullMultiplyAdds"] == 39_600_000)
  }

  @Test func tallies() throws {
    var tally = ExitTally(grids: CascadeExample.grids)
    for number in 0..<20 {
      let exit = number < 12 ? 1 : number < 19 ? 2 : nil
      tally.add(
        type: number % 4 == 0 ? "how many" : "what color is the", score: number % 5 == 0 ? 0.3 : 1, exit: exit,
        multiplyAdds: exit == 1 ? 5_600_000 : 17_500_000)
    }
    try expectSnapshot("exits.txt", tally.text)
    expectPlainLines(tally.text)
    try expectSnapshot("exits.json", JSONValue.object(tally.json).serialized(pretty: true))
    // The whole is the sum of its parts: shares times means.
    let parts = (1...2).reduce(0.0) {
      $0 + tally.total.fractions[$1 - 1] * (tally.total.multiplyAdds(exit: $1) ?? 0)
    }
    #expect(abs(parts - tally.total.meanMultiplyAdds) < 1e-6)
    expectPlainLines(ExitTally(grids: CascadeExample.grids).text)
    for text in hostileTexts {
      tally.add(type: text, score: 1, exit: 1, multiplyAdds: 123_456_789)
      expectPlainLines(tally.text)
    }
  }
}

@Suite struct CurveReportTests {
  private func point(_ kind: CostCurve.Kind, _ number: Int, _ cost: Double, _ accuracy: Double) -> CostCurve.Point {
    CostCurve.Point(kind: kind, number: number, multiplyAdds: cost, accuracy: accuracy, fractions: [0.5, 0.25, 0.25])
  }

  @Test func valuesHaveARowForEachPoint() {
    let curve = CostCurve(
      points: [point(.anytime, 1, 5.6e6, 0.875), point(.stored, 1, 7.25e6, 0.9)], grids: CascadeExample.grids, count: 8)
    #expect(
      CurveReport.csv(curve) == """
        kind,point,multiplyAdds,accuracy,exit1,exit2,exit3
        anytime,1,5600000.0,0.875,0.5,0.25,0.25
        stored,1,7250000.0,0.9,0.5,0.25,0.25

        """)
  }

  /// Points are drawn where the axes say, in colours of their own.
  @Test func drawingsShowEveryKind() throws {
    var points = [point(.anytime, 1, 5.6e6, 0.8), point(.anytime, 2, 17e6, 0.9), point(.anytime, 3, 39.6e6, 0.95)]
    points += (0..<20).map { point(.search, $0 + 1, 6e6 + 1.6e6 * Double($0), 0.96 - 0.15 / Double($0 + 1)) }
    points += (0..<20).map { point(.percentile, $0 + 1, 6e6 + 1.7e6 * Double($0), 0.95 - 0.15 / Double($0 + 1)) }
    points.append(point(.stored, 1, 12e6, 0.93))
    let curve = CostCurve(points: points, grids: CascadeExample.grids, count: 3859)
    let picture = try decodeImage(try CurveReport.png(curve, title: "steps on questions.json"))
    #expect(picture.width == 1200 && picture.height == 800)
    let colors = Set(stride(from: 0, to: picture.pixels.count, by: 3).map { Array(picture.pixels[$0..<$0 + 3]) })
    for color in [[0, 128, 132], [198, 91, 34], [71, 102, 176], [32, 34, 40]] as [[UInt8]] {
      #expect(colors.contains(color), "\(color)")
    }
  }

  @Test(arguments: [[Double](), [0.5], [1, 1, 1], [0, 0], [0, 1]])
  func fewAndEqualPointsAreDrawnToo(accuracies: [Double]) throws {
    for cost in [0.0, 1, 7.5e6, 3e12] {
      let points = accuracies.enumerated().map { point(.anytime, $0 + 1, cost, $1) }
      let curve = CostCurve(points: points, grids: CascadeExample.grids, count: points.count)
      #expect(try decodeImage(try CurveReport.png(curve, title: "")).width == 1200)
    }
  }
}
