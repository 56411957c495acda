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
  ///   `entropyBits`, `entropyNormalised`), `work` and `types`: for each type of question the same parts. Of a cascade that stopped at several
  ///   grids each layer has its `grid`, and there is `exits`, how many answers were read from each grid.
  public static func json(_ summary: SpanSummary, failed: Int) -> JSONValue {
    let grids = summary.grids
    let grid: JSONValue =
      grids.count == 1 ? [.integer(Int64(grids[0].rows)), .integer(Int64(grids[0].columns))] : .null
    var object: JSONObject = [
      "questions": .integer(Int64(summary.total.count)), "failed": .integer(Int64(failed)), "grid": grid,
    ]
    let shown = summary.hasSeveralGrids ? summary.gridsInOrder : []
    object["layers"] = layers(summary.total, tellsGrid: !shown.isEmpty)
    object["work"] = work(summary.total.work)
    if !shown.isEmpty { object["exits"] = exits(summary.total, shown) }
    object["types"] = .array(
      summary.types.map { type, group in
        var member: JSONObject = [
          "type": .string(type), "questions": .integer(Int64(group.count)),
          "layers": layers(group, tellsGrid: !shown.isEmpty), "work": work(group.work),
        ]
        if !shown.isEmpty { member["exits"] = exits(group, shown) }
        return .object(member)
      })
    return .object(object)
  }

  private static func layers(_ group: SpanGroup, tellsGrid: Bool) -> JSONValue {
    .array(
      group.layers.map { layer in
        var member: JSONObject = ["layer": .integer(Int64(layer.number))]
        if tellsGrid { member["grid"] = json(layer.grid) }
        member["orders"] = .array(layer.orders.map { .integer(Int64($0)) })
        member["weights"] = .array(layer.meanWeights.map { .number($0) })
        member["chosen"] = .array(layer.choices.map { .integer(Int64($0)) })
        member["entropyBits"] = .number(layer.meanEntropy)
        member["entropyNormalised"] = .number(layer.normalisedEntropy)
        return .object(member)
      })
  }

  private static func exits(_ group: SpanGroup, _ grids: [GridSize]) -> JSONValue {
    .array(
      grids.map { grid in
        ["grid": json(grid), "questions": .integer(Int64(group.gridCounts[grid, default: 0]))]
      })
  }

  private static func json(_ grid: GridSize) -> JSONValue {
    [.integer(Int64(grid.rows)), .integer(Int64(grid.columns))]
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
  ///   `entropyNormalised`; for the type `savedPairs` and `savedOfAnswer`. Of a cascade that stopped at several grids `grid`, such as 7x7, comes
  ///   after `layer`.
  public static func csv(_ summary: SpanSummary) -> String {
    let tellsGrid = summary.hasSeveralGrids
    var text = "type,questions,layer,\(tellsGrid ? "grid," : "")order,weight,chosen,entropyBits,entropyNormalised,"
    text += "savedPairs,savedOfAnswer\n"
    for (type, group) in [(type: "", group: summary.total)] + summary.types {
      let start = "\(csvField(type)),\(group.count)"
      for layer in group.layers {
        let end = "\(layer.meanEntropy),\(layer.normalisedEntropy),\(group.work.savedPairs),\(group.work.savedOfAnswer)"
        let grid = tellsGrid ? "\(layer.grid.rows)x\(layer.grid.columns)," : ""
        for (index, order) in layer.orders.enumerated() {
          text +=
            "\(start),\(layer.number),\(grid)\(order),\(layer.meanWeights[index]),\(layer.choices[index]),\(end)\n"
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
