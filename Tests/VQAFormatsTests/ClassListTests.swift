// ClassListTests.swift - the list of a backbone's classes, and the shipped one with the vocabulary made of it.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct ClassListTests {
  @Test func linesAreClasses() throws {
    #expect(try ClassList(text: "n00000050\nn00000060\r\nn00000070\n\n").synsets == [50, 60, 70])
  }

  @Test(arguments: [
    ("", ClassListFailure.empty), ("\n\n", .empty), ("n1\n\nn2\n", .badLine(line: 2, text: "")),
    ("n1\nx2\n", .badLine(line: 2, text: "x2")), ("n123456789", .badLine(line: 1, text: "n123456789")),
    ("n1\nn-2", .badLine(line: 2, text: "n-2")), ("n1\nn2\nn01\n", .double(line: 3, first: 1)),
  ])
  func faultsNameTheLine(text: String, failure: ClassListFailure) {
    #expect(throws: failure) { try ClassList(text: text) }
  }

  @Test func faultsSayWhatAndWhatNext() throws {
    let order = "write one class a line, in the order of the network's outputs"
    let expected: [(ClassListFailure, String)] = [
      (.badLine(line: 2, text: "a\u{1B}"), "line 2: 'a\\u{1B}' is no noun of WordNet, such as n01440764; \(order)"),
      (.double(line: 3, first: 1), "line 3: the class is already in line 1; \(order)"),
      (.empty, "the list has no class; \(order)"),
      (
        .unknown(line: 4, synset: 7),
        "line 4: WordNet has no noun at offset 7; give the folder of WordNet 3.0, whose offsets the classes are"
      ),
    ]
    for (failure, text) in expected {
      #expect(failure.message == text)
      #expect(failure.kind == .badData)
    }
    try withTemporaryFolder { folder in
      try AtomicFile.write("n1\nn1\n", to: folder + "/classes.txt")
      let failure = #expect(throws: FileFailure.self) { try ClassList(path: folder + "/classes.txt") }
      #expect(failure?.cause as? ClassListFailure == .double(line: 2, first: 1))
      #expect(failure?.file == folder + "/classes.txt")
    }
  }

  @Test func theShippedVocabularyNamesTheShippedClasses() throws {
    let folder = URL(filePath: #filePath).appending(path: "../../../vocab").standardized.path
    #expect(try ClassList(path: folder + "/imagenet-classes.txt").synsets.count == 1000)
    let vocabulary = try ConceptVocabulary(json: readFile(folder + "/photos-concepts.json", limit: 1 << 20))
    #expect(vocabulary.everydayNames.count == 1000)
    #expect(vocabulary.labels == ConceptWords.labels.map(\.name))
    func classes(_ phrase: String) -> [Int]? { vocabulary.concept(of: phrase).map { vocabulary.concepts[$0].classes } }
    #expect(classes("dogs")?.count == 118)
    #expect(classes("animal")?.count == 398)
    #expect(classes("objects") == nil)
    #expect(vocabulary.ownNames[0] == "tench")
    #expect(["fish", "dog", "wig", "hot dog"].allSatisfy(vocabulary.everydayNames.contains))
  }
}
