// CLEVRAccuracyTests.swift - the five families of CLEVR questions.

import Evaluation
import SafeFiles
import Testing
import VQAFormats

@Suite struct CLEVRAccuracyTests {
  private func question(_ answer: String?, _ function: String?) -> CLEVRQuestion {
    CLEVRQuestion(imageIndex: 0, text: "?", answer: answer, lastFunction: function)
  }

  @Test func functionsBelongToFamilies() throws {
    let functions = [
      "count", "exist", "greater_than", "less_than", "query_color", "query_material", "query_shape", "query_size",
      "equal_color", "equal_integer", "equal_material", "equal_shape", "equal_size",
    ]
    let accuracy = try CLEVRAccuracy(
      answers: functions.map { $0 == "exist" ? "no" : "yes" }, questions: functions.map { question("yes", $0) })
    #expect(
      accuracy.families.map(\.name) == ["Count", "Exist", "Compare_Numbers", "Query_Attribute", "Compare_Attribute"])
    #expect(accuracy.families.map(\.total) == [1, 1, 2, 4, 5])
    #expect(accuracy.families.map(\.correct) == [1, 0, 2, 4, 5])
    #expect(accuracy.overall.correct == 12 && accuracy.overall.total == 13)
    #expect(accuracy.json["overall"] == 92.31 && accuracy.json["count"] == 13)
    #expect(accuracy.json["perQuestionType"]?["Exist"] == 0.0)
  }

  @Test func answersMatchToTheLetter() throws {
    let accuracy = try CLEVRAccuracy(answers: ["Yes"], questions: [question("yes", "exist")])
    #expect(accuracy.overall.percent == 0 && accuracy.families[0].percent == 0)
  }

  @Test func whatCannotBeScoredIsRefused() {
    #expect(throws: EvaluationFailure.countsDiffer(answers: 0, questions: 1)) {
      try CLEVRAccuracy(answers: [], questions: [question("a", "count")])
    }
    #expect(throws: EvaluationFailure.notAnnotated(index: 0)) {
      try CLEVRAccuracy(answers: ["a"], questions: [question(nil, nil)])
    }
    #expect(throws: EvaluationFailure.unknownFunction(index: 0, name: "scene")) {
      try CLEVRAccuracy(answers: ["a"], questions: [question("a", "scene")])
    }
  }
}
