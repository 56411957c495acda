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

/// Pictures after the part of a vision side that is not trained: the same numbers whatever training does, so they can be kept.
public struct PreparedPictures: Sendable {
  /// What ``VisionSide/tokens(of:stage:after:)`` takes.
  public var values: Tensor
  /// What else is known of the pictures, by name, `[B, ...]` each.
  public var known: [String: Tensor]

  /// Collects what is known of pictures.
  public init(values: Tensor, known: [String: Tensor] = [:]) {
    self.values = values
    self.known = known
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

  /// Height and width in pixels of the pictures that a stage takes.
  func pictureSize(stage: Int) -> Int

  /// Computes the part of a stage that is not trained; without one, nothing.
  ///
  /// - Parameters:
  ///   - pictures: `[B, H, W, 3]` of ``pictureSize(stage:)``, normalised.
  ///   - stage: Number of the stage, from 0.
  /// - Returns: What ``tokens(of:stage:after:)`` takes.
  func prepare(_ pictures: Tensor, stage: Int) -> PreparedPictures

  /// Shape of what ``prepare(_:stage:)`` gives for one picture.
  func preparedShape(stage: Int) -> [Int]

  /// Computes one stage.
  ///
  /// - Parameters:
  ///   - pictures: What ``prepare(_:stage:)`` gave: of most vision sides the pictures themselves, `[B, H, W, 3]`, normalised.
  ///   - stage: Number of the stage, from 0.
  ///   - earlier: What the stage before gave; nil for the first.
  /// - Returns: Tokens `[B, N, D]` on the grid of this stage.
  func tokens(of pictures: Tensor, stage: Int, after earlier: VisionTokens?) -> VisionTokens

  /// Multiplications with addition of one picture in one stage.
  func multiplyAdds(stage: Int) -> Int
}

extension VisionSide {
  /// All stages take pictures of one size.
  public func pictureSize(stage: Int) -> Int { pictureSize }

  /// Everything is trained.
  public func prepare(_ pictures: Tensor, stage: Int) -> PreparedPictures { PreparedPictures(values: pictures) }

  /// The shape of a picture.
  public func preparedShape(stage: Int) -> [Int] { [pictureSize, pictureSize, 3] }
}
