// AccumulationTests.swift - a step cut into parts has the gradient of the whole step, whatever is done with its losses.

import Layers
import Tensors
import TestSupport
import Testing
import Training
import VQAFormats
import VQAPipeline

extension TrainingTests {
  @Suite struct AccumulationTests {
    private static let count = 12

    private func gradients(
      _ loss: TrainingRecipe.Loss, _ reduction: TrainingRecipe.Reduction, parts: Int, shards: Int = 2
    ) throws -> (loss: Float, gradients: [[Float]]) {
      var recipe = try Recipe(OriginalSet.settings)
      recipe.model.network.dropout = 0
      (recipe.training.loss, recipe.training.reduction, recipe.training.shards) = (loss, reduction, shards)
      let texts = (0..<Self.count).map { "what is number \($0)" }
      let words = Vocabulary.build(fromQuestions: texts, madeFrom: "the tests")
      let answers = try AnswerVocabulary(answers: OriginalSet.colors, madeFrom: "the tests")
      let model = try VQAModel(recipe.model, words: words, answers: answers, seed: 3)
      let questions = texts.enumerated().map { number, text in
        AskedQuestion(
          id: number, text: text, picture: number,
          answers: [String](repeating: OriginalSet.colors[number % 3], count: 1 + number % 5) + ["none"],
          common: OriginalSet.colors[number % 3])
      }
      let features = FeatureSet(
        paths: questions.map { "\($0.id).npy" }, reader: FeatureReader(recipe.model))
      let set = QuestionSet(features: features, questions: questions, contentHash: "")
      let step = TrainingStep(model, set, recipe.training, threads: 1)
      var pictures: [Int: Tensor] = [:]
      for number in 0..<Self.count {
        var random = SeededRandom(seed: UInt64(number))
        pictures[number] = Tensor(
          (0..<16 * OriginalSet.width).map { _ in random.uniform(-1, 1) }, shape: [16, OriginalSet.width])
      }
      let optimiser = Optimiser(model.namedParameters, configuration: recipe.training.optimiser)
      var sum: [Tensor?]?
      var total: Float = 0
      for number in 0..<parts {
        let range = (Self.count * number / parts)..<(Self.count * (number + 1) / parts)
        let groups = range.map { QuestionGroup(picture: $0, questions: [$0]) }
        let result = step.run(
          StepPart(groups: groups, stepQuestions: Self.count, step: 1, number: number, features: pictures))
        total += result.loss
        sum = optimiser.gradients(of: result.tapes, addedTo: sum)
      }
      return (total, try #require(sum).map { $0?.elements ?? [] })
    }

    @Test(
      arguments: zip(
        [TrainingRecipe.Loss.binaryCrossEntropy, .divergence, .crossEntropy],
        [TrainingRecipe.Reduction.sum, .sum, .question]))
    func partsAddUpToTheWhole(loss: TrainingRecipe.Loss, reduction: TrainingRecipe.Reduction) throws {
      let whole = try gradients(loss, reduction, parts: 1)
      #expect(whole.gradients.contains { $0.contains { abs($0) > 1e-3 } })
      for parts in [2, 3] {
        let cut = try gradients(loss, reduction, parts: parts)
        #expect(abs(cut.loss / whole.loss - 1) < 1e-5)
        for (one, other) in zip(cut.gradients, whole.gradients) {
          #expect(try compare(one, other, absolute: 1e-5, relative: 1e-4).isWithin)
        }
      }
    }

    /// Each part has a mean of its own, and these are added up: a step of k parts has k times the gradient of the whole step's mean.
    @Test func meansOfPartsAreNotScaled() throws {
      let whole = try gradients(.binaryCrossEntropy, .mean, parts: 1)
      let cut = try gradients(.binaryCrossEntropy, .mean, parts: 3)
      for (one, other) in zip(cut.gradients, whole.gradients) {
        #expect(try compare(one, other.map { 3 * $0 }, absolute: 1e-6, relative: 1e-4).isWithin)
      }
      let sum = try gradients(.binaryCrossEntropy, .sum, parts: 1)
      for (one, other) in zip(whole.gradients, sum.gradients) {
        #expect(try compare(one, other.map { $0 / Float(3 * Self.count) }, absolute: 1e-6, relative: 1e-4).isWithin)
      }
    }

    @Test func shardsOfASumAddUp() throws {
      let two = try gradients(.binaryCrossEntropy, .sum, parts: 1, shards: 2)
      let four = try gradients(.binaryCrossEntropy, .sum, parts: 1, shards: 4)
      for (one, other) in zip(four.gradients, two.gradients) {
        #expect(try compare(one, other, absolute: 1e-5, relative: 1e-4).isWithin)
      }
    }
  }
}
