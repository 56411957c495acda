// KnowledgeTablesTests.swift - the words of what a backbone knows come back from their text, and kinds come from WordNet.

import SafeFiles
import Testing
import VQAFormats
import VQAPipeline

@Suite struct KnowledgeTablesTests {
  private static func read(_ text: String, answers: Int = 8) throws -> KnowledgeTables {
    try KnowledgeTables(json: Array(text.utf8), answers: answers)
  }

  @Test func theTextGivesItBack() throws {
    let concepts = try Known.concepts()
    let tables = KnowledgeTables(concepts: concepts, below: ["animal": [2, 3, 6], "\"ä\"\n": [0, 7], "none": []])
    let back = try Self.read(tables.json)
    #expect(back == tables)
    #expect(back.below["\"ä\"\n"] == [0, 7])
    #expect(back.json == tables.json)
    #expect(try Self.read(KnowledgeTables(concepts: concepts, below: [:]).json).below.isEmpty)
  }

  @Test(arguments: [
    ("vqa-knowledge-1", "vqa-knowledge-2", "not vqa-knowledge-1"),
    ("\"format\"", "\"form\"", "not vqa-knowledge-1"),
    ("\"below\"", "\"above\"", "'below'"),
    ("\"below\": [", "\"below\": 7, \"more\": [", "'below'"),
    ("\"concepts\": {", "\"notions\": {", "'concepts'"),
    ("[2,3,6]", "[2,3,8]", "numbers of answers"),
    ("[2,3,6]", "[2,-1,6]", "numbers of answers"),
    ("[2,3,6]", "[2,\"3\",6]", "numbers of answers"),
    ("[2,3,6]", "[2,3.5,6]", "numbers of answers"),
    ("[2,3,6]", "7", "numbers of answers"),
    ("[\"animal\", [2,3,6]]", "[\"animal\"]", "numbers of answers"),
    ("[\"animal\", [2,3,6]]", "[7, [2,3,6]]", "numbers of answers"),
    ("[\"animal\", [2,3,6]]", "[\"animal\", [2,3,6], 1]", "numbers of answers"),
    ("[\"animal\", [2,3,6]]", "\"animal\"", "numbers of answers"),
    ("vqa-concepts-1", "vqa-concepts-2", "vqa-concepts-1"),
  ])
  func whatIsWrongIsSaid(old: String, new: String, problem: String) throws {
    let text = try Known.tables().json
    #expect(text.contains(old))
    let failure = try #require(throws: (any Error).self) { try Self.read(text.replacing(old, with: new)) }
    let cause = try #require(failure as? any Failure)
    #expect(cause.kind == .badData)
    #expect(cause.message.contains(problem), "\(cause.message)")
  }

  @Test func answersThatTheModelLacksAreRefused() throws {
    let text = try Known.tables().json
    #expect(try Self.read(text, answers: 7).below["animal"] == [2, 3, 6])
    #expect(throws: (any Error).self) { try Self.read(text, answers: 6) }
    #expect(throws: (any Error).self) { try Self.read("{") }
    #expect(throws: (any Error).self) { try Self.read("[]") }
  }

  // MARK: Kinds

  /// Animals, colours and tools; "seal" means a stamp, a shape, and only third an animal.
  private static let nouns = """
    00000010 03 n 01 entity 0 000 | all there is
    00000020 03 n 01 animal 0 001 @ 00000010 n 0000 | it moves
    00000030 05 n 01 dog 0 001 @ 00000020 n 0000 | it barks
    00000040 05 n 01 poodle 0 001 @ 00000030 n 0000 | it is curly
    00000050 05 n 01 cat 0 001 @ 00000020 n 0000 | it purrs
    00000060 05 n 01 seal 0 001 @ 00000020 n 0000 | it swims
    00000070 03 n 01 tool 0 001 @ 00000010 n 0000 | it helps
    00000080 03 n 01 stamp 0 001 @ 00000070 n 0000 | it prints
    00000090 03 n 01 shape 0 001 @ 00000010 n 0000 | it is round or not
    00000100 03 n 01 color 0 001 @ 00000010 n 0000 | it is seen
    00000110 03 n 01 red 0 001 @ 00000100 n 0000 | like blood
    00000120 03 n 01 blue 0 001 @ 00000100 n 0000 | like the sky
    00000130 03 n 01 mouse 0 001 @ 00000020 n 0000 | it squeaks

    """
  private static let index = """
    animal n 1 1 @ 1 0 00000020
    blue n 1 1 @ 1 0 00000120
    cat n 1 1 @ 1 0 00000050
    color n 1 1 @ 1 0 00000100
    dog n 1 1 @ 1 0 00000030
    entity n 1 1 @ 1 0 00000010
    mouse n 1 1 @ 1 0 00000130
    poodle n 1 1 @ 1 0 00000040
    red n 1 1 @ 1 0 00000110
    seal n 3 1 @ 3 0 00000080 00000090 00000060
    tool n 1 1 @ 1 0 00000070

    """

  private func below(_ answers: [String], words: String) throws -> [String: [Int]] {
    let wordNet = try WordNet(
      nouns: WordNetNouns(text: Self.nouns), index: Self.index, exceptions: "mice mouse\n")
    return KnowledgeTables(
      concepts: try Known.concepts(), words: Vocabulary.build(fromQuestions: [words], madeFrom: "the tests"),
      answers: try AnswerVocabulary(answers: answers, madeFrom: "the tests"), wordNet: wordNet
    ).below
  }

  private static let fillers = (0..<16).map { "\($0)" }

  @Test func answersLieBelowTheirKinds() throws {
    let answers = ["poodle", "cat", "mice", "red", "blue", "dogs", "seal"] + Self.fillers
    let found = try below(answers, words: "what animals animal color dog tool seal is it")
    // A plural counts as its singular, in questions and answers; the third meaning of "seal" does not count.
    #expect(found["animal"] == [0, 1, 2, 5])
    #expect(found["animals"] == [0, 1, 2, 5])
    // Two colours, one dog, one tool: too few to tell anything.
    #expect(found.keys.sorted() == ["animal", "animals"])
  }

  @Test func nothingLiesBelowItself() throws {
    let found = try below(["dog", "cat", "mouse", "animal"] + Self.fillers, words: "animal")
    #expect(found["animal"] == [0, 1, 2])
  }

  @Test func aKindOfNearlyEverythingTellsNothing() throws {
    let animals = ["dog", "cat", "mouse"]
    #expect(try below(animals + Self.fillers.prefix(7), words: "animal")["animal"] == [0, 1, 2])
    #expect(try below(animals + Self.fillers.prefix(6), words: "animal")["animal"] == nil)
  }

  @Test func wordsThatNameNoKindAreIgnored() throws {
    let ignored = try #require(ConceptWords.ignored.contains("entity") ? "entity" : nil)
    #expect(try below(["dog", "cat", "mouse"] + Self.fillers, words: "\(ignored) animal").keys.sorted() == ["animal"])
  }
}
