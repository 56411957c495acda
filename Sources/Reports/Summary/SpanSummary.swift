// SpanSummary.swift - what the routers did over many questions: weights, choices, doubt, and the work that hard spans would save.
//
// Everything is a sum over answers, so that a summary takes the same memory however many there are, and two can be joined.

import Routing
import VQAPipeline

/// The spans of one layer over many answers.
public struct LayerSummary: Sendable, Equatable {
  /// Number of the layer, from 1.
  public let number: Int
  /// The grid it worked on.
  public let grid: GridSize
  /// The radius of each span; 0 stands for the whole picture.
  public let orders: [Int]
  /// How many answers went in.
  public private(set) var count = 0
  /// How often each span had the greatest weight, the first of equals.
  public private(set) var choices: [Int]
  private var weights: [Double]
  private var entropies = 0.0

  init(number: Int, grid: GridSize, orders: [Int]) {
    self.number = number
    self.grid = grid
    self.orders = orders
    choices = [Int](repeating: 0, count: orders.count)
    weights = [Double](repeating: 0, count: orders.count)
  }

  /// The mean weight of each span; zeros without answers.
  public var meanWeights: [Double] { weights.map { $0 / Double(max(1, count)) } }
  /// The mean entropy of the weights of an answer, in bits.
  public var meanEntropy: Double { entropies / Double(max(1, count)) }
  /// The mean entropy as a share of the greatest possible, from 0, always one span alone, to 1, always all alike.
  public var normalisedEntropy: Double {
    let greatest = SpanDecision.greatestEntropy(spans: orders.count)
    return greatest > 0 ? min(1, meanEntropy / greatest) : 0
  }

  mutating func add(_ decision: SpanDecision) {
    let row = decision.weights[0]
    count += 1
    for (index, weight) in row.enumerated() where weight.isFinite { weights[index] += Double(weight) }
    choices[row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }] += 1
    entropies += decision.entropy(picture: 0)
  }

  mutating func add(_ other: LayerSummary) {
    count += other.count
    entropies += other.entropies
    for index in orders.indices {
      weights[index] += other.weights[index]
      choices[index] += other.choices[index]
    }
  }
}

/// The work of the attention over the picture, counted in pairs of patches that are scored and summed up.
public struct AttentionWork: Sendable, Equatable {
  /// Pairs of query and key if every patch looks at the whole picture, over layers and answers.
  public private(set) var allPairs = 0
  /// Pairs inside the windows of the chosen spans.
  public private(set) var chosenPairs = 0
  /// Multiplications with addition of all answers, as they are computed now.
  public private(set) var multiplyAdds = 0
  /// Multiplications with addition of the pairs outside the windows: a score and a share of the values each.
  public private(set) var savedMultiplyAdds = 0

  /// The share of the pairs that lies outside the chosen windows, from 0 to 1.
  public var savedPairs: Double { allPairs > 0 ? 1 - Double(chosenPairs) / Double(allPairs) : 0 }
  /// The share of all multiplications that these pairs are, from 0 to 1.
  public var savedOfAnswer: Double { multiplyAdds > 0 ? Double(savedMultiplyAdds) / Double(multiplyAdds) : 0 }

  mutating func add(_ answer: Answer, grid: GridSize, width: Int) {
    let pairs = grid.pairs(order: 0)
    for decision in answer.trace.spans where decision.weights.first?.count == decision.orders.count {
      guard !decision.orders.isEmpty else { continue }
      let inside = grid.pairs(order: decision.chosenOrder(picture: 0))
      allPairs &+= pairs
      chosenPairs &+= inside
      savedMultiplyAdds &+= 2 &* (pairs - inside) &* width
    }
    multiplyAdds &+= answer.multiplyAdds
  }

  mutating func add(_ other: AttentionWork) {
    allPairs &+= other.allPairs
    chosenPairs &+= other.chosenPairs
    multiplyAdds &+= other.multiplyAdds
    savedMultiplyAdds &+= other.savedMultiplyAdds
  }
}

/// The spans of a group of answers.
public struct SpanGroup: Sendable, Equatable {
  /// How many answers went in.
  public private(set) var count = 0
  /// The layers in order, those of the coarsest grid first.
  public private(set) var layers: [LayerSummary] = []
  /// How many answers were read from each grid.
  public private(set) var gridCounts: [GridSize: Int] = [:]
  /// The work of the attention.
  public private(set) var work = AttentionWork()

  /// The mean over the layers of how undecided the routers were, from 0 to 1.
  public var normalisedEntropy: Double {
    layers.map(\.normalisedEntropy).reduce(0, +) / Double(max(1, layers.count))
  }

  /// Mean multiplications with addition of an answer.
  public var meanMultiplyAdds: Double { Double(work.multiplyAdds) / Double(max(1, count)) }

  /// The summary of the same layer on the same grid; nil where no answer had it.
  public func layer(like other: LayerSummary) -> LayerSummary? {
    layers.first { $0.number == other.number && $0.grid == other.grid }
  }

  /// The place of a layer, which is made where there is none.
  private mutating func place(_ number: Int, _ grid: GridSize, orders: [Int]) -> Int {
    func key(_ layer: LayerSummary) -> (Int, Int, Int) { (layer.grid.tokens, layer.grid.rows, layer.number) }
    let layer = LayerSummary(number: number, grid: grid, orders: orders)
    let place = layers.firstIndex { key($0) >= key(layer) } ?? layers.count
    if !layers.indices.contains(place) || key(layers[place]) != key(layer) { layers.insert(layer, at: place) }
    return place
  }

  /// Adds an answer; a layer whose spans are not those of the answers before is left out.
  mutating func add(_ answer: Answer, grid: GridSize, width: Int) {
    count += 1
    work.add(answer, grid: grid, width: width)
    gridCounts[grid, default: 0] += 1
    for decision in answer.trace.spans {
      let index = place(min(decision.layer, .max - 1) + 1, grid, orders: decision.orders)
      guard layers[index].orders == decision.orders, !decision.orders.isEmpty,
        decision.weights.first?.count == decision.orders.count
      else { continue }
      layers[index].add(decision)
    }
  }

  mutating func add(_ other: SpanGroup) {
    count += other.count
    work.add(other.work)
    gridCounts.merge(other.gridCounts, uniquingKeysWith: +)
    for layer in other.layers {
      let index = place(layer.number, layer.grid, orders: layer.orders)
      if layers[index].orders == layer.orders { layers[index].add(layer) }
    }
  }
}

/// The spans of many answers, all together and by type of question.
public struct SpanSummary: Sendable {
  /// A type of question with its answers.
  public typealias TypeGroup = (type: String, group: SpanGroup)

  /// Width of the network's layers: the multiplications of one score, and of one share of the values.
  public let width: Int
  /// All answers together.
  public private(set) var total = SpanGroup()
  /// The grids of the pictures, the most frequent first.
  public var grids: [GridSize] {
    total.gridCounts.sorted { ($1.value, $0.key.tokens) < ($0.value, $1.key.tokens) }.map(\.key)
  }
  /// Whether answers were read from several grids, as those of a cascade.
  var hasSeveralGrids: Bool { total.gridCounts.count > 1 }
  /// The grids, the coarsest first.
  var gridsInOrder: [GridSize] { grids.sorted { ($0.tokens, $0.rows) < ($1.tokens, $1.rows) } }
  private var byType: [String: SpanGroup] = [:]

  /// Begins a summary.
  ///
  /// - Parameter width: Width of the network's layers.
  public init(width: Int) {
    self.width = width
  }

  /// Adds an answer.
  ///
  /// - Parameters:
  ///   - answer: The answer with its trace.
  ///   - grid: The grid of its picture.
  ///   - type: The type of its question.
  public mutating func add(_ answer: Answer, grid: GridSize, type: String) {
    total.add(answer, grid: grid, width: width)
    byType[type, default: SpanGroup()].add(answer, grid: grid, width: width)
  }

  /// The types of questions, the most frequent first.
  public var types: [TypeGroup] {
    byType.map { (type: $0.key, group: $0.value) }.sorted { ($1.group.count, $0.type) < ($0.group.count, $1.type) }
  }

  /// The most frequent types, and all others as one.
  ///
  /// - Parameter most: Types to keep by themselves.
  /// - Returns: The types kept, and what the others come to; nil where there are no others.
  func types(most: Int) -> (kept: [TypeGroup], others: (count: Int, group: SpanGroup)?) {
    let types = types
    // A line for one other type would take the place of the type itself.
    guard types.count > most + 1 else { return (types, nil) }
    let rest = types.dropFirst(most)
    return (Array(types.prefix(most)), (rest.count, rest.reduce(into: SpanGroup()) { $0.add($1.group) }))
  }
}
