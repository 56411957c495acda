// CascadeConfiguration.swift - a vision side of several grids, and when an answer needs no finer one.

import DynamicViT
import Routing

/// Settings of a model whose vision side is a cascade; they count where `vision.embedding` is `cascade`.
public struct CascadeConfiguration: Sendable, Equatable, Codable {
  /// The stages.
  public var stages: DynamicViTConfiguration
  /// The orders of the spans on each grid, as many as `network.orders` has; empty: those of `network.orders` on every grid.
  public var orders: [[Int]] = []
  /// How many decoder layers answer on each grid, the first ones of the network; empty: all on every grid.
  public var decoderLayers: [Int] = []
  /// Temperature of the softmax over the answers at each exit, fitted on held-out questions; empty: the model's at every exit.
  public var temperatures: [Float] = []
  /// The same where the best answer is yes or no; empty: as for every other answer.
  public var yesNoTemperatures: [Float] = []
  /// The confidence from which on an answer is given, for each exit but the last; empty: all are given at the last.
  public var thresholds: [Float] = []
  /// Thresholds for other mean costs than that of ``thresholds``, solved on held-out questions.
  public var points: [BudgetPoint] = []

  /// The grids of the published cascades, without a head for classes.
  public init() {
    stages = DynamicViTConfiguration()
    stages.classes = 0
  }

  /// What makes the settings impossible for a network of these orders and decoder layers, or nil; names the field.
  func problem(orders networkOrders: [Int], decoderLayers layers: Int) -> String? {
    if let problem = stages.problem { return "cascade.stages: \(problem)" }
    let count = stages.stages
    if stages.family == .grids, ![BackboneCascade.gridWidth, BackboneCascade.wideWidth].contains(stages.gridWidth) {
      return "cascade.stages.gridWidth: \(stages.gridWidth) is not \(BackboneCascade.gridWidth), "
        + "what a backbone gives, nor \(BackboneCascade.wideWidth), with the shares of colours"
    }
    if !orders.isEmpty, orders.count != count {
      return "cascade.orders: \(orders.count) lists for \(count) grids"
    }
    for (list, side) in zip(self.orders(stages: count, networkOrders), DynamicViTConfiguration.gridSides) {
      if list.count != networkOrders.count {
        return "cascade.orders: \(list) are not as many as network.orders, \(networkOrders.count)"
      }
      if list.contains(where: { $0 < 0 || $0 >= side }) {
        return "cascade.orders: \(list) do not fit a grid of \(side)x\(side)"
      }
    }
    let isOutOfRange = decoderLayers.contains { !(1...layers).contains($0) }
    if !decoderLayers.isEmpty, decoderLayers.count != count || isOutOfRange {
      return "cascade.decoderLayers: \(decoderLayers) are not \(count) numbers from 1 to \(layers)"
    }
    for (name, list) in [("temperatures", temperatures), ("yesNoTemperatures", yesNoTemperatures)] {
      if !list.isEmpty, list.count != count || list.contains(where: { !($0 > 0 && $0.isFinite) }) {
        return "cascade.\(name): \(list) are not \(count) numbers above 0"
      }
    }
    if !thresholds.isEmpty, thresholds.count != count - 1 || thresholds.contains(where: { !$0.isFinite }) {
      return "cascade.thresholds: \(thresholds) are not \(count - 1) numbers"
    }
    return problem(ofPointsWith: count)
  }

  /// The orders of the spans on each grid.
  func orders(stages count: Int, _ networkOrders: [Int]) -> [[Int]] {
    orders.isEmpty ? Array(repeating: networkOrders, count: count) : orders
  }
}

/// Where an answer is given.
public enum ExitChoice: Sendable, Equatable {
  /// At the first exit whose confidence reaches the model's own threshold; at the last of a model without any.
  case stored
  /// At the first exit whose confidence reaches its threshold; one for each exit but the last.
  case thresholds([Float])
  /// At this exit, from 1; the network answers there only.
  case fixed(Int)
  /// At the last exit.
  case exact
}
