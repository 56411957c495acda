// DynamicViTConfiguration.swift - sizes and choices that fix a cascade, with those of the published models.
//
// Dynamic ViT (Wang et al., "Not all images are worth 16x16 words", NeurIPS 2021). All stages have the same width, depth and heads; they
// differ in their grid, and from the second on they may reuse what the stage before computed.

import Routing
import Tensors

/// Sizes and choices of a Dynamic ViT cascade.
public struct DynamicViTConfiguration: Sendable, Equatable, Codable {
  /// How pixels become tokens, and what follows from it.
  public enum Family: String, Sendable, Codable, CaseIterable {
    /// One convolution over patches; learned positions (DeiT, Touvron et al. 2021).
    case deit
    /// Overlapping squares and random-feature attention; fixed positions (T2T-ViT, Yuan et al. 2021).
    case performer
    /// Overlapping squares and plain attention; fixed positions.
    case transformer
    /// Small convolutions over a picture made smaller; learned positions that begin as waves. Not of the paper.
    case stem
    /// The grids of another network, one for each stage, through a linear map; learned positions that begin as waves. Not of the paper.
    case grids

    /// Those of the paper, which the original's checkpoints may have.
    public static let published: [Family] = [.deit, .performer, .transformer]
  }

  /// How pixels become tokens.
  public var family = Family.deit
  /// Width D of a token; divisible by `heads`.
  public var width = 384
  /// Blocks of each stage.
  public var layers = 12
  /// Heads of their attention.
  public var heads = 6
  /// Width inside their feed-forward part, as a multiple of D.
  public var expansion = 4.0
  /// Width e of a token within the overlapping squares of the T2T families.
  public var tokenWidth = 64
  /// Random features of the performer; half of `tokenWidth` in the published models.
  public var performerFeatures = 32
  /// Channels after each halving of the stem; a token is made of 2 to the power of their number pixels a side.
  public var channels = [16, 32, 64, 96]
  /// Residual 3x3 convolutions of the stem on the final grid; they widen what a token knows of by two tokens each.
  public var refinements = 0
  /// Width of a cell of the grids that the family `grids` takes.
  public var gridWidth = 320
  /// Classes of each stage's head; 0 for no head.
  public var classes = 1000
  /// Height and width of the picture in pixels.
  public var pictureSize = 224
  /// A later stage takes in the last features of the stage before.
  public var featureReuse = true
  /// A later stage takes in the attention scores of the stage before.
  public var relationReuse = true
  /// Greatest probability of dropping a residual branch in training; it rises from 0 over the blocks.
  public var dropPath: Float = 0.1
  /// Number of stages, from 1 to 3.
  public var stages = 3

  /// DeiT-small of the published models.
  public init() {}

  /// The published cascade of three DeiT-small.
  public static var deitSmall: DynamicViTConfiguration { DynamicViTConfiguration() }

  /// The published cascade of three T2T-ViT-12.
  public static var t2t12: DynamicViTConfiguration { t2t(width: 256, layers: 12, heads: 4, expansion: 2) }

  /// The published cascade of three T2T-ViT-14.
  public static var t2t14: DynamicViTConfiguration { t2t(width: 384, layers: 14, heads: 6, expansion: 3) }

  private static func t2t(width: Int, layers: Int, heads: Int, expansion: Double) -> DynamicViTConfiguration {
    var configuration = DynamicViTConfiguration()
    configuration.family = .performer
    configuration.width = width
    configuration.layers = layers
    configuration.heads = heads
    configuration.expansion = expansion
    return configuration
  }

  /// Sides of the grids of the three stages.
  public static let gridSides = [7, 10, 14]
  /// Channels of the context that reused features give to every block, and width inside the network that makes it.
  public static let contextWidth = 48
  static let contextInner = 128

  /// Width inside the feed-forward part.
  public var inner: Int { Int(Double(width) * expansion) }
  /// Channels of the relations of one stage: one for each head of each block.
  public var relationChannels: Int { layers * heads }
  /// Added to the variance in every norm but those of the squares.
  var epsilon: Float { isT2T ? 1e-5 : 1e-6 }
  /// Whether tokens come from overlapping squares.
  var isT2T: Bool { family == .performer || family == .transformer }

  /// The squares that the picture of a stage is first cut into.
  func windows(stage: Int) -> SquareWindows {
    let sizes = isT2T ? [(14, 8, 3), (11, 6, 5), (7, 4, 2)] : [(32, 32, 0), (23, 23, 3), (16, 16, 0)]
    let (size, stride, padding) = sizes[stage]
    return SquareWindows(size: size, stride: stride, padding: padding)
  }

  /// The squares that the two later cuts of the T2T families use.
  static let laterWindows = SquareWindows(size: 3, stride: 2, padding: 1)

  /// Cells on a side after each cut of a stage's picture: one for DeiT, three for the T2T families.
  func sides(stage: Int) -> [Int] {
    if family == .stem || family == .grids { return [Self.gridSides[stage]] }
    let first = windows(stage: stage).count(along: pictureSize)
    guard isT2T else { return [first] }
    let second = Self.laterWindows.count(along: first)
    return [first, second, Self.laterWindows.count(along: second)]
  }

  /// From the grid of the stage before to that of a stage; nil for the first.
  func resize(stage: Int) -> GridResize? {
    stage == 0 ? nil : GridResize(from: Self.gridSides[stage - 1], to: Self.gridSides[stage])
  }

  /// Above this no product of sizes is tried.
  private static let greatestSize = 1 << 16

  /// What makes the sizes impossible, or nil.
  public var problem: String? {
    if !(1...Self.gridSides.count).contains(stages) { return "stages \(stages) is not from 1 to 3" }
    // First of all, so that no product of sizes can overflow.
    let largest = [width, layers, classes, tokenWidth, performerFeatures, gridWidth, pictureSize].max() ?? 0
    if largest > Self.greatestSize { return "\(largest) is more than any size may be, \(Self.greatestSize)" }
    if width < 1 || heads < 1 || width % heads != 0 { return "width \(width) cannot be cut into \(heads) heads" }
    if layers < 1 || classes < 0 { return "layers \(layers) or classes \(classes) is too small" }
    if !(0..<1).contains(dropPath) { return "dropPath \(dropPath) is not from 0 to below 1" }
    if !(0.01...64).contains(expansion) || inner < 1 { return "expansion \(expansion) is not from 0.01 to 64" }
    if family == .stem {
      if !(1...6).contains(channels.count) || channels.contains(where: { $0 < 1 || $0 > Self.greatestSize }) {
        return "channels \(channels) are not one to six positive numbers"
      }
      if !(0...64).contains(refinements) { return "refinements \(refinements) is not from 0 to 64" }
      let least = Self.gridSides[stages - 1] * cell
      if pictureSize < least { return "pictureSize \(pictureSize) is less than \(least), what the finest grid needs" }
    }
    if family == .grids, gridWidth < 1 { return "gridWidth \(gridWidth) is not above 0" }
    if isT2T, tokenWidth < 1 { return "tokenWidth \(tokenWidth) is not above 0" }
    if family == .performer, performerFeatures < 1 { return "performerFeatures \(performerFeatures) is not above 0" }
    for stage in 0..<stages where sides(stage: stage).last != Self.gridSides[stage] {
      let side = Self.gridSides[stage]
      return "a picture of \(pictureSize) pixels does not give stage \(stage + 1) its grid of \(side) by \(side)"
    }
    return nil
  }
}
