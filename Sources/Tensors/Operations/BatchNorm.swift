// BatchNorm.swift - normalises every channel over a batch (Ioffe, Szegedy 2015), with PyTorch's conventions.
//
// In training the statistics are those of the whole batch, over all shards; outside it the running ones. The normalising variance is
// biased (over n), the running one unbiased (over n - 1). The gradient through the statistics needs two sums, over all shards again.

extension Tensor {
  /// Normalises every channel, the innermost axis, over all other axes; then scales, shifts and applies an activation.
  ///
  /// In training every shard of a step must come here, and in the same order, since they wait for each other.
  ///
  /// - Parameters:
  ///   - scale: `[C]`, multiplied onto the normalised channel.
  ///   - shift: `[C]`, added at the end.
  ///   - runningMean: `[C]`, read outside training and moved by it.
  ///   - runningVariance: `[C]`, likewise.
  ///   - momentum: The share that a training batch has in the moved statistics.
  ///   - epsilon: Added to the variance.
  ///   - activation: Applied to every output.
  /// - Returns: The same shape, `[..., C]`.
  public func batchNorm(
    scale: Tensor, shift: Tensor, runningMean: Parameter, runningVariance: Parameter, momentum: Float = 0.1,
    epsilon: Float = 1e-5, activation: Activation = .none
  ) -> Tensor {
    let channels = width
    precondition(
      scale.count == channels && shift.count == channels,
      "batchNorm: \(shape), scale \(scale.shape), shift \(shift.shape)")
    let training = Tape.current?.training
    let statistics: ChannelStatistics
    if let training {
      let moments = BatchMoments(of: self, exchange: training.exchange)
      statistics = ChannelStatistics(mean: moments.mean, variance: moments.biasedVariance, epsilon: epsilon)
      // One shard moves the running statistics; the others do not even look at them.
      if training.exchange.map({ $0.shard == 0 }) ?? true {
        moments.move(runningMean, towards: moments.mean, momentum)
        moments.move(runningVariance, towards: moments.unbiasedVariance, momentum)
      }
    } else {
      precondition(
        runningMean.value.count == channels && runningVariance.value.count == channels, "batchNorm: \(shape)")
      statistics = ChannelStatistics(
        mean: runningMean.value.elements.map(Double.init), variance: runningVariance.value.elements.map(Double.init),
        epsilon: epsilon)
    }
    let isWatched = Tape.current != nil && [self, scale, shift].contains { $0.node != nil }
    let before = Storage(count: count)
    // GELU's gradient needs what went in; ReLU's can be read off what came out.
    let after = activation == .gelu && isWatched ? Storage(count: count) : before
    let factors = Storage(count: channels)
    VectorMath.map(channels, scale.pointer, statistics.inverse.pointer, factors.pointer) { $0 * $1 }
    Pieces.runRows(rows, width: channels) { range in
      for row in range {
        BatchNormKernel.row(
          channels, self.pointer + row &* channels, mean: statistics.mean.pointer, factor: factors.pointer,
          shift: shift.pointer, into: before.pointer + row &* channels)
      }
      let start = range.lowerBound * channels
      ActivationKernel.apply(activation, before.pointer + start, after.pointer + start, range.count * channels)
    }
    return Tape.result(Tensor(storage: after, shape: shape), of: [self, scale, shift]) {
      { gradient in
        let sums = BatchNormKernel.slopeSums(self, statistics, activation, before.pointer, gradient)
        shift.node?.add(sums.slopes.map { Float($0) })
        scale.node?.add(sums.products.map { Float($0) })
        guard let place = self.node?.contribution() else { return }
        let means = training.map { sums.overAll($0.exchange, rows: self.rows) }
        BatchNormKernel.inputGradient(self, statistics, factors.pointer, means, gradient, into: place)
      }
    }
  }
}

/// Means and reciprocal deviations of channels, ready for use.
struct ChannelStatistics {
  let mean: Storage
  let inverse: Storage

  init(mean: [Double], variance: [Double], epsilon: Float) {
    self.mean = Storage(count: mean.count)
    inverse = Storage(count: mean.count)
    for channel in mean.indices {
      self.mean.pointer[channel] = Float(mean[channel])
      inverse.pointer[channel] = Float(1 / (variance[channel] + Double(epsilon)).squareRoot())
    }
  }
}

extension TapeNode {
  fileprivate func add(_ gradient: [Float]) {
    gradient.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { add(base) }
    }
  }
}
