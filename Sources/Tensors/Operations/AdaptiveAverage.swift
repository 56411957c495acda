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
    let storage = Storage(zeros: batch * side * side * channels)
    // Calls with each new pixel's place, an old one it covers, and that one's share.
    func forEachPair(_ body: (_ new: Int, _ old: Int, _ share: Float) -> Void) {
      for sample in 0..<batch {
        for (row, ys) in rows.enumerated() {
          for (column, xs) in columns.enumerated() {
            let new = ((sample * side + row) * side + column) * channels
            let share = 1 / Float(ys.count * xs.count)
            for y in ys {
              for x in xs { body(new, ((sample * height + y) * width + x) * channels, share) }
            }
          }
        }
      }
    }
    let (source, target) = (pointer, storage.pointer)
    forEachPair { new, old, share in
      for channel in 0..<channels { target[new &+ channel] += source[old &+ channel] * share }
    }
    return Tape.result(Tensor(storage: storage, shape: [batch, side, side, channels]), of: [self]) {
      { gradient in
        guard let slopes = self.node?.addableContribution() else { return }
        forEachPair { new, old, share in
          for channel in 0..<channels { slopes[old &+ channel] += gradient[new &+ channel] * share }
        }
      }
    }
  }

  private static func windows(_ count: Int, _ side: Int) -> [Range<Int>] {
    (0..<side).map { ($0 * count / side)..<((($0 + 1) * count + side - 1) / side) }
  }
}
