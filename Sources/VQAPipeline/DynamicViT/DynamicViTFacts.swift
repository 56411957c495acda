// DynamicViTFacts.swift - what a published Dynamic ViT brings beside its weights: costs, accuracies and thresholds of its exits.

import Routing
import SafeFiles

/// Costs, accuracies and thresholds of the exits; empty where nothing is known.
public struct DynamicViTFacts: Sendable, Equatable {
  /// The cost of a picture that leaves at each exit, everything before it included, in billions of multiply-adds.
  public var costs: [Double] = []
  /// Accuracy in per cent when everybody leaves at one exit, for each exit.
  public var anytimeAccuracy: [Double] = []
  /// Thresholds by operating point, the point 1 first: one for each exit, of which the last is below every confidence.
  public var thresholds: [[Double]] = []
  /// Mean cost of each operating point.
  public var budgetedCosts: [Double] = []
  /// Accuracy in per cent of each operating point.
  public var budgetedAccuracy: [Double] = []

  /// Nothing is known.
  public init() {}

  /// The rule of each operating point, the point 1 first.
  public var rules: [ExitRule] { thresholds.map { ExitRule(thresholds: $0.dropLast().map { Float($0) }) } }

  /// What is known, by the key under which the original keeps it.
  enum Part: String {
    case costs = "flops"
    case anytime = "anytime_classification"
    case thresholds = "dynamic_threshold"
    case budgeted = "budgeted_batch_classification"

    /// The first key of our metadata that holds it.
    var metadataKey: String {
      switch self {
      case .costs: "flops"
      case .anytime: "accuracy.anytime"
      case .thresholds: "thresholds"
      case .budgeted: "budgeted.flops"
      }
    }
  }

  /// What does not fit a number of exits, or nil.
  func problem(exits: Int) -> (part: Part, problem: String)? {
    for (part, list) in [(Part.costs, costs), (.anytime, anytimeAccuracy)] where !list.isEmpty {
      if list.count != exits { return (part, "\(list.count) numbers for \(exits) exits") }
    }
    if let row = thresholds.firstIndex(where: { $0.count != exits }) {
      return (.thresholds, "\(thresholds[row].count) thresholds for \(exits) exits")
    }
    if budgetedCosts.count != budgetedAccuracy.count {
      return (.budgeted, "\(budgetedCosts.count) costs for \(budgetedAccuracy.count) accuracies")
    }
    return nil
  }

  /// Keys of the metadata, and the list that each holds.
  private static let lists: [(key: String, list: WritableKeyPath<DynamicViTFacts, [Double]> & Sendable)] = [
    (Part.costs.metadataKey, \.costs), (Part.anytime.metadataKey, \.anytimeAccuracy),
    (Part.budgeted.metadataKey, \.budgetedCosts), ("budgeted.accuracy", \.budgetedAccuracy),
  ]
  private static let thresholdsKey = Part.thresholds.metadataKey

  /// Keys of ``metadata``.
  static let keys = Set(lists.map(\.key) + [thresholdsKey])

  /// The facts as texts by key; what is not known has none.
  public var metadata: [String: String] {
    var texts: [String: String] = [:]
    func text(_ list: [Double]) -> JSONValue { .array(list.map { .number($0) }) }
    for (key, list) in Self.lists where !self[keyPath: list].isEmpty {
      texts[key] = text(self[keyPath: list]).serialized()
    }
    if !thresholds.isEmpty { texts[Self.thresholdsKey] = JSONValue.array(thresholds.map(text)).serialized() }
    return texts
  }

  /// Reads ``metadata`` back.
  init(_ metadata: [String: String]) throws(DynamicViTFailure) {
    func parse(_ key: String) throws(DynamicViTFailure) -> [JSONValue]? {
      guard let text = metadata[key] else { return nil }
      guard let list = (try? JSONValue.parse(Array(text.utf8)))?.arrayValue else {
        throw .badMetadata(key: key, problem: "this is no list")
      }
      return list
    }
    func numbers(_ key: String, _ list: [JSONValue]) throws(DynamicViTFailure) -> [Double] {
      let numbers = list.compactMap(\.numberValue)
      guard numbers.count == list.count else { throw .badMetadata(key: key, problem: "not all of it are numbers") }
      return numbers
    }
    for (key, list) in Self.lists {
      if let found = try parse(key) { self[keyPath: list] = try numbers(key, found) }
    }
    for row in try parse(Self.thresholdsKey) ?? [] {
      guard let list = row.arrayValue else {
        throw .badMetadata(key: Self.thresholdsKey, problem: "not all of it are lists")
      }
      thresholds.append(try numbers(Self.thresholdsKey, list))
    }
  }
}
