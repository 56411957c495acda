// DataFileTests.swift - questions, annotations and results: written, read again, and refused with their place.

import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct DataFileTests {
  private let header = DataSetHeader(
    info: ["version": "1.0"], taskType: "Open-Ended", dataType: "mscoco", dataSubtype: "val2014",
    license: ["name": "CC0"])

  private func failure<Value>(_ body: () throws -> Value) -> FormatFailure? {
    do { _ = try body() } catch { return error as? FormatFailure }
    return nil
  }

  @Test func questionsComeBack() throws {
    let file = QuestionFile(
      header: header,
      questions: [
        Question(imageID: 1, text: "what's \"this\"\n🐈?", questionID: 10),
        Question(imageID: -2, text: "", questionID: Int.max, choices: ["a", "b"]),
      ])
    #expect(try QuestionFile(json: Array(file.json.utf8)) == file)
    #expect(header.missingKeys.isEmpty && DataSetHeader(dataType: "x").missingKeys.count == 4)
  }

  @Test func annotationsComeBackWithAllFields() throws {
    let odd = HumanAnswer("no", others: ["answer_id": nil, "time": 1.5])
    let annotation = Annotation(
      questionID: 10, imageID: 1, questionType: "is", answerType: "yes/no", multipleChoiceAnswer: nil,
      answers: HumanAnswer.tenTimes("yes") + [odd])
    let file = AnnotationFile(header: header, annotations: [annotation])
    #expect(try AnnotationFile(json: Array(file.json.utf8)) == file)
  }

  @Test func answersDifferByAnyField() throws {
    let text = """
      {"annotations":[{"question_id":1,"image_id":1,"question_type":"","answer_type":"","answers":[
      {"answer":"a","answer_id":1},{"answer":"a","answer_id":1.0},{"answer":"a","answer_id":"1"},{"answer":"a"},
      {"answer":"a","x":[1]},{"answer":"a","x":[2]},{"answer":"a","answer_confidence":"yes"}]}]}
      """
    let answers = try #require(try AnnotationFile(json: Array(text.utf8)).annotations.first).answers
    #expect(answers[0] == answers[1])
    for one in 1..<answers.count {
      for other in 1..<one { #expect(answers[one] != answers[other]) }
    }
  }

  @Test func resultsAreTheOfficialList() throws {
    let file = ResultFile(entries: [
      ResultEntry(questionID: 2, answer: "a \"b\""), ResultEntry(questionID: 1, answer: ""),
    ])
    #expect(file.json == "[\n{\"answer\":\"a \\\"b\\\"\",\"question_id\":2},\n{\"answer\":\"\",\"question_id\":1}\n]\n")
    #expect(try ResultFile(json: Array(file.json.utf8)) == file)
    #expect(try ResultFile(json: Array(ResultFile(entries: []).json.utf8)).entries.isEmpty)
  }

  @Test func filesAreWrittenAndRead() throws {
    try withTemporaryFolder { folder in
      let results = ResultFile(entries: [ResultEntry(questionID: 2, answer: "x")])
      try results.write(to: folder + "/r.json")
      #expect(try ResultFile(path: folder + "/r.json") == results)
      let questions = QuestionFile(header: header, questions: [Question(imageID: 1, text: "q", questionID: 2)])
      try questions.write(to: folder + "/q.json")
      #expect(try QuestionFile(path: folder + "/q.json") == questions)
      let annotations = AnnotationFile(header: header, annotations: [])
      try annotations.write(to: folder + "/a.json")
      #expect(try AnnotationFile(path: folder + "/a.json") == annotations)
      let failure = #expect(throws: FileFailure.self) { try ResultFile(path: folder + "/q.json") }
      #expect(failure?.description.hasPrefix(folder + "/q.json: byte 0: found an object") == true)
      #expect(throws: FileFailure.self) { try QuestionFile(path: folder + "/a.json") }
      #expect(throws: FileFailure.self) { try AnnotationFile(path: folder + "/q.json") }
    }
  }

  @Test(arguments: [
    (
      #"{"questions":[{"image_id":1,"question":"a","question_id":2},{"image_id":1,"question":"a"}]}"#,
      "questions[1].question_id"
    ),
    (#"{"questions":[{"image_id":"1","question":"a","question_id":2}]}"#, "questions[0].image_id"),
    (#"{"questions":[{"image_id":1.5,"question":"a","question_id":2}]}"#, "questions[0].image_id"),
    (#"{"questions":[{"image_id":9223372036854775808,"question":"a","question_id":2}]}"#, "questions[0].image_id"),
    (#"{"questions":[{"image_id":1,"question":null,"question_id":2}]}"#, "questions[0].question"),
    (
      #"{"questions":[{"image_id":1,"question":"a","question_id":2,"multiple_choices":[1]}]}"#,
      "questions[0].multiple_choices[0]"
    ),
    (#"{"questions":[7]}"#, "questions[0]"), (#"{"questions":{}}"#, "questions"), (#"{}"#, "questions"),
    (#"{"data_type":1,"questions":[]}"#, "data_type"), (#"[]"#, ""), (#"{"questions":[]"#, ""), ("", ""),
    (#"{"questions":[{"image_id":1,"image_id":2}]}"#, "questions[0]"),
  ])
  func wrongQuestionsNameTheField(_ text: String, _ path: String) throws {
    let failure = try #require(failure { try QuestionFile(json: Array(text.utf8)) })
    #expect(failure.path == path && failure.kind == .badData && failure.offset != nil)
    #expect(!failure.problem.isEmpty && !failure.advice.isEmpty)
  }

  @Test(arguments: [
    (#"[{"question_id":1,"answer":2}]"#, "[0].answer"), (#"[{"question_id":1}]"#, "[0].answer"),
    (#"[{"answer":"a"}]"#, "[0].question_id"), (#"[{"question_id":"1","answer":"a"}]"#, "[0].question_id"),
    (#"["a"]"#, "[0]"), (#"{"results":[]}"#, ""), (#"null"#, ""), (#"[] []"#, ""),
  ])
  func wrongResultsNameTheField(_ text: String, _ path: String) throws {
    let failure = try #require(failure { try ResultFile(json: Array(text.utf8)) })
    #expect(failure.path == path)
  }

  @Test func wrongAnswersNameTheField() throws {
    let text = #"{"annotations":[{"question_id":1,"image_id":1,"answers":[{"answer":"a"},{"answer_id":1}]}]}"#
    let failure = try #require(failure { try AnnotationFile(json: Array(text.utf8)) })
    #expect(failure.place?.hasPrefix("annotations[0].answers[1].answer (byte ") == true)
    #expect(failure.reason == .missingField)
  }

  @Test func clevrQuestionsKeepTheLastFunction() throws {
    let text = """
      {"info":{},"questions":[{"image_index":3,"question":"How?","answer":"2","program":[{"function":"scene","inputs":[]},
      {"function":"count"}]},{"image_index":4,"question":"Test?"}]}
      """
    let questions = try CLEVRQuestionFile(json: Array(text.utf8)).questions
    #expect(
      questions == [
        CLEVRQuestion(imageIndex: 3, text: "How?", answer: "2", lastFunction: "count"),
        CLEVRQuestion(imageIndex: 4, text: "Test?", answer: nil, lastFunction: nil),
      ])
    #expect(failure { try CLEVRQuestionFile(json: Array("{}".utf8)) }?.path == "questions")
  }

  /// Every reader takes a path, passes over fields that it does not know, and names the file that is wrong.
  @Test func readersOfPathsNameTheFile() throws {
    let readers: [(name: String, good: String, bad: String, read: (String) throws -> Int)] = [
      (
        "questions", #"{"x":[1],"questions":[{"x":1,"image_id":1,"question":"a","question_id":2}]}"#, "{}",
        { try QuestionFile(path: $0).questions.count }
      ),
      (
        "annotations",
        #"{"x":1,"annotations":[{"x":1,"question_id":1,"image_id":1,"question_type":"","answer_type":"","answers":[]}]}"#,
        "[]",
        { try AnnotationFile(path: $0).annotations.count }
      ),
      ("results", #"[{"x":{"y":1},"question_id":1,"answer":"a"}]"#, "{}", { try ResultFile(path: $0).entries.count }),
      (
        "CLEVR", #"{"x":1,"questions":[{"x":1,"image_index":3,"question":"How?"}]}"#, #"{"questions":[{}]}"#,
        { try CLEVRQuestionFile(path: $0).questions.count }
      ),
      (
        "either", #"{"questions":[{"image_index":3,"question":"How?"}]}"#, #"{"questions":[{"image_index":3}]}"#,
        { try AnyQuestionFile(path: $0).texts.count }
      ),
      (
        "either", #"{"x":1,"questions":[{"image_id":1,"question":"a","question_id":2}]}"#, #"{"questions":[]"#,
        { try AnyQuestionFile(path: $0).texts.count }
      ),
      (
        "answers", #"{"x":1,"format":"vqa-answers-1","answers":["yes"]}"#, #"{"format":"vqa-answers-1"}"#,
        { try AnswerVocabulary(path: $0).count }
      ),
      (
        "words", #"{"x":1,"format":"vqa-words-1","words":["PAD","UNK","CLS"]}"#, "[]",
        { try Vocabulary(path: $0).count - 2 }
      ),
    ]
    try withTemporaryFolder { folder in
      for (name, good, bad, read) in readers {
        let path = "\(folder)/\(name)"
        try AtomicFile.write(good, to: path)
        #expect(try read(path) == 1, "\(name)")
        try AtomicFile.write(bad, to: path)
        let failure = #expect(throws: FileFailure.self, "\(name)") { try read(path) }
        #expect(failure?.file == path, "\(name)")
        #expect(throws: FileFailure.self, "\(name)") { try read(path + ".none") }
      }
      try AtomicFile.write("yes\n", to: folder + "/lines")
      #expect(try AnswerLines(path: folder + "/lines").answers == ["yes"])
      try AtomicFile.write([0x61, 0x0A, 0xFF], to: folder + "/lines")
      let failure = #expect(throws: FileFailure.self) { try AnswerLines(path: folder + "/lines") }
      #expect((failure?.cause as? FormatFailure)?.path == "line 2")
    }
  }

  /// Every prefix of a good file is refused, and none traps.
  @Test func cutFilesAreRefused() {
    let file = QuestionFile(header: header, questions: [Question(imageID: 1, text: "é?", questionID: 10)])
    let bytes = Array(file.json.utf8.dropLast())
    for length in 0..<bytes.count {
      #expect(failure { try QuestionFile(json: Array(bytes[..<length])) } != nil)
    }
  }
}
