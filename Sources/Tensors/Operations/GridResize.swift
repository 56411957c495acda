// GridResize.swift - a square grid of tokens made finer: every cell doubled, then averaged down to the new side.
//
// Dynamic ViT (Wang et al., NeurIPS 2021) resizes reused features and relations so: nearest neighbour to twice the size, then adaptive
// average pooling. Both are linear and separable; together a new cell is a mean of at most two by two old ones. The first token of a
// sequence, the class token, stands before the grid.

/// From a square grid of tokens to a finer one.
public struct GridResize: Sendable, Hashable {
  /// Cells on a side before.
  public let from: Int
  /// Cells on a side after.
  public let to: Int
  /// For each new token, the class token first, four old tokens and their weights; unused ones weigh nothing.
  private let sources: [Int32]
  private let weights: [Float]

  /// Old tokens that one new token is made of.
  static let taps = 4

  /// Describes a resize; the new side is not smaller than the old.
  public init(from: Int, to: Int) {
    precondition(from > 0 && to >= from, "a grid of side \(from) cannot become one of \(to) by this resize")
    self.from = from
    self.to = to
    let lines = Self.line(from: from, to: to)
    var sources: [Int32] = [0, 0, 0, 0]
    var weights: [Float] = [1, 0, 0, 0]
    for row in lines {
      for column in lines {
        for (y, vertical) in row {
          for (x, horizontal) in column {
            sources.append(Int32(1 + y * from + x))
            weights.append(vertical * horizontal)
          }
        }
      }
    }
    self.sources = sources
    self.weights = weights
  }

  /// For each new cell of a line its two old cells and their weights.
  ///
  /// The window of new cell i over the doubled line of length m is floor(i m / S) ... ceil((i + 1) m / S) - 1; since S is at least half
  /// of m, it holds three doubled cells at most.
  private static func line(from: Int, to: Int) -> [[(source: Int, weight: Float)]] {
    let doubled = 2 * from
    return (0..<to).map { cell in
      let start = cell * doubled / to
      let end = ((cell + 1) * doubled + to - 1) / to
      let first = start / 2
      let firstShare = (start..<end).filter { $0 / 2 == first }.count
      let second = min(first + 1, from - 1)
      return [
        (first, Float(firstShare) / Float(end - start)),
        (second, Float(end - start - firstShare) / Float(end - start)),
      ]
    }
  }

  /// Tokens before, the class token counted.
  public var oldTokens: Int { from * from + 1 }
  /// Tokens after, the class token counted.
  public var newTokens: Int { to * to + 1 }

  /// Gives the tables to `body`.
  func withTaps<Result>(_ body: (GridTaps) throws -> Result) rethrows -> Result {
    try sources.withUnsafeBufferPointer { sources in
      try weights.withUnsafeBufferPointer { weights in
        guard let source = sources.baseAddress, let weight = weights.baseAddress else {
          preconditionFailure("a resize has one token at least")
        }
        return try body(GridTaps(sources: source, weights: weight, newTokens: newTokens))
      }
    }
  }
}

/// The sparse matrix of a resize as rows of four entries, valid while the resize lends it.
struct GridTaps {
  let sources: UnsafePointer<Int32>
  let weights: UnsafePointer<Float>
  let newTokens: Int

  /// target = factor x target + the row of old rows that belongs to a new token.
  @inline(__always)
  func addRow(
    _ token: Int, of old: UnsafePointer<Float>, stride: Int, width: Int, factor: Float,
    to target: UnsafeMutablePointer<Float>
  ) {
    let start = token &* GridResize.taps
    let (first, second) = (old + Int(sources[start]) &* stride, old + Int(sources[start &+ 1]) &* stride)
    let (third, fourth) = (old + Int(sources[start &+ 2]) &* stride, old + Int(sources[start &+ 3]) &* stride)
    let (a, b, c, d) = (weights[start], weights[start &+ 1], weights[start &+ 2], weights[start &+ 3])
    var index = 0
    while index &+ 8 <= width {
      let upper = first.vector(index) * a + second.vector(index) * b
      let lower = third.vector(index) * c + fourth.vector(index) * d
      target.store(target.vector(index) * factor + (upper + lower), index)
      index = index &+ 8
    }
    while index < width {
      let sum = (first[index] * a + second[index] * b) + (third[index] * c + fourth[index] * d)
      target[index] = target[index] * factor + sum
      index = index &+ 1
    }
  }

  /// Adds a new token's gradient to the old rows that it was made of.
  func addRowGradient(
    _ token: Int, _ gradient: UnsafePointer<Float>, width: Int, to old: UnsafeMutablePointer<Float>, stride: Int
  ) {
    for tap in (token &* GridResize.taps)..<((token &+ 1) &* GridResize.taps) where weights[tap] != 0 {
      let weight = weights[tap]
      let place = old + Int(sources[tap]) &* stride
      VectorMath.map(width, gradient, place, place) { $0 * weight + $1 }
    }
  }

  /// One row whose elements are old tokens, as a row of new tokens.
  @inline(__always)
  func gather(_ old: UnsafePointer<Float>, into new: UnsafeMutablePointer<Float>) {
    var tap = 0
    for token in 0..<newTokens {
      let upper = old[Int(sources[tap])] * weights[tap] + old[Int(sources[tap &+ 1])] * weights[tap &+ 1]
      let lower = old[Int(sources[tap &+ 2])] * weights[tap &+ 2] + old[Int(sources[tap &+ 3])] * weights[tap &+ 3]
      new[token] = upper + lower
      tap = tap &+ 4
    }
  }

  /// Adds the gradient of a row of new tokens to that of old ones.
  func addGathered(_ gradient: UnsafePointer<Float>, to old: UnsafeMutablePointer<Float>) {
    for token in 0..<newTokens {
      for tap in (token &* GridResize.taps)..<((token &+ 1) &* GridResize.taps) {
        old[Int(sources[tap])] += gradient[token] * weights[tap]
      }
    }
  }
}

extension Tensor {
  /// Tokens of a coarse grid, made into those of a finer one; the first token takes no part, and zeros stand in its place.
  ///
  /// - Parameter resize: From the grid of these tokens to the finer one.
  /// - Returns: `[B, N, D]` to `[B, N', D]`, the class token counted in both.
  public func resizedAfterFirst(_ resize: GridResize) -> Tensor {
    let width = width
    let old = resize.oldTokens
    let new = resize.newTokens
    precondition(rank == 3 && shape[1] == old, "resizedAfterFirst: \(shape) for a grid of side \(resize.from)")
    let batch = shape[0]
    let storage = Storage(zeros: batch * new * width)
    resize.withTaps { taps in
      for sample in 0..<batch {
        for token in 1..<new {
          taps.addRow(
            token, of: pointer + sample * old * width, stride: width, width: width, factor: 0,
            to: storage.pointer + (sample * new + token) * width)
        }
      }
    }
    return Tape.result(Tensor(storage: storage, shape: [batch, new, width]), of: [self]) {
      { gradient in
        guard let target = self.node?.addableContribution() else { return }
        resize.withTaps { taps in
          for sample in 0..<batch {
            for token in 1..<new {
              taps.addRowGradient(
                token, gradient + (sample * new + token) * width, width: width, to: target + sample * old * width,
                stride: width)
            }
          }
        }
      }
    }
  }
}
