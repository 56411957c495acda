// DynamicViTInspection.swift - what a Dynamic ViT is: its stages, what they cost, and the thresholds of its exits.

import DynamicViT
import Foundation
import SafeFiles
import VQAPipeline
import WeightFiles

/// Looks into Dynamic ViT cascades.
enum DynamicViTInspection {
  /// A file that this program has written; all of it is read and checked.
  static func file(_ path: String, hash: String) throws -> Finding {
    let contents = try DynamicViTFile.load(path)
    let configuration = contents.cascade.configuration
    var finding = Finding(kind: DynamicViTFile.kind)
    describe(configuration, contents.facts, in: &finding)
    let record = contents.record.sorted { $0.key < $1.key }
    finding.rows += record.map { ($0.key, visibleText($0.value, limit: 64)) }
    finding.rows.append(("sha256", hash))
    finding.members["record"] = .object(JSONObject(record.map { ($0.key, .string($0.value)) }))
    finding.members["configuration"] = try ConfigurationOverlay.json(of: configuration)
    finding.members["sha256"] = .string(hash)
    return finding
  }

  /// Adds what a checkpoint of the original is to the list of its tensors; of one that does not fit, why.
  static func addCheckpoint(_ file: TorchCheckpoint, to finding: inout Finding) throws {
    let checkpoint: DynamicViTCheckpoint
    do {
      checkpoint = try DynamicViTCheckpoint(file)
    } catch {
      finding.add("problem", visibleText(error.message))
      return
    }
    if !checkpoint.source.isEmpty { finding.add("weights", checkpoint.source) }
    let tensors = finding.details
    finding.details = ""
    describe(checkpoint.sizes.configuration, checkpoint.facts, in: &finding)
    finding.details += (finding.details.isEmpty ? "" : "\n") + tensors
    finding.members["configuration"] = try ConfigurationOverlay.json(of: checkpoint.sizes.configuration)
  }

  /// Sizes and choices.
  static func sizes(_ configuration: DynamicViTConfiguration) -> [(name: String, value: String)] {
    let names: [DynamicViTConfiguration.Family: String] = [
      .deit: "DeiT", .performer: "T2T-ViT, performer", .transformer: "T2T-ViT, transformer",
    ]
    let (heads, inner) = (configuration.heads, Columns.grouped(configuration.inner))
    let reuse = [(configuration.featureReuse, "features"), (configuration.relationReuse, "relations")]
    let reused = configuration.stages > 1 ? reuse.filter(\.0).map(\.1) : []
    let counts = (0..<configuration.stages).map { numbers(configuration, stage: $0) }
    var rows = [
      ("family", names[configuration.family] ?? configuration.family.rawValue),
      ("grids", grids(configuration).joined(separator: ", ")),
      ("layers", "\(configuration.layers) of width \(configuration.width), \(heads) heads, \(inner) inside"),
      ("classes", Columns.grouped(configuration.classes)),
      ("reuse", reused.isEmpty ? "none" : reused.joined(separator: ", ")),
      ("parameters", Columns.grouped(counts.reduce(0, +))),
    ]
    rows += counts.enumerated().map { ("  stage \($0 + 1)", Columns.grouped($1)) }
    return rows
  }

  private static func grids(_ configuration: DynamicViTConfiguration) -> [String] {
    DynamicViTConfiguration.gridSides.prefix(configuration.stages).map { "\($0) x \($0)" }
  }

  /// Numbers of a stage's tensors, those that training never changes among them.
  private static func numbers(_ configuration: DynamicViTConfiguration, stage: Int) -> Int {
    configuration.parameterShapes(stage: stage).reduce(0) { $0 + $1.count }
  }

  private static func describe(
    _ configuration: DynamicViTConfiguration, _ facts: DynamicViTFacts, in finding: inout Finding
  ) {
    let costs = (0..<configuration.stages).map { configuration.cost(stage: $0).total }
    let size = configuration.pictureSize
    finding.rows += sizes(configuration)
    finding.rows += [
      ("picture", "\(size) x \(size) pixels"),
      ("multiply-adds", "\(Columns.grouped(costs.reduce(0, +))) of a picture that goes to the end"),
    ]
    finding.rows += costs.enumerated().map { ("  stage \($0 + 1)", Columns.grouped($1)) }
    let stages = costs.indices.map { stage -> JSONValue in
      let side = Int64(DynamicViTConfiguration.gridSides[stage])
      return [
        "grid": .array([.integer(side), .integer(side)]), "multiplyAdds": .integer(Int64(costs[stage])),
        "parameters": .integer(Int64(numbers(configuration, stage: stage))),
      ]
    }
    finding.members["stages"] = .array(stages)
    for (name, key, list, unit) in [
      ("stored costs", "costs", facts.costs, "billions"), ("accuracies", "accuracies", facts.anytimeAccuracy, "%"),
    ] where !list.isEmpty {
      let digits = unit == "%" ? 2 : 3
      finding.rows.append((name, list.map { decimals($0, digits) }.joined(separator: ", ") + " \(unit)"))
      finding.members[key] = .array(list.map { .number($0) })
    }
    finding.details = table(facts)
    if !facts.thresholds.isEmpty {
      finding.members["operatingPoints"] = .array(facts.thresholds.indices.map { point(facts, $0) })
    }
  }

  /// Operating points that are shown to people; programs get all.
  private static let shownPoints = [1, 10, 20, 30, 40, 50, 59]

  /// The thresholds of some operating points with what they give, as far as it is stored.
  private static func table(_ facts: DynamicViTFacts) -> String {
    guard let exits = facts.thresholds.first?.count, exits > 1 else { return "" }
    let hasGains = facts.budgetedCosts.count == facts.thresholds.count
    var head = ["point"] + (1..<exits).map { "leaves \($0) at" }
    if hasGains { head += ["mean cost", "accuracy"] }
    let rows = shownPoints.filter { $0 <= facts.thresholds.count }.map { number -> [String] in
      let row = number - 1
      let cells = [String(number)] + facts.thresholds[row].dropLast().map { $0 > 1 ? "never" : decimals($0, 4) }
      guard hasGains else { return cells }
      return cells + [decimals(facts.budgetedCosts[row], 3), decimals(facts.budgetedAccuracy[row], 2) + " %"]
    }
    let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
    return ([head] + rows).map { cells in
      zip(cells, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  ") + "\n"
    }.joined()
  }

  private static func point(_ facts: DynamicViTFacts, _ row: Int) -> JSONValue {
    var object: JSONObject = [
      "point": .integer(Int64(row + 1)), "thresholds": .array(facts.thresholds[row].map { .number($0) }),
    ]
    if facts.budgetedCosts.count == facts.thresholds.count {
      object["cost"] = .number(facts.budgetedCosts[row])
      object["accuracy"] = .number(facts.budgetedAccuracy[row])
    }
    return .object(object)
  }

  private static func decimals(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }
}
