// DynamicViTCost.swift - multiplications with addition of one picture, by stage and part, counted as fvcore counts them.
//
// The published figures are fvcore's: linear maps, convolutions and products count their multiplications with addition; a layer norm counts
// five for each element; a doubling counts one for each element that comes out, an adaptive pooling one for each that goes in. Sums, softmax,
// GELU, exp and the cutting of squares count nothing. So the original's resize is what is counted, though ours does less.

import Routing
import Tensors

/// What one stage spends on one picture.
public struct DynamicViTCost: Sendable, Equatable {
  /// Pixels to tokens.
  public var embedding = 0
  /// Blocks as they are without any reuse.
  public var blocks = 0
  /// The wider norm and feed-forward part of blocks that see a context.
  public var context = 0
  /// The networks that make the contexts, their norm included.
  public var contextNetworks = 0
  /// The network that mixes relations.
  public var relationNetwork = 0
  /// Doubling and pooling of contexts and relations.
  public var resizing = 0
  /// Final norm and head.
  public var head = 0

  /// Everything together.
  public var total: Int {
    embedding + blocks + context + contextNetworks + relationNetwork + resizing + head
  }
}

extension DynamicViTConfiguration {
  /// Multiplications with addition of an element of a layer norm.
  private static let normCost = 5

  /// What a stage spends on one picture.
  public func cost(stage: Int) -> DynamicViTCost {
    let side = Self.gridSides[stage]
    let tokens = side * side + 1
    var cost = DynamicViTCost()
    cost.embedding = embeddingCost(stage: stage)
    let attention = 4 * tokens * width * width + 2 * tokens * tokens * width
    cost.blocks = layers * (attention + tokens * 2 * width * inner + 2 * Self.normCost * tokens * width)
    cost.head = Self.normCost * tokens * width + width * classes
    guard stage > 0 else { return cost }
    let old = Self.gridSides[stage - 1]
    let oldTokens = old * old + 1
    let doubled = 4 * old * old
    if featureReuse {
      cost.context = layers * tokens * Self.contextWidth * (inner + Self.normCost)
      let perToken = width * Self.contextInner + Self.contextInner * Self.contextWidth + Self.normCost * width
      cost.contextNetworks = layers * oldTokens * perToken
      cost.resizing += layers * Self.contextWidth * 2 * doubled
    }
    if relationReuse {
      cost.relationNetwork = 6 * relationChannels * relationChannels * oldTokens * oldTokens
      cost.resizing += relationChannels * (oldTokens + tokens) * 2 * doubled
    }
    return cost
  }

  private func embeddingCost(stage: Int) -> Int {
    if family == .stem { return stemCost(stage: stage) }
    let side = Self.gridSides[stage]
    if family == .grids { return side * side * gridWidth * width }
    let square = windows(stage: stage)
    if family == .deit { return side * side * width * 3 * square.size * square.size }
    let wide = tokenWidth * Self.laterWindows.size * Self.laterWindows.size
    let inputs = [3 * square.size * square.size, wide]
    return zip(sides(stage: stage), inputs).reduce(side * side * wide * width) { total, part in
      let tokens = part.0 * part.0
      let maps = tokens * (part.1 * 3 * tokenWidth + 3 * tokenWidth * tokenWidth)
      let norms = Self.normCost * tokens * (part.1 + tokenWidth)
      let attention =
        family == .performer
        ? tokens * performerFeatures * (4 * tokenWidth + 1) : 2 * tokens * tokens * tokenWidth
      return total + maps + norms + attention
    }
  }
}

extension DynamicViTCascade {
  /// Multiplications with addition of one picture in one stage, counted as the published figures are.
  public func multiplyAdds(stage: Int) -> Int { configuration.cost(stage: stage).total }
}
