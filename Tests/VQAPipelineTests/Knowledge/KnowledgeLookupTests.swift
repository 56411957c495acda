// KnowledgeLookupTests.swift - what a picture says to each word and each answer.

import Foundation
import Tensors
import Testing
import VQAFormats
import VQAPipeline

@Suite struct KnowledgeLookupTests {
  private static let knowledge = Known.knowledge([0.5, 0.25, 0.125, 0.125], labels: [-1, 2])

  private static func odds(_ score: Float) -> Float { log(score / (1 - score)) }
  private static func share(_ odds: Float) -> Float { 1 / (1 + exp(-odds)) }
  /// From a thousandth, 0, to all, 1.
  private static func size(_ probability: Float) -> Float { (log(probability + 0.001) + 6.907755) / 6.907755 }

  private static func isNear(_ one: [Float], _ other: [Float], _ tolerance: Float = 1e-5) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) < tolerance }
  }

  /// The eight numbers of each word.
  private func ties(_ question: String, count: Int = 8, _ knowledge: PictureKnowledge? = knowledge) throws -> [[Float]]
  {
    let lookup = try Known.lookup()
    let values = lookup.ties(
      QuestionTokenizer.words(of: question), count: count, knowledge.map { lookup.seen($0) })
    #expect(values.count == count * 8)
    return (0..<count).map { Array(values[($0 * 8)..<($0 * 8 + 8)]) }
  }

  private static let nothing = [Float](repeating: 0, count: 8)

  @Test func wordsOfClassesLabelsBothAndNeither() throws {
    let found = try ties("dog car person table")
    let dog = Self.odds(0.75) / 4
    #expect(Self.isNear(found[0], [1, dog, 0.75, 1, -0.25, Self.share(-1), dog, 1]))
    #expect(dog > 0)
    // Improbable: its odds are below 0, and no label has its name.
    #expect(Self.isNear(found[1], [1, Self.odds(0.125) / 4, 0.125, 0, 0, 0, 0, 0]))
    #expect(Self.isNear(found[2], [0, 0, 0, 1, 0.5, Self.share(2), 0, 0]))
    for word in 3..<8 { #expect(found[word] == Self.nothing) }
  }

  @Test func nothingIsSaidWithoutAPicture() throws {
    #expect(try ties("dog car person", nil) == Array(repeating: Self.nothing, count: 8))
  }

  @Test func allWordsOfAPhraseHaveItsNumbers() throws {
    let found = try ties("a cocker spaniel, a cocker")
    let spaniel: [Float] = [1, 0, 0.5, 0, 0, 0, 0, 0]
    #expect(Self.isNear(found[1], spaniel) && Self.isNear(found[2], spaniel))
    #expect(found[0] == Self.nothing && found[4] == Self.nothing)
  }

  @Test func wordsBeyondTheLengthAreNotRead() throws {
    let found = try ties("is there a dog", count: 3)
    #expect(found == Array(repeating: Self.nothing, count: 3))
    // Half a phrase is another word.
    #expect(try ties("a cocker spaniel", count: 2) == Array(repeating: Self.nothing, count: 2))
    #expect(try ties("dog cocker spaniel", count: 1)[0][0] == 1)
  }

  @Test func certaintyStaysFinite() throws {
    let sure = PictureKnowledge(classLogits: [300, 0, 0, 0], labels: [90, -90])
    let found = try ties("dog car person", sure)
    #expect(found.joined().allSatisfy { $0.isFinite && abs($0) < 30 })
    #expect(found[0][2] > 0.999 && found[1][2] < 0.001)
  }

  @Test func everydayNamesAreSummed() throws {
    let seen = try Known.lookup().seen(Self.knowledge)
    #expect(Self.isNear(seen.classes, [0.5, 0.25, 0.125, 0.125]))
    // By the alphabet: car, cat, dog.
    #expect(Self.isNear(seen.everyday, [0.125, 0.125, 0.75]))
    #expect(seen.labels == [-1, 2])
    let sharp = try Known.lookup { $0.classTemperature = 0.5 }.seen(Self.knowledge)
    let squares: [Float] = [0.25, 0.0625, 0.015625, 0.015625]
    #expect(Self.isNear(sharp.classes, squares.map { $0 / squares.reduce(0, +) }))
  }

  @Test func theBestNamesComeFirst() throws {
    let lookup = try Known.lookup()
    let names = lookup.seen(Self.knowledge).names
    func ids(_ words: [String]) -> [Int] { words.map { Known.words.id(of: $0) ?? Vocabulary.unknown } }
    // Of the equals car and cat the first; of labels the more probable.
    let expected = [["dog", "dog"], ["car", "car"], ["person", "person"], ["dog", "dog"]]
    #expect(names.map(\.name.words) == expected.map(ids))
    #expect(names.map(\.name.answer) == [2, 4, 7, 2])
    #expect(names.map(\.kind) == [.classes, .classes, .label, .label])
    #expect(Self.isNear(names.map(\.score), [Self.size(0.75), Self.size(0.125), Self.share(2), Self.share(-1)]))
    #expect(lookup.nameTokens == 4)
  }

  @Test func equalLabelsComeInTheirOrder() throws {
    let seen = try Known.lookup().seen(Known.knowledge([0.25, 0.25, 0.25, 0.25], labels: [1, 1]))
    #expect(seen.names.map(\.name.answer) == [2, 4, 2, 7])
  }

  /// A picture gives as many tokens as are counted, also where there are fewer names than are asked for.
  @Test(arguments: 1...6)
  func tokensAreCounted(names: Int) throws {
    let lookup = try Known.lookup { $0.names = names }
    #expect(lookup.seen(Self.knowledge).names.count == lookup.nameTokens)
    #expect(lookup.nameTokens == min(names, 3) + min(names, 2))
  }

  /// Of a long name the last two words are read.
  @Test func longNamesAreCut() throws {
    let words = try Vocabulary(words: ["PAD", "UNK", "CLS", "old", "sheep", "dog"], madeFrom: "the tests")
    let answers = try Known.answerVocabulary()
    func ids(_ name: String) -> [Int] { KnownName(name, words, answers).words }
    #expect(ids("dog") == [5, 5])
    #expect(ids("old sheep dog") == [4, 5])
    #expect(ids("blue dog") == [Vocabulary.unknown, 5])
    #expect(ids("") == [Vocabulary.unknown, Vocabulary.unknown])
    #expect(KnownName("old sheep dog", words, answers).answer == nil)
  }

  @Test func thePointerKnowsNamesAndKinds() throws {
    let lookup = try Known.lookup()
    let ids = ["what", "animal", "animal", "is"].map { Known.words.id(of: $0) ?? Vocabulary.unknown } + [0, 0]
    let scores = lookup.pointer(ids, lookup.seen(Self.knowledge))
    func expect(_ answer: String, _ expected: [Float], words: [Int]) throws {
      let entry = scores[try #require(Known.answers.firstIndex(of: answer))]
      let found = [entry.scores.0, entry.scores.1, entry.scores.2]
      #expect(Self.isNear(found, expected), "\(answer): \(found)")
      #expect(entry.words == words, "\(answer)")
    }
    try expect("dog", [Self.size(0.75), 0, Self.share(-1)], words: [1, 2])
    try expect("cat", [Self.size(0.125), Self.size(0.125), 0], words: [1, 2])
    try expect("car", [Self.size(0.125), Self.size(0.125), 0], words: [])
    try expect("cocker spaniel", [0, Self.size(0.5), 0], words: [])
    try expect("poodle", [0, Self.size(0.25), 0], words: [1, 2])
    try expect("person", [0, 0, Self.share(2)], words: [])
    try expect("yes", [0, 0, 0], words: [])
    #expect(Set(scores.entries.map(\.answer)) == [2, 3, 4, 5, 6, 7])
  }

  // MARK: Words

  /// The second label is a word that people use of pictures, with two forms that are answers.
  private static func lookupOfWords() throws -> KnowledgeLookup {
    var configuration = KnowledgeConfiguration()
    (configuration.names, configuration.classes, configuration.labels, configuration.words) = (2, 4, 1, 1)
    let concepts = try ConceptVocabulary(
      everydayNames: ["dog", "dog", "cat", "car"], ownNames: ["dog", "dog", "cat", "car"], labels: ["dog", "kitchen"],
      concepts: [.init(classes: [0, 1], label: 0), .init(classes: [2], label: 1)],
      phrases: [("dog", 0), ("kitchen", 1), ("kitchens", 1)])
    let answers = try AnswerVocabulary(answers: ["yes", "dog", "kitchens", "kitchen"], madeFrom: "the tests")
    return KnowledgeLookup(
      KnowledgeTables(concepts: concepts, below: [:]), configuration, words: Known.words, answers: answers)
  }

  @Test func wordsHaveNumbersOfTheirOwn() throws {
    let lookup = try Self.lookupOfWords()
    let seen = lookup.seen(Self.knowledge)
    let found = lookup.ties(["dog", "kitchen"], count: 2, seen)
    let dog = Self.odds(0.75) / 4
    #expect(Self.isNear(Array(found[..<11]), [1, dog, 0.75, 1, -0.25, Self.share(-1), dog, 1, 0, 0, 0]))
    let kitchen = Self.odds(0.125) / 4
    #expect(Self.isNear(Array(found[11...]), [1, kitchen, 0.125, 0, 0, 0, 0, 0, 1, 0.5, Self.share(2)]))
    #expect(seen.names.map(\.kind) == [.classes, .classes, .label, .word] && lookup.nameTokens == 4)
    #expect(Self.isNear([seen.names[3].score], [Self.share(2)]))
  }

  @Test func thePointerKnowsAllFormsOfAWord() throws {
    let lookup = try Self.lookupOfWords()
    let scores = lookup.pointer([], lookup.seen(Self.knowledge))
    for answer in 2...3 {
      let found = scores[answer].scores
      #expect(Self.isNear([found.0, found.1, found.2, found.3], [0, 0, 0, Self.share(2)]))
    }
    #expect(scores[1].scores.3 == 0 && scores[1].scores.2 > 0)
  }

  @Test func withoutAPictureOnlyKindsAreThere() throws {
    let lookup = try Known.lookup()
    let scores = lookup.pointer([try #require(Known.words.id(of: "animal"))], nil)
    #expect(Set(scores.entries.map(\.answer)) == [2, 3, 6])
    for entry in scores.entries { #expect(entry.scores == (0, 0, 0, 0) && entry.words == [0]) }
    #expect(lookup.pointer([0, 0], nil).entries.isEmpty)
  }

  /// What is as good as 0 costs nothing.
  @Test func theImprobableIsLeftOut() throws {
    let lookup = try Known.lookup()
    let seen = lookup.seen(PictureKnowledge(classLogits: [20, 0, 0, 0], labels: [-20, -20]))
    #expect(Set(lookup.pointer([], seen).entries.map(\.answer)) == [2, 5])
  }

  @Test func simulatedSubjectsRaiseTheirLike() {
    let own = PictureKnowledge(classLogits: [1, 2, 3], labels: [4])
    // Rows of the classifier: 0 and 1 are alike, 2 is neither's like.
    let likeness = Tensor([4, 2, 0, 2, 5, 0, 0, 0, 1], shape: [3, 3])
    let shown = own.showing(class: 0, own: 0.5, gain: 8, likeness: likeness)
    #expect(shown.classLogits == [8.5, 5, 1.5])
    #expect(shown.labels == [4])
  }
}
