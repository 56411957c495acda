// ConceptTests.swift - names and kinds from WordNet, concepts in questions, and the file that holds them.

import Foundation
import SafeFiles
import TestSupport
import Testing

import VQAFormats

@Suite struct ConceptTests {
  /// Nine synsets in the format of the noun file: animal, dog and its kinds, cat, vehicle, car.
  static let nouns = """
      1 This line belongs to the licence.
    00000010 03 n 01 entity 0 001 ~ 00000020 n 0000 | all there is
    00000020 03 n 02 animal 0 beast 0 001 @ 00000010 n 0000 | it moves
    00000030 05 n 02 dog 0 domestic_dog 0 001 @ 00000020 n 0000 | it barks
    00000040 05 n 01 spaniel 0 001 @ 00000030 n 0000 | it swims
    00000050 05 n 02 cocker_spaniel 0 cocker 0 001 @ 00000040 n 0000 | it swims less
    00000060 05 n 01 poodle 0 001 @ 00000030 n 0000 | it is curly
    00000070 05 n 02 cat 0 true_cat 0 001 @ 00000020 n 0000 | it purrs
    00000080 06 n 01 vehicle 0 001 @ 00000010 n 0000 | it drives
    00000090 06 n 01 car 0 002 @ 00000080 n 0000 ~i 00000091 n 0000 | it drives on roads

    """
  static let index = """
      1 This line belongs to the licence.
    animal n 1 1 @ 1 0 00000020
    beast n 1 1 @ 1 0 00000020
    car n 1 1 @ 1 0 00000090
    cat n 1 1 @ 1 0 00000070
    cocker n 1 1 @ 1 0 00000050
    cocker_spaniel n 1 1 @ 1 0 00000050
    dog n 1 1 @ 1 0 00000030
    domestic_dog n 1 1 @ 1 0 00000030
    poodle n 1 1 @ 1 0 00000060
    spaniel n 1 1 @ 1 0 00000040
    vehicle n 1 1 @ 1 0 00000080

    """

  private func wordNet() throws -> WordNet {
    try WordNet(nouns: WordNetNouns(text: Self.nouns), index: Self.index, exceptions: "mice mouse\n")
  }

  /// Classes 0 to 3: cocker spaniel, poodle, cat, car; labels: dog, person.
  private func vocabulary() throws -> ConceptVocabulary {
    try ConceptBuilder(wordNet(), classes: [50, 60, 70, 90]).vocabulary(
      everyday: ["dog", "cat"], labels: [("dog", []), ("person", ["man", "people"])], ignored: ["entity"])
  }

  @Test func kindsGoOutwards() throws {
    let nouns = try wordNet().nouns
    #expect(nouns.count == 9)
    #expect(nouns.synset(50)?.words == ["cocker spaniel", "cocker"])
    #expect(nouns.kinds(of: 50).map(\.offset) == [50, 40, 30, 20, 10])
    #expect(nouns.kinds(of: 50).map(\.distance) == [0, 1, 2, 3, 4])
    #expect(nouns.kinds(of: 12).isEmpty)
  }

  @Test(arguments: [
    ("dog", ["dogs"]), ("mouse", ["mice", "mouses"]), ("cocker spaniel", ["cocker spaniels"]), ("bus", ["buses"]),
    ("berry", ["berries"]), ("toy", ["toys"]), ("", []),
  ])
  func plurals(word: String, expected: [String]) throws {
    #expect(try wordNet().plurals(of: word) == expected)
  }

  @Test(arguments: [("dogs", "dog"), ("mice", "mouse"), ("dog", "dog"), ("gloss", "gloss")])
  func singulars(word: String, expected: String) throws {
    #expect(try wordNet().singular(of: word) == expected)
  }

  @Test func wordsOfEveryLevelStandForTheirClasses() throws {
    let vocabulary = try vocabulary()
    func classes(_ phrase: String) -> [Int]? { vocabulary.concept(of: phrase).map { vocabulary.concepts[$0].classes } }
    #expect(classes("cocker spaniel") == [0])
    #expect(classes("spaniels") == [0])
    #expect(classes("dogs") == [0, 1])
    #expect(classes("animal") == [0, 1, 2])
    #expect(classes("vehicle") == [3])
    #expect(classes("entity") == nil)
    #expect(classes("table") == nil)
    #expect(classes("people") == [])
    let labels = ["dog", "people", "cat"].map { vocabulary.concept(of: $0).flatMap { vocabulary.concepts[$0].label } }
    #expect(labels == [0, 1, nil])
    #expect(vocabulary.everydayNames == ["dog", "dog", "cat", "car"])
    #expect(vocabulary.ownNames == ["cocker spaniel", "poodle", "cat", "car"])
  }

  @Test func theLongestPhraseCounts() throws {
    let vocabulary = try vocabulary()
    let words = ["is", "there", "a", "cocker", "spaniel", "or", "a", "cat"]
    let expected = [nil, nil, nil, "cocker spaniel", "cocker spaniel", nil, nil, "cat"].map { phrase in
      phrase.flatMap { vocabulary.concept(of: $0) }
    }
    #expect(vocabulary.concepts(of: words) == expected)
    #expect(vocabulary.concepts(of: []) == [])
  }

  @Test func scoresAreSums() throws {
    let vocabulary = try vocabulary()
    let scores = vocabulary.scores([0.5, 0.25, 0.125, 0.125])
    func score(_ phrase: String) throws -> Float { scores[try #require(vocabulary.concept(of: phrase))] }
    #expect(try score("dog") == 0.75)
    #expect(try score("animal") == 0.875)
    #expect(try score("person") == 0)
    let names = vocabulary.everyday([0.5, 0.25, 0.125, 0.125])
    #expect(names.map(\.name) == ["dog", "car", "cat"])
    #expect(names.map(\.share) == [0.75, 0.125, 0.125])
  }

  @Test func theFileGivesItBack() throws {
    let vocabulary = try vocabulary()
    let text = vocabulary.json
    let read = try ConceptVocabulary(json: Array(text.utf8))
    #expect(read == vocabulary)
    // What a later version may add is passed over.
    let more = text.replacing("\"phrases\": [[", with: "\"more\": [1], \"phrases\": [[")
    #expect(try more != text && ConceptVocabulary(json: Array(more.utf8)) == vocabulary)
    #expect(read.json == text)
  }

  @Test(arguments: [
    ("\"vqa-concepts-1\"", "\"vqa-concepts-9\"", "format"),
    ("\"conceptLabels\": [", "\"conceptLabels\": [7, ", "conceptLabels"),
    ("\"phrases\": [[\"animal\", ", "\"phrases\": [[\"animal\", 99", "phrases[0]"),
    ("\"concepts\": [[[0, 2]]", "\"concepts\": [[[2, 0]]", "concepts"),
    ("\"concepts\": [[[0, 2]]", "\"concepts\": [[[0, 9]]", "concepts[0].classes"),
    ("\"phrases\": [[\"animal\", ", "\"phrases\": [[\"\", ", "phrases[0]"),
  ])
  func aDamagedFileIsNamed(old: String, new: String, path: String) throws {
    let text = try vocabulary().json
    #expect(text.contains(old))
    let failure = #expect(throws: FormatFailure.self) {
      try ConceptVocabulary(json: Array(text.replacing(old, with: new).utf8))
    }
    #expect(failure?.path == path)
  }

  @Test(arguments: [
    ("00000030 05 n 02 dog", "00000030 05 n zz dog", 4), ("001 @ 00000030", "009 @ 00000030", 5),
  ])
  func aDamagedLineIsNamed(old: String, new: String, line: Int) {
    let failure = #expect(throws: WordNetFailure.self) {
      try WordNetNouns(text: Self.nouns.replacing(old, with: new))
    }
    #expect(failure?.line == line)
  }

  /// The three files of a folder, and each of them missing or damaged.
  @Test func aFolderIsRead() throws {
    let files = ["data.noun": Self.nouns, "index.noun": Self.index, "noun.exc": "mice mouse\nalone\n"]
    try withTemporaryFolder { folder in
      func write() throws { for (name, text) in files { try AtomicFile.write(text, to: "\(folder)/\(name)") } }
      try write()
      let read = try WordNet(folder: folder)
      #expect(read.nouns.count == 9 && read.synsets(of: "cocker spaniel") == [50] && read.synsets(of: "mouse").isEmpty)
      #expect(read.singular(of: "mice") == "mouse" && read.singular(of: "alone") == "alone")
      let faults: [(name: String, text: String, line: Int?)] = [
        ("data.noun", "  1 nothing\n", nil), ("data.noun", "00000010 03 n 01 entity 0\n", 1),
        ("data.noun", "00000010 03 n 01 entity 0 x\n", 1), ("index.noun", "\ndog n 1 1 @ 1 0 x\n", 2),
        ("index.noun", "dog n 1\n", 1),
      ]
      for (name, text, line) in faults {
        try write()
        try AtomicFile.write(text, to: "\(folder)/\(name)")
        let failure = #expect(throws: FileFailure.self) { try WordNet(folder: folder) }
        #expect(failure?.file == "\(folder)/\(name)" && failure?.kind == .badData)
        #expect(failure?.cause as? WordNetFailure == WordNetFailure(line: line))
      }
      for name in files.keys {
        try write()
        try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        let failure = #expect(throws: FileFailure.self) { try WordNet(folder: folder) }
        #expect(failure?.file == "\(folder)/\(name)" && failure?.kind == .notFound)
      }
    }
    let advice = "install WordNet 3.0 (Debian: apt-get install wordnet-base) and give its folder"
    #expect(WordNetFailure(line: nil).message == "there is no synset in it; " + advice)
    #expect(
      WordNetFailure(line: 2).message == "line 2: the line is not in the format of WordNet's noun files; " + advice)
  }

  /// A class that WordNet does not have is named by its number, and synsets may lead to ones that are not there.
  @Test func classesThatNobodyKnowsHaveNumbers() throws {
    let nouns = try WordNetNouns(text: Self.nouns.replacing("@ 00000080 n 0000", with: "@ 00000081 n 0000"))
    #expect(nouns.kinds(of: 90).map(\.offset) == [90, 81])
    let wordNet = try WordNet(nouns: nouns, index: Self.index, exceptions: "")
    let vocabulary = try ConceptBuilder(wordNet, classes: [90, 12]).vocabulary(
      everyday: [], labels: [("dog", ["a dog of more words than any phrase may have"])], ignored: [])
    #expect(vocabulary.ownNames == ["car", "class 1"])
    #expect(vocabulary.everydayNames == ["car", "class 1"])
    #expect(vocabulary.concept(of: "dog") != nil)
  }

  @Test func anEmptyFileIsNoWordNet() {
    #expect(throws: WordNetFailure(line: nil)) { try WordNetNouns(text: "  1 nothing\n") }
    #expect(throws: WordNetFailure(line: 1)) {
      try WordNet(nouns: WordNetNouns(text: Self.nouns), index: "dog n 3 0 1\n", exceptions: "")
    }
  }
}

extension ConceptTests {
  @Test func theLabelsAreAllThere() {
    let labels = ConceptWords.labels
    #expect(labels.count == 80)
    #expect(Set(labels.map(\.name)).count == 80)
    #expect(labels.first?.name == "person")
    #expect(labels.last?.name == "toothbrush")
    #expect(labels.first { $0.name == "cell phone" }?.words == ["phone", "cellphone", "telephone"])
    #expect(ConceptWords.everyday.isDisjoint(with: ConceptWords.ignored))
  }
}
