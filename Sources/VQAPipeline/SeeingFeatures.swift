// SeeingFeatures.swift - pictures given as features in place of pixels.
//
// As in the original TRAR: rows beyond the grid are cut, rows that are not there are zeros, which the network takes as padding.

import Routing
import Tensors

extension VQAModel {
  /// Whether the model takes features in place of pictures.
  public var takesFeatures: Bool { configuration.vision.embedding == .features }

  /// Looks at one picture given as features.
  ///
  /// - Parameter features: One row for each cell of the grid, row by row, `[n, D]`; more are cut, fewer are filled with zeros.
  /// - Returns: The picture.
  /// - Throws: ``VisionInputFailure`` when the width is not the model's, or the model takes pictures.
  public func see(features: Tensor) throws(VisionInputFailure) -> SeenPicture {
    guard takesFeatures else { throw .needsPictures(size: vision.pictureSize) }
    let grid = vision.grids[0]
    let fitted = try features.fitted(toRows: grid.tokens, width: vision.tokenWidth)
    let tokens = VisionTokens(tokens: fitted.reshaped([1, grid.tokens, vision.tokenWidth]), grid: grid)
    return SeenPicture(image: nil) { _, _ in tokens }
  }
}

extension Tensor {
  /// Features `[n, D]` with exactly so many rows of exactly this width.
  package func fitted(toRows rows: Int, width: Int) throws(VisionInputFailure) -> Tensor {
    guard shape.count == 2 else { throw .notRows(shape: shape) }
    guard shape[1] == width else { throw .wrongWidth(found: shape[1], expected: width) }
    let values = elements
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(row: place / width, column: place % width)
    }
    if shape[0] == rows { return self }
    let kept = min(values.count, rows * width)
    return Tensor(shape: [rows, width]) { target in
      values.withUnsafeBufferPointer { source in
        for place in 0..<kept { target[place] = source[place] }
      }
      for place in kept..<(rows * width) { target[place] = 0 }
    }
  }
}
