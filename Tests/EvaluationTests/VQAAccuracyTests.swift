// VQAAccuracyTests.swift - whole files: which are scored, which refused, and what the report says.

import Evaluation
import SafeFiles
import Testing
import VQAFormats

@Suite struct VQAAccuracyTests {
  private func annotation(_ id: Int, _ type: String, _ answer: String) -> Annotation {
    Annotation(
      questionID: id, imageID: 1, questionType: type, answerType: "other", multipleChoiceAnswer: nil,
      answers: HumanAnswer.tenTimes(answer))
  }

  private func file(_ annotations: [Annotation]) -> AnnotationFile {
    AnnotationFile(header: DataSetHeader(), annotations: annotations)
  }

  private func results(_ answers: KeyValuePairs<Int, String>) -> ResultFile {
    ResultFile(entries: answers.map { ResultEntry(questionID: $0.key, answer: $0.value) })
  }

  @Test func theReportHasTheOfficialKeys() throws {
    let annotations = file([annotation(1, "what", "a"), annotation(2, "is", "b"), annotation(3, "what", "c")])
    let report = try VQAAccuracy.evaluate(results([3: "x", 2: "b", 1: "a"]), against: annotations)
    #expect(report.overall == 66.67 && report.count == 3)
    #expect(report.questions.map(\.questionID) == [1, 2, 3])
    #expect(report.questionTypes.map(\.name) == ["what", "is"] && report.questionTypes.map(\.count) == [2, 1])
    #expect(
      JSONValue.object(report.json(perQuestion: true)).serialized()
        == """
        {"overall":66.67,"perAnswerType":{"other":66.67},"perQuestionType":{"is":100.0,"what":50.0},"count":3,\
        "evalQA":{"1":100.0,"2":100.0,"3":0.0},"evalAnsType":{"other":{"1":100.0,"2":100.0,"3":0.0}},\
        "evalQuesType":{"is":{"2":100.0},"what":{"1":100.0,"3":0.0}}}
        """)
    #expect(report.json().keys == ["overall", "perAnswerType", "perQuestionType", "count"])
  }

  @Test func typesDifferByScalars() throws {
    let annotations = file([annotation(1, "\u{E9}", "a"), annotation(2, "e\u{301}", "a")])
    #expect(try VQAAccuracy.evaluate(results([1: "a", 2: "b"]), against: annotations).questionTypes.count == 2)
  }

  @Test func theLastOfTwoAnswersCounts() throws {
    let annotations = file([annotation(1, "what", "a")])
    #expect(try VQAAccuracy.evaluate(results([1: "a", 1: "b"]), against: annotations).overall == 0)
    #expect(try VQAAccuracy.evaluate(results([1: "b", 1: "a"]), against: annotations).overall == 100)
  }

  /// Of an id annotated twice the last annotation counts, twice.
  @Test func aRepeatedAnnotationCountsTwice() throws {
    let annotations = file([annotation(1, "what", "a"), annotation(2, "is", "b"), annotation(1, "who", "c")])
    let report = try VQAAccuracy.evaluate(results([1: "c", 2: "x"]), against: annotations)
    #expect(report.count == 3 && report.overall == 66.67)
    #expect(report.questionTypes.map(\.name) == ["who", "is"])
  }

  /// The original normalises in place: the second time all ten agree, and "Dog" is no longer normalised.
  @Test func aRepeatedAnnotationIsScoredAgainstItsNormalisedAnswers() throws {
    var mixed = annotation(1, "what", "dog")
    mixed.answers[0].answer = "a dog"
    let report = try VQAAccuracy.evaluate(results([1: "Dog"]), against: file([mixed, mixed]))
    #expect(report.questions.map(\.accuracy) == [1, 0])
  }

  @Test func someQuestionsCanBeChosen() throws {
    let annotations = file([annotation(1, "what", "a"), annotation(2, "is", "b")])
    let answers = results([1: "a", 2: "x"])
    #expect(try VQAAccuracy.evaluate(answers, against: annotations, only: [1]).overall == 100)
    #expect(throws: EvaluationFailure.unknownQuestions(first: 7, count: 1)) {
      try VQAAccuracy.evaluate(answers, against: annotations, only: [7])
    }
    #expect(throws: EvaluationFailure.nothingToScore) {
      try VQAAccuracy.evaluate(answers, against: annotations, only: [])
    }
  }

  @Test func idsMustBeTheSame() throws {
    let annotations = file([annotation(1, "what", "a"), annotation(2, "is", "b"), annotation(3, "is", "b")])
    #expect(throws: EvaluationFailure.unanswered(first: 2, count: 2)) {
      try VQAAccuracy.evaluate(results([1: "a"]), against: annotations)
    }
    #expect(throws: EvaluationFailure.unknownQuestions(first: 9, count: 1)) {
      try VQAAccuracy.evaluate(results([1: "a", 9: "b", 9: "c"]), against: annotations)
    }
    #expect(throws: EvaluationFailure.nothingToScore) { try VQAAccuracy.evaluate(results([:]), against: file([])) }
    var silent = annotation(1, "what", "a")
    silent.answers = []
    #expect(throws: EvaluationFailure.noHumanAnswers(questionID: 1)) {
      try VQAAccuracy.evaluate(results([1: "a"]), against: file([silent]))
    }
  }

  @Test func choicesAndHeadersAreChecked() throws {
    let annotations = file([annotation(1, "what", "a")])
    let header = DataSetHeader(info: [:], taskType: "Multiple Choice", dataType: "x", dataSubtype: "y", license: [:])
    func evaluate(_ answer: String, _ header: DataSetHeader, _ questions: [Question]) throws -> Double {
      try VQAAccuracy.evaluate(
        results([1: answer]), against: annotations, questions: QuestionFile(header: header, questions: questions)
      ).overall
    }
    let question = Question(imageID: 1, text: "q", questionID: 1, choices: ["a", "b"])
    #expect(try evaluate("a", header, [question]) == 100)
    #expect(throws: EvaluationFailure.notAmongChoices(questionID: 1, answer: "c")) {
      try evaluate("c", header, [question])
    }
    #expect(throws: EvaluationFailure.noChoices(questionID: 1)) { try evaluate("a", header, []) }
    #expect(throws: EvaluationFailure.missingHeader(keys: ["info", "license"])) {
      try evaluate("a", DataSetHeader(taskType: "Open-Ended", dataType: "x", dataSubtype: "y"), [question])
    }
  }

  @Test func failuresSayWhatToDo() {
    let all: [EvaluationFailure] = [
      .unanswered(first: 1, count: 2), .unknownQuestions(first: 1, count: 2), .nothingToScore,
      .noHumanAnswers(questionID: 1), .missingHeader(keys: ["info"]),
      .notAmongChoices(questionID: 1, answer: "\u{1B}[31m"),
      .noChoices(questionID: 1), .countsDiffer(answers: 1, questions: 2), .notAnnotated(index: 1),
      .unknownFunction(index: 1, name: "x"),
    ]
    for failure in all {
      #expect(failure.kind == .badData && !failure.advice.isEmpty)
      #expect(!failure.message.unicodeScalars.contains("\u{1B}"))
    }
    #expect(Set(all.map(\.message)).count == all.count)
  }
}
