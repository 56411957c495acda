// ShapeTests.swift - the told shapes are those of the parameters, and their counts those of the published models.

import DynamicViT
import Layers
import Tensors
import TestSupport
import Testing

extension DynamicViTTests {
  @Suite struct Shapes {
    @Test(arguments: DynamicViTConfiguration.Family.allCases)
    func shapesAreThoseOfTheParameters(_ family: DynamicViTConfiguration.Family) {
      for (features, relations) in DynamicViTConfiguration.variants {
        for classes in [0, 5] {
          let configuration = DynamicViTConfiguration.small(
            family, features: features, relations: relations, classes: classes)
          var random = SeededRandom(seed: 1)
          let parameters = DynamicViTCascade(configuration, random: &random).namedParameters
          #expect(configuration.parameterShapes == parameters.map { NamedShape($0.name, $0.parameter.value.shape) })
        }
      }
    }

    /// The table of the published models, frozen tensors counted.
    @Test func publishedModelsHaveAsManyNumbers() {
      for (configuration, counts, tensors) in [
        (DynamicViTConfiguration.deitSmall, [22_878_952, 23_920_456, 23_642_824], [152, 228, 228]),
        (.t2t12, [6_989_824, 7_744_510, 7_727_182], [166, 242, 242]),
        (.t2t14, [21_574_656, 23_156_110, 23_151_070], [188, 276, 276]),
      ] {
        let stages = (0..<3).map { configuration.parameterShapes(stage: $0) }
        #expect(stages.map { $0.reduce(0) { $0 + $1.count } } == counts)
        #expect(stages.map(\.count) == tensors)
      }
    }
  }
}
