// SeeingFeaturesTests.swift - a model whose pictures come as features.

import ImageCodecs
import SafeFiles
import Tensors
import TestSupport
import Testing
import VQAPipeline

extension VQAPipelineTests {
  @Suite struct SeeingFeaturesTests {
    private static var configuration: ModelConfiguration {
      var configuration = Small.configuration
      configuration.vision.embedding = .features
      configuration.vision.featureGrid = 4
      return configuration
    }

    private func features(_ rows: Int, width: Int = 12) -> Tensor {
      var random = SeededRandom(seed: 8)
      return Tensor((0..<(rows * width)).map { _ in random.uniform(-1, 1) }, shape: [rows, width])
    }

    @Test func featuresOfAnotherModelGiveItsAnswers() throws {
      let pixels = try Small.model()
      let model = try Small.model(Self.configuration)
      // The same answer network behind features as behind pixels.
      let own = Dictionary(uniqueKeysWithValues: pixels.namedParameters.map { ($0.name, $0.parameter) })
      for (name, parameter) in model.namedParameters { parameter.value = try #require(own[name]).value }
      let seen = try pixels.see([Small.picture(1)])[0]
      let given = try model.see(features: seen.tokens.tokens.reshaped([16, 12]))
      #expect(given.image == nil)
      let expected = pixels.answer(Small.questions, about: Small.questions.map { _ in seen })
      let answers = model.answer(Small.questions, about: Small.questions.map { _ in given })
      #expect(answers.map(\.candidates) == expected.map(\.candidates))
      #expect(answers[0].multiplyAdds == expected[0].multiplyAdds - pixels.multiplyAdds.vision)
      #expect(model.multiplyAdds.vision == 0)
    }

    @Test func rowsAreCutOrFilledWithZeros() throws {
      let model = try Small.model(Self.configuration)
      let whole = features(20).elements
      for rows in [0, 1, 15, 16, 17, 20] {
        let given = Tensor(Array(whole.prefix(rows * 12)), shape: [rows, 12])
        let seen = try model.see(features: given).tokens.tokens
        #expect(seen.shape == [1, 16, 12])
        let expected = Array((whole.prefix(min(rows, 16) * 12) + [Float](repeating: 0, count: 16 * 12)).prefix(16 * 12))
        #expect(seen.elements == expected, "\(rows) rows")
      }
    }

    @Test func paddingIsHidden() throws {
      let model = try Small.model(Self.configuration)
      let short = try model.see(features: features(10))
      let answers = model.answer([Small.questions[1]], about: [short])
      #expect(answers[0].probabilities.allSatisfy { $0.isFinite })
      let whole = try model.see(features: features(16))
      #expect(answers[0].probabilities != model.answer([Small.questions[1]], about: [whole])[0].probabilities)
    }

    @Test func aFileKeepsTheGrid() throws {
      try withTemporaryFolder { folder in
        let model = try Small.model(Self.configuration)
        try ModelFile.save(model, to: folder + "/model.safetensors")
        let (back, _) = try ModelFile.load(folder + "/model.safetensors")
        #expect(back.takesFeatures)
        #expect(back.configuration == model.configuration)
        let seen = try model.see(features: features(16))
        let seenBack = try back.see(features: features(16))
        let answers = back.answer(Small.questions, about: Small.questions.map { _ in seenBack })
        let expected = model.answer(Small.questions, about: Small.questions.map { _ in seen })
        #expect(answers.map(\.candidates) == expected.map(\.candidates))
      }
    }

    @Test func theOtherKindIsRefused() throws {
      let model = try Small.model(Self.configuration)
      let picture = try #require(throws: VisionInputFailure.self) { try model.see([Small.picture(1)]) }
      #expect(picture == .needsFeatures(count: 16, width: 12))
      #expect(picture.advice.contains("--features"))
      let pixels = try Small.model()
      #expect(!pixels.takesFeatures)
      let failure = try #require(throws: VisionInputFailure.self) { try pixels.see(features: features(16)) }
      #expect(failure == .needsPictures(size: 16))
      #expect(failure.advice.contains("--images"))
    }

    @Test func wrongNumbersAreNamed() throws {
      let model = try Small.model(Self.configuration)
      func failure(_ features: Tensor) throws -> VisionInputFailure {
        try #require(throws: VisionInputFailure.self) { try model.see(features: features) }
      }
      let narrow = try failure(features(16, width: 11))
      #expect(narrow == .wrongWidth(found: 11, expected: 12))
      #expect(narrow.problem.contains("11") && narrow.problem.contains("12"))
      #expect(try failure(features(16).reshaped([192])) == .notRows(shape: [192]))
      var values = features(16).elements
      values[27] = .nan
      #expect(try failure(Tensor(values, shape: [16, 12])) == .notFinite(row: 2, column: 3))
    }

    @Test func impossibleGridsAreNamed() throws {
      for (grid, orders) in [(0, [0]), (129, [0]), (2, [0, 2])] {
        var configuration = Self.configuration
        (configuration.vision.featureGrid, configuration.network.orders) = (grid, orders)
        #expect(throws: ConfigurationFailure.self, "\(grid)") { try Small.model(configuration) }
      }
    }
  }
}
