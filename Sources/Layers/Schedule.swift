// Schedule.swift - the learning rate of each step.

import Tensors

/// How the learning rate changes over a run.
public enum Schedule: Sendable, Equatable {
  /// A linear rise over the first steps, then a half cosine down to a last share of the peak.
  case cosine(peak: Float, warmupSteps: Int, totalSteps: Int, finalShare: Float)
  /// The original TRAR's: four quarters of a warm-up in steps, then the base rate, multiplied by a factor at the start of each epoch listed.
  case steps(base: Float, stepsPerEpoch: Double, warmupEpochs: Int, decay: Float, decayEpochs: [Int])

  /// The rate of a step.
  ///
  /// - Parameters:
  ///   - step: Number of the update, from 1.
  ///   - epoch: Number of the pass over the data, from 0.
  /// - Returns: The learning rate.
  public func rate(step: Int, epoch: Int) -> Float {
    switch self {
    case .cosine(let peak, let warmupSteps, let totalSteps, let finalShare):
      if step <= warmupSteps { return peak * Float(step) / Float(max(1, warmupSteps)) }
      let progress = Double(step - warmupSteps) / Double(max(1, totalSteps - warmupSteps))
      let share = 0.5 * (1 + Tensors.cosine(Double.pi * min(1, progress)))
      return peak * (finalShare + (1 - finalShare) * Float(share))
    case .steps(let base, let stepsPerEpoch, let warmupEpochs, let decay, let decayEpochs):
      var rate = Double(base)
      for decayEpoch in decayEpochs where epoch >= decayEpoch { rate *= Double(decay) }
      // The original's warm-up has four quarters whatever the number of epochs; the rates fit for three.
      let length = stepsPerEpoch * Double(warmupEpochs + 1)
      let quarters = [0.25, 0.5, 0.75].map { Int((length * $0).rounded(.down)) }
      for (index, last) in quarters.enumerated() where step <= last {
        return Float(rate * Double(index + 1) / Double(warmupEpochs + 1))
      }
      return Float(rate)
    }
  }
}
