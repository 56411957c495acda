// SummaryData.swift - a summary of spans for programs: JSON and CSV.

import Routing
import SafeFiles

extension SpanReport {
  /// A summary as JSON.
  ///
  /// - Parameters:
  ///   - summary: The summary.
  ///   - failed: Questions without an answer, which are not in it.
  /// - Returns: `questions`, `failed`, `grid` (null where pictures have several), `layers` (each with `layer`, `orders`, `weights`, `chosen`,
  ///   `entropyBits`, `entropyNormalised`), `work` and `types`: for each type of question the same parts.
  public static func json(_ summary: SpanSummary, failed: Int) -> JSONValue {
    let grids = summary.grids
    let grid: JSONValue =
      grids.count == 1 ? [.integer(Int64(grids[0].rows)), .integer(Int64(grids[0].columns))] : .null
    var object: JSONObject = [
      "questions": .integer(Int64(summary.total.count)), "failed": .integer(Int64(failed)), "grid": grid,
    ]
    object["layers"] = layers(summary.total)
    object["work"] = work(summary.total.work)
    object["types"] = .array(
      summary.types.map { type, group in
        [
          "type": .string(type), "questions": .integer(Int64(group.count)), "layers": layers(group),
          "work": work(group.work),
        ]
      })
    return .object(object)
  }

  private static func layers(_ group: SpanGroup) -> JSONValue {
    .array(
      group.layers.map { layer in
        [
          "layer": .integer(Int64(layer.number)),
          "orders": .array(layer.orders.map { .integer(Int64($0)) }),
          "weights": .array(layer.meanWeights.map { .number($0) }),
          "chosen": .array(layer.choices.map { .integer(Int64($0)) }),
          "entropyBits": .number(layer.meanEntropy),
          "entropyNormalised": .number(layer.normalisedEntropy),
        ]
      })
  }

  private static func work(_ work: AttentionWork) -> JSONValue {
    [
      "allPairs": .integer(Int64(work.allPairs)), "chosenPairs": .integer(Int64(work.chosenPairs)),
      "savedPairs": .number(work.savedPairs), "savedOfAnswer": .number(work.savedOfAnswer),
    ]
  }

  /// A summary as comma-separated values: a row for each type of question, layer and span; rows without a type are of all
  /// questions.
  ///
  /// - Parameter summary: The summary.
  /// - Returns: `type`, `questions`, `layer`, `order`, `weight` (mean), `chosen` (count); for the layer `entropyBits` and
  ///   `entropyNormalised`; for the type `savedPairs` and `savedOfAnswer`.
  public static func csv(_ summary: SpanSummary) -> String {
    var text =
      "type,questions,layer,order,weight,chosen,entropyBits,entropyNormalised,savedPairs,savedOfAnswer\n"
    for (type, group) in [(type: "", group: summary.total)] + summary.types {
      let start = "\(csvField(type)),\(group.count)"
      for layer in group.layers {
        let end = "\(layer.meanEntropy),\(layer.normalisedEntropy),\(group.work.savedPairs),\(group.work.savedOfAnswer)"
        for (index, order) in layer.orders.enumerated() {
          text += "\(start),\(layer.number),\(order),\(layer.meanWeights[index]),\(layer.choices[index]),\(end)\n"
        }
      }
    }
    return text
  }

  /// A text as a field, in quotes where it has a comma or a quote.
  private static func csvField(_ text: String) -> String {
    let shown = visibleText(text, limit: 1_000)
    guard shown.contains(where: { ",\"".contains($0) }) else { return shown }
    return "\"" + shown.replacing("\"", with: "\"\"") + "\""
  }
}
