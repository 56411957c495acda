// SeenNames.swift - what the backbone itself sees in a picture, whatever is asked.

import Foundation
import VQAFormats

/// Names of what a backbone sees.
public struct SeenNames: Sendable, Equatable {
  /// A name with its probability.
  public struct Item: Sendable, Equatable {
    /// The name.
    public let name: String
    /// From 0 to 1.
    public let share: Float
  }

  /// What things are called every day; their probabilities add up to 1 over all names.
  public let everyday: [Item]
  /// The classes themselves.
  public let classes: [Item]
  /// Labels, each probable or not by itself, where they are as frequent as not.
  public let labels: [Item]
}

extension VQAModel {
  /// What the backbone sees in a picture; nil for a model without one, or without a picture.
  ///
  /// - Parameters:
  ///   - picture: The picture.
  ///   - top: How many names of each kind, the most probable first.
  /// - Returns: The names.
  public func names(of picture: SeenPicture, top: Int = 5) -> SeenNames? {
    guard let lookup, let knowledge = picture.knowledge else { return nil }
    // The backbone's own probabilities, not those that are sharpened for the network.
    let classes = knowledge.probabilities(temperature: 1)
    let concepts = lookup.concepts
    func best(_ names: [String], _ values: [Float]) -> [SeenNames.Item] {
      let order = values.indices.sorted { (values[$0], -$0) > (values[$1], -$1) }
      return order.prefix(top).map { SeenNames.Item(name: names[$0], share: values[$0]) }
    }
    let everyday = concepts.everyday(classes).prefix(top).map { SeenNames.Item(name: $0.name, share: $0.share) }
    // Words beyond the labels tell what is worth mentioning, not what there is.
    let labels = Array(knowledge.labels.prefix(configuration.knowledge.labels))
    let hasLabels = labels.contains { $0 != 0 }
    return SeenNames(
      everyday: everyday, classes: best(concepts.ownNames, classes),
      labels: hasLabels ? best(concepts.labels, labels.map { 1 / (1 + exp(-$0)) }) : [])
  }
}
