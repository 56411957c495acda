// SpanSheet.swift - the sheet that shows where the attention of each span went, from the picture down to the answer.

import ImageCodecs
import Routing
import VQAPipeline

/// Lays out one answer: title, picture and answers, a row of maps for each layer, the final pooling, how to read it.
package struct SpanSheet {
  /// The page.
  package private(set) var sheet: Sheet
  private let answer: Answer
  private let views: SpanViews
  private let cell: AttentionCell
  private let cellWidth: Int
  private let left = SheetSize.margin
  private var top = SheetSize.margin

  /// Lays out a sheet.
  ///
  /// - Parameters:
  ///   - answer: The answer with its trace.
  ///   - views: Where the attention of each span went.
  ///   - picture: The picture that was asked about.
  /// - Throws: `ImageFailure` when a map does not fit its grid.
  package init(_ answer: Answer, _ views: SpanViews, picture: RGBImage) throws(ImageFailure) {
    let layers = ReportedLayer.all(of: answer, views)
    self.answer = answer
    self.views = views
    cell = try AttentionCell(picture)
    cellWidth = max(SheetSize.cell, cell.picture.width)
    let columns = max(3, layers.map(\.spans.count).max() ?? 0)
    sheet = Sheet(width: columns * (cellWidth + SheetSize.gap) - SheetSize.gap + 2 * SheetSize.margin)
    title()
    try input()
    for layer in layers { try row(layer) }
    try output()
    explanation()
  }

  /// The sheet as a picture.
  package func drawn() throws(ImageFailure) -> RGBImage {
    try sheet.drawn(margin: SheetSize.margin).image
  }

  private var innerWidth: Int { sheet.width - 2 * SheetSize.margin }
  /// Left edge and width of what stands beside a cell.
  private var panel: (x: Int, width: Int) {
    let offset = cellWidth + SheetSize.gap
    return (left + offset, innerWidth - offset)
  }

  /// The question and the answer, smaller where they are long.
  private mutating func title() {
    let question = SheetText.ascii(answer.question)
    let isShort = question.count <= 2 * SheetText.characters(in: innerWidth - 1, scale: 3)
    titleLines(question, most: 6, .title(scale: isShort ? 3 : 2))
    if let best = answer.candidates.first {
      let probability = "  " + Percent.text(best.probability)
      top += 6
      titleLines(SheetText.ascii(best.answer), ending: probability, most: 3, .result)
    }
    top += SheetSize.gap
  }

  private mutating func titleLines(_ text: String, ending: String = "", most: Int, _ style: TextStyle) {
    let characters = SheetText.characters(in: innerWidth - 1, scale: style.scale)
    var lines = SheetText.lines(text, characters: characters - ending.count, most: most)
    lines.append((lines.popLast() ?? "") + ending)
    top = sheet.write(lines: lines, x: left, y: top, style)
  }

  /// What went in and what came out: the picture, the answers, the colours of the maps.
  private mutating func input() throws(ImageFailure) {
    place(cell.picture, column: 0, y: top)
    var y = top
    if answer.candidates.count > 1 {
      sheet.write("Answers", x: panel.x, y: y, .heading)
      let names = answer.candidates.map { (name: SheetText.ascii($0.answer), share: $0.probability) }
      y = sheet.list(names, x: panel.x, y: y + SheetSize.heading, width: panel.width) + SheetSize.gap
    }
    sheet.write("Attention", x: panel.x, y: y, .heading)
    y += SheetSize.heading
    let width = min(panel.width, 320)
    sheet.paste(try AttentionCell.legend(width: width, height: 20), x: panel.x, y: y)
    sheet.write("none", x: panel.x, y: y + 26, .faint)
    sheet.write("peak of the map", endingAt: panel.x + width, y: y + 26, .faint)
    top = sheet.height + SheetSize.rowGap
  }

  /// One layer: a map for each span.
  private mutating func row(_ layer: ReportedLayer) throws(ImageFailure) {
    heading("Layer \(layer.number)")
    for (index, span) in layer.spans.enumerated() {
      let map = try span.attention.map { attention throws(ImageFailure) in
        try cell.picture(under: attention, grid: views.grid)
      }
      let spot = place(map ?? cell.picture, column: index, y: top)
      let style = span.isChosen ? TextStyle.chosen : .plain
      if span.isChosen {
        sheet.frame(spot, color: SheetColor.accent, gap: 2, thickness: SheetSize.frame)
      }
      let x = left + index * (cellWidth + SheetSize.gap), weight = Percent.text(span.weight)
      let room = SheetText.characters(in: cellWidth - 1, scale: style.scale) - weight.count - 1
      var y = top + cell.picture.height + 14
      sheet.write(SheetText.cut(span.window, characters: room), x: x, y: y, style)
      sheet.write(weight, endingAt: x + cellWidth - 1, y: y, style)
      y += style.lineHeight
      sheet.bar(
        span.weight, in: PixelRectangle(x: x, y: y, width: cellWidth, height: SheetSize.bar),
        color: span.isChosen ? SheetColor.accent : SheetColor.bar)
      sheet.write(peak(span.attention), x: x, y: y + SheetSize.bar + 8, .faint)
    }
    top = sheet.height + SheetSize.rowGap
  }

  /// What the answer was read from: the final pooling of the picture and of the words.
  private mutating func output() throws(ImageFailure) {
    heading("Final pooling: what the answer was read from")
    let start = top
    place(try cell.picture(under: views.pooling, grid: views.grid), column: 0, y: start)
    sheet.write(peak(views.pooling), x: left, y: start + cell.picture.height + 14, .faint)
    if !views.words.isEmpty {
      sheet.write("Words of the question", x: panel.x, y: start, .heading)
      let words = views.words.map { (name: SheetText.ascii($0.word), share: $0.weight) }
      _ = sheet.list(words, x: panel.x, y: start + SheetSize.heading, width: panel.width)
    }
    top = sheet.height + SheetSize.rowGap
  }

  /// How to read the sheet.
  private mutating func explanation() {
    let grid = views.grid
    let even = Percent.text(1 / Float(max(1, grid.tokens)), places: 1)
    let text = """
      The model reads the picture as \(grid.rows) x \(grid.columns) patches. A span is the window of patches that each \
      patch looks at; the per cent beside it is the weight the router gave it, and the framed span got the most. A map \
      shows where the attention of a span went. Each map has colours of its own, from none to its peak, the largest share \
      of one patch: compare the peaks, not the colours. Spread evenly, each patch would get \(even); where the peak is \
      below \(AttentionCell.leastPeak) times that, the brightest colour stands for \(AttentionCell.leastPeak) times that.
      """
    rule()
    let characters = SheetText.characters(in: innerWidth, scale: 2)
    top = sheet.write(lines: wrapped(text, to: characters), x: left, y: top, .faint)
  }

  private func peak(_ attention: [Float]?) -> String {
    attention.flatMap { AttentionPeak($0) }.map { "peak \(Percent.text($0.share))" } ?? "no map"
  }

  private mutating func heading(_ text: String) {
    rule()
    let characters = SheetText.characters(in: innerWidth - 1, scale: 2)
    top = sheet.write(lines: wrapped(text, to: characters), x: left, y: top, .heading) + 8
  }

  private mutating func rule() {
    sheet.fill(PixelRectangle(x: left, y: top, width: innerWidth, height: 1), color: SheetColor.line)
    top += 12
  }

  /// Puts a picture in the middle of a column.
  @discardableResult
  private mutating func place(_ picture: RGBImage, column: Int, y: Int) -> PixelRectangle {
    let x = left + column * (cellWidth + SheetSize.gap) + (cellWidth - picture.width) / 2
    sheet.paste(picture, x: x, y: y)
    return PixelRectangle(x: x, y: y, width: picture.width, height: picture.height)
  }
}
