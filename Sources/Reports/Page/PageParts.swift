// PageParts.swift - the parts that pages about spans are made of: answers, words, decisions, tables.

import Routing
import VQAPipeline

/// Parts of pages.
enum PageParts {
  /// Most words and layers in one table.
  private static let (mostWords, mostLayers) = (60, 24)

  /// The colours of the maps and what their ends mean.
  static let scale: Markup = """
    <p class="scale"><span>no attention</span><i></i><span>peak of the map</span></p>

    """

  /// The most probable answers with bars.
  static func answers(_ answer: Answer) -> Markup {
    guard answer.candidates.count > 1 else { return "" }
    let rows = answer.candidates.map { candidate -> Markup in
      """
      <tr><th scope="row" class="quoted" dir="auto">\(candidate.answer, limit: 200)</th><td class="n">\(Percent.text(candidate.probability))</td>\
      <td class="b">\(Page.bar(Double(candidate.probability)))</td></tr>

      """
    }
    return """
      <p class="lead">The likeliest answers; those of the whole list share 100 %.</p>
      <div class="plain"><table>
      <thead hidden><tr><th>answer</th><th>probability</th><th></th></tr></thead>
      <tbody>
      \(rows)</tbody>
      </table></div>

      """
  }

  /// The words of a question, each filled by its weight.
  static func words(_ words: [(word: String, weight: Float)]) -> Markup {
    guard !words.isEmpty else { return "<p class=\"lead\">The question has no word.</p>\n" }
    let items = words.prefix(mostWords).map { word, weight -> Markup in
      """
      <li style="--w:\(Page.percent(Double(weight)))%"><b><bdi>\(word, limit: 60)</bdi></b><small>\(Percent.text(weight))</small></li>

      """
    }
    return """
      <p class="lead">The stronger a word is shaded, the more it counted.</p>
      <ul class="words">
      \(items)</ul>
      \(rest(words.count))
      """
  }

  /// The words by layer as a table.
  static func wordTable(_ views: SpanViews) -> Markup {
    guard !views.words.isEmpty, !views.wordAttention.isEmpty else { return "" }
    let layers = views.wordAttention.prefix(mostLayers)
    let heads = layers.indices.map { layer -> Markup in "<th scope=\"col\">layer \(layer + 1)</th>" }
    let rows = views.words.enumerated().prefix(mostWords).map { index, word -> Markup in
      let cells = layers.map { Page.weightCell($0.indices.contains(index) ? $0[index] : 0) }
      return """
        <tr><th scope="row" class="text quoted" dir="auto">\(word.word, limit: 60)</th>\(Page.weightCell(word.weight))\(cells)</tr>

        """
    }
    return """
      <p class="lead">A column of the table tells how the attention that the picture paid to the question was shared in a layer.</p>
      <div class="wide" tabindex="0" role="region" aria-label="The words in every layer"><table>
      <thead><tr><th scope="col" class="text">word</th><th scope="col">in the end</th>\(heads)</tr></thead>
      <tbody>
      \(rows)</tbody>
      </table></div>
      \(rest(views.words.count))
      """
  }

  private static func rest(_ words: Int) -> Markup {
    words > mostWords ? "<p class=\"lead\">And \(words - mostWords) more words.</p>\n" : ""
  }

  /// What the router of a layer decided, in words.
  static func decision(_ layer: ReportedLayer) -> Markup {
    guard let chosen = layer.chosen else { return "no spans" }
    return """
      chose \(Page.window(chosen.order)), undecided by \(bits(layer.entropy)) of at most \(bits(layer.greatestEntropy)) bits
      """
  }

  /// A number of bits.
  static func bits(_ entropy: Double) -> String { Percent.fixed(entropy, places: 2) }

  /// The patch that got the most attention, in words; nil without patches.
  static func peak(_ attention: [Float], _ grid: GridSize) -> String? {
    guard let peak = AttentionPeak(attention), grid.columns > 0 else { return nil }
    if peak.isEven { return "everywhere alike" }
    return
      "peak \(Percent.text(peak.share)) at row \(peak.token / grid.columns + 1), column \(peak.token % grid.columns + 1)"
  }

  /// Every span of every layer as a table.
  static func spanTable(_ layers: [ReportedLayer], _ grid: GridSize) -> Markup {
    let bodies = layers.map { layer -> Markup in
      let rows = layer.spans.enumerated().map { index, span -> Markup in
        let head: Markup? =
          index == 0
          ? "<th scope=\"rowgroup\" rowspan=\"\(layer.spans.count)\" class=\"text\">Layer \(layer.number)</th>" : nil
        let mark: Markup = span.isChosen ? "chosen" : ""
        let peak = span.attention.flatMap { AttentionPeak($0) }
        let place =
          peak.map {
            grid.columns > 0 ? "row \($0.token / grid.columns + 1), column \($0.token % grid.columns + 1)" : ""
          } ?? ""
        let pairs = Float(grid.pairs(order: span.order)) / Float(max(1, grid.tokens * grid.tokens))
        let kind: Markup = span.isChosen ? " class=\"on\"" : ""
        return """
          <tr>\(head)<td\(kind)>\(Page.window(span.order))</td>\(Page.weightCell(span.weight, isChosen: span.isChosen))\
          <td\(kind)>\(mark)</td><td>\(peak.map { Percent.text($0.share) } ?? "–")</td><td>\(place)</td>\
          <td>\(Percent.text(pairs))</td></tr>

          """
      }
      return "<tbody class=\"first\">\n\(rows)</tbody>\n"
    }
    return """
      <div class="wide" tabindex="0" role="region" aria-label="The numbers"><table>
      <thead><tr><th scope="col" class="text">layer</th><th scope="col">window</th><th scope="col">weight</th><th scope="col"></th>\
      <th scope="col">peak</th><th scope="col">at</th><th scope="col">pairs of patches in the window</th></tr></thead>
      \(bodies)</table></div>

      """
  }
}

/// A number with a comma before every three digits: 1,234,567.
func grouped(_ number: Int) -> String {
  let digits = Array(String(number.magnitude))
  let start = number < 0 ? "-" : ""
  return digits.enumerated().reduce(into: start) { text, place in
    if place.offset > 0, (digits.count - place.offset) % 3 == 0 { text += "," }
    text.append(place.element)
  }
}
