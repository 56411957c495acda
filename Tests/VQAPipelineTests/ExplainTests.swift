// ExplainTests.swift - an explanation is of the answer itself, and its shares are whole.

import Testing
import VQAPipeline

extension VQAPipelineTests {
  @Suite struct ExplainTests {
    let model: VQAModel
    let picture: SeenPicture

    init() throws {
      model = try Small.model()
      picture = try model.see([try Small.picture(5)])[0]
    }

    @Test(arguments: Small.questions)
    func explainedAnswerIsTheAnswer(question: String) {
      let (explained, _) = model.explain(question, about: picture, top: 3)
      let answer = model.answer([question], about: [picture], top: 3)[0]
      #expect(explained.question == question)
      #expect(explained.candidates == answer.candidates)
      #expect(explained.trace == answer.trace)
      #expect(explained.multiplyAdds == answer.multiplyAdds)
      #expect(explained.unknownWords == answer.unknownWords)
      #expect(explained.droppedWords == answer.droppedWords)
    }

    @Test(arguments: Small.questions)
    func viewsSumToOne(question: String) {
      let (answer, views) = model.explain(question, about: picture)
      #expect(views.grid == picture.tokens.grid)
      #expect(views.views.map(\.layer) == [0, 0, 0, 1, 1, 1])
      #expect(views.views.map(\.order) == [0, 2, 1, 0, 2, 1])
      #expect(views.views.map(\.weight) == answer.trace.spans.flatMap { $0.weights[0] })
      for view in views.views {
        #expect(view.attention.count == 16)
        #expect(view.attention.allSatisfy { $0 >= 0 })
        #expect(abs(view.attention.reduce(0, +) - 1) < 1e-5)
      }
      #expect(views.pooling.count == 16)
      #expect(abs(views.pooling.reduce(0, +) - 1) < 1e-5)
      // Spans differ, so their views do.
      #expect(views.views[0].attention != views.views[2].attention)
    }

    @Test func wordsShareThePooling() {
      let (_, views) = model.explain("What color is the CIRCLE?", about: picture)
      #expect(views.words.map(\.word) == ["what", "color", "is", "the", "circle"])
      #expect(views.words.allSatisfy { $0.weight > 0 })
      #expect(abs(views.words.reduce(0) { $0 + $1.weight } - 1) < 1e-5)
    }

    @Test func everyLayerSharesItsAttentionAmongTheWords() {
      let (_, views) = model.explain("What color is the circle?", about: picture)
      #expect(views.wordAttention.count == 2)
      for row in views.wordAttention {
        #expect(row.count == views.words.count)
        #expect(row.allSatisfy { $0 > 0 })
        #expect(abs(row.reduce(0, +) - 1) < 1e-5)
      }
      #expect(views.wordAttention[0] != views.wordAttention[1])
    }

    @Test func manyAreExplainedAsEachByItself() throws {
      let other = try model.see([try Small.picture(9)])[0]
      let questions = ["What color is it?", "", "is there a circle"]
      let pictures = [picture, other, other]
      let together = model.explain(questions, about: pictures, top: 2)
      #expect(together.count == 3)
      for (index, explained) in together.enumerated() {
        let (answer, views) = model.explain(questions[index], about: pictures[index], top: 2)
        #expect(explained.answer.candidates == answer.candidates)
        #expect(explained.answer.trace == answer.trace)
        #expect(explained.views == views)
      }
      #expect(model.explain([], about: []).isEmpty)
    }

    @Test func shortQuestionsHaveOnlyTheirWords() {
      let (_, views) = model.explain("circle zebra", about: picture)
      // A word that the model does not know is still shown as it was written.
      #expect(views.words.map(\.word) == ["circle", "zebra"])
      #expect(abs(views.words.reduce(0) { $0 + $1.weight } - 1) < 1e-5)
      #expect(model.explain("", about: picture).1.words.isEmpty)
    }

    @Test func equalityLooksAtEveryPart() {
      let views = model.explain("circle", about: picture).1
      #expect(views == views)
      var others = [views, views, views, views, views]
      others[0].pooling[0] += 1
      others[1].words[0].weight += 1
      others[2].words[0].word = "square"
      others[3].views[5].attention[2] += 1
      others[4].wordAttention[1][0] += 1
      for other in others { #expect(other != views) }
    }
  }
}
