// SeenPicture.swift - a picture after the vision side, which computes a finer grid only when one is asked for.

import ImageCodecs
import Routing
import Synchronization
import Tensors

/// A picture after the vision side: each grid is computed once, whatever is asked about it.
public struct SeenPicture: Sendable {
  /// The picture as the model sees it; nil where it came as features.
  public let image: RGBImage?
  private let stages: SeenStages

  /// A picture of which nothing is computed yet.
  ///
  /// - Parameters:
  ///   - image: The picture as the model sees it.
  ///   - compute: Computes a stage from what the stage before gave.
  init(image: RGBImage?, compute: @escaping @Sendable (_ stage: Int, _ earlier: VisionTokens?) -> VisionTokens) {
    self.image = image
    stages = SeenStages(compute: compute)
  }

  /// The tokens of the coarsest grid, `[1, N, D]`.
  public var tokens: VisionTokens { tokens(stage: 0) }

  /// How many grids are computed.
  public var computedStages: Int { stages.count }

  /// The tokens of a grid, `[1, N, D]`; those not computed yet are computed now, with all before them.
  ///
  /// - Parameter stage: Number of the stage, from 0.
  /// - Returns: The tokens.
  public func tokens(stage: Int) -> VisionTokens { stages.tokens(stage) }
}

/// The grids of one picture as far as they are computed.
private final class SeenStages: Sendable {
  private let found = Mutex<[VisionTokens]>([])
  private let compute: @Sendable (Int, VisionTokens?) -> VisionTokens

  init(compute: @escaping @Sendable (Int, VisionTokens?) -> VisionTokens) { self.compute = compute }

  var count: Int { found.withLock { $0.count } }

  func tokens(_ stage: Int) -> VisionTokens {
    found.withLock { found in
      while found.count <= stage { found.append(compute(found.count, found.last)) }
      return found[stage]
    }
  }
}
