// FoldTests.swift - folds of a data set, and questions without pictures.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct FoldTests {
  private static func split(_ name: String, _ ids: ClosedRange<Int>) -> DataSplit {
    let questions = ids.map { Question(imageID: $0 / 3, text: "What?", questionID: $0) }
    let annotations = ids.map { id in
      Annotation(
        questionID: id, imageID: id / 3, questionType: "what", answerType: "other", multipleChoiceAnswer: "Yes",
        answers: [
          HumanAnswer("Yes", confidence: "maybe", answerID: 1), HumanAnswer("no", answerID: 2, others: ["x": 1]),
        ])
    }
    let header = DataSetHeader(info: ["a": 1], taskType: "Open-Ended", dataType: "mscoco", dataSubtype: name)
    return DataSplit(name: name, header: header, questions: questions, annotations: annotations)
  }

  private func withSet(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try Self.split("train", 0...299).write(to: folder + "/set")
      try Self.split("val", 300...359).write(to: folder + "/set")
      try body(folder + "/set")
    }
  }

  @Test(arguments: FoldedSet.Unit.allCases)
  func everythingIsHeldOutOnce(unit: FoldedSet.Unit) throws {
    try withSet { source in
      let splits = try FoldedSet(source: source).splits(folds: 4, by: unit, seed: 7)
      #expect(splits.map(\.name) == ["all"] + (1...4).flatMap { ["fold\($0)-train", "fold\($0)-val"] })
      #expect(splits[0].questions.map(\.questionID) == Array(0...359))
      var heldOut: [Int] = []
      for fold in 0..<4 {
        let (train, val) = (splits[1 + 2 * fold], splits[2 + 2 * fold])
        #expect(Set(train.questions.map(\.questionID)).isDisjoint(with: val.questions.map(\.questionID)))
        #expect(train.questions.count + val.questions.count == 360)
        #expect((40...140).contains(val.questions.count))
        #expect(val.annotations.map(\.questionID) == val.questions.map(\.questionID))
        #expect(val.header.dataSubtype == val.name && val.header.dataType == "mscoco")
        let shared = Set(train.questions.map(\.imageID)).intersection(val.questions.map(\.imageID))
        #expect(shared.isEmpty == (unit == .picture))
        heldOut += val.questions.map(\.questionID)
      }
      #expect(heldOut.sorted() == Array(0...359))
      #expect(try FoldedSet(source: source).splits(folds: 4, by: unit, seed: 7) == splits)
      #expect(try FoldedSet(source: source).splits(folds: 4, by: unit, seed: 8) != splits)
    }
  }

  @Test func answersKeepTheirFieldsAndMayBeSmall() throws {
    try withSet { source in
      let kept = try FoldedSet(source: source).splits(folds: 2, by: .picture, seed: 1)[0]
      #expect(kept.annotations == Self.split("train", 0...359).annotations)
      let small = try FoldedSet(source: source, isLowerCase: true).splits(folds: 2, by: .picture, seed: 1)[0]
      #expect(small.annotations[0].multipleChoiceAnswer == "yes")
      let answers = [
        HumanAnswer("yes", confidence: "maybe", answerID: 1), HumanAnswer("no", answerID: 2, others: ["x": 1]),
      ]
      #expect(small.annotations[0].answers == answers)
    }
  }

  @Test func whatDoesNotFitIsNamed() throws {
    try withSet { source in
      try Self.split("val", 299...310).write(to: source)
      let double = #expect(throws: FileFailure.self) { try FoldedSet(source: source) }
      #expect(double?.cause as? FoldFailure == .double(questionID: 299))
      let val = Self.split("val", 400...401)
      try AnnotationFile(header: val.header, annotations: [val.annotations[0]]).write(
        to: source + "/val/annotations.json")
      try QuestionFile(header: val.header, questions: val.questions).write(to: source + "/val/questions.json")
      let missing = #expect(throws: FileFailure.self) { try FoldedSet(source: source) }
      #expect(missing?.cause as? FoldFailure == .noAnnotation(questionID: 401))
      try FileManager.default.removeItem(atPath: source + "/val/annotations.json")
      let none = #expect(throws: FileFailure.self) { try FoldedSet(source: source) }
      #expect(none?.cause as? FoldFailure == .noAnnotations(split: "val"))
      try FileManager.default.removeItem(atPath: source + "/val")
      #expect(try FoldedSet(source: source).splits(folds: 2, by: .picture, seed: 1)[0].questions.count == 300)
      try FileManager.default.removeItem(atPath: source + "/train")
      #expect(throws: FileFailure.self) { try FoldedSet(source: source) }
    }
  }

  @Test func picturesAreLinked() throws {
    try withSet { source in
      let output = source + "-folds"
      #expect(try !FoldedSet.linkPictures(of: source, into: output))
      try FileManager.default.createDirectory(atPath: source + "/images", withIntermediateDirectories: true)
      try AtomicFile.write("one", to: source + "/images/one.jpg")
      try AtomicFile.write(#"{"1":"one.jpg"}"#, to: source + "/images.json")
      #expect(try FoldedSet.linkPictures(of: source, into: output))
      #expect(try FoldedSet.linkPictures(of: source, into: output))
      let path = try PictureIndex(folder: output + "/images").path(of: 1)
      #expect(try readFile(path, limit: 9) == Array("one".utf8))
      try FileManager.default.removeItem(atPath: output + "/images")
      try AtomicFile.write("in the way", to: output + "/images")
      let failure = #expect(throws: FileFailure.self) { try FoldedSet.linkPictures(of: source, into: output) }
      #expect(failure?.cause as? FileWriteFailure == .notCreated(EEXIST))
    }
  }
}

@Suite struct TextQuestionTests {
  private func split(_ text: String) throws(FormatFailure) -> DataSplit {
    try TextQuestions.split(lines: Array(text.utf8), info: "words")
  }

  @Test func linesAreQuestionsWithoutPictures() throws {
    let text = #"""
      {"question": "What meal is this?", "answer_type": "other", "answers": {"brunch": 2, "lunch": 8}}

      {"question": "Is it?", "answer_type": "yes/no", "answers": {"yes": 1, "no": 1, "maybe": 1}, "more": 1}
      """#
    let split = try split(text)
    #expect(split.questions.map(\.questionID) == [1, 2])
    #expect(split.questions.allSatisfy { $0.imageID == Question.noPicture })
    #expect(split.annotations.map(\.questionType) == ["what meal", "is it"])
    #expect(split.annotations.map(\.answerType) == ["other", "yes/no"])
    #expect(split.annotations.map(\.multipleChoiceAnswer) == ["lunch", "yes"])
    #expect(
      split.annotations[0].answers.map(\.answer) == ["brunch", "brunch"] + [String](repeating: "lunch", count: 8))
    // A third each: the remainder goes to the first.
    #expect(split.annotations[1].answers.map(\.answer).filter { $0 == "yes" }.count == 4)
    #expect(split.annotations.allSatisfy { $0.answers.map(\.answerID) == (1...10).map { $0 } })
  }

  @Test(arguments: [
    ("{\"question\": \"a\"}", "line 1: answers"), ("\n{\"answers\": {\"a\": 1}}", "line 2: question"),
    ("{\"question\": \"a\", \"answers\": {\"b\": 0}}", "line 1: answers.b"),
    ("{\"question\": \"a\", \"answers\": {}}", "line 1: answers"), ("[]", "line 1: "),
    ("{\"question\": 1, \"answers\": {}}", "line 1: question"),
  ])
  func faultsNameTheLine(text: String, path: String) {
    let failure = #expect(throws: FormatFailure.self) { try split(text) }
    #expect(failure?.path == path)
  }
}
