// Elementwise.swift - sums, scaling, activations and dropout of whole tensors.

extension Tensor {
  /// The sum of two tensors of the same shape.
  public static func + (left: Tensor, right: Tensor) -> Tensor {
    precondition(left.shape == right.shape, "+: shapes \(left.shape) and \(right.shape) differ")
    let storage = Storage(count: left.count)
    Pieces.run(left.count) { start, length in
      VectorMath.map(length, left.pointer + start, right.pointer + start, storage.pointer + start) { $0 + $1 }
    }
    return Tape.result(Tensor(storage: storage, shape: left.shape), of: [left, right]) {
      { gradient in
        left.node?.add(gradient)
        right.node?.add(gradient)
      }
    }
  }

  /// The tensor multiplied by a number.
  public static func * (tensor: Tensor, factor: Float) -> Tensor {
    let storage = Storage(count: tensor.count)
    VectorMath.map(tensor.count, tensor.pointer, storage.pointer) { $0 * factor }
    return Tape.result(Tensor(storage: storage, shape: tensor.shape), of: [tensor]) {
      { gradient in
        tensor.node?.add(gradient, factor: factor)
      }
    }
  }

  /// Adds a table to the innermost part of every sample, such as position embeddings `[N, D]` to tokens `[B, N, D]`.
  public func addingTable(_ table: Tensor) -> Tensor {
    let size = table.count
    precondition(
      size > 0 && Array(shape.suffix(table.rank)) == table.shape,
      "addingTable: \(table.shape) does not fit into \(shape)")
    let repeats = count / size
    let storage = Storage(count: count)
    for index in 0..<repeats {
      VectorMath.map(size, pointer + index * size, table.pointer, storage.pointer + index * size) { $0 + $1 }
    }
    return Tape.result(Tensor(storage: storage, shape: shape), of: [self, table]) {
      { gradient in
        self.node?.add(gradient)
        guard let node = table.node else { return }
        let target = node.addableContribution()
        for index in 0..<repeats { VectorMath.add(size, gradient + index * size, to: target) }
      }
    }
  }

  /// Applies an activation to every element.
  public func activated(_ activation: Activation) -> Tensor {
    let storage = Storage(count: count)
    ActivationKernel.apply(activation, pointer, storage.pointer, count)
    return Tape.result(Tensor(storage: storage, shape: shape), of: [self]) {
      { gradient in
        ActivationKernel.multiplyByDerivative(activation, self.pointer, gradient, self.count)
        self.node?.add(gradient)
      }
    }
  }

  /// In training, sets each element to zero with a probability and scales the others so that the mean stays; else changes nothing.
  ///
  /// - Parameter probability: At least 0, below 1.
  /// - Returns: The same shape.
  public func dropout(_ probability: Float) -> Tensor {
    precondition(DropoutMask.allows(probability), "dropout: a probability of \(probability)")
    guard probability > 0, let seed = Tape.current?.nextSeed() else { return self }
    let storage = Storage(count: count)
    DropoutMask.apply(probability, seed: seed, pointer, storage.pointer, count)
    return Tape.result(Tensor(storage: storage, shape: shape), of: [self]) {
      { gradient in
        DropoutMask.apply(probability, seed: seed, gradient, gradient, self.count)
        self.node?.add(gradient)
      }
    }
  }
}

extension TapeNode {
  /// Adds a whole gradient, multiplied by a factor.
  func add(_ gradient: UnsafePointer<Float>, factor: Float = 1) {
    let place = contribution()
    if place.accumulate {
      VectorMath.map(count, gradient, place.pointer, place.pointer) { $0 * factor + $1 }
    } else if factor == 1 {
      place.pointer.update(from: gradient, count: count)
    } else {
      VectorMath.map(count, gradient, place.pointer) { $0 * factor }
    }
  }
}

/// Random factors that keep or drop elements, eight at a time, drawn anew from the seed instead of being stored.
///
/// Eight xorshift generators (Marsaglia 2003) run side by side, each started by the seed's own sequence.
struct DropoutMask {
  private var state: SIMD8<UInt32>
  private let threshold: SIMD8<Int32>
  /// What a kept element is multiplied by.
  let scale: Float

  init(_ probability: Float, seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var state = SIMD8<UInt32>()
    for lane in 0..<8 { state[lane] = UInt32(truncatingIfNeeded: random.next() >> 32) | 1 }
    self.state = state
    threshold = SIMD8(repeating: Int32(probability * 0x1p24))
    scale = 1 / (1 - probability)
  }

  /// Whether elements can be dropped with this probability: at least 0, below 1.
  static func allows(_ probability: Float) -> Bool { probability >= 0 && probability < 1 }

  /// The factors of the next eight elements: zero or the scale.
  @inline(__always)
  mutating func next() -> Vector {
    state ^= state &<< 13
    state ^= state &>> 17
    state ^= state &<< 5
    // Compared as signed numbers of 24 bits, since a comparison of unsigned ones is no basic vector instruction.
    let draw = SIMD8<Int32>(truncatingIfNeeded: state &>> 8)
    return Vector(repeating: scale).replacing(with: 0, where: draw .< threshold)
  }

  /// Multiplies a buffer by a mask; every piece has its own stream, so threads do not matter.
  static func apply(
    _ probability: Float, seed: UInt64, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    Pieces.run(count) { start, length in
      var mask = DropoutMask(probability, seed: SeededRandom.mix(seed, UInt64(start)))
      VectorMath.map(length, source + start, target + start) { $0 * mask.next() }
    }
  }
}
