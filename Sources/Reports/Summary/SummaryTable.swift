// SummaryTable.swift - a summary of spans as a table for a terminal.

import Routing
import SafeFiles

extension SpanReport {
  /// Types of questions shown by themselves.
  private static let mostTypes = 12
  /// Columns of a type's name, a count, a span's figure.
  private static let (typeWidth, countWidth, spanWidth) = (20, 10, 9)
  /// Spans beside each other.
  private static let spansInRow = 4

  /// A summary as a table of 80 columns.
  ///
  /// - Parameters:
  ///   - summary: The summary.
  ///   - failed: Questions without an answer, which are not in it.
  /// - Returns: For each layer the mean weights and the choices by type of question, then the work; ends with a line feed.
  public static func table(_ summary: SpanSummary, failed: Int) -> String {
    let (kept, others) = summary.types(most: mostTypes)
    var groups = [(type: "all", group: summary.total)] + kept.map { (type: shownText($0.type), group: $0.group) }
    if let others { groups.append((type: "\(others.count) other types", group: others.group)) }
    var text = counted(summary.total.count, "question") + (failed > 0 ? ", \(failed) more failed" : "")
    text +=
      summary.grids.count == 1 ? ", a grid of \(summary.grids[0].rows) x \(summary.grids[0].columns) patches\n" : "\n"
    if summary.hasSeveralGrids { text += exits(summary.gridsInOrder, groups) }
    for shape in summary.total.layers { text += layer(shape, groups, tellsGrid: summary.hasSeveralGrids) }
    return trimmingLineEnds(text + "\n" + explanation(summary.total))
  }

  /// The share of the answers that was read from each grid, as far as there is room, and what an answer took.
  private static func exits(_ grids: [GridSize], _ groups: [(type: String, group: SpanGroup)]) -> String {
    let grids = grids.prefix(spansInRow)
    var text = "\n" + padded("Read from", to: typeWidth) + rightAligned("questions", to: countWidth)
    text += grids.map { rightAligned(CascadeText.size($0), to: spanWidth) }.joined()
    text += rightAligned("million", to: spanWidth) + "\n"
    for (type, group) in groups {
      text += padded(cut(type, to: typeWidth - 1), to: typeWidth) + rightAligned(String(group.count), to: countWidth)
      for grid in grids {
        let share = Float(group.gridCounts[grid, default: 0]) / Float(max(1, group.count))
        text += rightAligned(Percent.text(share), to: spanWidth)
      }
      text += rightAligned(millions(Int(group.meanMultiplyAdds.rounded())), to: spanWidth) + "\n"
    }
    return text + "  million multiply-adds of an answer\n"
  }

  private static func layer(
    _ shape: LayerSummary, _ groups: [(type: String, group: SpanGroup)], tellsGrid: Bool
  ) -> String {
    var text = ""
    for start in stride(from: 0, to: max(1, shape.orders.count), by: spansInRow) {
      let spans = start..<min(shape.orders.count, start + spansInRow)
      let name = "Layer \(shape.number)" + (tellsGrid ? ", \(CascadeText.size(shape.grid))" : "")
      let title = start == 0 ? name : ""
      text += "\n" + padded(title, to: typeWidth) + rightAligned("questions", to: countWidth)
      text += spans.map { rightAligned(ReportedSpan.window(order: shape.orders[$0]), to: spanWidth) }.joined()
      text += rightAligned("entropy", to: spanWidth) + "\n"
      for (type, group) in groups {
        guard let layer = group.layer(like: shape), layer.orders == shape.orders else { continue }
        text += padded(cut(type, to: typeWidth - 1), to: typeWidth) + rightAligned(String(layer.count), to: countWidth)
        text += spans.map { rightAligned(Percent.text(Float(layer.meanWeights[$0])), to: spanWidth) }.joined()
        text += rightAligned(Percent.fixed(layer.meanEntropy, places: 2), to: spanWidth) + "\n"
        text += padded("  chosen", to: typeWidth + countWidth)
        text += spans.map { rightAligned(String(layer.choices[$0]), to: spanWidth) }.joined() + "\n"
      }
    }
    return text
  }

  private static func explanation(_ total: SpanGroup) -> String {
    let work = total.work
    let explanation = """
      The per cent are mean weights of the spans, the numbers below them how often each had the most. Entropy is in bits: 0 where the router \
      gives one span all the weight, the logarithm of their number where it gives all the same. On average over the layers it is \
      \(Percent.text(Float(total.normalisedEntropy))) of that.

      If every layer computed only the window it chose, \(Percent.text(Float(work.savedPairs))) of the pairs of patches would not be \
      computed, which is \(Percent.text(Float(work.savedOfAnswer))) of the multiply-adds of an answer.
      """
    return explanation.split(separator: "\n\n").map {
      wrapped(String($0), to: reportColumns).joined(separator: "\n") + "\n"
    }
    .joined(separator: "\n")
  }
}

/// A count with its noun: `1 question`, `12 questions`.
func counted(_ count: Int, _ noun: String, isGrouped: Bool = false) -> String {
  "\(isGrouped ? grouped(count) : String(count)) \(noun)\(count == 1 ? "" : "s")"
}
