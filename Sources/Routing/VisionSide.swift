// VisionSide.swift - the protocol between whatever turns a picture into tokens and the network that answers from them.
//
// A vision side has one or several stages, each a grid of tokens finer than the one before. A later stage may reuse what an earlier one
// computed, which is handed on in `carried`; so a cascade, a single network and a backbone fit the same place.

import Layers
import Tensors

/// Rows and columns of a grid of tokens.
public struct GridSize: Sendable, Hashable, Codable {
  /// Number of rows.
  public var rows: Int
  /// Number of columns.
  public var columns: Int

  /// A grid of rows by columns.
  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  /// Number of tokens.
  public var tokens: Int { rows * columns }
}

/// What a stage of a vision side gives.
public struct VisionTokens: Sendable {
  /// Tokens row by row of the grid, `[B, N, D]`.
  public var tokens: Tensor
  /// The grid they lie on.
  public var grid: GridSize
  /// What a later stage may reuse, by name.
  public var carried: [String: Tensor]

  /// Collects the result of a stage.
  public init(tokens: Tensor, grid: GridSize, carried: [String: Tensor] = [:]) {
    self.tokens = tokens
    self.grid = grid
    self.carried = carried
  }
}

/// Turns pictures into tokens, stage after stage.
public protocol VisionSide: Layer, Sendable {
  /// Height and width in pixels that pictures must have.
  var pictureSize: Int { get }
  /// The grid of each stage, the coarsest first; at least one.
  var grids: [GridSize] { get }
  /// Width D of a token.
  var tokenWidth: Int { get }

  /// Computes one stage.
  ///
  /// - Parameters:
  ///   - pictures: `[B, H, W, 3]`, normalised.
  ///   - stage: Number of the stage, from 0.
  ///   - earlier: What the stage before gave; nil for the first.
  /// - Returns: Tokens `[B, N, D]` on the grid of this stage.
  func tokens(of pictures: Tensor, stage: Int, after earlier: VisionTokens?) -> VisionTokens

  /// Multiplications with addition of one picture in one stage.
  func multiplyAdds(stage: Int) -> Int
}
