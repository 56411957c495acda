// RoutingChoice.swift - how a router's logits become weights: soft, hard with Gumbel noise, or one-hot.
//
// TRAR (Zhou et al., ICCV 2021), section 3.3; the original draws its noise at evaluation, too, which makes its hard results random. Here
// inference is without noise unless noise is handed in.

import Tensors

/// How a router's logits become weights.
public enum RoutingKind: String, Sendable, Codable, CaseIterable {
  /// The softmax of the logits.
  case soft
  /// The Gumbel-softmax of the logits at a temperature; there is no straight-through estimate.
  case hard
}

/// The settings of one pass.
public struct RoutingSettings: Sendable {
  /// Temperature of hard routing, above 0.
  public var temperature: Float
  /// Replace the weights by one-hot ones, at the greatest weight; never in training.
  public var binarize: Bool
  /// Noise for hard routing by layer, `[B, S]` each, from outside; nil: drawn in training, none otherwise.
  public var noise: [Int: Tensor]

  /// Collects settings; the temperature's default is the original's at evaluation.
  public init(temperature: Float = 10, binarize: Bool = false, noise: [Int: Tensor] = [:]) {
    self.temperature = temperature
    self.binarize = binarize
    self.noise = noise
  }
}

extension RoutingKind {
  /// The weights of the spans.
  ///
  /// - Parameters:
  ///   - logits: `[B, S]`.
  ///   - layer: Number of the layer, which selects its noise.
  ///   - settings: Temperature and noise.
  /// - Returns: `[B, S]`, rows that sum to 1.
  public func weights(_ logits: Tensor, layer: Int, settings: RoutingSettings) -> Tensor {
    switch self {
    case .soft:
      return logits.softmax()
    case .hard:
      let noise = settings.noise[layer] ?? Self.drawnNoise(shape: logits.shape)
      return logits.softened(temperature: settings.temperature, noise: noise)
    }
  }

  /// Gumbel noise in training, nil otherwise.
  private static func drawnNoise(shape: [Int]) -> Tensor? {
    guard let seed = Tape.current?.nextSeed() else { return nil }
    var random = SeededRandom(seed: seed)
    let values = (0..<shape.reduce(1, *)).map { _ in
      Float(-naturalLogarithm(Double(max(random.exponential(), .leastNormalMagnitude))))
    }
    return Tensor(values, shape: shape)
  }

  /// One-hot rows at the greatest weight, the first of equals; no gradient flows through them.
  public static func binarized(_ weights: Tensor) -> Tensor {
    let width = weights.width
    var values = [Float](repeating: 0, count: weights.count)
    for (row, best) in weights.argmaxOfRows().enumerated() { values[row * width + best] = 1 }
    return Tensor(values, shape: weights.shape)
  }
}

/// How the temperature of hard routing falls over the epochs of a run (TRAR's three policies).
public enum TemperaturePolicy: Int, Sendable, Codable, CaseIterable {
  /// A straight line from the greatest to the least temperature.
  case slow = 0
  /// From the greatest to 1 during the warm-up, then on towards 0.
  case fast = 1
  /// The original's formula for fine-tuning: above 1 during the warm-up, then 0.1.
  case finetune = 2

  /// The temperature of an epoch.
  ///
  /// - Parameters:
  ///   - epoch: From 0.
  ///   - epochs: Number of epochs of the run.
  ///   - warmup: Number of warm-up epochs.
  ///   - greatest: The temperature to start from.
  ///   - least: The temperature to end at; only the slow policy heeds it.
  /// - Returns: The temperature.
  public func temperature(epoch: Int, epochs: Int, warmup: Int, greatest: Double, least: Double) -> Double {
    let present = Double(epoch)
    let total = Double(epochs)
    let start = Double(warmup)
    switch self {
    case .slow: return greatest - (greatest - least) * present / max(1, total - 1)
    case .fast:
      return epoch < warmup ? greatest - (greatest - 1) * present / start : 1 - (present - start) / (total - start)
    case .finetune: return epoch < warmup ? 1 - (present - total) / (start + 1) : 0.1
    }
  }
}
