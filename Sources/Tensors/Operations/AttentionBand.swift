// AttentionBand.swift - attention inside one window, for a choice that is a single window: no pair outside it is computed.
//
// TRAR (Zhou et al., ICCV 2021) with a binarised choice: scores, exp and the sum of values run over the keys of a query's window only. The
// dense way computes all pairs at several times the speed a pair, so a window that reaches much of the grid is left to it
// (`AttentionWindows.band`). A forward only: in training no choice is a single window.

/// One head of one sample, attending inside windows of one radius.
struct AttentionBand {
  let windows: AttentionWindows
  /// The radius of the windows, at least 1.
  let order: Int
  /// Floats of a head, and from one token to the next.
  let headWidth: Int
  let width: Int
  /// 1 for visible keys, 0 for hidden ones.
  let visible: UnsafePointer<Float>

  /// Attends from every token.
  ///
  /// - Parameters:
  ///   - query: The head's part of the first query; likewise keys, values and output.
  ///   - key: See query.
  ///   - value: See query.
  ///   - weight: The weight of the window, multiplied onto the result.
  ///   - output: Where the result goes.
  func run(
    _ query: UnsafePointer<Float>, _ key: UnsafePointer<Float>, _ value: UnsafePointer<Float>, weight: Float,
    into output: UnsafeMutablePointer<Float>
  ) {
    let side = 2 * order + 1
    let most = min(side, windows.gridRows) * min(side, windows.gridColumns)
    let scores = Storage(count: most + 8)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: most + 4) { places in
      guard let places = places.baseAddress else { return }
      let scale = 1 / Float(headWidth).squareRoot()
      for token in 0..<windows.tokens {
        let target = output + token &* width
        let count = collect(token, into: places)
        // No key in the window is visible: every key of the grid gets the same share, as in the dense way.
        if count == 0 {
          addMean(value, weight / Float(windows.tokens), into: target)
          continue
        }
        score(query + token &* width, key, places, count, scores.pointer)
        let total = exponentials(scores.pointer, count, scale)
        addValues(value, places, scores.pointer, count, weight / total, into: target)
      }
    }
  }

  /// Writes down where the visible keys of a token's window lie; the list ends with copies of its last place, for groups of four.
  @inline(__always)
  private func collect(_ token: Int, into places: UnsafeMutablePointer<Int>) -> Int {
    let columns = windows.gridColumns
    let row = token / columns
    let column = token &- row &* columns
    let left = max(0, column &- order)
    let right = min(columns &- 1, column &+ order)
    let bottom = min(windows.gridRows &- 1, row &+ order)
    var count = 0
    var reached = max(0, row &- order)
    while reached <= bottom {
      var place = reached &* columns &+ left
      let end = reached &* columns &+ right
      while place <= end {
        places[count] = place &* width
        count = visible[place] > 0 ? count &+ 1 : count
        place = place &+ 1
      }
      reached = reached &+ 1
    }
    if count > 0 {
      for extra in 0..<3 { places[count &+ extra] = places[count &- 1] }
    }
    return count
  }

  /// The products of a query with keys, four keys at a time.
  @inline(__always)
  private func score(
    _ query: UnsafePointer<Float>, _ key: UnsafePointer<Float>, _ places: UnsafePointer<Int>, _ count: Int,
    _ scores: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index < count {
      let key0 = key + places[index]
      let key1 = key + places[index &+ 1]
      let key2 = key + places[index &+ 2]
      let key3 = key + places[index &+ 3]
      var sum0 = Vector()
      var sum1 = Vector()
      var sum2 = Vector()
      var sum3 = Vector()
      var offset = 0
      while offset &+ 8 <= headWidth {
        let part = query.vector(offset)
        sum0 += part * key0.vector(offset)
        sum1 += part * key1.vector(offset)
        sum2 += part * key2.vector(offset)
        sum3 += part * key3.vector(offset)
        offset = offset &+ 8
      }
      var totals = SIMD4<Float>(sum0.total, sum1.total, sum2.total, sum3.total)
      while offset < headWidth {
        totals += SIMD4(key0[offset], key1[offset], key2[offset], key3[offset]) * query[offset]
        offset = offset &+ 1
      }
      UnsafeMutableRawPointer(scores + index).storeBytes(of: totals, as: SIMD4<Float>.self)
      index = index &+ 4
    }
  }

  /// Replaces raw scores by e = exp(scale x (score - greatest)); returns the sum.
  @inline(__always)
  private func exponentials(_ scores: UnsafeMutablePointer<Float>, _ count: Int, _ scale: Float) -> Float {
    var greatest = scores[0]
    for index in 0..<count { greatest = scores[index] > greatest ? scores[index] : greatest }
    for index in count..<(count &+ 7) / 8 &* 8 { scores[index] = greatest }  // the slack of the last vector
    var index = 0
    while index < count {
      scores.store(VectorMath.exp((scores.vector(index) - greatest) * scale), index)
      index = index &+ 8
    }
    return VectorMath.sum(count, scores)
  }

  /// target = factor x the sum of e times value over the listed keys.
  @inline(__always)
  private func addValues(
    _ value: UnsafePointer<Float>, _ places: UnsafePointer<Int>, _ shares: UnsafePointer<Float>, _ count: Int,
    _ factor: Float, into target: UnsafeMutablePointer<Float>
  ) {
    var offset = 0
    while offset &+ 32 <= headWidth {
      var sum0 = Vector()
      var sum1 = Vector()
      var sum2 = Vector()
      var sum3 = Vector()
      for index in 0..<count {
        let row = value + (places[index] &+ offset)
        let share = shares[index]
        sum0 += row.vector(0) * share
        sum1 += row.vector(8) * share
        sum2 += row.vector(16) * share
        sum3 += row.vector(24) * share
      }
      target.store(sum0 * factor, offset)
      target.store(sum1 * factor, offset &+ 8)
      target.store(sum2 * factor, offset &+ 16)
      target.store(sum3 * factor, offset &+ 24)
      offset = offset &+ 32
    }
    while offset < headWidth {
      var sum: Float = 0
      for index in 0..<count { sum += value[places[index] &+ offset] * shares[index] }
      target[offset] = sum * factor
      offset = offset &+ 1
    }
  }

  private func addMean(_ value: UnsafePointer<Float>, _ share: Float, into target: UnsafeMutablePointer<Float>) {
    target.update(repeating: 0, count: headWidth)
    for token in 0..<windows.tokens {
      VectorMath.map(headWidth, value + token * width, target, target) { $0 * share + $1 }
    }
  }
}
