// DynamicViTTests.swift - the suite around all tests of the cascade, and small cascades for them.

import DynamicViT
import Layers
import Tensors
import TestSupport
import Testing

/// The suite around all others: tests that set the number of threads or the back end must not run beside others, nor those of other targets.
@Suite(.serialized, .inTurn)
enum DynamicViTTests {}

/// Runs `body` with a back end, then sets the back end back.
func withBackend<Result>(_ backend: Backend, _ body: () throws -> Result) rethrows -> Result {
  let before = Backend.current
  Backend.current = backend
  defer { Backend.current = before }
  return try body()
}

extension DynamicViTConfiguration {
  /// A cascade small enough for tests, with widths that all differ.
  static func small(
    _ family: Family = .deit, features: Bool = true, relations: Bool = true, classes: Int = 5
  ) -> DynamicViTConfiguration {
    var configuration = DynamicViTConfiguration()
    configuration.family = family
    configuration.width = 12
    configuration.layers = 2
    configuration.heads = 3
    configuration.expansion = 1.5
    configuration.tokenWidth = 6
    configuration.performerFeatures = 3
    configuration.channels = [3, 5]
    configuration.refinements = 1
    configuration.classes = classes
    configuration.featureReuse = features
    configuration.relationReuse = relations
    return configuration
  }

  /// The four variants of reuse.
  static let variants: [(features: Bool, relations: Bool)] = [
    (true, true), (true, false), (false, true), (false, false),
  ]
}

/// Pictures of random squares, `[count, 224, 224, 3]`.
func randomPictures(_ count: Int, seed: UInt64) -> Tensor {
  var random = SeededRandom(seed: seed)
  let cells = (0..<(count * 28 * 28 * 3)).map { _ in random.uniform(-2, 2) }
  return Tensor(shape: [count, 224, 224, 3]) { target in
    for (index, place) in target.indices.enumerated() {
      let (channel, pixel) = (index % 3, index / 3)
      let (x, y, sample) = (pixel % 224, pixel / 224 % 224, pixel / (224 * 224))
      target[place] = cells[((sample * 28 + y / 8) * 28 + x / 8) * 3 + channel]
    }
  }
}

/// A cascade whose every parameter is drawn anew, so that norms and biases matter.
func randomCascade(_ configuration: DynamicViTConfiguration, seed: UInt64 = 1) -> DynamicViTCascade {
  var random = SeededRandom(seed: seed)
  let cascade = DynamicViTCascade(configuration, random: &random)
  for (name, parameter) in cascade.namedParameters where parameter.isTrainable {
    let isNormScale = name.contains("norm") && name.hasSuffix("weight") || name.hasSuffix("mlp.0.weight")
    let deviation: Float = parameter.value.rank > 1 ? 1 / Float(parameter.value.width * 2).squareRoot() : 0.2
    parameter.value = Tensor(
      parameter.value.elements.map { _ in (isNormScale ? 1 : 0) + random.normal() * deviation },
      shape: parameter.value.shape)
  }
  return cascade
}
