// CascadeParts.swift - the parts of pages that show where a cascade stopped: grids over the picture, confidences, work.

import ImageCodecs
import Routing
import VQAPipeline

/// Parts of pages about cascades.
enum CascadeParts {
  /// Colour of the question's work; the stages have those before it.
  private static let questionColor = 7

  /// The lines of a grid on a drawing whose unit is a cell of another one, dark below and light above.
  static func lines(of grid: GridSize, on frame: GridSize) -> Markup {
    func places(_ count: Int, _ length: Int) -> [Markup] {
      (1..<max(1, count)).map { .decimal(Double($0 * length) / Double(count), places: 2) }
    }
    let columns = places(grid.columns, frame.columns).map { x -> Markup in "M\(x) 0V\(frame.rows)" }
    let rows = places(grid.rows, frame.rows).map { y -> Markup in "M0 \(y)H\(frame.columns)" }
    let path: Markup = "\(columns)\(rows)"
    return "<path class=\"lines under\" d=\"\(path)\"/><path class=\"lines\" d=\"\(path)\"/>"
  }

  /// The picture with the lines of a grid, as a figure of its own.
  ///
  /// - Parameters:
  ///   - grid: The grid.
  ///   - place: Where the picture stands in the page; nil for a grey ground.
  ///   - label: What is seen, for those who do not see it.
  /// - Returns: HTML.
  static func picture(under grid: GridSize, _ place: PagePlace?, label: String) -> Markup {
    let frame = place?.grid ?? grid
    let blank: Markup = "<rect class=\"blank\" width=\"100%\" height=\"100%\"/>"
    return """
      <svg class="gridded" \(HeatFigure.frame(frame)) role="img" aria-label="\(label, limit: 300)">\
      \(place?.again ?? blank)\(lines(of: grid, on: frame))</svg>
      """
  }

  /// The size of a grid with a real cross: `7×7`.
  static func size(_ grid: GridSize) -> Markup { "\(grid.rows)×\(grid.columns)" }

  /// Every stage of an answer beside the others: the grid, how sure, what it took, what it would have taken.
  static func stages(_ answer: Answer, _ record: CascadeRecord, _ place: PagePlace?) -> Markup {
    let figures = record.stages.enumerated().map { index, stage -> Markup in
      let kind: Markup = index + 1 == answer.exit ? " class=\"on\"" : stage.isComputed ? "" : " class=\"off\""
      let label = "Exit \(index + 1), a grid of \(CascadeText.size(stage.grid)): \(outcome(stage))"
      let sure: Markup =
        stage.confidence.map { "\(Percent.text($0))" } ?? "\(CascadeText.state(stage))"
      return """
        <figure\(kind)>
        \(picture(under: stage.grid, place, label: label))
        <figcaption><span class="row"><span>exit \(index + 1) · \(size(stage.grid))</span><span>\(sure)</span></span>\
        \(Page.bar(Double(stage.confidence ?? 0)))<small>\(needed(stage))\(outcome(stage))</small></figcaption>
        </figure>

        """
    }
    return "<div class=\"card\" style=\"\(place?.style ?? "")\"><div class=\"maps\">\n\(figures)</div></div>\n"
  }

  /// What a stage took, or would have taken.
  private static func outcome(_ stage: CascadeRecord.Stage) -> String {
    stage.isComputed
      ? "took \(millions(stage.spent)) million multiply-adds"
      : "would have taken \(millions(stage.possible)) million more"
  }

  private static func needed(_ stage: CascadeRecord.Stage) -> Markup? {
    stage.threshold.map { threshold in
      threshold > 1 ? "never stops here; " : "stops from \(CascadeText.threshold(threshold)) on; "
    }
  }

  /// What was spent of what all stages would take, as a bar with a legend.
  static func work(_ answer: Answer, _ record: CascadeRecord) -> Markup {
    let possible = record.stages.reduce(record.questionMultiplyAdds) { $0 + ($1.isComputed ? $1.spent : $1.possible) }
    var parts: [(color: Int, name: Markup, work: Int)] = [(questionColor, "question", record.questionMultiplyAdds)]
    for (index, stage) in record.stages.enumerated() where stage.isComputed {
      parts.append((index, "exit \(index + 1), \(size(stage.grid))", stage.spent))
    }
    let bars = parts.map { part -> Markup in
      "<i class=\"s\(part.color)\" style=\"width:\(Page.percent(Double(part.work) / Double(max(1, possible))))%\"></i>"
    }
    let legend = parts.map { part -> Markup in
      "<li><i class=\"s\(part.color)\"></i>\(part.name): \(millions(part.work)) million</li>"
    }
    let rest = possible - answer.multiplyAdds
    let left: Markup =
      rest > 0 ? "<li><i class=\"rest\"></i>not run: \(millions(rest)) million</li>" : ""
    return """
      <p class="lead">\(CascadeText.cost(answer, record)), which answers at the last exit only.</p>
      <span class="mix">\(bars)</span>
      <ul class="legend under">\(legend)\(left)</ul>

      """
  }

  /// The stages of an answer in one line of a card.
  static func chips(_ answer: Answer, _ record: CascadeRecord) -> Markup {
    let chips = record.stages.enumerated().map { index, stage -> Markup in
      let kind: Markup = index + 1 == answer.exit ? " class=\"on\"" : stage.isComputed ? "" : " class=\"off\""
      let sure: Markup = stage.confidence.map { "\(Percent.text($0))" } ?? "\(CascadeText.state(stage))"
      let work = millions(stage.isComputed ? stage.spent : stage.possible)
      return """
        <span\(kind) style="--w:\(Page.percent(Double(stage.confidence ?? 0)))%"><b>\(size(stage.grid))</b> \(sure)<small>\(work) M</small></span>
        """
    }
    return "<p class=\"steps\">\(chips)</p>\n"
  }
}
