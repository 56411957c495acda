// RoutingChoiceTests.swift - how logits become weights: softmax, Gumbel-softmax at a temperature, one-hot.

import Routing
import Tensors
import Testing

/// softmax((x + noise) / temperature) in Double.
private func softened(_ row: [Float], noise: [Float] = [0, 0, 0], temperature: Double = 1) -> [Double] {
  let powers = zip(row, noise).map { exponential((Double($0) + Double($1)) / temperature) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}

private func distance(_ weights: [Float], _ expected: [Double]) -> Double {
  zip(weights, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
}

@Suite struct RoutingChoiceTests {
  private static let rows: [[Float]] = [[0.5, -1, 2], [1, 1, -3]]
  private static let logits = Tensor(rows.flatMap { $0 }, shape: [2, 3])

  private static func trained(_ kind: RoutingKind, seed: UInt64, _ settings: RoutingSettings, layer: Int = 0) -> Tensor
  {
    Tape(training: TrainingMode(seed: seed)).record { kind.weights(logits, layer: layer, settings: settings) }
  }

  @Test func softIsTheSoftmax() {
    // Temperature and noise belong to hard routing.
    let noise = Tensor([9, 0, 0, 9, 0, 0], shape: [2, 3])
    for settings in [RoutingSettings(), RoutingSettings(temperature: 0.1, noise: [0: noise])] {
      let weights = RoutingKind.soft.weights(Self.logits, layer: 0, settings: settings)
      #expect(weights.shape == [2, 3])
      #expect(distance(weights.elements, Self.rows.flatMap { softened($0) }) < 1e-6)
      #expect(Self.trained(.soft, seed: 1, settings).elements == weights.elements)
    }
  }

  @Test(arguments: [0.1, 0.5, 1, 10] as [Float])
  func hardIsTheSoftmaxAtATemperature(_ temperature: Float) {
    let settings = RoutingSettings(temperature: temperature)
    let weights = RoutingKind.hard.weights(Self.logits, layer: 0, settings: settings)
    #expect(distance(weights.elements, Self.rows.flatMap { softened($0, temperature: Double(temperature)) }) < 2e-6)
    #expect(
      Tape().record { RoutingKind.hard.weights(Self.logits, layer: 0, settings: settings) }.elements == weights.elements
    )
  }

  @Test func noiseFromOutsideBelongsToItsLayer() {
    let noise = Tensor([2, 0, -1, 0.5, 0, 3], shape: [2, 3])
    let settings = RoutingSettings(temperature: 0.7, noise: [4: noise])
    let noisy =
      softened(Self.rows[0], noise: [2, 0, -1], temperature: Double(Float(0.7)))
      + softened(Self.rows[1], noise: [0.5, 0, 3], temperature: Double(Float(0.7)))
    let quiet = Self.rows.flatMap { softened($0, temperature: Double(Float(0.7))) }
    #expect(distance(RoutingKind.hard.weights(Self.logits, layer: 4, settings: settings).elements, noisy) < 2e-6)
    #expect(distance(RoutingKind.hard.weights(Self.logits, layer: 3, settings: settings).elements, quiet) < 2e-6)
    // In training, too, it takes the place of noise that would be drawn.
    #expect(distance(Self.trained(.hard, seed: 1, settings, layer: 4).elements, noisy) < 2e-6)
  }

  @Test func noiseIsDrawnInTrainingOnly() {
    let settings = RoutingSettings(temperature: 1)
    let quiet = RoutingKind.hard.weights(Self.logits, layer: 0, settings: settings).elements
    #expect(RoutingKind.hard.weights(Self.logits, layer: 0, settings: settings).elements == quiet)
    let first = Self.trained(.hard, seed: 1, settings).elements
    #expect(first == Self.trained(.hard, seed: 1, settings).elements)
    #expect(first != Self.trained(.hard, seed: 2, settings).elements)
    #expect(first != quiet)
    // Two layers of one pass draw one after the other.
    let both = Tape(training: TrainingMode(seed: 1)).record {
      (0..<2).map { RoutingKind.hard.weights(Self.logits, layer: $0, settings: settings).elements }
    }
    #expect(both[0] == first)
    #expect(both[1] != first)
  }

  /// With Gumbel noise the greatest weight falls on each span as often as its softmax says (Gumbel-max).
  @Test func theNoiseIsGumbels() {
    let rounds = 4000
    let logits = Tensor((0..<rounds).flatMap { _ in Self.rows[0] }, shape: [rounds, 3])
    let weights = Tape(training: TrainingMode(seed: 8)).record {
      RoutingKind.hard.weights(logits, layer: 0, settings: RoutingSettings(temperature: 0.5))
    }
    let chosen = weights.argmaxOfRows()
    for (index, probability) in softened(Self.rows[0]).enumerated() {
      let share = Double(chosen.count { $0 == index }) / Double(rounds)
      #expect(abs(share - probability) < 4 * (probability * (1 - probability) / Double(rounds)).squareRoot())
    }
    #expect(weights.isFinite)
  }

  /// The gradient of the Gumbel-softmax goes to the logits and is that of the softmax over the temperature.
  @Test func hardRoutingHasAGradient() throws {
    let noise = Tensor([2, 0, -1, 0.5, 0, 3], shape: [2, 3])
    let settings = RoutingSettings(temperature: 0.7, noise: [0: noise])
    let slope = Tensor([1, -2, 0.5, 0.25, 1, -1], shape: [2, 3])
    let tape = Tape()
    let logits = tape.watch(Self.logits)
    let weights = tape.record { RoutingKind.hard.weights(logits, layer: 0, settings: settings) }
    tape.backward(from: weights, seed: slope)
    let gradient = try #require(tape.gradient(of: logits)).elements
    let shares = weights.elements
    for row in 0..<2 {
      let places = (row * 3)..<(row * 3 + 3)
      let mean = places.reduce(0) { $0 + shares[$1] * slope.elements[$1] }
      for place in places {
        #expect(abs(gradient[place] - shares[place] * (slope.elements[place] - mean) / 0.7) < 1e-6)
      }
    }
  }

  @Test func oneHotRowsStandAtTheFirstGreatest() {
    let weights = Tensor([0.2, 0.5, 0.3, 0.4, 0.4, 0.2, 0.1, 0.1, 0.8], shape: [3, 3])
    let chosen = RoutingKind.binarized(weights)
    #expect(chosen.shape == [3, 3])
    #expect(chosen.elements == [0, 1, 0, 1, 0, 0, 0, 0, 1])
    #expect(RoutingKind.binarized(Tensor([0.3], shape: [1, 1])).elements == [1])
  }

  @Test func noGradientFlowsThroughOneHotRows() {
    let tape = Tape()
    let weights = tape.watch(Tensor([0.2, 0.8], shape: [1, 2]))
    let chosen = tape.record { RoutingKind.binarized(weights) }
    #expect(chosen.node == nil)
    #expect(tape.recordedOperations == 0)
  }

  @Test func defaultsAreTheOriginalsAtEvaluation() {
    let settings = RoutingSettings()
    #expect(settings.temperature == 10 && !settings.binarize && settings.noise.isEmpty)
  }

  @Test func namesAreThoseOfConfigurations() {
    #expect(RoutingKind.allCases.map(\.rawValue) == ["soft", "hard"])
  }
}
