// ExitOptions.swift - where a cascade gives its answers: the options of every command that answers, and what they mean for a model.

import CommandLineKit
import SafeFiles
import VQAPipeline

/// A model has no thresholds for a budget.
enum BudgetFailure: Failure, Equatable {
  /// It has none at all.
  case noPoints
  /// All of them cost more.
  case tooSmall(budget: Double, least: Double)

  var kind: FailureKind { .badData }
  var place: String? { nil }

  var problem: String {
    switch self {
    case .noPoints: "the model has no stored thresholds for a budget"
    case .tooSmall(let budget, let least):
      "no stored thresholds cost as little as \(gigas(budget)) billion multiply-adds on average; the cheapest cost "
        + gigas(least)
    }
  }

  var advice: String {
    switch self {
    case .noPoints: "solve some with 'vqa calibrate', or choose an exit with --exit"
    case .tooSmall(_, let least): "give --budget \(gigas(least)) or more, or --exit 1"
    }
  }

  /// Billions, rounded up to so many digits that the number is a budget that is kept.
  private func gigas(_ multiplyAdds: Double) -> String {
    let millionths = (multiplyAdds / 1e3).rounded(.up)
    var digits = String(Int(min(9e15, millionths)) % 1_000_000)
    digits = String(repeating: "0", count: 6 - digits.count) + digits
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    return "\(Int(min(9e15, millionths)) / 1_000_000).\(digits)"
  }
}

/// The options `--exit`, `--exact` and `--budget`.
enum ExitOptions {
  private static let names = ["exit", "exact", "budget"]

  /// The options as help shows them.
  static let all = [
    OptionSpecification(
      "exit", value: "N", help: "Of a cascade: answers at this exit only, 1 is the coarsest grid",
      defaultText: "by the model's thresholds"),
    OptionSpecification("exact", help: "Of a cascade: answers at the last exit only, the full run"),
    OptionSpecification(
      "budget", value: "GMACS",
      help: "Of a cascade: answers by stored thresholds whose mean cost is at most so many billion multiply-adds",
      defaultText: "the model's own"),
  ]

  /// Refuses two of them together.
  static func check(_ arguments: Arguments) throws(UsageError) {
    for (place, name) in names.enumerated() {
      for other in names[..<place] { try arguments.refuse(other, with: name) }
    }
  }

  /// Where a model is to give its answers.
  ///
  /// - Parameters:
  ///   - arguments: The command line.
  ///   - model: The model.
  ///   - path: Its file, for errors.
  /// - Returns: The choice; as the model has it stored where none of the options was given.
  /// - Throws: `UsageError` for a model of one grid or an exit it does not have, `FileFailure` where no thresholds keep the budget.
  static func choice(_ arguments: Arguments, _ model: VQAModel, path: String) throws -> ExitChoice {
    guard let name = names.first(where: arguments.flag) else { return .stored }
    guard model.exits > 1 else { throw oneGrid(name, model, arguments) }
    if let exit = try arguments.integer("exit", in: 1...model.exits) { return .fixed(exit) }
    guard let budget = try arguments.number("budget", in: 0...1e9) else { return .exact }
    return .thresholds(try point(within: budget * 1e9, model, path: path).thresholds)
  }

  /// Why an option has no meaning for a model of one grid.
  static func oneGrid(_ option: String, _ model: VQAModel, _ arguments: Arguments) -> UsageError {
    let reason = "the model '\(model.configuration.name)' has one grid, not a cascade of several"
    return arguments.failure(.impossible(option: "--\(option)", reason: reason))
  }

  /// Where a cascade gives its answers, in words.
  static func description(of model: VQAModel) -> String {
    let stored = model.configuration.cascade.thresholds
    switch model.exitChoice {
    case .fixed(let exit): return "all at exit \(exit)"
    case .exact: return "all at the last exit"
    case .thresholds(let thresholds): return described(thresholds)
    case .stored: return stored.isEmpty ? "all at the last exit; the model has no thresholds" : described(stored)
    }
  }

  private static func described(_ thresholds: [Float]) -> String {
    "by confidence: "
      + thresholds.enumerated().map { exit, threshold in
        let sureness = threshold > 1 ? "never" : "from \(Columns.percent(Double(max(0, threshold))))"
        return "exit \(exit + 1) \(sureness)"
      }.joined(separator: ", ")
  }

  private static func point(within budget: Double, _ model: VQAModel, path: String) throws(FileFailure) -> BudgetPoint {
    let cascade = model.configuration.cascade
    if let point = cascade.point(within: budget) { return point }
    guard let cheapest = cascade.cheapestPoint else { throw FileFailure(file: path, cause: BudgetFailure.noPoints) }
    throw FileFailure(
      file: path, cause: BudgetFailure.tooSmall(budget: budget, least: cheapest.multiplyAdds))
  }
}
