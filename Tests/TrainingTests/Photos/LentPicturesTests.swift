// LentPicturesTests.swift - questions without a photo borrow one that what they say is true of.

import Testing
import Training
import VQAFormats
import VQAPipeline

@Suite struct LentPicturesTests {
  /// Dogs have classes and a label, trees a label, cars a class.
  private static func lookup() throws -> KnowledgeLookup {
    let concepts = try ConceptVocabulary(
      everydayNames: ["dog", "dog", "car", "cup"], ownNames: ["spaniel", "poodle", "car", "cup"],
      labels: ["dog", "tree"],
      concepts: [
        .init(classes: [0, 1], label: 0), .init(classes: [], label: 1), .init(classes: [2], label: nil),
      ], phrases: [("car", 2), ("dog", 0), ("dogs", 0), ("tree", 1)])
    var configuration = KnowledgeConfiguration()
    (configuration.classes, configuration.labels, configuration.names) = (4, 2, 2)
    return KnowledgeLookup(
      KnowledgeTables(concepts: concepts, below: [:]), configuration,
      words: Vocabulary.build(fromQuestions: ["dog tree car"], madeFrom: "test"),
      answers: AnswerVocabulary.build(fromAnswers: ["dog", "car", "yes", "no"], minimumCount: 1, madeFrom: "test"))
  }

  /// Photo 4 has a dog, 5 a dog below a tree, 6 a car, 7 a cup.
  private static let known = [
    PictureKnowledge(classLogits: [20, 0, 0, 0], labels: [9, -9]),
    PictureKnowledge(classLogits: [0, 20, 0, 0], labels: [9, 9]),
    PictureKnowledge(classLogits: [0, 0, 20, 0], labels: [-9, -9]),
    PictureKnowledge(classLogits: [0, 0, 0, 20], labels: [-9, -9]),
  ]

  private static func lent() throws -> LentPictures {
    LentPictures([4, 5, 6, 7], known: known, lookup: try lookup())
  }

  private static func question(_ text: String, _ answer: String) -> AskedQuestion {
    AskedQuestion(
      id: 1, text: text, picture: AskedQuestion.noPicture, answers: [answer], common: answer, set: "text")
  }

  /// The photos that a hundred askers get, with how many of them each.
  private static func photos(_ text: String, _ answer: String) throws -> [Int: Int] {
    let questions = Array(repeating: question(text, answer), count: 100)
    let lent = try lent().lend(to: questions, set: "lent", seed: 3)
    #expect(lent.count == 100 && lent.allSatisfy { $0.set == "lent" && $0.text == text && $0.common == answer })
    return lent.reduce(into: [:]) { $0[$1.picture, default: 0] += 1 }
  }

  @Test func whatIsAskedAboutAndAnsweredIsThere() throws {
    let lent = try Self.lent()
    #expect(lent.said(by: Self.question("Is the dog under the tree?", "yes")) == [0: true, 1: true])
    #expect(lent.said(by: Self.question("What is under the tree?", "car")) == [1: true, 2: true])
    #expect(lent.said(by: Self.question("What is this?", "unknown")).isEmpty)
  }

  @Test func whatIsDeniedIsNotThere() throws {
    let lent = try Self.lent()
    #expect(lent.said(by: Self.question("Is there a dog or a car?", "no")) == [0: false, 2: false])
    #expect(lent.said(by: Self.question("Are these dogs?", "no")) == [0: false])
    // There is a dog; of the tree nothing is known.
    #expect(lent.said(by: Self.question("Is the dog under the tree?", "no")) == [0: true])
    #expect(lent.said(by: Self.question("Is the dog asleep?", "no")) == [0: true])
  }

  @Test func photosAreDrawnByWhatIsTrueOfThem() throws {
    #expect(Set(try Self.photos("Is the dog under the tree?", "yes").keys) == [5])
    let dogs = try Self.photos("What color is the dog?", "pink")
    #expect(Set(dogs.keys) == [4, 5] && dogs.values.allSatisfy { $0 > 30 })
    #expect(Set(try Self.photos("Is there a dog?", "no").keys) == [6, 7])
    #expect(Set(try Self.photos("Is there a car?", "yes").keys) == [6])
    // A question that names nothing known may be asked about any.
    let any = try Self.photos("Is it sunny?", "yes")
    #expect(Set(any.keys) == [4, 5, 6, 7] && any.values.allSatisfy { $0 > 10 })
  }

  @Test func aSeedGivesOneDraw() throws {
    let questions = Array(repeating: Self.question("Is it sunny?", "yes"), count: 50)
    let lent = try Self.lent()
    let draws = [1, 1, 2].map { seed in lent.lend(to: questions, set: "lent", seed: seed).map(\.picture) }
    #expect(draws[0] == draws[1] && draws[0] != draws[2])
    let none = LentPictures([], known: [], lookup: try Self.lookup())
    #expect(none.lend(to: questions, set: "lent", seed: 1).isEmpty)
  }
}
