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
    precondition(size > 0 && count % size == 0, "addingTable: \(table.shape) does not fit into \(shape)")
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

/// Random bits that keep or drop elements: sixteen bits an element, drawn anew from the seed instead of being stored.
struct DropoutMask {
  private var random: SeededRandom
  private var bits: UInt64 = 0
  private var left = 0
  private let threshold: UInt64
  /// What a kept element is multiplied by.
  let scale: Float

  init(_ probability: Float, seed: UInt64) {
    random = SeededRandom(seed: seed)
    threshold = UInt64(probability * 65536)
    scale = 1 / (1 - probability)
  }

  /// The factor of the next element: zero or the scale.
  @inline(__always)
  mutating func next() -> Float {
    if left == 0 {
      bits = random.next()
      left = 4
    }
    let keep = bits & 0xFFFF >= threshold
    bits >>= 16
    left = left &- 1
    return keep ? scale : 0
  }

  /// Multiplies a buffer by a mask; every piece has its own stream, so threads do not matter.
  static func apply(
    _ probability: Float, seed: UInt64, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    Pieces.run(count) { start, length in
      var mask = DropoutMask(probability, seed: SeededRandom.mix(seed, UInt64(start)))
      for index in start..<(start + length) { target[index] = source[index] * mask.next() }
    }
  }
}
