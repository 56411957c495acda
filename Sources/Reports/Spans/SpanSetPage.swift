// SpanSetPage.swift - many answers on one HTML page: a section for each picture, a small card for each question about it.
//
// The page is made piece by piece, so that it takes no more memory for many questions than for few. A thousand questions about as many
// photographs stay below 20 MB: each picture is there once and small, a card has one map for each layer, its spans mixed as the layer mixed
// them, and a layer more makes every map coarser.

import ImageCodecs
import Routing
import VQAPipeline

/// One answer of many.
public struct SpanSetItem: Sendable {
  /// Id of the question.
  public var questionID: Int
  /// Id of the picture.
  public var imageID: Int
  /// Name of the picture's file.
  public var pictureName: String
  /// The picture, needed only the first time it comes; nil where only its features are known.
  public var picture: RGBImage?
  /// The answer with its trace.
  public var answer: Answer
  /// Where the attention of each span went.
  public var views: SpanViews

  /// Collects an answer and what is shown with it.
  public init(
    questionID: Int, imageID: Int, pictureName: String, picture: RGBImage?, answer: Answer, views: SpanViews
  ) {
    self.questionID = questionID
    self.imageID = imageID
    self.pictureName = pictureName
    self.picture = picture
    self.answer = answer
    self.views = views
  }
}

/// Makes the page of many answers.
public struct SpanSetPage: Sendable {
  /// Longest side in pixels that a picture needs to have.
  public static let pictureSide = PictureFit.small.longest
  /// Failures that are named.
  private static let mostFailures = 50

  private let source: SpanSetSource
  private let count: Int
  /// Where the pictures so far stand; nil for one that is not known.
  private var places: [Int: PagePlace?] = [:]
  private var current: Int?
  private var exits = ExitSums()

  /// Begins a page.
  ///
  /// - Parameters:
  ///   - source: Where the answers come from.
  ///   - count: How many questions there will be.
  public init(_ source: SpanSetSource, count: Int) {
    self.source = source
    self.count = count
  }

  /// Whether the page has the picture already.
  public func has(imageID: Int) -> Bool { places[imageID] != nil }

  /// A picture no larger than a page needs it.
  public static func thumbnail(_ picture: RGBImage) throws(ImageFailure) -> RGBImage {
    try PagePicture.fitted(picture, longest: pictureSide)
  }

  /// The beginning of the page.
  ///
  /// - Parameter spans: For each grid of the model its spans, 0 for the whole picture.
  /// - Returns: HTML.
  public func start(spans: [(grid: GridSize, orders: [Int])]) -> String {
    let title = "The spans of \(counted(count, "question", isGrouped: true))"
    let facts = Page.facts([
      ("Questions", "<bdi>\(source.questions, limit: 300)</bdi>"),
      ("Model", "<bdi>\(source.model, limit: 300)</bdi>"),
      ("Configuration", "<code>\(source.configuration, limit: 100)</code>"),
    ])
    let isCascade = spans.count > 1
    let cascade: Markup =
      isCascade
      ? """
      <p class="lead">The model reads a picture from a coarse grid first, and from a finer one only while the answer is not sure enough. The \
      grids of a card show how sure it was at each and the million multiply-adds that took; the strong one gave the answer, those not run show \
      what they would have taken. The first picture of a card has the grid that gave the answer drawn over it.</p>

      """ : ""
    // Where grids have spans of their own, each has a legend.
    let isOne = Set(spans.map(\.orders)).count <= 1
    let legends = spans.prefix(isOne ? 1 : spans.count).map { span -> Markup in
      SpanBars.legend(span.orders, name: isOne ? nil : CascadeParts.size(span.grid))
    }
    return Markup(
      """
      \(Page.start(title: "\(title) – vqa spans", kind: "many"))<h1>\(title)</h1>
      <p class="lead">Each card is a question with the answer and its probability; the stronger a word is shaded, the more it counted. A map \
      shows where a layer looked, all its spans together, from dark, no attention, to yellow, the peak of the map. The bar below it shows \
      how much the layer let each span count, and the words beside it name the one that counted most.</p>
      \(cascade)\(PageParts.scale)\(legends)\(facts)<div class="all">

      """
    ).html
  }

  /// The next answers.
  ///
  /// - Parameter items: Answers in the order of the page; those about one picture side by side.
  /// - Returns: HTML.
  /// - Throws: `ImageFailure` when a map does not fit its grid or a picture cannot be resized.
  public mutating func add(_ items: [SpanSetItem]) throws(ImageFailure) -> String {
    var html: Markup = ""
    for item in items {
      if item.imageID != current {
        html += close
        html += try open(item)
      }
      exits.add(item.answer)
      html += try SpanCard(item, places[item.imageID] ?? nil).markup()
    }
    return html.html
  }

  /// The end of the page.
  ///
  /// - Parameters:
  ///   - failed: Questions without an answer.
  ///   - reasons: Why pictures could not be read.
  /// - Returns: HTML.
  public mutating func end(failed: Int, reasons: [String]) -> String {
    var html = close
    html += "</div>\n"
    current = nil
    if let section = exits.section { html += section }
    if failed > 0 {
      let items = reasons.prefix(Self.mostFailures).map { reason -> Markup in "<li>\(reason, limit: 400)</li>\n" }
      let rest = reasons.count - Self.mostFailures
      let more: Markup = rest > 0 ? "<li>and \(rest) more pictures</li>\n" : ""
      html += Page.section(
        "Not answered", "\(counted(failed, "question", isGrouped: true)) could not be answered, for these reasons.",
        "<ul class=\"quoted\">\n\(items)\(more)</ul>\n")
    }
    html += Page.end
    return html.html
  }

  private var close: Markup { current == nil ? "" : "</div>\n</section>\n" }

  /// The section of a picture.
  private mutating func open(_ item: SpanSetItem) throws(ImageFailure) -> Markup {
    current = item.imageID
    let label = "The picture \(shownText(item.pictureName))"
    var figure: Markup = ""
    if let known = places[item.imageID] {
      if let place = known {
        figure = """
          <svg class="picture" \(HeatFigure.frame(place.grid)) role="img" aria-label="\(label, limit: 300)">\(place.again)</svg>
          """
      }
    } else {
      let name: Markup = "p\(places.count)"
      let picture = try item.picture.map { picture throws(ImageFailure) in
        try PagePicture(picture, name: name, grid: item.views.grid, fit: .small)
      }
      figure = picture?.figure(label: label) ?? ""
      places.updateValue(picture?.place, forKey: item.imageID)
    }
    let style = places[item.imageID].flatMap { $0?.style } ?? ""
    return """
      <section class="about" style="\(style)">
      <div class="side">\(figure)<p class="kicker quoted"><bdi>\(item.pictureName, limit: 120)</bdi></p></div>
      <div class="cards">

      """
  }
}
