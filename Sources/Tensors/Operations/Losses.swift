// Losses.swift - what training makes small; each is a sum over the batch, multiplied by a factor.

extension Tensor {
  /// Binary cross-entropy of logits against soft targets, summed over everything.
  ///
  /// - Parameters:
  ///   - targets: Values from 0 to 1, of the same shape.
  ///   - factor: Multiplied onto the sum, such as 1 / batch.
  /// - Returns: `[1]`.
  public func binaryCrossEntropy(targets: Tensor, factor: Float = 1) -> Tensor {
    precondition(targets.count == count, "binaryCrossEntropy: logits \(shape), targets \(targets.shape)")
    var sum = 0.0
    for index in 0..<count {
      // max(x, 0) - x t + log(1 + e^-|x|): no overflow for any x.
      let logit = pointer[index]
      let softplus = Float(logOnePlus(exponential(-Double(abs(logit)))))
      sum += Double(max(logit, 0) - logit * targets.pointer[index] + softplus)
    }
    return Tape.result(Tensor([Float(sum) * factor]), of: [self]) {
      { gradient in
        guard let node = self.node else { return }
        let slope = gradient[0] * factor
        let target = node.addableContribution()
        for index in 0..<self.count {
          let probability = Float(1 / (1 + exponential(-Double(self.pointer[index]))))
          target[index] += (probability - targets.pointer[index]) * slope
        }
      }
    }
  }

  /// Kullback-Leibler divergence from target shares to the softmax of logits `[B, A]`, summed over everything.
  ///
  /// The share of an answer that nobody gave is 0 and adds nothing; the shares of a row need not sum to 1.
  ///
  /// - Parameters:
  ///   - targets: Shares of at least 0, of the same shape.
  ///   - factor: Multiplied onto the sum.
  /// - Returns: `[1]`.
  public func divergence(targets: Tensor, factor: Float = 1) -> Tensor {
    let width = width
    precondition(targets.count == count, "divergence: logits \(shape), targets \(targets.shape)")
    var sum = 0.0
    for row in 0..<rows {
      let logits = UnsafeBufferPointer(start: pointer + row * width, count: width)
      let greatest = Double(logits.max() ?? 0)
      let normaliser = greatest + naturalLogarithm(logits.reduce(0.0) { $0 + exponential(Double($1) - greatest) })
      for index in 0..<width {
        let share = Double(targets.pointer[row * width + index])
        if share > 0 { sum += share * (naturalLogarithm(share) - Double(logits[index]) + normaliser) }
      }
    }
    return Tape.result(Tensor([Float(sum) * factor]), of: [self]) {
      let probabilities = detached.softmax()
      return { gradient in
        guard let target = self.node?.addableContribution() else { return }
        let slope = gradient[0] * factor
        for row in 0..<self.rows {
          let shares = UnsafeBufferPointer(start: targets.pointer + row * width, count: width)
          let total = shares.reduce(0, +)
          for index in 0..<width {
            target[row * width + index] +=
              (probabilities.pointer[row * width + index] * total - shares[index]) * slope
          }
        }
      }
    }
  }

  /// Cross-entropy of logits `[B, A]` against the right class of each row, summed over the batch.
  ///
  /// - Parameters:
  ///   - classes: The right class of each row; -1 leaves the row out.
  ///   - smoothing: The share of the target spread evenly over all classes.
  ///   - factor: Multiplied onto the sum.
  /// - Returns: `[1]`.
  public func crossEntropy(classes: [Int], smoothing: Float = 0, factor: Float = 1) -> Tensor {
    let width = width
    precondition(classes.count == rows, "crossEntropy: \(classes.count) classes for \(rows) rows")
    precondition(classes.allSatisfy { $0 >= -1 && $0 < width }, "crossEntropy: a class outside 0 ..< \(width)")
    var sum = 0.0
    for (row, right) in classes.enumerated() where right >= 0 {
      let logits = UnsafeBufferPointer(start: pointer + row * width, count: width)
      let greatest = Double(logits.max() ?? 0)
      let total = logits.reduce(0.0) { $0 + exponential(Double($1) - greatest) }
      let normaliser = greatest + naturalLogarithm(total)
      let mean = logits.reduce(0.0) { $0 + Double($1) } / Double(width)
      sum += normaliser - Double(1 - smoothing) * Double(logits[right]) - Double(smoothing) * mean
    }
    return Tape.result(Tensor([Float(sum) * factor]), of: [self]) {
      let probabilities = detached.softmax()
      return { gradient in
        guard let target = self.node?.addableContribution() else { return }
        let slope = gradient[0] * factor
        for (row, right) in classes.enumerated() where right >= 0 {
          for index in 0..<width {
            let wanted = (index == right ? 1 - smoothing : 0) + smoothing / Float(width)
            target[row * width + index] += (probabilities.pointer[row * width + index] - wanted) * slope
          }
        }
      }
    }
  }

  /// The sum of elements times fixed weights; turns any result into one number, for tests of gradients.
  public func weightedSum(_ weights: Tensor) -> Tensor {
    precondition(weights.count == count, "weightedSum: \(shape) and \(weights.shape)")
    var sum = 0.0
    for index in 0..<count { sum += Double(pointer[index]) * Double(weights.pointer[index]) }
    return Tape.result(Tensor([Float(sum)]), of: [self]) {
      { gradient in self.node?.add(weights.pointer, factor: gradient[0]) }
    }
  }
}
