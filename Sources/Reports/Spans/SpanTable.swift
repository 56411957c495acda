// SpanTable.swift - the spans of one answer as a table for a terminal.

import Routing
import VQAPipeline

extension SpanReport {
  /// Columns of a full bar.
  private static let barWidth = 16

  /// The spans as a table of 80 columns.
  ///
  /// - Parameters:
  ///   - answer: The answer with its trace.
  ///   - views: Where the attention of each span went, and the weights of the words.
  /// - Returns: The question, the answer, a line for each layer and span, and the words of the question; ends with a line feed.
  public static func table(_ answer: Answer, _ views: SpanViews) -> String {
    var text = labelled("Question", shownText(answer.question), indent: 10)
    if let best = answer.candidates.first {
      text += labelled("Answer", "\(shownText(best.answer)) (\(Percent.text(best.probability)))", indent: 10)
    }
    if let record = answer.cascade { text += "\n" + CascadeText.table(answer, record) }
    let layers = ReportedLayer.all(of: answer, views)
    if !layers.isEmpty { text += "\n" + spans(layers, views.grid) }
    if !views.words.isEmpty { text += "\n" + words(views.words) }
    return text
  }

  private static func spans(_ layers: [ReportedLayer], _ grid: GridSize) -> String {
    let explanation = """
      The model reads the picture as a grid of \(grid.rows) x \(grid.columns) patches. In every layer each patch looks \
      at the patches around it through windows of several sizes, the spans. A router that has seen the picture weighs \
      them; * marks the span with the most weight.
      """
    var text = wrapped(explanation, to: reportColumns).joined(separator: "\n") + "\n\n"
    text += "layer  order  window    weight  " + padded("", to: barWidth) + "     looked most at\n"
    for layer in layers {
      for (index, span) in layer.spans.enumerated() {
        let name = index == 0 ? String(layer.number) : ""
        text += rightAligned(cut(name, to: 5), to: 5) + rightAligned(cut(String(span.order), to: 6), to: 7)
        text += "  " + padded(cut(span.window, to: 8), to: 8) + rightAligned(Percent.text(span.weight), to: 8)
        text += "  " + padded(bar(span.weight, width: barWidth), to: barWidth) + (span.isChosen ? "  *  " : "     ")
        text += peak(span.attention, grid) + "\n"
      }
    }
    return trimmingLineEnds(text)
  }

  /// The patch that received the most attention, and its share.
  private static func peak(_ attention: [Float]?, _ grid: GridSize) -> String {
    guard let attention, let peak = AttentionPeak(attention), grid.columns > 0 else { return "" }
    if peak.isEven { return "everywhere alike" }
    let row = peak.token / grid.columns + 1, column = peak.token % grid.columns + 1
    return "row \(row), col \(column): \(Percent.text(peak.share))"
  }

  private static func words(_ words: [(word: String, weight: Float)]) -> String {
    let names = words.map { cut(shownText($0.word), to: 30) }
    let width = max(4, names.map { columns(of: $0) }.max() ?? 0)
    var text = "What each word of the question counted for:\n\n"
    for (name, word) in zip(names, words) {
      text += "  " + padded(name, to: width) + rightAligned(Percent.text(word.weight), to: 10)
      text += "  " + bar(word.weight, width: barWidth) + "\n"
    }
    return trimmingLineEnds(text)
  }
}

/// The text without spaces at the ends of its lines.
func trimmingLineEnds(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }.joined(separator: "\n")
}
