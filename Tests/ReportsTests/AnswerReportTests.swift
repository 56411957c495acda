// AnswerReportTests.swift - an answer as text and as JSON.

import Reports
import SafeFiles
import Testing
import VQAPipeline

@Suite struct AnswerReportTests {
  @Test func textOfAnAnswer() throws {
    let text = AnswerReport.text(Example().answer, top: 5)
    try expectSnapshot("answer.txt", text)
    expectPlainLines(text)
  }

  @Test func textOfALongQuestion() throws {
    var example = Example.sized(layers: 3, spans: 6, grid: Example().grid)
    example.question = String(repeating: "is the ball to the left of the cube larger than the other one ", count: 4)
    example.candidates[0].answer = String(repeating: "yes and no ", count: 12)
    example.unknownWords = ["grün", "left\u{1B}[31m"]
    example.droppedWords = 3
    let text = AnswerReport.text(example.answer, top: 2)
    try expectSnapshot("answer-long.txt", text)
    expectPlainLines(text)
  }

  @Test func topLimitsTheAnswersShown() {
    let answer = Example().answer
    #expect(AnswerReport.text(answer, top: 3).contains("triangle"))
    #expect(!AnswerReport.text(answer, top: 2).contains("triangle"))
    let single = AnswerReport.text(answer, top: 0)
    #expect(single.contains("circle") && !single.contains("rectangle"))
  }

  @Test(
    arguments: [
      (1, "100 %"), (0.999_999_9, ">99.99 %"), (0.999_6, "99.96 %"), (0.999_4, "99.9 %"), (0.973_1, "97.3 %"),
      (0.5, "50.0 %"), (0.000_4, "0.04 %"), (0.000_01, "<0.01 %"), (0, "0 %"), (-1, "0 %"), (7, "100 %"),
      (.nan, "? %"), (.infinity, "100 %"),
    ] as [(Float, String)])
  func probabilitiesAreNeitherHiddenNorInvented(probability: Float, expected: String) {
    var example = Example()
    example.candidates = [AnswerCandidate(answer: "yes", probability: probability)]
    let line = AnswerReport.text(example.answer, top: 1).split(separator: "\n").first { $0.contains("yes") }
    #expect(line?.hasSuffix(" " + expected) == true, "\(line ?? "")")
  }

  @Test(arguments: [
    (0, "0"), (1, "less than 0.01"), (5_000, "0.01"), (1_234_567, "1.23"), (46_812_345, "46.8"),
    (1_234_567_890, "1235"), (Int.max, "9223372036855"), (-5, "0"),
  ])
  func costInMillions(count: Int, expected: String) {
    var example = Example()
    example.multiplyAdds = count
    #expect(AnswerReport.text(example.answer, top: 1).hasSuffix("Cost      \(expected) million multiply-adds\n"))
  }

  @Test func jsonHasTheKeysOfAsk() throws {
    let json = try JSONValue.parse(Array(AnswerReport.json(Example().answer).serialized().utf8))
    #expect(json.objectValue?.keys == ["question", "answer", "answers", "exit", "multiplyAdds"])
    #expect(json["question"] == "What shape is in the picture?")
    #expect(json["answer"] == "circle")
    #expect(json["answers"]?.arrayValue?.count == 3)
    #expect(json["answers"]?.arrayValue?.first == ["answer": "circle", "probability": 0.9731])
    #expect(json["exit"] == 1)
    #expect(json["multiplyAdds"] == 46_812_345)
  }

  @Test(arguments: hostileTexts)
  func hostileTextsBreakNothing(text: String) throws {
    var example = Example()
    example.question = text
    example.candidates = [AnswerCandidate(answer: text, probability: 0.5)]
    example.unknownWords = [text]
    expectPlainLines(AnswerReport.text(example.answer, top: 5))
    let json = AnswerReport.json(example.answer).serialized()
    #expect(!json.contains("\n"))
    #expect(try JSONValue.parse(Array(json.utf8))["question"] == .string(text))
  }

  @Test func anAnswerWithoutPartsIsShownWithoutThem() {
    var example = Example()
    example.candidates = []
    example.weights = []
    #expect(
      AnswerReport.text(example.answer, top: 5) == """
        Question  What shape is in the picture?

        Cost      46.8 million multiply-adds

        """)
    #expect(AnswerReport.json(example.answer)["answer"] == "")
  }
}
