// RoutingTrace.swift - every decision that dynamic layers took in one pass, as values.

/// The spans one layer chose for every picture of a batch.
public struct SpanDecision: Sendable, Equatable {
  /// Number of the layer, from 0.
  public var layer: Int
  /// The radius of each span in tokens; 0 stands for the whole picture.
  public var orders: [Int]
  /// The weight of each span for each picture, `[B][S]`; each row sums to 1.
  public var weights: [[Float]]

  /// Collects a decision.
  public init(layer: Int, orders: [Int], weights: [[Float]]) {
    self.layer = layer
    self.orders = orders
    self.weights = weights
  }

  /// The order with the greatest weight for one picture, the first of equals.
  public func chosenOrder(picture: Int) -> Int {
    let row = weights[picture]
    let best = row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
    return orders[best]
  }
}

/// Where a cascade stopped for one picture.
public struct ExitDecision: Sendable, Equatable {
  /// Number of the exit, from 1; the grid it stands for is part of the vision side's description.
  public var exit: Int
  /// The confidence of the answer at each exit reached.
  public var confidences: [Float]
  /// Multiplications with addition spent at each exit reached.
  public var multiplyAdds: [Int]

  /// Collects a decision.
  public init(exit: Int, confidences: [Float], multiplyAdds: [Int]) {
    self.exit = exit
    self.confidences = confidences
    self.multiplyAdds = multiplyAdds
  }
}

/// What was decided in one pass: the spans of each routed layer and the exit of each picture.
public struct RoutingTrace: Sendable, Equatable {
  /// The span decisions in the order of the layers.
  public var spans: [SpanDecision] = []
  /// The exit of each picture; empty where there is no cascade.
  public var exits: [ExitDecision] = []

  /// An empty trace.
  public init() {}
}
