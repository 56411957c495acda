// AccuracyTextTests.swift - accuracies as a table.

import Evaluation
import Reports
import Testing

@Suite struct AccuracyTextTests {
  private func report(_ types: [(question: String, answer: String, accuracies: [Double])]) -> AccuracyReport {
    let scores = types.flatMap { type in
      type.accuracies.map {
        QuestionAccuracy(questionID: 1, questionType: type.question, answerType: type.answer, accuracy: $0)
      }
    }
    return AccuracyReport(questions: scores)
  }

  @Test func table() throws {
    let table = AccuracyText.table(
      report([
        ("how many", "number", [0, 0.3, 0.6]), ("what color is the", "other", [1, 0.9]),
        ("is the", "yes/no", [1, 1, 0, 1]),
        ("none of the above", "other", [0]),
      ]))
    try expectSnapshot("accuracy.txt", table)
    expectPlainLines(table)
  }

  @Test func figuresAreTheOfficialOnes() {
    let accuracies = report([("a", "b", [1, 1, 0])])
    #expect(AccuracyText.table(accuracies).contains(" 66.67 % "))
    #expect(accuracies.overall == 66.67)
  }

  @Test func withoutQuestionsOnlyTheHeadIsShown() {
    #expect(AccuracyText.table(report([])).split(separator: "\n").count == 2)
  }

  @Test(arguments: hostileTexts)
  func hostileNamesBreakNothing(text: String) {
    expectPlainLines(AccuracyText.table(report([(text, text, [0.3])])))
  }
}
