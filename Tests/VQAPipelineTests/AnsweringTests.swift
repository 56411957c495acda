// AnsweringTests.swift - answers do not depend on what is asked beside them, on the order, or on the number of threads.

import ImageCodecs
import Testing
import VQAPipeline

extension VQAPipelineTests {
  @Suite struct AnsweringTests {
    let model: VQAModel
    let pictures: [SeenPicture]

    init() throws {
      model = try Small.model()
      pictures = try model.see(try (0..<3).map { try Small.picture($0) })
    }

    /// More questions than one group, over all pictures; the first and the last are the same question about the same picture.
    private var many: (questions: [String], pictures: [SeenPicture]) {
      let count = 46
      return (
        (0..<count).map { Small.questions[$0 % 5] }, (0..<count).map { pictures[$0 % 3] }
      )
    }

    @Test func severalQuestionsEqualSingleOnes() {
      let together = model.answer(Small.questions, about: Small.questions.map { _ in pictures[0] })
      #expect(together.map(\.question) == Small.questions)
      for (question, answer) in zip(Small.questions, together) {
        expectSame(answer, model.answer([question], about: [pictures[0]])[0])
      }
      // The test would say nothing if all questions had the same answer.
      #expect(Set(together.map(\.probabilities)).count == Small.questions.count)
    }

    @Test func picturesTogetherEqualSingleOnes() throws {
      let images = try (0..<20).map { try Small.picture($0) }
      let together = try model.see(images)
      #expect(together.map(\.image) == images)
      for (image, seen) in zip(images, together) {
        let single = try model.see([image])[0]
        #expect(seen.tokens.tokens.shape == [1, 16, 12])
        #expect(seen.tokens.grid == single.tokens.grid)
        #expect(seen.tokens.tokens.elements == single.tokens.tokens.elements)
      }
      #expect(Set(together.map { $0.tokens.tokens.elements }).count == 20)
    }

    @Test func orderOfTheBatchIsKept() {
      let (questions, about) = many
      let forwards = model.answer(questions, about: about)
      let backwards = model.answer(questions.reversed(), about: about.reversed())
      for (one, other) in zip(forwards, backwards.reversed()) { expectSame(one, other) }
      expectSame(forwards[0], forwards[45])
      #expect(forwards.map(\.question) == questions)
    }

    @Test func threadsDoNotMatter() throws {
      let (questions, _) = many
      func answers(_ threads: Int) throws -> [Answer] {
        try withThreads(threads) {
          let seen = try model.see(try (0..<46).map { try Small.picture($0) })
          return model.answer(questions, about: seen)
        }
      }
      for (one, two) in zip(try answers(1), try answers(2)) { expectSame(one, two) }
    }

    @Test func nothingAskedGivesNothing() throws {
      #expect(model.answer([], about: []).isEmpty)
      #expect(try model.see([]).isEmpty)
    }

    @Test func largePicturesAreFitted() throws {
      let image = try Small.picture(9, width: 40, height: 23)
      let seen = try model.see([image])[0]
      #expect(seen.image == (try PicturePreparation(model.configuration).fit(image)))
    }

    @Test func everyPictureMatters() {
      let answers = model.answer([Small.questions[0], Small.questions[0]], about: [pictures[0], pictures[1]])
      #expect(answers[0].probabilities != answers[1].probabilities)
      #expect(answers[0].trace != answers[1].trace)
    }
  }
}

/// Compares everything that an answer says, to the bit.
private func expectSame(_ one: Answer, _ other: Answer, sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(one.question == other.question, sourceLocation: sourceLocation)
  #expect(one.candidates == other.candidates, sourceLocation: sourceLocation)
  #expect(one.trace == other.trace, sourceLocation: sourceLocation)
  #expect(one.multiplyAdds == other.multiplyAdds, sourceLocation: sourceLocation)
  #expect(one.unknownWords == other.unknownWords, sourceLocation: sourceLocation)
}
