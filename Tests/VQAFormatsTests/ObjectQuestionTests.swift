// ObjectQuestionTests.swift - questions made about photos: what they ask, how they are answered, and that yes and no are even.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct ObjectQuestionTests {
  /// The shipped vocabulary.
  static let vocabulary: ConceptVocabulary = {
    let path = URL(filePath: #filePath).appending(path: "../../../vocab/photos-concepts.json").standardized.path
    do { return try ConceptVocabulary(json: readFile(path, limit: 1 << 20)) } catch { fatalError("\(error)") }
  }()
  static let labels = [1: ["dog", "person"], 2: ["person"], 3: ["umbrella", "skis"], 4: []]

  private func make(
    _ count: Int, labels: [Int: [String]] = [:], scores: [Int: [Int: Float]] = [:], seed: UInt64 = 1
  ) throws -> [(question: Question, annotation: Annotation)] {
    let questions = try ObjectQuestions(Self.vocabulary, pictures: [1, 2, 3, 4], labels: labels, scores: scores)
    let made = questions.make(.init(questions: count, labelShare: 0.35, seed: seed))
    #expect(made.questions.map(\.questionID) == Array(1...count))
    return zip(made.questions, made.annotations).map { ($0, $1) }
  }

  @Test func oneSeedGivesOneResult() throws {
    let (one, same, other) = (
      try make(200, labels: Self.labels), try make(200, labels: Self.labels),
      try make(200, labels: Self.labels, seed: 2)
    )
    #expect(one.map(\.question) == same.map(\.question))
    #expect(one.map(\.annotation) == same.map(\.annotation))
    #expect(one.map(\.question) != other.map(\.question))
  }

  @Test func subjectsHaveTheirNames() throws {
    let made = try make(2000)
    for (question, annotation) in made {
      let subject = try #require(question.subject)
      #expect((0.4...1).contains(subject.own) && (4...12).contains(subject.gain))
      #expect(annotation.answers.count == 10 && annotation.answers.map(\.answerID) == (1...10).map { $0 })
      #expect(annotation.imageID == question.imageID && annotation.questionID == question.questionID)
      guard annotation.answerType == "other" else { continue }
      #expect(annotation.questionType == "what is" && question.text.hasSuffix("?") || question.text.contains("name"))
      let names = Set([
        Self.vocabulary.everydayNames[subject.classNumber], Self.vocabulary.ownNames[subject.classNumber],
      ])
      #expect(Set(annotation.answers.map(\.answer)) == names)
      #expect(annotation.answers.count { $0.answer == annotation.multipleChoiceAnswer } == (names.count == 1 ? 10 : 8))
    }
    #expect(made.count { $0.annotation.answerType == "other" } == 1000)
    let breeds = made.filter { $0.question.text.contains("breed") }
    #expect(!breeds.isEmpty && breeds.allSatisfy { $0.annotation.multipleChoiceAnswer != "dog" })
  }

  @Test func yesAndNoAreEvenAndTrue() throws {
    let made = try make(6000).filter { $0.annotation.answerType == "yes/no" }
    var even: [String: Int] = [:]
    for (question, annotation) in made {
      #expect(annotation.questionType == "kind")
      let isYes = annotation.multipleChoiceAnswer == "yes"
      let classNumber = try #require(question.subject?.classNumber)
      let named = Self.vocabulary.concepts(of: QuestionTokenizer.words(of: question.text)).compactMap { $0 }
      // No word of the phrases themselves is a concept.
      #expect(Set(named).count == 1, "\(question.text)")
      #expect(Self.vocabulary.concepts[named[0]].classes.contains(classNumber) == isYes, "\(question.text)")
      for word in Set(QuestionTokenizer.words(of: question.text)) { even[word, default: 0] += isYes ? 1 : -1 }
    }
    #expect(abs(made.count { $0.annotation.multipleChoiceAnswer == "yes" } * 2 - made.count) < 150)
    #expect(["dog", "animal", "vehicle", "bird"].allSatisfy { abs(even[$0] ?? 99) < 25 }, "\(even["dog"] ?? 0)")
  }

  @Test func labelsAreTrue() throws {
    let made = try make(1000, labels: Self.labels).filter { $0.annotation.questionType == "label" }
    #expect(made.count == 350)
    #expect(made.count { $0.annotation.multipleChoiceAnswer == "yes" } - 175 < 5)
    let asked = ["dog": "dog", "person": "person", "people": "person", "human": "person", "umbrella": "umbrella"]
    for (question, annotation) in made {
      #expect(question.subject == nil)
      let words = QuestionTokenizer.words(of: question.text)
      let label = words.compactMap { asked[$0] }.first ?? "skis"
      let isThere = try #require(Self.labels[question.imageID]).contains(label)
      #expect(isThere == (annotation.multipleChoiceAnswer == "yes"), "\(question.text) \(question.imageID)")
    }
  }

  @Test func scoresAreAQuarterOfTheOthers() throws {
    // A spaniel, a car and nothing that is sure.
    let scores: [Int: [Int: Float]] = [1: [217: 0.9, 151: 0.05], 2: [817: 0.8], 3: [10: 0.2, 11: 0.2]]
    let made = try make(800, scores: scores)
    let real = made.filter { $0.question.subject == nil }
    #expect(real.count == 100)
    #expect(real.allSatisfy { $0.annotation.answerType == "yes/no" && $0.annotation.questionType == "kind" })
    #expect(real.allSatisfy { scores[$0.question.imageID] != nil })
    for (question, annotation) in real where annotation.multipleChoiceAnswer == "yes" {
      #expect(question.imageID != 3)
    }
  }

  @Test func articlesAndPluralsAreRight() throws {
    let texts = try make(4000, labels: Self.labels).map(\.question.text)
    for text in texts {
      for (wrong, _) in [("a animal", 0), ("a umbrella", 0), ("an unicycle", 0), ("a insect", 0), ("an dog", 0)] {
        #expect(!text.contains(wrong + "?") && !text.contains(wrong + " "), "\(text)")
      }
      #expect(!text.contains("{") && !text.contains("a skis") && !text.contains("a people"), "\(text)")
    }
    #expect(texts.contains { $0.contains("an animal") })
    #expect(texts.contains { $0.contains("any ") })
  }

  @Test func nothingToAskIsAFailure() throws {
    #expect(throws: ObjectFailure.noPictures) { try ObjectQuestions(Self.vocabulary, pictures: []) }
    #expect(throws: ObjectFailure.unknownLabel("hat stand", imageID: 7)) {
      try ObjectQuestions(Self.vocabulary, pictures: [7], labels: [7: ["dog", "hat stand"]])
    }
    let flat = try ConceptVocabulary(
      everydayNames: ["a"], ownNames: ["a"], labels: [], concepts: [.init(classes: [0], label: nil)],
      phrases: [("a", 0)])
    #expect(throws: ObjectFailure.noConcepts) { try ObjectQuestions(flat, pictures: [1]) }
  }
}

@Suite struct SimulatedSubjectTests {
  private func text(_ subject: String) -> [UInt8] {
    Array(#"{"questions":[{"image_id":-1,"question":"what?","question_id":1,"subject":\#(subject)}]}"#.utf8)
  }

  @Test func theFileGivesItBack() throws {
    let file = try QuestionFile(json: text(#"{"class":151,"own":0.71,"gain":8.3,"more":[]}"#))
    #expect(file.questions[0].subject == SimulatedSubject(classNumber: 151, own: 0.71, gain: 8.3))
    #expect(file.questions[0].imageID == Question.noPicture)
    #expect(file.json.contains(#""subject":{"class":151,"own":0.71,"gain":8.3}"#))
    #expect(try QuestionFile(json: Array(file.json.utf8)) == file)
    #expect(
      !QuestionFile(header: .init(), questions: [Question(imageID: 1, text: "", questionID: 2)]).json.contains("sub"))
  }

  @Test(arguments: [
    (#"{"class":-1,"own":0.5,"gain":8}"#, "questions[0].subject.class"),
    (#"{"class":1,"own":1.5,"gain":8}"#, "questions[0].subject.own"),
    (#"{"class":1,"own":0.5,"gain":-8}"#, "questions[0].subject.gain"),
    (#"{"class":1,"own":0.5}"#, "questions[0].subject.gain"), (#"[1]"#, "questions[0].subject"),
    (#"{"class":1.5,"own":0.5,"gain":8}"#, "questions[0].subject.class"),
  ])
  func faultsAreNamed(subject: String, path: String) {
    let failure = #expect(throws: FormatFailure.self) { try QuestionFile(json: text(subject)) }
    #expect(failure?.path == path)
  }
}

@Suite struct PictureTruthTests {
  @Test func labelsAndScoresAreRead() throws {
    #expect(try PictureLabels(json: Array(#"{"36":["person"],"7":[]}"#.utf8)).names == [36: ["person"], 7: []])
    let scores = try PictureScores(
      json: Array(#"{"classes":3,"made":[1],"pictures":{"a.jpg":[[2,0.5],[0,0.25]]}}"#.utf8))
    #expect(scores.classes == 3 && scores.pictures == ["a.jpg": [2: 0.5, 0: 0.25]])
  }

  @Test(arguments: [
    (#"{"classes":3,"pictures":{"a.jpg":[[3,0.5]]}}"#, "pictures.a.jpg"), (#"{"pictures":{}}"#, "classes"),
    (#"{"classes":3,"pictures":{"a.jpg":[[1,1.5]]}}"#, "pictures.a.jpg[0][1]"),
    (#"{"classes":3,"pictures":{"a.jpg":[[1]]}}"#, "pictures.a.jpg[0].probability"),
    (#"{"classes":3,"pictures":{"a.jpg":[[1,0.5,2]]}}"#, "pictures.a.jpg[0][2]"),
  ])
  func faultsInScoresAreNamed(text: String, path: String) {
    let failure = #expect(throws: FormatFailure.self) { try PictureScores(json: Array(text.utf8)) }
    #expect(failure?.path == path)
  }

  @Test func aLabelNeedsAnImageID() {
    let failure = #expect(throws: FormatFailure.self) { try PictureLabels(json: Array(#"{"x":[]}"#.utf8)) }
    #expect(failure?.path == "x")
  }

  @Test func foldersAreGatheredByLinks() throws {
    try withTemporaryFolder { folder in
      for name in ["a/images", "b", "c"] {
        try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      }
      for name in ["a/images/x.jpg", "b/3.jpg", "b/4.PNG", "c/one.jpg", "c/two.jpg"] {
        try AtomicFile.write(name, to: "\(folder)/\(name)")
      }
      try AtomicFile.write(#"{"3":"x.jpg","5":"../../b/4.PNG"}"#, to: folder + "/a/images.json")
      var pictures = PictureGathering()
      #expect(try pictures.add(folder: folder + "/a/images") == [3: 3, 5: 5])
      #expect(try pictures.add(folder: folder + "/b") == [3: 10_000_003, 4: 5])
      #expect(try pictures.add(folder: folder + "/c") == [1: 1, 2: 2])
      #expect(try pictures.add(list: folder + "/a/images.json") == [3: 3, 5: 5])
      let output = folder + "/made"
      try pictures.write(to: output)
      try pictures.write(to: output)
      let index = try PictureIndex(folder: output + "/images")
      #expect(String(decoding: try readFile(index.path(of: 5), limit: 99), as: UTF8.self) == "b/4.PNG")
      #expect(String(decoding: try readFile(index.path(of: 10_000_003), limit: 99), as: UTF8.self) == "b/3.jpg")
      #expect(throws: FileFailure.self) { try index.path(of: 4) }
      #expect(try PictureListing(folder: output + "/images").items.map(\.imageID) == [1, 2, 3, 5, 10_000_003])
      #expect(throws: FileFailure.self) { try pictures.add(folder: folder + "/none") }
      // Where two names end with one number, numbers by place.
      try FileManager.default.createDirectory(atPath: folder + "/d", withIntermediateDirectories: true)
      for name in ["d/7.jpg", "d/x7.png"] { try AtomicFile.write(name, to: "\(folder)/\(name)") }
      var twice = PictureGathering()
      #expect(try twice.add(folder: folder + "/d").keys.sorted() == [1, 2])
      for (list, cause) in [("{}", PictureFailure.noPictures), ("[]", nil), (#"{"x":"x.jpg"}"#, nil)] {
        try AtomicFile.write(list, to: folder + "/list.json")
        let failure = #expect(throws: FileFailure.self) { try pictures.add(list: folder + "/list.json") }
        #expect(failure?.file == folder + "/list.json" && failure?.cause as? PictureFailure == cause)
      }
      try AtomicFile.write(#"{"3":"y.jpg"}"#, to: folder + "/a/images.json")
      let failure = #expect(throws: FileFailure.self) { try pictures.add(folder: folder + "/a/images") }
      #expect(failure?.cause as? PictureFailure == .noPicture(imageID: 3))
    }
  }
}
