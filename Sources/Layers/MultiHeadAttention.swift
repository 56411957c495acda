// MultiHeadAttention.swift - attention of several heads (Vaswani et al. 2017), named as in openvqa's MCAN and in TRAR.

import Tensors

/// The four projections of an attention layer, each from the width to itself.
public struct MultiHeadAttention: Layer, Sendable {
  /// Projects the values.
  public let value: Linear
  /// Projects the keys.
  public let key: Linear
  /// Projects the queries.
  public let query: Linear
  /// Projects the joined heads.
  public let merge: Linear
  /// Number of heads.
  public let heads: Int
  private let dropout: Float

  /// Makes an attention of a width and a number of heads that divides it.
  public init(_ width: Int, heads: Int, dropout: Float, random: inout SeededRandom) {
    precondition(heads > 0 && width % heads == 0, "a width of \(width) cannot be cut into \(heads) heads")
    value = Linear(width, width, random: &random)
    key = Linear(width, width, random: &random)
    query = Linear(width, width, random: &random)
    merge = Linear(width, width, random: &random)
    self.heads = heads
    self.dropout = dropout
  }

  /// Attends from `[B, T, D]` to `[B, N, D]`.
  ///
  /// - Parameters:
  ///   - queries: `[B, T, D]`.
  ///   - memory: `[B, N, D]`, source of keys and values.
  ///   - hiddenKeys: One mark for each of the B N keys, true for padding.
  /// - Returns: `[B, T, D]`.
  public func callAsFunction(_ queries: Tensor, memory: Tensor, hiddenKeys: [Bool]? = nil) -> Tensor {
    merge(
      Tensor.attention(
        query: query(queries), key: key(memory), value: value(memory), heads: heads, hiddenKeys: hiddenKeys,
        dropout: dropout))
  }

  /// The attention probabilities of every head, `[B, 1, heads, T, N]`, for looking at.
  public func maps(_ queries: Tensor, memory: Tensor, hiddenKeys: [Bool]? = nil) -> Tensor {
    Tape.withoutRecording {
      Tensor.attentionMaps(
        query: query(queries), key: key(memory), heads: heads, windows: nil, hiddenKeys: hiddenKeys)
    }
  }

  /// The parameters under the names of the original checkpoints.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    value.forEachParameter(at: parameterName(path, "linear_v"), body)
    key.forEachParameter(at: parameterName(path, "linear_k"), body)
    query.forEachParameter(at: parameterName(path, "linear_q"), body)
    merge.forEachParameter(at: parameterName(path, "linear_merge"), body)
  }
}
