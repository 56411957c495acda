// SpanReport.swift - the spans a network looked through for one answer, as JSON, CSV, table and picture.

import ImageCodecs
import Routing
import SafeFiles
import VQAPipeline

/// The spans of one answer in each form.
public enum SpanReport {
  /// The spans as JSON.
  ///
  /// - Parameters:
  ///   - answer: The answer with its trace.
  ///   - grid: The grid of tokens the spans are measured on.
  /// - Returns: `question`, `answer`, `grid` (rows, columns) and `layers`, each with `layer` (from 1), `orders` (0 is the
  ///   whole picture), `weights` and `chosen`, the order with the greatest weight.
  public static func json(_ answer: Answer, grid: GridSize) -> JSONValue {
    let layers = ReportedLayer.all(of: answer).map { layer -> JSONValue in
      [
        "layer": .integer(Int64(layer.number)),
        "orders": .array(layer.spans.map { .integer(Int64($0.order)) }),
        "weights": .array(layer.spans.map { .shortest($0.weight) }),
        "chosen": layer.chosen.map { .integer(Int64($0.order)) } ?? .null,
      ]
    }
    return [
      "question": .string(answer.question),
      "answer": .string(answer.candidates.first?.answer ?? ""),
      "grid": [.integer(Int64(grid.rows)), .integer(Int64(grid.columns))],
      "layers": .array(layers),
    ]
  }

  /// The spans as comma-separated values: a row for each layer and span.
  ///
  /// - Parameter answer: The answer with its trace.
  /// - Returns: `layer` (from 1), `order` (0 is the whole picture), `weight` and `chosen` (true or false).
  public static func csv(_ answer: Answer) -> String {
    var text = "layer,order,weight,chosen\n"
    for layer in ReportedLayer.all(of: answer) {
      for span in layer.spans { text += "\(layer.number),\(span.order),\(span.weight),\(span.isChosen)\n" }
    }
    return text
  }

  /// The spans as a picture: where the attention of each went, layer by layer.
  ///
  /// - Parameters:
  ///   - answer: The answer with its trace.
  ///   - views: Where the attention of each span went.
  ///   - picture: The picture that was asked about.
  /// - Returns: The bytes of a PNG file.
  /// - Throws: `ImageFailure` when a map does not fit its grid, or there are so many layers that the sheet grows too large.
  public static func png(_ answer: Answer, _ views: SpanViews, picture: RGBImage) throws(ImageFailure) -> [UInt8] {
    try encodePNG(SpanSheet(answer, views, picture: picture).drawn())
  }
}
