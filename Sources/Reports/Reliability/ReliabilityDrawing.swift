// ReliabilityDrawing.swift - accuracy against confidence, drawn: a bar for each bin, where it would be if it were as sure as right, how many answers.

import Evaluation
import ImageCodecs

/// Draws one reliability diagram.
struct ReliabilityDrawing {
  private static let (width, height) = (900, 900)
  /// Where accuracy is drawn.
  private static let plot = PixelRectangle(x: 96, y: 132, width: 760, height: 500)
  /// Where the share of the answers is drawn.
  private static let shares = PixelRectangle(x: 96, y: 712, width: 760, height: 96)
  private static let gap = RGBColor(red: 198, green: 91, blue: 34)

  private let reliability: Reliability
  private let title: String
  private var canvas: Canvas

  init(_ reliability: Reliability, title: String) throws(ImageFailure) {
    self.reliability = reliability
    self.title = title
    canvas = try Canvas(width: Self.width, height: Self.height)
  }

  /// The drawing.
  func drawn() -> RGBImage {
    var drawing = self
    drawing.head()
    drawing.axes(Self.plot, marks: 5)
    drawing.bars()
    drawing.counts()
    drawing.foot()
    return drawing.canvas.image
  }

  private mutating func head() {
    let characters = SheetText.characters(in: Self.width - 2 * SheetSize.margin, scale: 3)
    write(SheetText.cut(SheetText.ascii(title), characters: characters), x: SheetSize.margin, y: 24, .title(scale: 3))
    let error = Percent.fixed(100 * reliability.error, places: 2)
    write(
      "\(counted(reliability.count, "answer", isGrouped: true)); expected calibration error \(error) %",
      x: SheetSize.margin, y: 60, .faint)
    write("accuracy, per cent", x: SheetSize.margin, y: Self.plot.y - 32, .heading)
  }

  private mutating func axes(_ plot: PixelRectangle, marks: Int) {
    for mark in 0...marks {
      let share = Double(mark) / Double(marks)
      let y = plot.y + Int((1 - share) * Double(plot.height))
      canvas.fill(PixelRectangle(x: plot.x, y: y, width: plot.width, height: 1), color: SheetColor.line)
      let text = Percent.fixed(100 * share, places: 0)
      write(text, x: plot.x - 12 - Canvas.size(ofText: text, scale: 2).width, y: y - 8, .plain)
      let x = plot.x + Int(share * Double(plot.width))
      write(
        text, x: x - Canvas.size(ofText: text, scale: 2).width / 2, y: plot.y + plot.height + 12, .plain)
    }
  }

  /// A bar as high as the accuracy of each bin, and a line from there to its confidence.
  private mutating func bars() {
    let plot = Self.plot
    for (number, bin) in reliability.bins.enumerated() where bin.count > 0 {
      let (left, right) = ends(number, plot)
      let top = plot.y + Int((1 - bin.accuracy) * Double(plot.height))
      canvas.fill(
        PixelRectangle(x: left + 2, y: top, width: right - left - 4, height: plot.y + plot.height - top),
        color: SheetColor.accent)
      let middle = Double(left + right) / 2
      let sure = Double(plot.y) + (1 - bin.confidence) * Double(plot.height)
      canvas.line(
        from: CanvasPoint(x: middle, y: Double(top)), to: CanvasPoint(x: middle, y: sure), color: Self.gap, width: 3)
      canvas.disc(at: CanvasPoint(x: middle, y: sure), diameter: 10, color: Self.gap)
    }
    canvas.line(
      from: CanvasPoint(x: Double(plot.x), y: Double(plot.y + plot.height)),
      to: CanvasPoint(x: Double(plot.x + plot.width), y: Double(plot.y)), color: SheetColor.faint, width: 2)
  }

  /// The share of the answers in each bin.
  private mutating func counts() {
    let plot = Self.shares
    let most = reliability.bins.map(\.count).max() ?? 0
    write("share of the answers", x: SheetSize.margin, y: plot.y - 32, .heading)
    for (number, bin) in reliability.bins.enumerated() where bin.count > 0 {
      let (left, right) = ends(number, plot)
      let height = max(1, bin.count * plot.height / max(1, most))
      canvas.fill(
        PixelRectangle(x: left + 2, y: plot.y + plot.height - height, width: right - left - 4, height: height),
        color: SheetColor.bar)
    }
    canvas.fill(
      PixelRectangle(x: plot.x, y: plot.y + plot.height, width: plot.width, height: 2), color: SheetColor.faint)
  }

  private mutating func foot() {
    let text = "confidence, per cent"
    write(
      text, x: Self.plot.x + Self.plot.width - Canvas.size(ofText: text, scale: 2).width,
      y: Self.shares.y + Self.shares.height + 14, .heading)
    let y = Self.height - 36
    canvas.fill(PixelRectangle(x: Self.plot.x, y: y, width: 24, height: 16), color: SheetColor.accent)
    write("accuracy", x: Self.plot.x + 36, y: y, .plain)
    canvas.disc(at: CanvasPoint(x: Double(Self.plot.x + 196), y: Double(y + 8)), diameter: 10, color: Self.gap)
    write("mean confidence", x: Self.plot.x + 212, y: y, .plain)
  }

  /// The left and right end of a bin.
  private func ends(_ number: Int, _ plot: PixelRectangle) -> (Int, Int) {
    let count = reliability.bins.count
    return (plot.x + plot.width * number / count, plot.x + plot.width * (number + 1) / count)
  }

  private mutating func write(_ text: String, x: Int, y: Int, _ style: TextStyle) {
    for shift in 0...(style.isBold ? 1 : 0) {
      canvas.write(text, x: x + shift, y: y, color: style.color, scale: style.scale)
    }
  }
}
