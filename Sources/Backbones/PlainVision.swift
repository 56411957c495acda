// PlainVision.swift - pixels to one grid of tokens: a convolution stem or a patch embedding, then a few transformer layers.
//
// The stem halves the picture once for each entry of its channels with a 3x3 convolution, batch norm and ReLU (Xiao et al. 2021, "Early
// convolutions help transformers see better"); the patch embedding is the plain one of ViT (Dosovitskiy et al., ICLR 2021).

import Layers
import Routing
import Tensors

/// Sizes and choices of a vision side with one stage.
public struct PlainVisionConfiguration: Sendable, Equatable, Codable {
  /// How pixels become tokens.
  public enum Embedding: String, Sendable, Codable {
    /// 3x3 convolutions of stride 2.
    case stem
    /// One linear map of each square patch.
    case patches
    /// None: pictures come as features on a grid, see ``FeatureVision``; of the sizes only `featureGrid` and `width` count.
    case features
    /// The stages of a cascade, whose settings stand in the model's `cascade`; none of the sizes here count.
    case cascade
  }

  /// Where the learned positions of the tokens start from.
  public enum Positions: String, Sendable, Codable {
    /// Small random numbers.
    case random
    /// Sines and cosines of row and column at falling frequencies, so that near and far can be told from the first step.
    case waves
  }

  /// How pixels become tokens.
  public var embedding = Embedding.stem
  /// Where the learned positions of the tokens start from.
  public var positions = Positions.random
  /// Height and width of the picture in pixels.
  public var pictureSize = 64
  /// Channels after each halving of the stem.
  public var channels = [32, 64, 96]
  /// A 3x3 convolution of stride 1 more before each halving but the first.
  public var isDeep = false
  /// 3x3 convolutions on the final grid, each added to its input; they widen what a token knows of by two tokens.
  public var refinements = 0
  /// Beside the stem, one linear map of each cell's pixels that starts as a map of its mean colour.
  ///
  /// It hands on which colour lies where from the first step, before the stem has learned anything.
  public var meanColors = false
  /// Side of a patch in pixels.
  public var patchSize = 8
  /// Side of the grid that features come on, in cells.
  public var featureGrid = 8
  /// Width D of a token.
  public var width = 96
  /// Transformer layers after the embedding.
  public var layers = 1
  /// Heads of their attention.
  public var heads = 4
  /// Width inside their feed-forward part, as a multiple of D.
  public var expansion = 2
  /// Probability of dropping in training.
  public var dropout: Float = 0

  /// A small stem to an 8x8 grid.
  public init() {}

  /// Tokens on one side of the grid.
  public var gridSide: Int {
    switch embedding {
    case .stem: channels.reduce(pictureSize) { side, _ in (side + 1) / 2 }
    case .patches: pictureSize / max(1, patchSize)
    case .features: featureGrid
    case .cascade: 0
    }
  }

  /// Makes the vision side of this kind with fresh parameters.
  public func makeVision(random: inout SeededRandom) -> any VisionSide {
    embedding == .features ? FeatureVision(self) : PlainVision(self, random: &random)
  }

  /// Above this no product of sizes is tried.
  private static let greatestSize = 1 << 16

  /// What makes the sizes impossible, or nil.
  public var problem: String? {
    if embedding == .cascade { return nil }
    if embedding == .features {
      if !(1...Self.greatestSize).contains(width) { return "width \(width) is not from 1 to \(Self.greatestSize)" }
      return featureGrid < 1 ? "featureGrid \(featureGrid) is not above 0" : nil
    }
    if pictureSize < 8 || pictureSize > 2048 { return "pictureSize \(pictureSize) is not from 8 to 2048" }
    if !(0..<1).contains(dropout) { return "dropout \(dropout) is not from 0 to below 1" }
    if width < 1 || heads < 1 || width % heads != 0 { return "width \(width) cannot be cut into \(heads) heads" }
    if layers < 0 || refinements < 0 || expansion < 1 {
      return "layers \(layers), refinements \(refinements) and expansion \(expansion) must not be negative"
    }
    let largest = [width, layers, refinements, expansion, channels.count, channels.max() ?? 0].max() ?? 0
    if largest > Self.greatestSize { return "\(largest) is more than any size may be, \(Self.greatestSize)" }
    switch embedding {
    case .stem:
      if channels.isEmpty || channels.contains(where: { $0 < 1 }) { return "channels \(channels) are not positive" }
      return meanColors && pictureSize % gridSide != 0
        ? "mean colours need cells of whole pixels, not \(pictureSize) in \(gridSide) cells" : nil
    case .patches:
      return patchSize < 1 || pictureSize % patchSize != 0
        ? "patches of \(patchSize) do not fill \(pictureSize) pixels" : nil
    case .features, .cascade: return nil
    }
  }
}

/// A vision side with one stage.
public struct PlainVision: VisionSide {
  /// Sizes and choices.
  public let configuration: PlainVisionConfiguration
  private let stem: ConvolutionStem?
  private let patches: Convolution?
  private let project: Linear?  // last channels -> D, when they differ
  private let colors: Convolution?  // pixels of a cell -> D, beside the stem
  private let positions: Parameter  // [N, D]
  private let blocks: [TransformerBlock]
  private let norm: LayerNorm

  /// Makes a vision side with fresh parameters.
  public init(_ configuration: PlainVisionConfiguration, random: inout SeededRandom) {
    self.configuration = configuration
    let width = configuration.width
    switch configuration.embedding {
    case .stem:
      stem = ConvolutionStem(
        configuration.channels, isDeep: configuration.isDeep, refinements: configuration.refinements, random: &random)
      patches = nil
      let last = configuration.channels.last ?? width
      project = last == width ? nil : Linear(last, width, random: &random)
    case .patches:
      stem = nil
      patches = Convolution(
        3, width, size: configuration.patchSize, stride: configuration.patchSize, padding: ConvolutionPadding(0),
        hasBias: true, random: &random)
      project = nil
    case .features, .cascade: preconditionFailure("\(configuration.embedding) has a vision side of its own")
    }
    let side = configuration.gridSide
    // Drawn in both cases, so that what follows draws the same numbers.
    let drawn = Initialisation.normal([side * side, width], deviation: 0.02, truncated: true, random: &random)
    positions = configuration.positions == .random ? drawn : PositionWaves.table(side: side, width: width)
    blocks = (0..<configuration.layers).map { _ in
      TransformerBlock(
        width, heads: configuration.heads, inner: width * configuration.expansion, dropout: configuration.dropout,
        random: &random)
    }
    norm = LayerNorm(width, epsilon: 1e-6)
    let hasColors = configuration.embedding == .stem && configuration.meanColors
    colors = hasColors ? .meanColors(cell: configuration.pictureSize / side, width, random: &random) : nil
  }

  /// Height and width of the pictures in pixels.
  public var pictureSize: Int { configuration.pictureSize }

  /// The one grid.
  public var grids: [GridSize] { [GridSize(rows: configuration.gridSide, columns: configuration.gridSide)] }

  /// Width D of a token.
  public var tokenWidth: Int { configuration.width }

  /// Pictures `[B, H, W, 3]` to tokens `[B, N, D]`; there is one stage, and nothing is carried on.
  public func tokens(of pictures: Tensor, stage: Int, after earlier: VisionTokens?) -> VisionTokens {
    precondition(stage == 0, "a plain vision side has one stage, not stage \(stage)")
    var grid = pictures
    if let stem { grid = stem(pictures) }
    if let patches { grid = patches(pictures) }
    var tokens = grid.reshaped([grid.shape[0], grid.shape[1] * grid.shape[2], grid.shape[3]])
    if let project { tokens = project(tokens) }
    if let colors { tokens = tokens + colors(pictures).reshaped(tokens.shape) }
    tokens = tokens.addingTable(positions.tensor)
    for block in blocks { tokens = block(tokens) }
    return VisionTokens(tokens: norm(tokens), grid: grids[0])
  }

  /// Multiplications with addition of one picture.
  public func multiplyAdds(stage: Int) -> Int {
    let tokens = grids[0].tokens
    var total = stem?.multiplyAdds(pictureSize: pictureSize) ?? 0
    total += (patches?.multiplyAdds(places: tokens) ?? 0) + (colors?.multiplyAdds(places: tokens) ?? 0)
    total += project.map { tokens * $0.inputs * $0.outputs } ?? 0
    return total + blocks.reduce(0) { $0 + $1.multiplyAdds(tokens: tokens) }
  }

  /// All parameters by name.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    stem?.forEachParameter(at: parameterName(path, "stem"), body)
    patches?.forEachParameter(at: parameterName(path, "patch_embed.proj"), body)
    project?.forEachParameter(at: parameterName(path, "project"), body)
    colors?.forEachParameter(at: parameterName(path, "colors"), body)
    body(parameterName(path, "pos_embed"), positions)
    for (index, block) in blocks.enumerated() {
      block.forEachParameter(at: parameterName(path, "blocks.\(index)"), body)
    }
    norm.forEachParameter(at: parameterName(path, "norm"), body)
  }
}
