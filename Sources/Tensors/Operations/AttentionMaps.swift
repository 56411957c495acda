// AttentionMaps.swift - the attention of every window before mixing, for looking at; no gradient flows through it.

extension Tensor {
  /// The attention probabilities of each window by itself.
  ///
  /// - Parameters:
  ///   - query: `[B, T, D]`.
  ///   - key: `[B, N, D]`.
  ///   - heads: Number of heads.
  ///   - windows: Windows over a grid of N tokens, or nil for one global attention.
  ///   - hiddenKeys: One mark for each of the B N keys, true for those that take no part.
  /// - Returns: `[B, S, heads, T, N]`.
  public static func attentionMaps(
    query: Tensor, key: Tensor, heads: Int, windows: AttentionWindows?, hiddenKeys: [Bool]? = nil
  ) -> Tensor {
    let batch = query.shape[0]
    let queries = query.shape[1]
    let keys = key.shape[1]
    let width = query.width
    precondition(key.shape == [batch, keys, width], "attentionMaps: queries \(query.shape), keys \(key.shape)")
    precondition(heads > 0 && width % heads == 0, "attentionMaps: a width of \(width) for \(heads) heads")
    precondition(
      windows.map { $0.tokens == keys && queries == keys } ?? true,
      "attentionMaps: queries \(query.shape), keys \(key.shape), a grid of \(windows?.tokens ?? 0)")
    precondition(hiddenKeys.map { $0.count == batch * keys } ?? true, "attentionMaps: \(hiddenKeys?.count ?? 0) marks")
    let headWidth = width / heads
    let orders = windows?.orders ?? [0]
    let storage = Storage(zeros: batch * orders.count * heads * queries * keys)
    let scale = 1 / Float(headWidth).squareRoot()
    for sample in 0..<batch {
      for head in 0..<heads {
        for line in 0..<queries {
          let from = query.pointer + (sample * queries + line) * width + head * headWidth
          let scores = (0..<keys).map { index in
            VectorMath.dot(headWidth, from, key.pointer + (sample * keys + index) * width + head * headWidth) * scale
          }
          for (window, order) in orders.enumerated() {
            let reached = (0..<keys).filter { index in
              !(hiddenKeys?[sample * keys + index] ?? false)
                && windows?.reaches(order: order, from: line, to: index) ?? true
            }
            let place = (((sample * orders.count + window) * heads + head) * queries + line) * keys
            softmax(scores, over: reached, into: storage.pointer + place)
          }
        }
      }
    }
    return Tensor(storage: storage, shape: [batch, orders.count, heads, queries, keys])
  }

  /// The softmax over some of the scores, zero elsewhere; over none of them, the same share for all.
  private static func softmax(_ scores: [Float], over reached: [Int], into row: UnsafeMutablePointer<Float>) {
    guard !reached.isEmpty else {
      row.update(repeating: 1 / Float(scores.count), count: scores.count)
      return
    }
    let greatest = reached.reduce(-Float.infinity) { max($0, scores[$1]) }
    var sum: Float = 0
    for index in reached {
      row[index] = VectorMath.exp(Vector(repeating: scores[index] - greatest))[0]
      sum += row[index]
    }
    for index in reached { row[index] /= sum }
  }
}
