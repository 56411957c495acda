// OptimiserTests.swift - Adam and AdamW against the papers' recursion in Double, with clipping and restart.

import Layers
import Tensors
import Testing

/// Adam as in the papers: bias-corrected moments, decay apart from the gradient, epsilon beside the root.
private struct ExactAdam {
  var configuration: OptimiserConfiguration
  var weights: [[Double]]
  var decays: [Bool]
  var first: [[Double]]
  var second: [[Double]]
  var steps = 0

  init(_ parameters: [Parameter], decays: [Bool], _ configuration: OptimiserConfiguration) {
    self.configuration = configuration
    self.decays = decays
    weights = parameters.map { $0.value.elements.map(Double.init) }
    first = weights.map { $0.map { _ in 0 } }
    second = first
  }

  mutating func step(_ gradients: [[Double]], rate: Double) -> Double {
    steps += 1
    let norm = gradients.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
    let bound = Double(configuration.clipNorm)
    let factor = bound > 0 && norm > bound ? bound / norm : 1
    let (beta1, beta2) = (Double(configuration.firstDecay), Double(configuration.secondDecay))
    func correction(_ beta: Double) -> Double { 1 - (0..<steps).reduce(1) { power, _ in power * beta } }
    for index in weights.indices {
      for place in weights[index].indices {
        let slope = gradients[index][place] * factor
        first[index][place] = beta1 * first[index][place] + (1 - beta1) * slope
        second[index][place] = beta2 * second[index][place] + (1 - beta2) * slope * slope
        if decays[index] { weights[index][place] -= rate * Double(configuration.weightDecay) * weights[index][place] }
        let mean = first[index][place] / correction(beta1)
        let size = (second[index][place] / correction(beta2)).squareRoot() + Double(configuration.epsilon)
        weights[index][place] -= rate * mean / size
      }
    }
    return norm
  }
}

/// A matrix, a bias, a table of one row and something that is not trained.
private final class Parts {
  let named: [(name: String, parameter: Parameter)]

  init(seed: UInt64 = 1) {
    named = [
      ("matrix", Parameter(.random([3, 2], seed: seed))), ("bias", Parameter(.random([3], seed: seed + 1))),
      ("row", Parameter(.random([1, 4], seed: seed + 2))),
      ("statistics", Parameter(Tensor([1, 2]), isTrainable: false)),
    ]
  }

  var trained: [Parameter] { named.map(\.parameter).filter(\.isTrainable) }
  var values: [[Float]] { named.map(\.parameter.value.elements) }

  /// A tape with chosen gradients; the parameters left out have none.
  func tape(_ gradients: [Tensor?]) -> Tape {
    let tape = Tape()
    let loss = tape.record {
      zip(trained, gradients).reduce(Tensor([0])) { sum, item in
        guard let gradient = item.1 else { return sum }
        return sum + item.0.tensor.weightedSum(gradient)
      }
    }
    tape.backward(from: loss)
    return tape
  }

  func gradients(step: Int, scale: Float = 1) -> [Tensor] {
    trained.enumerated().map { index, parameter in
      .random(parameter.value.shape, seed: UInt64(1000 + 10 * step + index)) * scale
    }
  }
}

@Suite struct OptimiserTests {
  private static let rates: [Float] = [1e-2, 1e-2, 5e-3, 1e-3, 2e-2, 2e-2, 1e-3, 1e-2]

  private static var decaying: OptimiserConfiguration {
    var configuration = OptimiserConfiguration()
    configuration.secondDecay = 0.999
    configuration.epsilon = 1e-8
    configuration.weightDecay = 0.3
    return configuration
  }

  private static var clipping: OptimiserConfiguration {
    var configuration = decaying
    configuration.clipNorm = 0.75
    return configuration
  }

  @Test(arguments: [OptimiserConfiguration(), decaying, clipping])
  func everyStepIsThatOfThePaper(_ configuration: OptimiserConfiguration) {
    let parts = Parts()
    let optimiser = Optimiser(parts.named, configuration: configuration)
    // Only the matrix decays.
    var exact = ExactAdam(parts.trained, decays: [true, false, false], configuration)
    for (step, rate) in Self.rates.enumerated() {
      // Small gradients are not clipped, great ones are.
      let gradients = parts.gradients(step: step, scale: step % 2 == 0 ? 3 : 0.1)
      let norm = optimiser.step(tapes: [parts.tape(gradients)], rate: rate)
      let expected = exact.step(gradients.map { $0.elements.map(Double.init) }, rate: Double(rate))
      #expect(abs(Double(norm) / expected - 1) < 1e-6, "the norm before clipping")
      #expect(optimiser.steps == step + 1)
      for index in 0..<3 {
        expectClose(parts.trained[index].value.elements, exact.weights[index], within: 2e-6, "step \(step)")
        expectClose(optimiser.firstMoments[index].elements, exact.first[index], within: 2e-6)
        expectClose(optimiser.secondMoments[index].elements, exact.second[index], within: 2e-6)
      }
    }
    #expect(parts.values[3] == [1, 2], "what is not trained stays")
    #expect(optimiser.names == ["matrix", "bias", "row"])
  }

  @Test func defaultsAreTheOriginals() {
    let configuration = OptimiserConfiguration()
    #expect(configuration.firstDecay == 0.9 && configuration.secondDecay == 0.98 && configuration.epsilon == 1e-9)
    #expect(configuration.weightDecay == 0 && configuration.clipNorm == 0)
  }

  /// Without decay and clipping the first step moves every number by the rate, whatever the size of its gradient.
  @Test func theFirstStepHasTheSizeOfTheRate() {
    let parts = Parts()
    let before = parts.values
    let signs = parts.gradients(step: 0).map { gradient in gradient.elements.map { $0 < 0 ? 1 : -1 as Float } }
    let optimiser = Optimiser(parts.named, configuration: OptimiserConfiguration())
    optimiser.step(tapes: [parts.tape(parts.gradients(step: 0, scale: 1e-3))], rate: 0.01)
    for index in 0..<3 {
      let moved = zip(parts.values[index], before[index]).map { $0 - $1 }
      expectClose(moved, signs[index].map { Double($0) * 0.01 }, within: 1e-6)
    }
  }

  @Test func shardsAreSummed() {
    let (one, two) = (Parts(), Parts())
    let halves = [one.gradients(step: 1), one.gradients(step: 2)]
    let sums = zip(halves[0], halves[1]).map { $0 + $1 }
    let together = Optimiser(one.named, configuration: Self.clipping)
    let apart = Optimiser(two.named, configuration: Self.clipping)
    let norm = together.step(tapes: [one.tape(sums)], rate: 0.1)
    #expect(apart.step(tapes: halves.map { two.tape($0) }, rate: 0.1) == norm)
    #expect(one.values == two.values)
  }

  @Test func aParameterWithoutAGradientStays() {
    let parts = Parts()
    let before = parts.values
    let optimiser = Optimiser(parts.named, configuration: Self.decaying)
    let gradients = parts.gradients(step: 0)
    let norm = optimiser.step(tapes: [parts.tape([gradients[0], nil, gradients[2]])], rate: 0.1)
    #expect(parts.values[1] == before[1])
    #expect(parts.values[0] != before[0] && parts.values[2] != before[2])
    #expect(optimiser.firstMoments[1].elements == [0, 0, 0])
    #expect(abs(Double(norm) - (gradients[0].sumOfSquares + gradients[2].sumOfSquares).squareRoot()) < 1e-6)
    #expect(optimiser.step(tapes: [], rate: 0.1) == 0)
  }

  @Test func aRestoredRunGoesOnToTheBit() {
    let (unbroken, broken) = (Parts(), Parts())
    let whole = Optimiser(unbroken.named, configuration: Self.clipping)
    for step in 0..<6 { whole.step(tapes: [unbroken.tape(unbroken.gradients(step: step))], rate: 0.01) }
    let start = Optimiser(broken.named, configuration: Self.clipping)
    for step in 0..<3 { start.step(tapes: [broken.tape(broken.gradients(step: step))], rate: 0.01) }
    // What was saved is a copy; the first run going on does not reach it.
    let saved = (first: start.firstMoments.map(\.copied), second: start.secondMoments.map(\.copied))
    let resumed = Optimiser(broken.named, configuration: Self.clipping)
    resumed.restore(first: saved.first, second: saved.second, steps: start.steps)
    for step in 3..<6 { resumed.step(tapes: [broken.tape(broken.gradients(step: step))], rate: 0.01) }
    #expect(broken.values == unbroken.values)
    #expect(resumed.steps == 6)
    // Nor does the resumed one, so that it can be restored once more.
    #expect(saved.first.map(\.elements) == start.firstMoments.map(\.elements))
    #expect(saved.second.map(\.elements) == start.secondMoments.map(\.elements))
  }

  /// The original's default of -1 means no clipping.
  @Test func aNegativeNormIsNoClipping() {
    var changed = Self.clipping
    changed.clipNorm = -1
    #expect(changed != Self.clipping)
    let (one, two) = (Parts(), Parts())
    Optimiser(one.named, configuration: changed).step(tapes: [one.tape(one.gradients(step: 0, scale: 9))], rate: 0.1)
    Optimiser(two.named, configuration: Self.decaying)
      .step(tapes: [two.tape(two.gradients(step: 0, scale: 9))], rate: 0.1)
    #expect(one.values == two.values)
  }
}
