// QuestionSetTests.swift - one split of a data set, and what is said when a part of it is missing.

import Foundation
import ImageCodecs
import SafeFiles
import TestSupport
import Testing
import Training
import VQAFormats
import VQAPipeline

@Suite struct QuestionSetTests {
  private func load(_ folder: String, _ split: String = "train") throws -> QuestionSet {
    try QuestionSet(folder: folder, split: split, preparation: PicturePreparation(TinySet.recipe.model))
  }

  private func failure(_ change: (String) throws -> Void) throws -> FileFailure {
    try withTemporaryFolder { folder in
      try TinySet.write(in: folder)
      try change(folder)
      return try #require(throws: FileFailure.self) { try load(folder) }
    }
  }

  private func writeAnnotations(_ answers: [[String]], of questions: [Int], to folder: String) throws {
    let annotations = zip(questions, answers).map { question, answers in
      Annotation(
        questionID: question, imageID: 1, questionType: "kind", answerType: "other", multipleChoiceAnswer: nil,
        answers: answers.enumerated().map { HumanAnswer($1, answerID: $0 + 1) })
    }
    try AnnotationFile(header: DataSetHeader(), annotations: annotations).write(to: folder + "/train/annotations.json")
  }

  @Test func readsPicturesAndQuestions() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(in: folder)
      let set = try load(folder)
      #expect(set.pictures.count == 32)
      #expect(set.pictures.allSatisfy { $0.width == 8 && $0.height == 8 })
      #expect(set.questions.map(\.id) == Array(1...32))
      #expect(set.questions.map(\.picture) == Array(0..<32))
      #expect(set.questions[0].common == "blue" && set.questions[1].common == "red")
      #expect(set.questions[0].answers == [String](repeating: "blue", count: 10))
      #expect(set.questions[0].questionType == "what color" && set.questions[0].answerType == "other")
      #expect(set.pictures[1].color(x: 3, y: 3) == RGBColor(red: 152, green: 2, blue: 0))
    }
  }

  @Test func questionsAboutOnePictureShareIt() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(in: folder)
      let questions = [(7, 11), (3, 12), (7, 13)].map { Question(imageID: $0, text: "What?", questionID: $1) }
      try QuestionFile(header: DataSetHeader(), questions: questions).write(to: folder + "/train/questions.json")
      // Most people, the first of equals, after the normalisation that the loader does.
      try writeAnnotations(
        [["blue", "red", "red"], ["green", "blue", "blue", "green"], ["Red.", "two", "red"]], of: [11, 12, 13],
        to: folder)
      let set = try load(folder)
      #expect(set.pictures.count == 2)
      #expect(set.questions.map(\.picture) == [0, 1, 0])
      #expect(set.questions.map(\.common) == ["red", "green", "red"])
    }
  }

  @Test func theHashFollowsTheFiles() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(in: folder)
      let hash = try load(folder).contentHash
      #expect(try load(folder).contentHash == hash)
      #expect(try load(folder, "val").contentHash != hash)
      try TinySet.write(Array(1...32), split: "train", in: folder) { $0 == 9 ? "green" : "blue" }
      #expect(try load(folder).contentHash != hash)
    }
  }

  @Test func aMissingAnnotationIsNamed() throws {
    let failure = try failure { try writeAnnotations([["red"]], of: [1], to: $0) }
    #expect(failure.cause as? TrainingFailure == .noAnnotation(questionID: 2))
    #expect(failure.file.hasSuffix("/train/annotations.json"))
    #expect(failure.description.contains("question 2"))
  }

  @Test func anEmptySplitIsRefused() throws {
    let failure = try failure { try TinySet.write([], split: "train", in: $0) }
    #expect(failure.cause as? TrainingFailure == .noQuestions)
    #expect(failure.file.hasSuffix("/train/questions.json"))
  }

  @Test(arguments: ["train/questions.json", "train/annotations.json", "images/5.png", "images"])
  func missingFilesAreNamed(name: String) throws {
    let failure = try failure { try FileManager.default.removeItem(atPath: $0 + "/" + name) }
    #expect(failure.kind == .notFound)
    let isPicture = name.hasPrefix("images")
    #expect(failure.file.hasSuffix(isPicture ? "/images" : name))
    if name == "images/5.png" { #expect(failure.description.contains("5")) }
  }

  @Test(arguments: ["train/questions.json", "train/annotations.json", "images/5.png"])
  func damagedFilesAreNamed(name: String) throws {
    let failure = try failure { folder in
      let bytes = try readFile(folder + "/" + name, limit: 1 << 20)
      try AtomicFile.write(Array(bytes.prefix(bytes.count / 2)), to: folder + "/" + name)
    }
    #expect(failure.kind == .badData)
    #expect(failure.file.hasSuffix(name))
  }

  @Test func picturesAboveTheLimitsAreRefused() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(in: folder)
      var limits = ImageLimits()
      limits.fileBytes = 10
      let failure = try #require(throws: FileFailure.self) {
        try QuestionSet(
          folder: folder, split: "train", preparation: PicturePreparation(TinySet.recipe.model), limits: limits)
      }
      #expect(failure.file.hasSuffix("/images/1.png"))
    }
  }
}
