// ScorerTests.swift - the accuracy of single answers: leave-one-out, agreement, and the original's variant.

import Evaluation
import SafeFiles
import Testing
import VQAFormats

@Suite struct ScorerTests {
  private func numbered(_ answers: [String]) -> [HumanAnswer] {
    answers.enumerated().map { HumanAnswer($1, confidence: "yes", answerID: $0 + 1) }
  }

  private func agreeing(_ matches: Int) -> [String] {
    (0..<10).map { $0 < matches ? "red" : "blue \($0)" }
  }

  @Test(arguments: [(0, 0.0), (1, 0.3), (2, 0.6), (3, 0.9), (4, 1), (9, 1)])
  func matchesCountByLeavingOneOut(_ matches: Int, _ expected: Double) {
    for scorer in Scorer.allCases {
      let accuracy = scorer.accuracy(of: "red", answers: numbered(agreeing(matches)))
      #expect((accuracy - expected).magnitude < 1e-12)
    }
  }

  @Test func equalEntriesLeaveTogether() {
    let bare = [HumanAnswer](repeating: HumanAnswer("yes"), count: 10)
    #expect(Scorer.official.accuracy(of: "yes", answers: bare) == 0)
    // Two pairs of equal entries and six that differ: each of the four sees two matches.
    let pairs = [1, 1, 2, 2].map { HumanAnswer("yes", answerID: $0) } + (3...8).map { HumanAnswer("no", answerID: $0) }
    let expected = (4 * 2.0 / 3 + 6) / 10
    #expect((Scorer.official.accuracy(of: "yes", answers: pairs) - expected).magnitude < 1e-12)
    let others = (0..<10).map { HumanAnswer("yes", others: ["n": .integer($0)]) }
    #expect(Scorer.official.accuracy(of: "yes", answers: others) == 1)
    // Python's equality: members in any order, and 1 is 1.0 is true.
    let alike: [JSONObject] = [["a": 1, "b": [true]], ["b": [1.0], "a": 1.0]]
    let copies = alike.map { HumanAnswer("yes", others: $0) }
    #expect(Scorer.official.accuracy(of: "yes", answers: copies) == 0)
    #expect(Scorer.official.accuracy(of: "yes", answers: copies + [HumanAnswer("yes", others: ["a": nil])]) > 0)
    // Normalisation makes entries equal that were not.
    let spelled = [HumanAnswer("a dog"), HumanAnswer("the dog"), HumanAnswer("dog"), HumanAnswer("cat")]
    #expect(Scorer.official.accuracy(of: "dog", answers: spelled) == 0.25)
  }

  @Test func unanimousAnswersAreComparedToTheLetter() {
    let ten = HumanAnswer.tenTimes("yes")
    #expect(Scorer.official.accuracy(of: "yes", answers: ten) == 1)
    #expect(Scorer.official.accuracy(of: "\tyes\n", answers: ten) == 1)
    #expect(Scorer.official.accuracy(of: "Yes", answers: ten) == 0)
    #expect(Scorer.official.accuracy(of: "yes.", answers: ten) == 0)
    #expect(Scorer.trar.accuracy(of: "Yes.", answers: ten) == 1)
    #expect(Scorer.official.accuracy(of: "a dog", answers: HumanAnswer.tenTimes("a dog")) == 1)
    #expect(Scorer.trar.accuracy(of: "a dog", answers: HumanAnswer.tenTimes("a dog")) == 0)
  }

  @Test func theOriginalNormalisesPeopleOnlyInPart() {
    let answers = numbered([String](repeating: "Two.", count: 5) + [String](repeating: "none", count: 5))
    #expect(Scorer.official.accuracy(of: "two", answers: answers) == 1)
    #expect(Scorer.trar.accuracy(of: "two", answers: answers) == 0)
  }

  @Test func composedAndDecomposedLettersDiffer() {
    #expect(Scorer.official.accuracy(of: "caf\u{E9}", answers: HumanAnswer.tenTimes("cafe\u{301}")) == 0)
  }

  @Test func anyNumberOfAnswersIsScored() {
    #expect(Scorer.official.accuracy(of: "x", answers: []) == 0)
    #expect(Scorer.official.accuracy(of: "x", answers: [HumanAnswer("x")]) == 0)
    let many = (0..<20_000).map { HumanAnswer("x", answerID: $0) }
    #expect(Scorer.official.accuracy(of: "x", answers: many) == 1)
  }

  @Test func emptyAnswersMatchEmptyAnswers() {
    let answers = numbered(["the", "a", "?", ".", "x", "", "an", " ", "!", "-"])
    #expect(Scorer.official.accuracy(of: "", answers: answers) == 1)
  }
}
