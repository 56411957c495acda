// Embedding.swift - a learned row for every word.

import Tensors

/// A table of rows looked up by number; row 0, the padding, is an ordinary trainable row as in the original TRAR.
public struct Embedding: Layer, Sendable {
  /// `[entries, width]`.
  public let weight: Parameter

  /// Makes a table with normally distributed first values.
  public init(_ entries: Int, _ width: Int, random: inout SeededRandom) {
    weight = Initialisation.normal([entries, width], deviation: 1, random: &random)
  }

  /// Looks up rows.
  ///
  /// - Parameters:
  ///   - indices: Row numbers below the number of entries.
  ///   - shape: Shape of the indices.
  /// - Returns: `shape + [width]`.
  public func callAsFunction(_ indices: [Int], shape: [Int]) -> Tensor {
    weight.tensor.rows(indices, shape: shape)
  }

  /// Number of rows.
  public var entries: Int { weight.value.shape[0] }

  /// The parameters under the names of the original checkpoints.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    body(parameterName(path, "weight"), weight)
  }
}
