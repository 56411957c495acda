// SpanPage.swift - the spans of one answer as an HTML page: picture, answers, maps, words, numbers.

import ImageCodecs
import Routing
import VQAPipeline

/// Where an answer came from, for pages that outlive the command that made them.
public struct SpanSource: Sendable {
  /// Name of the model.
  public var model: String
  /// SHA-256 of the model's configuration.
  public var configuration: String
  /// Name of the picture's file.
  public var pictureName: String
  /// The picture; nil where only its features are known.
  public var picture: RGBImage?

  /// Collects what a page tells beside the answer.
  ///
  /// - Parameters:
  ///   - model: Name of the model.
  ///   - configuration: SHA-256 of the model's configuration.
  ///   - pictureName: Name of the picture's file.
  ///   - picture: The picture; nil where only its features are known.
  public init(model: String, configuration: String, pictureName: String, picture: RGBImage? = nil) {
    self.model = model
    self.configuration = configuration
    self.pictureName = pictureName
    self.picture = picture
  }
}

extension SpanReport {
  /// The spans as an HTML page of its own: nothing is fetched, nothing runs, texts from outside are escaped.
  ///
  /// - Parameters:
  ///   - answer: The answer with its trace.
  ///   - views: Where the attention of each span went.
  ///   - source: What was asked, and about what.
  /// - Returns: The page.
  /// - Throws: `ImageFailure` when a map does not fit its grid or the picture cannot be resized.
  public static func html(_ answer: Answer, _ views: SpanViews, from source: SpanSource) throws(ImageFailure) -> String
  {
    try SpanPage(answer, views, source).page().html
  }
}

/// One answer's page.
struct SpanPage {
  /// Characters from which a question is no headline any more.
  private static let longQuestion = 120

  let answer: Answer
  let views: SpanViews
  let source: SpanSource
  let layers: [ReportedLayer]
  let picture: PagePicture?
  let figures: HeatFigure

  init(_ answer: Answer, _ views: SpanViews, _ source: SpanSource) throws(ImageFailure) {
    self.answer = answer
    self.views = views
    self.source = source
    layers = ReportedLayer.all(of: answer, views)
    picture = try source.picture.map { picture throws(ImageFailure) in
      try PagePicture(picture, name: "picture", grid: views.grid, fit: .large)
    }
    figures = HeatFigure(grid: views.grid, picture: picture?.place)
  }

  /// The whole page.
  func page() throws(ImageFailure) -> Markup {
    var page = Page.start(title: "\(answer.question) – vqa spans", kind: "one")
    page += head
    if let record = answer.cascade {
      page += Page.section(
        "Where it stopped",
        """
        The picture is read from a coarse grid first, and from a finer one only while the answer is not sure enough; the framed grid gave the \
        answer. The bar below a grid shows how sure the answer was there.
        """,
        """
        \(CascadeParts.stages(answer, record, picture?.place))<div class="spent">\(CascadeParts.work(answer, record))</div>

        """)
    }
    page += try Page.section(
      "Where each layer looked",
      """
      A span is the window of patches that each patch of the picture looks at; a map shows where the attention of one span went, the bar \
      below it how much the router let that span count, and the framed span counted most.
      """, "\(PageParts.scale)\(layerRows())")
    page += try Page.section(
      "What the answer was read from",
      "In the end the network sums up all patches and all words, each by its weight; the map shows the weights of the patches.",
      pooling())
    page += Page.section(
      "The numbers",
      "Every map of this page as a row: the weight of its span, and the patch that got the most attention.",
      PageParts.spanTable(layers, views.grid))
    page += Page.section("Where this came from", "What to give to get the same page again.", facts)
    page += Page.end
    return page
  }

  /// Picture, question, answers.
  private var head: Markup {
    let isLong = answer.question.unicodeScalars.count > Self.longQuestion
    let kind: Markup = isLong ? "long quoted" : "quoted"
    let figure = picture?.figure(label: "The picture \(shownText(source.pictureName))")
    let style = figures.picture?.style ?? ""
    let columns: Markup = figure == nil ? "top bare" : "top"
    return """
      <div class="\(columns)" style="\(style)">
      \(figure)
      <div>
      <p class="kicker">Asked about <span dir="auto">\(source.pictureName, limit: 200)</span></p>
      <h1 class="\(kind)" dir="auto">\(answer.question)</h1>
      \(best)\(remarks)\(PageParts.answers(answer))</div>
      </div>

      """
  }

  private var best: Markup? {
    answer.candidates.first.map { best in
      """
      <p class="answer quoted"><bdi>\(best.answer, limit: 300)</bdi> <span>\(Percent.text(best.probability))</span></p>

      """
    }
  }

  /// Words that were not read.
  private var remarks: Markup {
    var remarks: Markup = ""
    if !answer.unknownWords.isEmpty {
      let words = answer.unknownWords.enumerated().map { index, word -> Markup in
        let comma: Markup = index == 0 ? "" : ", "
        return "\(comma)<bdi>\(word, limit: 60)</bdi>"
      }
      remarks += "<p class=\"note quoted\">The model does not know: \(words)</p>\n"
    }
    if answer.droppedWords > 0 {
      remarks += "<p class=\"note\">The question is too long: its last \(answer.droppedWords) words went unread.</p>\n"
    }
    return remarks
  }

  private func layerRows() throws(ImageFailure) -> Markup {
    var rows: Markup = ""
    for layer in layers {
      var maps: Markup = ""
      for span in layer.spans { maps += try map(span, in: layer) }
      rows += """
        <section class="layer card" style="\(figures.picture?.style ?? "")">
        <header><h3>Layer \(layer.number)</h3><p>\(PageParts.decision(layer))</p></header>
        <div class="maps">
        \(maps)</div>
        </section>

        """
    }
    return rows
  }

  private func map(_ span: ReportedSpan, in layer: ReportedLayer) throws(ImageFailure) -> Markup {
    let peak = span.attention.flatMap { PageParts.peak($0, views.grid) } ?? "no map"
    let label = "Layer \(layer.number), window \(span.window), weight \(Percent.text(span.weight)): \(peak)"
    let kind: Markup = span.isChosen ? " class=\"on\"" : ""
    return """
      <figure\(kind)>
      \(try figures.map(span.attention ?? [], label: label))
      <figcaption><span class="row"><span>\(Page.window(span.order))</span><span>\(Percent.text(span.weight))</span></span>\
      \(Page.bar(Double(span.weight)))<small>\(peak)</small></figcaption>
      </figure>

      """
  }

  private func pooling() throws(ImageFailure) -> Markup {
    let peak = PageParts.peak(views.pooling, views.grid) ?? "no map"
    return """
      <div class="pool" style="\(figures.picture?.style ?? "")">
      <figure>\(try figures.map(views.pooling, label: "Final pooling of the picture: \(peak)"))
      <figcaption>\(peak)</figcaption></figure>
      <div>
      \(PageParts.words(views.words))\(PageParts.wordTable(views))</div>
      </div>

      """
  }

  private var facts: Markup {
    let grid = views.grid
    let size = source.picture.map { "\($0.width) × \($0.height) pixels, as shown" } ?? "known by its features only"
    return Page.facts([
      ("Picture", "<bdi>\(source.pictureName, limit: 300)</bdi><small>\(size)</small>"),
      ("Grid", "\(grid.rows) × \(grid.columns) patches<small>spread evenly, each would get \(even)</small>"),
      ("Cost", "\(grouped(answer.multiplyAdds)) multiply-adds<small>for picture, question and answer</small>"),
      ("Exit", "\(exit)<small>the stage of the network that answered</small>"),
      ("Model", "<bdi>\(source.model, limit: 300)</bdi>"),
      ("Configuration", "<code>\(source.configuration, limit: 100)</code>"),
    ])
  }

  private var exit: Markup {
    answer.cascade.map { "\(answer.exit) of \($0.stages.count)" } ?? "\(answer.exit)"
  }

  private var even: String { Percent.text(1 / Float(max(1, views.grid.tokens)), places: 1) }
}
