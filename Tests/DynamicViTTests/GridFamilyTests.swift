// GridFamilyTests.swift - the stages whose tokens come from grids of another network.

import DynamicViT
import Layers
import Tensors
import Testing

extension DynamicViTTests {
  @Suite struct GridFamily {
    private static var configuration: DynamicViTConfiguration {
      var configuration = DynamicViTConfiguration.small(.grids, classes: 0)
      configuration.gridWidth = 5
      return configuration
    }

    private let cascade = randomCascade(configuration)

    private func grid(_ stage: Int, seed: UInt64) -> Tensor {
      let side = DynamicViTConfiguration.gridSides[stage]
      var random = SeededRandom(seed: seed)
      return Tensor((0..<(2 * side * side * 5)).map { _ in random.uniform(-1, 1) }, shape: [2, side * side, 5])
    }

    @Test func everyStageTakesItsGrid() {
      var tokens: [Tensor] = []
      var earlier = cascade.tokens(of: grid(0, seed: 1), stage: 0, after: nil)
      tokens.append(earlier.tokens)
      for stage in 1..<3 {
        earlier = cascade.tokens(of: grid(stage, seed: 2), stage: stage, after: earlier)
        tokens.append(earlier.tokens)
      }
      #expect(tokens.map(\.shape) == [[2, 49, 12], [2, 100, 12], [2, 196, 12]])
    }

    @Test func gradientsReachTheMap() {
      let tape = Tape(training: TrainingMode(seed: 1))
      let result = tape.record { cascade.tokens(of: grid(0, seed: 1), stage: 0, after: nil).tokens }
      tape.backward(from: result, seed: Tensor(result.elements.map { $0 + 0.5 }, shape: result.shape))
      for (name, parameter) in cascade.namedParameters where name.hasPrefix("less_less_token.grid.") {
        #expect(tape.gradient(of: parameter)?.elements.contains { $0 != 0 } == true, "\(name)")
      }
    }

    @Test func theMapIsCounted() {
      var wider = Self.configuration
      wider.gridWidth = 6
      for (stage, side) in DynamicViTConfiguration.gridSides.enumerated() {
        let difference = wider.cost(stage: stage).total - Self.configuration.cost(stage: stage).total
        #expect(difference == side * side * 12)
      }
    }

    @Test func parametersAreAsTold() {
      let told = Self.configuration.parameterShapes
      #expect(cascade.namedParameters.map(\.name) == told.map(\.name))
      #expect(cascade.namedParameters.map(\.parameter.value.shape) == told.map(\.shape))
    }

    @Test func impossibleWidthsAreNamed() {
      var configuration = Self.configuration
      configuration.gridWidth = 0
      #expect(configuration.problem == "gridWidth 0 is not above 0")
    }
  }
}
