// CurveDrawing.swift - accuracy against mean cost, drawn: the exits, the thresholds for budgets, the model's own.

import ImageCodecs
import VQAPipeline

/// Draws one curve.
struct CurveDrawing {
  private static let (width, height) = (1200, 800)
  /// Where the numbers are drawn.
  private static let plot = PixelRectangle(x: 116, y: 132, width: 1040, height: 500)
  private static let search = SheetColor.accent
  private static let percentile = RGBColor(red: 198, green: 91, blue: 34)
  private static let anytime = RGBColor(red: 71, green: 102, blue: 176)

  private let curve: CostCurve
  private let title: String
  private let costs: CurveAxis
  private let accuracies: CurveAxis
  private var canvas: Canvas

  init(_ curve: CostCurve, title: String) throws(ImageFailure) {
    self.curve = curve
    self.title = title
    let millions = curve.points.map { $0.multiplyAdds / 1e6 }
    // From 0 on where that costs little room: twice the work is then twice the way.
    let fromZero = (millions.min() ?? 0) < 0.4 * (millions.max() ?? 0)
    costs = CurveAxis(
      millions + (fromZero ? [0] : []), least: 0.01 * max(1e-3, millions.max() ?? 0), limits: 0...1e9, wanted: 8)
    accuracies = CurveAxis(curve.points.map { 100 * $0.accuracy }, least: 1, limits: 0...100, wanted: 6)
    canvas = try Canvas(width: Self.width, height: Self.height)
  }

  /// The drawing.
  func drawn() -> RGBImage {
    var drawing = self
    drawing.head()
    drawing.axes()
    drawing.budgeted(.percentile, Self.percentile, width: 2, dot: 7)
    drawing.budgeted(.search, Self.search, width: 3, dot: 10)
    drawing.exits()
    drawing.own()
    drawing.legend()
    return drawing.canvas.image
  }

  private mutating func head() {
    let characters = SheetText.characters(in: Self.width - 2 * SheetSize.margin, scale: 3)
    write(SheetText.cut(SheetText.ascii(title), characters: characters), x: SheetSize.margin, y: 24, .title(scale: 3))
    let questions = counted(curve.count, "question", isGrouped: true)
    write("Accuracy against the mean work of an answer; \(questions)", x: SheetSize.margin, y: 60, .faint)
  }

  private mutating func axes() {
    let plot = Self.plot
    for mark in accuracies.marks {
      let y = place(costs.range.lowerBound, mark).y
      canvas.fill(PixelRectangle(x: plot.x, y: Int(y), width: plot.width, height: 1), color: SheetColor.line)
      write(Percent.fixed(mark, places: accuracies.places), endingAt: plot.x - 12, y: Int(y) - 8, .plain)
    }
    for mark in costs.marks {
      let x = place(mark, accuracies.range.lowerBound).x
      canvas.fill(PixelRectangle(x: Int(x), y: plot.y, width: 1, height: plot.height), color: SheetColor.line)
      let text = Percent.fixed(mark, places: costs.places)
      write(text, x: Int(x) - Canvas.size(ofText: text, scale: 2).width / 2, y: plot.y + plot.height + 12, .plain)
    }
    canvas.fill(
      PixelRectangle(x: plot.x, y: plot.y + plot.height, width: plot.width, height: 2), color: SheetColor.faint)
    canvas.fill(PixelRectangle(x: plot.x - 1, y: plot.y, width: 2, height: plot.height + 2), color: SheetColor.faint)
    write("accuracy, per cent", x: SheetSize.margin, y: plot.y - 32, .heading)
    write("million multiply-adds", endingAt: plot.x + plot.width, y: plot.y + plot.height + 40, .heading)
  }

  private mutating func budgeted(_ kind: CostCurve.Kind, _ color: RGBColor, width: Double, dot: Double) {
    let places = places(kind).sorted { ($0.x, -$0.y) < ($1.x, -$1.y) }
    for (from, to) in zip(places, places.dropFirst()) { canvas.line(from: from, to: to, color: color, width: width) }
    for place in places { canvas.disc(at: place, diameter: dot, color: color) }
  }

  /// The exits as large discs with a dashed line between them, each with its grid.
  private mutating func exits() {
    let places = places(.anytime)
    for (from, to) in zip(places, places.dropFirst()) { dashes(from, to) }
    for (index, place) in places.enumerated() {
      canvas.disc(at: place, diameter: 20, color: .white)
      canvas.disc(at: place, diameter: 16, color: Self.anytime)
      let grid = curve.grids.indices.contains(index) ? ", \(CascadeText.size(curve.grids[index]))" : ""
      label("exit \(index + 1)\(grid)", at: place, color: Self.anytime)
    }
  }

  private mutating func dashes(_ from: CanvasPoint, _ to: CanvasPoint) {
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    let length = (dx * dx + dy * dy).squareRoot()
    for start in stride(from: 0, to: length, by: 14) {
      let end = min(length, start + 6)
      canvas.line(
        from: CanvasPoint(x: from.x + dx * start / length, y: from.y + dy * start / length),
        to: CanvasPoint(x: from.x + dx * end / length, y: from.y + dy * end / length), color: Self.anytime, width: 2)
    }
  }

  /// The thresholds that the model keeps to, as a ring.
  private mutating func own() {
    for place in places(.stored) { ring(place) }
  }

  private mutating func ring(_ place: CanvasPoint) {
    canvas.disc(at: place, diameter: 24, color: SheetColor.ink)
    canvas.disc(at: place, diameter: 18, color: .white)
    canvas.disc(at: place, diameter: 10, color: Self.search)
  }

  /// A text below a point, inside the plot, on white.
  private mutating func label(_ text: String, at place: CanvasPoint, color: RGBColor) {
    let size = Canvas.size(ofText: text, scale: 2)
    let plot = Self.plot
    let x = min(plot.x + plot.width - size.width - 6, max(plot.x + 8, Int(place.x) - size.width / 2))
    let isLow = Int(place.y) + 20 + size.height > plot.y + plot.height
    let y = isLow ? Int(place.y) - 18 - size.height : Int(place.y) + 18
    canvas.fill(
      PixelRectangle(x: x - 4, y: y - 3, width: size.width + 8, height: size.height + 4), color: .white)
    write(text, x: x, y: y, TextStyle(scale: 2, color: color, isBold: true))
  }

  private mutating func legend() {
    var x = Self.plot.x
    let y = Self.height - 64
    let items: [(kind: CostCurve.Kind, text: String)] = [
      (.anytime, "one exit for all"), (.search, "searched thresholds"), (.percentile, "percentile rule"),
      (.stored, "the model's own"),
    ]
    for item in items where curve.points.contains(where: { $0.kind == item.kind }) {
      let middle = CanvasPoint(x: Double(x) + 16, y: Double(y) + 8)
      let (from, to) = (CanvasPoint(x: middle.x - 16, y: middle.y), CanvasPoint(x: middle.x + 16, y: middle.y))
      switch item.kind {
      case .anytime:
        dashes(from, to)
        canvas.disc(at: middle, diameter: 16, color: Self.anytime)
      case .search:
        canvas.line(from: from, to: to, color: Self.search, width: 3)
        canvas.disc(at: middle, diameter: 10, color: Self.search)
      case .percentile:
        canvas.line(from: from, to: to, color: Self.percentile, width: 2)
        canvas.disc(at: middle, diameter: 7, color: Self.percentile)
      case .stored: ring(middle)
      }
      write(item.text, x: x + 44, y: y, .plain)
      x += 44 + Canvas.size(ofText: item.text, scale: 2).width + 36
    }
  }

  private func places(_ kind: CostCurve.Kind) -> [CanvasPoint] {
    curve.points.filter { $0.kind == kind }.map { place($0.multiplyAdds / 1e6, 100 * $0.accuracy) }
  }

  private func place(_ cost: Double, _ accuracy: Double) -> CanvasPoint {
    CanvasPoint(
      x: Double(Self.plot.x) + costs.share(cost) * Double(Self.plot.width),
      y: Double(Self.plot.y) + (1 - accuracies.share(accuracy)) * Double(Self.plot.height))
  }

  private mutating func write(_ text: String, x: Int, y: Int, _ style: TextStyle) {
    for shift in 0...(style.isBold ? 1 : 0) {
      canvas.write(text, x: x + shift, y: y, color: style.color, scale: style.scale)
    }
  }

  private mutating func write(_ text: String, endingAt x: Int, y: Int, _ style: TextStyle) {
    write(text, x: x - Canvas.size(ofText: text, scale: style.scale).width, y: y, style)
  }
}
