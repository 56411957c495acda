// Optimiser.swift - Adam (Kingma, Ba 2015) and AdamW (Loshchilov, Hutter 2019) over the parameters of a network, with clipping.

import Tensors

/// Choices of the optimiser.
public struct OptimiserConfiguration: Sendable, Equatable, Codable {
  /// Decay of the mean of gradients.
  public var firstDecay: Float = 0.9
  /// Decay of the mean of squared gradients; the original TRAR uses 0.98.
  public var secondDecay: Float = 0.98
  /// Added to the root of the mean of squares; the original TRAR uses 1e-9.
  public var epsilon: Float = 1e-9
  /// AdamW's decay of matrices; 0 makes it Adam.
  ///
  /// Biases, norms and tables of one row are never decayed.
  public var weightDecay: Float = 0
  /// Greatest norm of the whole gradient; 0 or less: no clipping.
  public var clipNorm: Float = 0

  /// The original TRAR's choices.
  public init() {}
}

/// The state of Adam for a list of parameters.
public final class Optimiser {
  private let configuration: OptimiserConfiguration
  private let parameters: [(name: String, parameter: Parameter)]
  /// Means of gradients by parameter, in order.
  public private(set) var firstMoments: [Tensor]
  /// Means of squared gradients by parameter, in order.
  public private(set) var secondMoments: [Tensor]
  /// Steps taken so far.
  public private(set) var steps = 0

  /// Starts with zero moments over the trainable ones of the given parameters.
  public init(_ parameters: [(name: String, parameter: Parameter)], configuration: OptimiserConfiguration) {
    self.configuration = configuration
    self.parameters = parameters.filter(\.parameter.isTrainable)
    firstMoments = self.parameters.map { Tensor(repeating: 0, shape: $0.parameter.value.shape) }
    secondMoments = self.parameters.map { Tensor(repeating: 0, shape: $0.parameter.value.shape) }
  }

  /// Names of the parameters in the order of the moments.
  public var names: [String] { parameters.map(\.name) }

  /// Goes on from a saved state.
  ///
  /// - Parameters:
  ///   - first: Means of gradients in the order of ``names``.
  ///   - second: Means of squared gradients in the same order.
  ///   - steps: Steps taken.
  public func restore(first: [Tensor], second: [Tensor], steps: Int) {
    precondition(first.map(\.shape) == firstMoments.map(\.shape), "restore: moments of another network")
    precondition(second.map(\.shape) == secondMoments.map(\.shape), "restore: moments of another network")
    // Copies, since steps change the moments in place.
    firstMoments = first.map(\.copied)
    secondMoments = second.map(\.copied)
    self.steps = steps
  }

  /// The gradients that passes gave.
  ///
  /// - Parameters:
  ///   - tapes: The tapes after their backward passes; gradients are summed in this order.
  ///   - earlier: Gradients of passes before, which these are added to.
  /// - Returns: One for each parameter in the order of ``names``; nil where it had no part in any loss.
  public func gradients(of tapes: [Tape], addedTo earlier: [Tensor?]? = nil) -> [Tensor?] {
    parameters.enumerated().map { index, item in
      let present = Tensor.sum(inOrder: tapes.compactMap { $0.gradient(of: item.parameter) })
      return Tensor.sum(inOrder: [earlier?[index], present].compactMap { $0 })
    }
  }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - tapes: The tapes of all shards after their backward passes; gradients are summed in this order.
  ///   - rate: The learning rate of this step.
  /// - Returns: The norm of the whole gradient before clipping.
  @discardableResult
  public func step(tapes: [Tape], rate: Float) -> Float { step(gradients: gradients(of: tapes), rate: rate) }

  /// Takes one step along gradients that are summed already.
  ///
  /// - Parameters:
  ///   - gradients: What ``gradients(of:addedTo:)`` gave.
  ///   - rate: The learning rate of this step.
  /// - Returns: The norm of the whole gradient before clipping.
  @discardableResult
  public func step(gradients: [Tensor?], rate: Float) -> Float {
    precondition(
      gradients.count == parameters.count, "step: \(gradients.count) gradients, \(parameters.count) parameters")
    let norm = Float(gradients.reduce(0.0) { $0 + ($1?.sumOfSquares ?? 0) }.squareRoot())
    let isClipped = configuration.clipNorm > 0 && norm > configuration.clipNorm
    let factor = isClipped ? configuration.clipNorm / (norm + 1e-6) : 1
    steps += 1
    for (index, gradient) in gradients.enumerated() {
      guard let gradient else { continue }
      let parameter = parameters[index].parameter
      let isMatrix = parameter.value.shape.filter { $0 > 1 }.count > 1
      let step = AdamStep(
        rate: rate, firstDecay: configuration.firstDecay, secondDecay: configuration.secondDecay,
        epsilon: configuration.epsilon, weightDecay: isMatrix ? configuration.weightDecay : 0, number: steps)
      parameter.update(
        gradient: gradient, factor: factor, first: firstMoments[index], second: secondMoments[index], step: step)
    }
    return norm
  }
}

/// A running average of a network's parameters, which answers better than the last step's values.
public final class WeightAverage {
  private let source: [(name: String, parameter: Parameter)]
  /// The averaged values in the order of the network's parameters.
  public let averages: [Parameter]
  /// Share of the old average kept in each step.
  public let decay: Float

  /// Starts from the present values.
  public init(_ parameters: [(name: String, parameter: Parameter)], decay: Float) {
    source = parameters
    averages = parameters.map { Parameter($0.parameter.value.copied, isTrainable: false) }
    self.decay = decay
  }

  /// Takes in the present values; `step` counts from 1 and makes the first steps forget faster.
  public func update(step: Int) {
    let present = min(decay, Float(1 + step) / Float(10 + step))
    for (average, item) in zip(averages, source) {
      average.average(with: item.parameter.value, decay: present)
    }
  }

  /// Exchanges the averages with the network's own values; a second call undoes it.
  public func swap() {
    for (average, item) in zip(averages, source) {
      let held = average.value
      average.value = item.parameter.value
      item.parameter.value = held
    }
  }
}
