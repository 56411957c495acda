// LayersTests.swift - what the tests of layers share: random operands and the gradients of a layer's parameters.

import Layers
import Tensors
import Testing

extension Tensor {
  /// A tensor of numbers drawn evenly from -1 to 1.
  static func random(_ shape: [Int], seed: UInt64) -> Tensor {
    var random = SeededRandom(seed: seed)
    return Tensor((0..<shape.reduce(1, *)).map { _ in random.uniform(-1, 1) }, shape: shape)
  }
}

extension Layer {
  /// Name and shape of every parameter, in order.
  var shapes: [String] { namedParameters.map { "\($0.name) \($0.parameter.value.shape)" } }

  /// Sets every trainable parameter to random numbers, so that none has a special value.
  func shuffle(seed: UInt64) {
    for (index, item) in namedParameters.enumerated() where item.parameter.isTrainable {
      item.parameter.value = .random(item.parameter.value.shape, seed: seed + UInt64(index))
    }
  }

  /// Runs a forward pass in training and expects a finite gradient, not all zero, for each trainable parameter and none for the others.
  func expectGradients(sourceLocation: SourceLocation = #_sourceLocation, _ forward: () -> Tensor) {
    let tape = Tape(training: TrainingMode(seed: 1))
    let result = tape.record(forward)
    tape.backward(from: result, seed: .random(result.shape, seed: 99))
    for (name, parameter) in namedParameters {
      let gradient = tape.gradient(of: parameter)
      guard parameter.isTrainable else {
        #expect(gradient == nil, "\(name)", sourceLocation: sourceLocation)
        continue
      }
      #expect(gradient?.shape == parameter.value.shape, "\(name)", sourceLocation: sourceLocation)
      #expect(gradient?.isFinite == true, "\(name)", sourceLocation: sourceLocation)
      // A number added to the scores of all keys changes no softmax.
      if name.hasSuffix("linear_k.bias") { continue }
      let isReached = gradient?.elements.contains { abs($0) > 1e-6 } ?? false
      #expect(isReached, "\(name)", sourceLocation: sourceLocation)
    }
  }
}

/// Holds numbers against expected ones.
func expectClose(
  _ actual: [Float], _ expected: [Double], within tolerance: Double, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.count == expected.count, "\(what)", sourceLocation: sourceLocation)
  let worst = zip(actual, expected).map { abs(Double($0) - $1) }.max() ?? 0
  #expect(worst <= tolerance, "\(what)", sourceLocation: sourceLocation)
}
