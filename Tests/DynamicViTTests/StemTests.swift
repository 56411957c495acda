// StemTests.swift - the stages whose tokens come from small convolutions.

import DynamicViT
import Layers
import Tensors
import Testing

extension DynamicViTTests {
  @Suite struct Stem {
    private static var configuration: DynamicViTConfiguration {
      var configuration = DynamicViTConfiguration.small(.stem, classes: 0)
      configuration.channels = [4, 5, 6, 7]
      configuration.refinements = 1
      return configuration
    }

    private let cascade = randomCascade(configuration)

    @Test func everyStageHasItsGrid() {
      let pictures = randomPictures(2, seed: 3)
      let first = cascade.tokens(of: pictures, stage: 0, after: nil)
      let second = cascade.tokens(of: pictures, stage: 1, after: first)
      let third = cascade.tokens(of: pictures, stage: 2, after: second)
      #expect([first, second, third].map(\.tokens.shape) == [[2, 49, 12], [2, 100, 12], [2, 196, 12]])
    }

    /// A sample's tokens do not depend on who else is in the batch.
    @Test func samplesAreIndependent() {
      let both = randomPictures(2, seed: 3)
      let together = cascade.tokens(of: both, stage: 0, after: nil).tokens.elements
      for sample in 0..<2 {
        let alone = cascade.tokens(of: both.samples([sample]), stage: 0, after: nil).tokens.elements
        let expected = together[(sample * alone.count)..<((sample + 1) * alone.count)]
        #expect(zip(alone, expected).allSatisfy { abs($0 - $1) < 1e-5 })
      }
    }

    /// Every parameter is learned through the last stage: both reuses lead back to the first.
    @Test func gradientsReachAllStages() {
      let tape = Tape(training: TrainingMode(seed: 1))
      let pictures = randomPictures(2, seed: 4)
      let result = tape.record { () -> Tensor in
        var tokens = cascade.tokens(of: pictures, stage: 0, after: nil)
        for stage in 1..<3 { tokens = cascade.tokens(of: pictures, stage: stage, after: tokens) }
        return tokens.tokens
      }
      tape.backward(from: result, seed: Tensor(result.elements.map { $0 + 0.5 }, shape: result.shape))
      for (name, parameter) in cascade.namedParameters where parameter.isTrainable {
        // Only the stage's own reading goes through its final norm.
        if name.contains("token.norm."), !name.hasPrefix("normal") { continue }
        let gradient = tape.gradient(of: parameter)?.elements ?? []
        #expect(gradient.contains { $0 != 0 }, "\(name)")
      }
    }

    @Test func theStemIsCountedByHand() {
      func stem(_ side: Int) -> Int {
        let tokens = side * side
        let convolutions = 9 * (64 * 3 * 4 + 16 * 4 * 5 + 4 * 5 * 6 + 6 * 7 + 7 * 7)
        return tokens * (convolutions + 7 * 12 + 16 * 16 * 3 * 12)
      }
      #expect((0..<3).map { Self.configuration.cost(stage: $0).embedding } == [7, 10, 14].map(stem))
    }

    @Test func impossibleSizesAreNamed() {
      var configuration = Self.configuration
      configuration.channels = []
      #expect(configuration.problem?.contains("channels") == true)
      configuration.channels = [4, 4, 4, 4, 4]
      #expect(configuration.problem?.contains("pictureSize") == true)
      configuration.stages = 1
      #expect(configuration.problem == nil)
    }
  }
}
