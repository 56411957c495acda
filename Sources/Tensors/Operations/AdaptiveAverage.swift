// AdaptiveAverage.swift - a picture made smaller: each new pixel is the mean of those it covers, whole or in part.
//
// The window of new pixel i on a line of n pixels made S is floor(i n / S) ... ceil((i + 1) n / S) - 1, all of it weighing the same, as
// PyTorch's adaptive average pooling has it.

extension Tensor {
  /// Makes maps smaller by plain means, `[B, H, W, C]` to `[B, side, side, C]`.
  ///
  /// - Parameter side: New height and width, at most the old ones.
  /// - Returns: The smaller maps; the maps themselves where they have that size already.
  public func adaptiveAverage(side: Int) -> Tensor {
    precondition(
      rank == 4 && side > 0 && shape[1] >= side && shape[2] >= side, "adaptiveAverage: \(shape) to side \(side)")
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    if height == side && width == side { return self }
    let rows = Self.windows(height, side)
    let columns = Self.windows(width, side)
    let storage = Storage(count: batch * side * side * channels)
    let (source, target) = (pointer, storage.pointer)
    // Lines are added up whole, which computes many columns at a time, before the columns of their sum are.
    let line = width * channels
    let sums = Storage(count: line)
    for new in 0..<(batch * side) {
      let ys = rows[new % side]
      let first = source + (new / side * height + ys.lowerBound) * line
      sums.pointer.update(from: first, count: line)
      for y in 1..<max(1, ys.count) { VectorMath.add(line, first + y * line, to: sums.pointer) }
      for (column, xs) in columns.enumerated() {
        let mean = target + (new &* side &+ column) &* channels
        let share = 1 / Float(ys.count &* xs.count)
        for channel in 0..<channels {
          var sum: Float = 0
          for x in xs { sum += sums.pointer[x &* channels &+ channel] }
          mean[channel] = sum * share
        }
      }
    }
    return Tape.result(Tensor(storage: storage, shape: [batch, side, side, channels]), of: [self]) {
      { gradient in
        guard let slopes = self.node?.addableContribution() else { return }
        for new in 0..<(batch * side) {
          let ys = rows[new % side]
          for (column, xs) in columns.enumerated() {
            let slope = gradient + (new &* side &+ column) &* channels
            let share = 1 / Float(ys.count &* xs.count)
            for y in ys {
              let old = slopes + (new / side &* height &+ y) &* line
              for x in xs {
                for channel in 0..<channels { old[x &* channels &+ channel] += slope[channel] * share }
              }
            }
          }
        }
      }
    }
  }

  private static func windows(_ count: Int, _ side: Int) -> [Range<Int>] {
    (0..<side).map { ($0 * count / side)..<((($0 + 1) * count + side - 1) / side) }
  }
}
