// CandidateTests.swift - what an answer says: probabilities, unknown words, spans and cost.

import Testing
import VQAPipeline

@Suite struct CandidateTests {
  private func answers(
    _ questions: [String], top: Int = 5, change: (inout ModelConfiguration) -> Void = { _ in }
  ) throws -> [Answer] {
    var configuration = Small.configuration
    change(&configuration)
    let model = try Small.model(configuration)
    let seen = try model.see([try Small.picture(1)])[0]
    return model.answer(questions, about: questions.map { _ in seen }, top: top)
  }

  @Test func probabilitiesSumToOneAndAreSorted() throws {
    for answer in try answers(Small.questions) {
      let probabilities = answer.probabilities
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-5)
      #expect(probabilities.allSatisfy { $0 > 0 })
      #expect(probabilities == probabilities.sorted(by: >))
      #expect(Set(answer.candidates.map(\.answer)) == ["yes", "no", "red", "blue", "circle"])
      #expect(answer.best == answer.candidates[0])
    }
  }

  @Test(arguments: [(1, 1), (3, 3), (5, 5), (100, 5), (0, 1), (-1, 1)])
  func topLimitsTheCandidates(top: Int, count: Int) throws {
    let all = try answers(Small.questions)
    for (answer, whole) in zip(try answers(Small.questions, top: top), all) {
      #expect(answer.candidates == Array(whole.candidates.prefix(count)))
    }
  }

  @Test func temperatureFlattensWithoutChangingTheOrder() throws {
    let cold = try answers([Small.questions[0]]) { $0.temperature = 0.1 }[0]
    let plain = try answers([Small.questions[0]])[0]
    let hot = try answers([Small.questions[0]]) { $0.temperature = 2 }[0]
    #expect(cold.candidates.map(\.answer) == plain.candidates.map(\.answer))
    #expect(hot.candidates.map(\.answer) == plain.candidates.map(\.answer))
    #expect(cold.best.probability > plain.best.probability && plain.best.probability > hot.best.probability)
    // Twice the temperature takes the root of every ratio of probabilities.
    for (flat, sharp) in zip(hot.probabilities, plain.probabilities) {
      let ratio = hot.probabilities[0] / flat
      let root = (plain.probabilities[0] / sharp).squareRoot()
      #expect(abs(ratio - root) < 1e-4 * root)
    }
  }

  @Test func equalProbabilitiesKeepTheOrderOfTheVocabulary() throws {
    let flat = try answers([Small.questions[0]]) { $0.temperature = 1e30 }[0]
    #expect(flat.candidates.map(\.answer) == ["yes", "no", "red", "blue", "circle"])
  }

  @Test func unknownAndDroppedWordsAreReported() throws {
    let found = try answers(["Is there a purple purple zebra? No, a circle.", "Is there a circle?"])
    #expect(found[0].unknownWords == ["purple"])
    #expect(found[0].droppedWords == 4)
    #expect(found[1].unknownWords.isEmpty)
    #expect(found[1].droppedWords == 0)
  }

  @Test func unknownWordsCountAsTheUnknownWord() throws {
    let found = try answers(["is there a zebra", "is there a giraffe", "is there a circle"])
    #expect(found[0].candidates == found[1].candidates)
    #expect(found[0].candidates != found[2].candidates)
  }

  @Test func traceHasEveryLayerForOnePicture() throws {
    for answer in try answers(Small.questions) {
      #expect(answer.exit == 1)
      #expect(answer.trace.spans.map(\.layer) == [0, 1])
      for decision in answer.trace.spans {
        #expect(decision.orders == [0, 2, 1])
        #expect(decision.weights.count == 1)
        #expect(decision.weights[0].count == 3)
        #expect(abs(decision.weights[0].reduce(0, +) - 1) < 1e-5)
      }
    }
  }

  @Test func costIsTheSumOfItsParts() throws {
    let model = try Small.model()
    let cost = model.multiplyAdds
    #expect(cost.vision > 0 && cost.question > 0 && cost.answer > 0)
    #expect(cost.vision == model.vision.multiplyAdds(stage: 0))
    #expect(cost.question == model.network.questionMultiplyAdds)
    #expect(cost.answer == model.network.answerMultiplyAdds(grid: model.vision.grids[0]))
    for answer in try answers(Small.questions) {
      #expect(answer.multiplyAdds == cost.vision + cost.question + cost.answer)
    }
  }

  @Test func binarizedModelsUseOneSpan() throws {
    for decision in try answers([Small.questions[0]], change: { $0.network.binarize = true })[0].trace.spans {
      #expect(decision.weights[0].sorted() == [0, 0, 1])
    }
  }
}
