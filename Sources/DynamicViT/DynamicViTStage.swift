// DynamicViTStage.swift - one stage of the cascade: a whole vision transformer over one grid, with what it reuses of the stage before.
//
// Dynamic ViT (Wang et al., NeurIPS 2021). Parameters have the names of the published checkpoints, save the stage's own prefix.

import Layers
import Routing
import Tensors

/// One stage.
public struct DynamicViTStage: Layer, Sendable {
  /// Sizes and choices of the cascade.
  public let configuration: DynamicViTConfiguration
  /// Number of the stage, from 0.
  public let number: Int
  let classToken: Parameter  // [1, 1, D]
  let positions: Parameter  // [1, N + 1, D]
  let patches: Kernel?
  let squares: TokensToToken?
  let stem: StemTokens?
  let grids: Linear?  // width of a cell -> D
  let widenRelations: Kernel?  // R -> 3 R
  let narrowRelations: Kernel?  // 3 R -> R
  let blocks: [ReusingBlock]
  let norm: LayerNorm
  let head: Linear?

  /// Makes a stage with the original's first values.
  public init(_ configuration: DynamicViTConfiguration, stage: Int, random: inout SeededRandom) {
    self.configuration = configuration
    number = stage
    let width = configuration.width
    let side = DynamicViTConfiguration.gridSides[stage]
    classToken = Initialisation.normal([1, 1, width], deviation: 0.02, truncated: true, random: &random)
    let count = side * side + 1
    switch configuration.family {
    case .deit:
      let size = configuration.windows(stage: stage).size
      positions = Initialisation.normal([1, count, width], deviation: 0.02, truncated: true, random: &random)
      patches = Kernel(3, width, size: size, random: &random)
      (squares, stem, grids) = (nil, nil, nil)
    case .performer, .transformer:
      positions = Parameter(SequenceWaves.table(count: count, width: width), isTrainable: false)
      squares = TokensToToken(configuration, stage: stage, random: &random)
      (patches, stem, grids) = (nil, nil, nil)
    case .stem:
      positions = PositionWaves.tableAfterClassToken(side: side, width: width)
      stem = StemTokens(configuration, stage: stage, random: &random)
      (patches, squares, grids) = (nil, nil, nil)
    case .grids:
      positions = PositionWaves.tableAfterClassToken(side: side, width: width)
      grids = Linear(configuration.gridWidth, width, random: &random)
      (patches, squares, stem) = (nil, nil, nil)
    }
    let reuses = stage > 0 && configuration.relationReuse
    let channels = configuration.relationChannels
    widenRelations = reuses ? Kernel(channels, 3 * channels, size: 1, random: &random) : nil
    narrowRelations = reuses ? Kernel(3 * channels, channels, size: 1, random: &random) : nil
    blocks = (0..<configuration.layers).map {
      ReusingBlock(configuration, stage: stage, layer: $0, random: &random)
    }
    norm = LayerNorm(width, epsilon: configuration.epsilon)
    head = configuration.classes > 0 ? .truncated(width, configuration.classes, random: &random) : nil
  }

  /// The grid of this stage.
  public var grid: GridSize {
    let side = DynamicViTConfiguration.gridSides[number]
    return GridSize(rows: side, columns: side)
  }

  /// Computes the blocks.
  ///
  /// - Parameters:
  ///   - pictures: `[B, H, W, 3]`, normalised; of the family `grids` the cells of this stage's grid, `[B, N, gridWidth]`.
  ///   - earlier: What the stage before gave; needed when something of it is reused.
  ///   - use: What will be read of the result.
  ///   - pass: An observer.
  /// - Returns: What the blocks give, before the final norm.
  public func callAsFunction(
    _ pictures: Tensor, reusing earlier: DynamicViTFeatures? = nil, for use: DynamicViTUse = .handedOn,
    pass: DynamicViTPass = DynamicViTPass()
  ) -> DynamicViTFeatures {
    let pass = pass.part("stage\(number + 1)")
    // Without a tape and unobserved, nothing is computed or kept that nobody reads.
    let isLean = Tape.current == nil && !pass.isObserved
    let exports = use == .handedOn && configuration.relationReuse
    var tokens = embed(pictures, pass: pass)
    let stack =
      exports && isLean
      ? RelationStack(
        batch: tokens.shape[0], channels: configuration.relationChannels, tokens: tokens.shape[1]) : nil
    var relations: [Tensor] = []
    let reuses = blockReuses(earlier, pass: pass)
    for (index, block) in blocks.enumerated() {
      let reuse = reuses(index)
      if isLean, case .classes = use, index == blocks.count - 1 {
        return DynamicViTFeatures(features: block.classToken(tokens, reuse: reuse), relations: nil)
      }
      var export = RelationExport.none
      if let stack {
        export = .stack(stack, channel: index * configuration.heads)
      } else if exports || pass.isObserved {
        export = .result
      }
      let blockPass = pass.part("block\(index)")
      let given: Tensor?
      (tokens, given) = block(tokens, reuse: reuse, export: export, pass: blockPass)
      if let given {
        relations.append(given)
        blockPass.observe("relation_logits") { given }
      }
      blockPass.observe("out") { tokens }
    }
    guard exports else { return DynamicViTFeatures(features: tokens, relations: nil) }
    return DynamicViTFeatures(features: tokens, relations: stack?.maps ?? Self.joined(relations))
  }

  /// Tokens of the pictures with the class token before them and positions added.
  private func embed(_ pictures: Tensor, pass: DynamicViTPass) -> Tensor {
    let size =
      grids == nil
      ? [configuration.pictureSize, configuration.pictureSize, 3] : [grid.tokens, configuration.gridWidth]
    precondition(Array(pictures.shape.dropFirst()) == size, "pictures \(pictures.shape), not each of \(size)")
    let batch = pictures.shape[0]
    var tokens = pictures
    if let patches {
      let windows = configuration.windows(stage: number)
      let map = pictures.convolution(
        patches.weight.tensor, bias: patches.bias.tensor, stride: windows.stride,
        padding: ConvolutionPadding(windows.padding))
      tokens = map.reshaped([batch, grid.tokens, configuration.width])
    } else if let squares {
      tokens = squares(pictures, pass: pass.part("t2t"))
    } else if let stem {
      tokens = stem(pictures)
    } else if let grids {
      tokens = grids(pictures)
    }
    pass.observe("embed_tokens") { tokens }
    let first = classToken.tensor.reshaped([1, configuration.width])
      .rows(Array(repeating: 0, count: batch), shape: [batch, 1])
    let start = Tensor.joiningTokens([first, tokens])
      .addingTable(positions.tensor.reshaped([grid.tokens + 1, configuration.width]))
    pass.observe("x0") { start }
    return start
  }

  /// What each block takes from the stage before.
  private func blockReuses(
    _ earlier: DynamicViTFeatures?, pass: DynamicViTPass
  ) -> (Int) -> BlockReuse {
    guard let resize = configuration.resize(stage: number) else { return { _ in BlockReuse() } }
    let features = configuration.featureReuse ? earlier?.features : nil
    precondition(!configuration.featureReuse || features != nil, "stage \(number + 1) needs the features before it")
    var mixed: Tensor?
    if let widenRelations, let narrowRelations {
      guard let relations = earlier?.relations else {
        preconditionFailure("stage \(number + 1) needs the relations before it")
      }
      mixed = relations.mixedChannels(
        first: widenRelations.weight.tensor, firstBias: widenRelations.bias.tensor,
        second: narrowRelations.weight.tensor, secondBias: narrowRelations.bias.tensor)
    }
    if let mixed {
      pass.observe("relation_mlp_out") { mixed }
      for index in blocks.indices {
        let start = index * configuration.heads
        pass.part("block\(index)").observe("relation_reused") {
          mixed.channels(start..<(start + configuration.heads)).resizedRelations(resize)
        }
      }
    }
    return { index in
      BlockReuse(
        features: features.map { ($0, resize) },
        relations: mixed.map {
          ReusedRelations(coarse: $0, channel: index * configuration.heads, resize: resize)
        })
    }
  }

  /// `[B, H, N, N]` of every layer as `[B, L H, N, N]`.
  private static func joined(_ relations: [Tensor]) -> Tensor? {
    guard let first = relations.first?.shape else { return nil }
    let flat = Tensor.concatenated(relations.map { $0.reshaped([first[0], first[1] * first[2] * first[3]]) })
    return flat.reshaped([first[0], relations.count * first[1], first[2], first[3]])
  }

  /// The logits of the head, `[B, classes]`; a cascade without classes has none.
  public func logits(_ features: DynamicViTFeatures, pass: DynamicViTPass = DynamicViTPass()) -> Tensor {
    guard let head else { preconditionFailure("a cascade without classes has no head") }
    let pass = pass.part("stage\(number + 1)")
    let token = norm(features.features.tokens(0..<1)).reshaped([features.features.shape[0], configuration.width])
    pass.observe("norm_cls") { token }
    let result = head(token)
    pass.observe("logits") { result }
    pass.observe("softmax") { result.softmax() }
    return result
  }

  /// The tokens of the grid after the final norm, `[B, N, D]`, without the class token.
  public func patchTokens(_ features: DynamicViTFeatures) -> Tensor {
    precondition(features.features.shape[1] == grid.tokens + 1, "of this pass only the class token was computed")
    return norm(features.features.tokens(1..<(grid.tokens + 1)))
  }

  /// The parameters under the names of the original's checkpoints.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    body(parameterName(path, "cls_token"), classToken)
    body(parameterName(path, "pos_embed"), positions)
    patches?.forEachParameter(at: parameterName(path, "patch_embed.proj"), body)
    squares?.forEachParameter(at: parameterName(path, "tokens_to_token"), body)
    stem?.forEachParameter(at: path, body)
    grids?.forEachParameter(at: parameterName(path, "grid"), body)
    widenRelations?.forEachParameter(at: parameterName(path, "relation_reuse_conv.0"), body)
    narrowRelations?.forEachParameter(at: parameterName(path, "relation_reuse_conv.2"), body)
    for (index, block) in blocks.enumerated() {
      block.forEachParameter(at: parameterName(path, "blocks.\(index)"), body)
    }
    norm.forEachParameter(at: parameterName(path, "norm"), body)
    head?.forEachParameter(at: parameterName(path, "head"), body)
  }
}

extension Tensor {
  /// Some channels of `[B, C, n, n]`.
  fileprivate func channels(_ range: Range<Int>) -> Tensor {
    let size = shape[2] * shape[3]
    let kept = reshaped([shape[0], shape[1] * size]).columns((range.lowerBound * size)..<(range.upperBound * size))
    return kept.reshaped([shape[0], range.count, shape[2], shape[3]])
  }
}
