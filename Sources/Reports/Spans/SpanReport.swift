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
  ///   - id: The id of the question where there are several.
  /// - Returns: `id` where it is given, `question`, `answer`, `grid` (rows, columns) and `layers`, each with `layer` (from 1),
  ///   `orders` (0 is the whole picture), `weights` and `chosen`, the order with the greatest weight; of a cascade also `exit` and `exits`, as
  ///   ``AnswerReport/json(_:)`` has them.
  public static func json(_ answer: Answer, grid: GridSize, id: Int? = nil) -> JSONValue {
    let layers = ReportedLayer.all(of: answer).map { layer -> JSONValue in
      [
        "layer": .integer(Int64(layer.number)),
        "orders": .array(layer.spans.map { .integer(Int64($0.order)) }),
        "weights": .array(layer.spans.map { .shortest($0.weight) }),
        "chosen": layer.chosen.map { .integer(Int64($0.order)) } ?? .null,
      ]
    }
    var object: JSONObject = [:]
    object["id"] = id.map { .integer(Int64($0)) }
    object["question"] = .string(answer.question)
    object["answer"] = .string(answer.candidates.first?.answer ?? "")
    object["grid"] = [.integer(Int64(grid.rows)), .integer(Int64(grid.columns))]
    object["layers"] = .array(layers)
    if let record = answer.cascade {
      object["exit"] = .integer(Int64(answer.exit))
      object["exits"] = CascadeText.json(record)
    }
    return .object(object)
  }

  /// The first line of ``csv(_:)``.
  private static let header = "layer,order,weight,chosen"

  /// The spans as comma-separated values: a row for each layer and span.
  ///
  /// - Parameter answer: The answer with its trace.
  /// - Returns: `layer` (from 1), `order` (0 is the whole picture), `weight` and `chosen` (true or false).
  public static func csv(_ answer: Answer) -> String {
    header + "\n" + rows(answer).map { $0 + "\n" }.joined()
  }

  /// The first line of the comma-separated values of many answers.
  public static let setHeader = "id,\(header)\n"

  /// The spans of one answer of many as comma-separated values, without the first line.
  ///
  /// - Parameters:
  ///   - answer: The answer with its trace.
  ///   - id: The id of its question.
  /// - Returns: `id`, then as in ``csv(_:)``.
  public static func csv(_ answer: Answer, id: Int) -> String {
    rows(answer).map { "\(id),\($0)\n" }.joined()
  }

  private static func rows(_ answer: Answer) -> [String] {
    ReportedLayer.all(of: answer).flatMap { layer in
      layer.spans.map { "\(layer.number),\($0.order),\($0.weight),\($0.isChosen)" }
    }
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
