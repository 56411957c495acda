// OptimiserKernels.swift - arithmetic over whole parameters, in place and over the pool's threads.

import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The numbers of one step of Adam (Kingma, Ba 2015) or AdamW (Loshchilov, Hutter 2019).
public struct AdamStep: Sendable {
  /// The learning rate.
  public var rate: Float
  /// Decay of the mean of gradients.
  public var firstDecay: Float
  /// Decay of the mean of squared gradients.
  public var secondDecay: Float
  /// Added to the root of the mean of squares.
  public var epsilon: Float
  /// Share of the weight taken off in each step, times the rate; apart from the gradient, as AdamW does.
  public var weightDecay: Float
  /// Number of this step, from 1.
  public var number: Int

  /// Collects the numbers of a step.
  public init(
    rate: Float, firstDecay: Float, secondDecay: Float, epsilon: Float, weightDecay: Float, number: Int
  ) {
    self.rate = rate
    self.firstDecay = firstDecay
    self.secondDecay = secondDecay
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.number = number
  }
}

extension Parameter {
  /// Takes one step of Adam, changing the value and both moments in place.
  ///
  /// - Parameters:
  ///   - gradient: Of the shape of the value.
  ///   - factor: Multiplied onto the gradient first, for clipping.
  ///   - first: The mean of gradients so far.
  ///   - second: The mean of squared gradients so far.
  ///   - step: Rates and decays.
  public func update(gradient: Tensor, factor: Float, first: Tensor, second: Tensor, step: AdamStep) {
    precondition(
      gradient.count == value.count && first.count == value.count && second.count == value.count,
      "update: gradient \(gradient.shape), moments \(first.shape) and \(second.shape) for \(value.shape)")
    let firstCorrection = Float(1 - pow(Double(step.firstDecay), Double(step.number)))
    let secondCorrection = Float((1 - pow(Double(step.secondDecay), Double(step.number))).squareRoot())
    let stepSize = step.rate / firstCorrection
    let kept = 1 - step.rate * step.weightDecay
    let weights = value.pointer
    defer { value.storage.valuesChanged() }
    Pieces.run(value.count) { start, length in
      let weight = weights + start
      let mean = first.pointer + start
      let square = second.pointer + start
      let slope = gradient.pointer + start
      for index in 0..<length {
        let change = slope[index] * factor
        mean[index] += (change - mean[index]) * (1 - step.firstDecay)
        square[index] = square[index] * step.secondDecay + change * change * (1 - step.secondDecay)
        let size = square[index].squareRoot() / secondCorrection + step.epsilon
        weight[index] = weight[index] * kept - stepSize * mean[index] / size
      }
    }
  }

  /// Moves this value towards another: value = decay x value + (1 - decay) x other, in place.
  public func average(with other: Tensor, decay: Float) {
    precondition(other.count == value.count, "average: \(other.shape) into \(value.shape)")
    let target = value.pointer
    defer { value.storage.valuesChanged() }
    Pieces.run(value.count) { start, length in
      VectorMath.map(length, target + start, other.pointer + start, target + start) { $0 + ($1 - $0) * (1 - decay) }
    }
  }
}

extension Tensor {
  /// The sum of tensors of the same shape in the given order; nil when there are none.
  public static func sum(inOrder parts: [Tensor]) -> Tensor? {
    guard let first = parts.first else { return nil }
    guard parts.count > 1 else { return first }
    let storage = Storage(count: first.count)
    Pieces.run(first.count) { start, length in
      let target = storage.pointer + start
      target.update(from: first.pointer + start, count: length)
      for part in parts.dropFirst() { VectorMath.add(length, part.pointer + start, to: target) }
    }
    return Tensor(storage: storage, shape: first.shape)
  }

  /// The sum of squares of all elements.
  public var sumOfSquares: Double {
    var total = 0.0
    for index in 0..<count { total += Double(pointer[index]) * Double(pointer[index]) }
    return total
  }

  /// A copy with memory of its own.
  public var copied: Tensor {
    Tensor(shape: shape) { $0.baseAddress?.update(from: pointer, count: count) }
  }

  /// Whether every element is a finite number.
  public var isFinite: Bool {
    let isFound = Atomic(false)
    Pieces.run(count) { start, length in
      // Zero times anything finite is zero, times anything else it is no number; and no number plus anything stays none.
      if !(VectorMath.sum(length, self.pointer + start, transform: { $0 * 0 }) == 0) {
        isFound.store(true, ordering: .relaxed)
      }
    }
    return !isFound.load(ordering: .relaxed)
  }
}
