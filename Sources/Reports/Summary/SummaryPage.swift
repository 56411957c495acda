// SummaryPage.swift - a summary of spans as an HTML page: for each layer bars by type of question, then the numbers.

import Routing

/// What a page about a set of questions tells of where it came from.
public struct SpanSetSource: Sendable {
  /// Name of the model.
  public var model: String
  /// SHA-256 of the model's configuration.
  public var configuration: String
  /// The question file.
  public var questions: String

  /// Collects what a page tells beside the answers.
  public init(model: String, configuration: String, questions: String) {
    self.model = model
    self.configuration = configuration
    self.questions = questions
  }
}

extension SpanReport {
  /// A summary as an HTML page of its own: nothing is fetched, nothing runs, texts from outside are escaped.
  ///
  /// - Parameters:
  ///   - summary: The summary.
  ///   - failed: Questions without an answer, which are not in it.
  ///   - source: Where it came from.
  /// - Returns: The page.
  public static func html(_ summary: SpanSummary, failed: Int, from source: SpanSetSource) -> String {
    SummaryPage(summary, failed: failed, source).page.html
  }
}

/// The page of a summary.
private struct SummaryPage {
  /// Types of questions shown by themselves.
  private static let mostTypes = 40

  private let summary: SpanSummary
  private let failed: Int
  private let source: SpanSetSource
  /// All questions, then each type, then the rest.
  private let groups: [(type: Markup, group: SpanGroup)]

  init(_ summary: SpanSummary, failed: Int, _ source: SpanSetSource) {
    self.summary = summary
    self.failed = failed
    self.source = source
    let (kept, others) = summary.types(most: Self.mostTypes)
    var groups: [(type: Markup, group: SpanGroup)] = [("all questions", summary.total)]
    groups += kept.map { (type: "<bdi>\($0.type, limit: 80)</bdi>", group: $0.group) }
    if let others { groups.append((type: "\(others.count) other types", group: others.group)) }
    self.groups = groups
  }

  var page: Markup {
    let title = "The spans of \(counted(summary.total.count, "question", isGrouped: true))"
    var page = Page.start(title: "\(title) – vqa spans", kind: "summary")
    page += """
      <p class="kicker">Asked from <bdi>\(source.questions, limit: 200)</bdi></p>
      <h1>\(title)</h1>
      \(failures)\(tiles)
      """
    if summary.hasSeveralGrids { page += exits }
    for shape in summary.total.layers { page += layer(shape) }
    page += Page.section(
      "The work that hard spans would save",
      """
      If every layer computed only the window it chose, the pairs of patches outside it need neither be scored nor summed up; windows are \
      counted exactly, cut off at the borders of the picture.
      """, workTable)
    page += Page.section("Where this came from", "What to give to get the same page again.", facts)
    page += Page.end
    return page
  }

  private var failures: Markup {
    failed > 0
      ? "<p class=\"note\">\(grouped(failed)) more questions could not be answered and are not in here.</p>\n" : ""
  }

  /// The figures that sum up the page.
  private var tiles: Markup {
    let work = summary.total.work
    let figures: [(value: String, meaning: Markup)] = [
      (grouped(summary.total.count), "questions were answered"),
      (
        Percent.text(Float(summary.total.normalisedEntropy)),
        "undecided: the mean entropy of the routers' weights, as a share of the greatest possible"
      ),
      (Percent.text(Float(work.savedPairs)), "of the pairs of patches lie outside the chosen windows"),
      (Percent.text(Float(work.savedOfAnswer)), "of the multiply-adds of an answer are spent on those pairs"),
    ]
    let tiles = figures.map { figure -> Markup in
      "<div class=\"card\"><b>\(figure.value)</b><span>\(figure.meaning)</span></div>\n"
    }
    return "<div class=\"tiles\">\n\(tiles)</div>\n"
  }

  /// From which grids of a cascade the answers were read, and what that took.
  private var exits: Markup {
    let grids = summary.gridsInOrder
    let heads = grids.map { grid -> Markup in "<th scope=\"col\">\(CascadeParts.size(grid))</th>" }
    let rows = groups.map { type, group -> Markup in
      let shares = grids.map { grid in
        Page.weightCell(Float(group.gridCounts[grid, default: 0]) / Float(max(1, group.count)))
      }
      let work = millions(Int(group.meanMultiplyAdds.rounded()))
      return """
        <tr><th scope="row" class="text quoted">\(type)</th><td>\(grouped(group.count))</td>\(shares)<td>\(work) million</td></tr>

        """
    }
    return Page.section(
      "Where the questions stopped",
      "The share of the answers that was read from each grid of the cascade, and the mean multiply-adds of an answer.",
      """
      <div class="wide" tabindex="0" role="region" aria-label="Where the questions stopped"><table>
      <thead><tr><th scope="col" class="text">type of question</th><th scope="col">questions</th>\(heads)\
      <th scope="col">multiply-adds</th></tr></thead>
      <tbody>
      \(rows)</tbody>
      </table></div>

      """)
  }

  private func layer(_ shape: LayerSummary) -> Markup {
    let layer = shape
    let rows = groups.compactMap { type, group in group.layer(like: shape).map { (type, group, $0) } }
    let grid: Markup = summary.hasSeveralGrids ? ", a grid of \(CascadeParts.size(layer.grid))" : ""
    let name: Markup = "\(layer.number)\(grid)"
    let bars = rows.map { type, group, layer -> Markup in
      let choices = layer.choices.map { Double($0) / Double(max(1, layer.count)) }
      return """
        <tr><th scope="row" class="quoted">\(type) <small>\(grouped(layer.count))</small></th>\
        <td>\(SpanBars.bar(layer.meanWeights, isLabelled: true))</td><td>\(SpanBars.bar(choices, isLabelled: true))</td></tr>

        """
    }
    return Page.section(
      "Layer \(name)",
      """
      Each line is a type of question: the first bar shows the mean weight of each span in per cent, the second how often each had the \
      greatest weight.
      """,
      """
      \(SpanBars.legend(layer.orders))<div class="card"><table class="bars">
      <thead><tr><th scope="col">type of question</th><th scope="col">mean weight</th><th scope="col">chosen</th></tr></thead>
      <tbody>
      \(bars)</tbody>
      </table></div>
      \(numbers(name, layer.orders, rows.map { ($0, $2) }))
      """)
  }

  /// The same as numbers.
  private func numbers(_ name: Markup, _ orders: [Int], _ rows: [(type: Markup, layer: LayerSummary)]) -> Markup {
    let windows = orders.map { order -> Markup in "<th scope=\"col\">\(Page.window(order))</th>" }
    let lines = rows.map { type, layer -> Markup in
      let most = layer.choices.max() ?? 0
      let weights = layer.meanWeights.map { Page.weightCell(Float($0)) }
      let choices = layer.choices.map { count -> Markup in
        let kind: Markup = count == most && count > 0 ? " class=\"on\"" : ""
        return "<td\(kind)>\(grouped(count))</td>"
      }
      return """
        <tr><th scope="row" class="text quoted">\(type)</th><td>\(grouped(layer.count))</td>\(weights)\(choices)\
        <td>\(PageParts.bits(layer.meanEntropy))</td><td>\(Percent.text(Float(layer.normalisedEntropy)))</td></tr>

        """
    }
    return """
      <details><summary>The numbers of layer \(name)</summary>
      <div class="wide" tabindex="0" role="region" aria-label="The numbers of layer \(name)"><table>
      <thead>
      <tr><td colspan="2"></td><th scope="colgroup" colspan="\(orders.count)">mean weight</th>\
      <th scope="colgroup" colspan="\(orders.count)">times chosen</th><th scope="colgroup" colspan="2">entropy</th></tr>
      <tr><th scope="col" class="text">type of question</th><th scope="col">questions</th>\(windows)\(windows)\
      <th scope="col">bits</th><th scope="col">of the greatest</th></tr>
      </thead>
      <tbody>
      \(lines)</tbody>
      </table></div>
      </details>

      """
  }

  private var workTable: Markup {
    let rows = groups.map { type, group -> Markup in
      """
      <tr><th scope="row" class="text quoted">\(type)</th><td>\(grouped(group.work.allPairs))</td>\
      <td>\(grouped(group.work.chosenPairs))</td>\(Page.weightCell(Float(group.work.savedPairs)))\
      \(Page.weightCell(Float(group.work.savedOfAnswer)))</tr>

      """
    }
    return """
      <div class="wide" tabindex="0" role="region" aria-label="The work that hard spans would save"><table>
      <thead><tr><th scope="col" class="text">type of question</th><th scope="col">pairs</th><th scope="col">inside the windows</th>\
      <th scope="col">saved</th><th scope="col">of the whole answer</th></tr></thead>
      <tbody>
      \(rows)</tbody>
      </table></div>

      """
  }

  private var facts: Markup {
    let grids = summary.grids.prefix(4).map { "\($0.rows) × \($0.columns)" }.joined(separator: ", ")
    return Page.facts([
      ("Questions", "<bdi>\(source.questions, limit: 300)</bdi>"),
      ("Grid", "\(grids.isEmpty ? "none" : grids + " patches")"),
      ("Model", "<bdi>\(source.model, limit: 300)</bdi>"),
      ("Configuration", "<code>\(source.configuration, limit: 100)</code>"),
    ])
  }
}
