// FeatureVision.swift - the vision side of a model whose pictures come as features that another network computed before.
//
// TRAR and its forerunners learn from such files: one row of features for each cell of a grid, zeros where the picture has none.

import Layers
import Routing
import Tensors

/// A vision side that computes nothing: the features are the tokens.
public struct FeatureVision: VisionSide {
  /// Sizes; only those of features count.
  public let configuration: PlainVisionConfiguration

  /// Takes the side of the grid and the width of a token.
  public init(_ configuration: PlainVisionConfiguration) {
    self.configuration = configuration
  }

  /// There are no pixels.
  public var pictureSize: Int { 0 }

  /// The one grid.
  public var grids: [GridSize] { [GridSize(rows: configuration.gridSide, columns: configuration.gridSide)] }

  /// Width D of a token.
  public var tokenWidth: Int { configuration.width }

  /// Features `[B, N, D]` as they are; there is one stage, and nothing is carried on.
  public func tokens(of features: Tensor, stage: Int, after earlier: VisionTokens?) -> VisionTokens {
    precondition(stage == 0, "features have one stage, not stage \(stage)")
    precondition(
      features.shape.dropFirst() == [grids[0].tokens, tokenWidth],
      "features of shape \(features.shape), not \(grids[0].tokens) of width \(tokenWidth)")
    return VisionTokens(tokens: features, grid: grids[0])
  }

  /// Nothing.
  public func multiplyAdds(stage: Int) -> Int { 0 }

  /// There are no parameters.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {}
}
