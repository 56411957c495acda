// AttentionRow.swift - one query's attention over all keys, mixed from several windows with one exp an element.
//
// With e = exp(s - max) computed once, the softmax of a window is e over the window's sum of e, so that the mixed map is
// e times the sum of weight over window sum, over the windows that reach a key. Two corner cases are kept apart: a window in which every
// key is hidden gives the same share to all keys, also to those outside it (as overwriting all scores by one large negative number
// does); and a window whose best score lies so far below the row's best that its e vanishes is computed with its own maximum.

/// What a pass over the rows of one sample and head needs to know.
struct AttentionRow {
  /// Number of keys.
  let keys: Int
  /// Floats between two rows of scores; at least eight more than keys, so that a vector may read past the last one.
  let stride: Int
  /// Multiplied onto raw scores.
  let scale: Float
  /// Windows, or nil for one global attention of weight 1.
  let windows: AttentionWindows?
  let masks: UnsafePointer<Float>?
  /// 1 for visible keys, 0 for hidden ones and for the padding of the row.
  let visible: UnsafePointer<Float>
  /// 0 for visible keys, a large negative number for the others.
  let penalty: UnsafePointer<Float>
  let hasVisibleKeys: Bool
  /// Weight of each window for this sample.
  let weights: UnsafePointer<Float>?

  var windowCount: Int { windows?.orders.count ?? 1 }

  /// How the softmax of one window came out.
  enum Outcome {
    /// e times this number.
    case normal(Float)
    /// The same share for every key.
    case uniform
    /// Probabilities of their own, written to the spare row.
    case separate
  }

  /// Turns raw scores into e = exp(score - greatest visible score), zero for hidden keys and the padding.
  @inline(__always)
  func exponentials(_ row: UnsafeMutablePointer<Float>) {
    var greatest = Vector(repeating: -.infinity)
    var index = 0
    while index < keys {
      let value = row.vector(index) * scale + penalty.vector(index)
      row.store(value, index)
      greatest = greatest.replacing(with: value, where: greatest .< value)
      index = index &+ 8
    }
    let top = greatest.greatest
    index = 0
    while index < keys {
      row.store(VectorMath.exp(row.vector(index) - top) * visible.vector(index), index)
      index = index &+ 8
    }
    while index < stride {
      row.store(Vector(), index)
      index = index &+ 8
    }
  }

  /// Walks the part of a row that a window reaches, eight keys at a time; the mask is 1 inside the window and 0 outside.
  @inline(__always)
  func walk(_ window: Int, _ query: Int, _ body: (_ offset: Int, _ mask: Vector) -> Void) {
    guard let windows, let masks, windows.orders[window] > 0 else {
      let ones = Vector(repeating: 1)
      var index = 0
      while index < keys {
        body(index, ones)
        index = index &+ 8
      }
      return
    }
    let order = windows.orders[window]
    let columns = windows.gridColumns
    let row = query / columns
    let column = query &- row &* columns
    let mask = masks + (window &* columns &+ column) &* windows.paddedColumns
    let firstVector = max(0, column &- order) / 8 &* 8
    let lastColumn = min(columns &- 1, column &+ order)
    for reached in max(0, row &- order)...min(windows.gridRows &- 1, row &+ order) {
      var start = firstVector
      while start <= lastColumn {
        body(reached &* columns &+ start, mask.vector(start))
        start = start &+ 8
      }
    }
  }

  /// The softmax of one window from the exponentials; only in the rare separate case the spare row is written.
  @inline(__always)
  func outcome(
    _ window: Int, _ query: Int, exponentials: UnsafePointer<Float>, spare: UnsafeMutablePointer<Float>,
    rawScore: (Int) -> Float
  ) -> Outcome {
    guard hasVisibleKeys else { return .uniform }
    var sums = Vector()
    walk(window, query) { offset, mask in sums += exponentials.vector(offset) * mask }
    let sum = sums.total
    // Also what is no number goes this way, so that it comes out instead of a mean of the values.
    if !(sum < 1e-30) { return .normal(1 / sum) }
    return separate(window, query, spare, rawScore)
  }

  /// The exact softmax of a window whose exponentials vanished, or the uniform outcome when no key in it is visible.
  private func separate(
    _ window: Int, _ query: Int, _ spare: UnsafeMutablePointer<Float>, _ rawScore: (Int) -> Float
  ) -> Outcome {
    spare.initialize(repeating: 0, count: stride)
    guard let windows else { return .uniform }
    let reached = (0..<keys).filter {
      visible[$0] > 0 && windows.reaches(order: windows.orders[window], from: query, to: $0)
    }
    guard !reached.isEmpty else { return .uniform }
    let greatest = reached.reduce(-Float.infinity) { max($0, rawScore($1)) }
    var sum: Float = 0
    for key in reached {
      spare[key] = VectorMath.exp(Vector(repeating: (rawScore(key) - greatest) * scale))[0]
      sum += spare[key]
    }
    for key in reached { spare[key] /= sum }
    return .separate
  }

  /// Adds `amount` times a window's probabilities, times a dropout row if there is one, to the mixed map.
  @inline(__always)
  func addMap(
    _ outcome: Outcome, _ window: Int, _ query: Int, amount: Float, exponentials: UnsafePointer<Float>,
    spare: UnsafePointer<Float>, dropped: UnsafePointer<Float>?, to map: UnsafeMutablePointer<Float>
  ) {
    switch outcome {
    case .normal(let inverse):
      let factor = amount * inverse
      if let dropped {
        walk(window, query) { offset, mask in
          let share = exponentials.vector(offset) * mask * dropped.vector(offset)
          map.store(map.vector(offset) + share * factor, offset)
        }
      } else {
        walk(window, query) { offset, mask in
          map.store(map.vector(offset) + exponentials.vector(offset) * mask * factor, offset)
        }
      }
    case .uniform:
      let share = amount / Float(keys)
      for key in 0..<keys { map[key] += share * (dropped?[key] ?? 1) }
    case .separate:
      for key in 0..<keys { map[key] += amount * spare[key] * (dropped?[key] ?? 1) }
    }
  }

  /// The gradient through one window: returns the derivative by the window's weight and adds the derivative by the scores.
  ///
  /// With p the window's probabilities, D the dropout factors and g the gradient of the mixed map: r = Σ p D g is the derivative by the
  /// weight, and weight x p (D g - r) that by the scores.
  @inline(__always)
  func gradient(
    _ outcome: Outcome, _ window: Int, _ query: Int, weight: Float, exponentials: UnsafePointer<Float>,
    spare: UnsafePointer<Float>, dropped: UnsafePointer<Float>, slope: UnsafePointer<Float>,
    to scores: UnsafeMutablePointer<Float>
  ) -> Float {
    switch outcome {
    case .normal(let inverse):
      var sums = Vector()
      walk(window, query) { offset, mask in
        sums += exponentials.vector(offset) * mask * (dropped.vector(offset) * slope.vector(offset))
      }
      let mean = sums.total * inverse
      let factor = weight * inverse
      walk(window, query) { offset, mask in
        let share = exponentials.vector(offset) * mask * factor
        let change = share * (dropped.vector(offset) * slope.vector(offset) - mean)
        scores.store(scores.vector(offset) + change, offset)
      }
      return mean
    case .uniform:
      var sum: Float = 0
      for key in 0..<keys { sum += slope[key] * dropped[key] }
      return sum / Float(keys)
    case .separate:
      var mean: Float = 0
      for key in 0..<keys { mean += spare[key] * dropped[key] * slope[key] }
      for key in 0..<keys { scores[key] += weight * spare[key] * (dropped[key] * slope[key] - mean) }
      return mean
    }
  }
}
