// SpanCard.swift - one answer as a small card: question, answer, a map and the weights for each layer.

import ImageCodecs
import Routing
import VQAPipeline

/// A card of a page of many answers.
struct SpanCard {
  /// Bytes that the maps of a card may take, as text.
  private static let mapBytes = 6_000.0
  /// Bytes of a map besides its dots, and for each dot, as PNG; measured on maps of trained models.
  private static let (fixedBytes, dotBytes) = (70.0, 2.4)
  /// Fewest and most dots along a side of a map.
  private static let dots = 5...16
  /// Bytes that the rest of the layers may take; bytes of a layer, and for each of its spans.
  private static let (barBytes, layerBytes, spanBytes) = (7_000, 330, 55)
  /// Most words shown, and fewest layers.
  private static let (mostWords, fewestLayers) = (24, 4)

  private let item: SpanSetItem
  private let place: PagePlace?
  private let layers: [ReportedLayer]

  init(_ item: SpanSetItem, _ place: PagePlace?) {
    self.item = item
    self.place = place
    layers = ReportedLayer.all(of: item.answer, item.views)
  }

  /// The card.
  func markup() throws(ImageFailure) -> Markup {
    var figures = stopped
    for layer in layers.prefix(shown) { figures += try figure(layer) }
    let rest = layers.count - shown
    let more: Markup = rest > 0 ? "<p class=\"kicker\">and \(rest) more layers</p>\n" : ""
    return """
      <article class="card" id="q\(item.questionID)">
      <h3 class="quoted" dir="auto">\(item.answer.question, limit: 300)</h3>
      \(reply)\(item.answer.cascade.map { CascadeParts.chips(item.answer, $0) })\(words)<div class="mini">
      \(figures)</div>\(more)
      </article>

      """
  }

  private var reply: Markup? {
    item.answer.candidates.first.map { best in
      """
      <p class="answer quoted"><bdi>\(best.answer, limit: 100)</bdi> <span>\(Percent.text(best.probability))</span></p>

      """
    }
  }

  /// The grid that gave the answer over the picture; nothing where there is one grid for all.
  private var stopped: Markup {
    guard let record = item.answer.cascade else { return "" }
    let share = Double(item.answer.multiplyAdds) / Double(max(1, record.fullRunMultiplyAdds))
    let label = "The grid that gave the answer: \(CascadeText.exit(item.answer, record))"
    return """
      <figure>\(CascadeParts.picture(under: item.views.grid, place, label: label))<figcaption>\(Page.bar(share))exit \
      \(item.answer.exit), \(Percent.fixed(100 * share, places: 0)) % of a full run</figcaption></figure>

      """
  }

  private var words: Markup {
    let words = item.views.words.prefix(Self.mostWords).map { word, weight -> Markup in
      "<bdi style=\"--w:\(Page.percent(Double(weight)))%\">\(word, limit: 30)</bdi> "
    }
    return words.isEmpty ? "" : "<p class=\"said quoted\">\(words)</p>\n"
  }

  private func figure(_ layer: ReportedLayer) throws(ImageFailure) -> Markup {
    let window: Markup = layer.chosen.map { $0.order > 0 ? Page.window($0.order) : "whole" } ?? "no span"
    let weights = layer.spans.map { Double($0.weight) }
    return """
      <figure>\(try map(layer))<figcaption>\(SpanBars.bar(weights))layer \(layer.number) · \(window)</figcaption></figure>

      """
  }

  /// What the layer looked at: the maps of its spans, mixed by their weights.
  private func map(_ layer: ReportedLayer) throws(ImageFailure) -> Markup {
    let grid = item.views.grid
    var mixed = [Float](repeating: 0, count: grid.tokens)
    for span in layer.spans {
      guard let attention = span.attention, attention.count == mixed.count, span.weight.isFinite else { continue }
      for token in mixed.indices { mixed[token] += span.weight * attention[token] }
    }
    let small = ReducedMap(mixed, grid, longest: side)
    let figure = HeatFigure(grid: small.grid, frameGrid: grid, picture: place)
    let peak = PageParts.peak(mixed, grid) ?? "no map"
    return try figure.map(small.values, label: "Layer \(layer.number): \(peak)", isFine: false)
  }

  /// Layers that are shown.
  private var shown: Int {
    let spans = layers.map(\.spans.count).max() ?? 0
    return min(layers.count, max(Self.fewestLayers, Self.barBytes / (Self.layerBytes + Self.spanBytes * spans)))
  }

  /// Dots along the longer side of a map.
  private var side: Int {
    let bytes = 0.75 * Self.mapBytes / Double(max(1, shown))
    let dots = max(0, (bytes - Self.fixedBytes) / Self.dotBytes).squareRoot()
    return min(Self.dots.upperBound, max(Self.dots.lowerBound, Int(dots)))
  }
}

/// A map of attention with fewer dots: each is the mean of the patches that it covers.
struct ReducedMap {
  /// The grid of the dots.
  let grid: GridSize
  /// Their shares, row by row; sum to what the map summed to.
  let values: [Float]

  /// Reduces a map whose longer side has more dots than wanted; others stay as they are.
  init(_ values: [Float], _ grid: GridSize, longest: Int) {
    let step = (max(grid.rows, grid.columns) + longest - 1) / max(1, longest)
    guard step > 1, values.count == grid.tokens else {
      (self.grid, self.values) = (grid, values)
      return
    }
    let reduced = GridSize(rows: (grid.rows + step - 1) / step, columns: (grid.columns + step - 1) / step)
    var means: [Float] = []
    for row in 0..<reduced.rows {
      for column in 0..<reduced.columns {
        var sum: Float = 0, count: Float = 0
        for y in row * step..<min(grid.rows, (row + 1) * step) {
          for x in column * step..<min(grid.columns, (column + 1) * step) {
            sum += values[y * grid.columns + x]
            count += 1
          }
        }
        means.append(sum / count)
      }
    }
    let factor = values.reduce(0, +) / max(.leastNormalMagnitude, means.reduce(0, +))
    (self.grid, self.values) = (reduced, means.map { $0 * factor })
  }
}
