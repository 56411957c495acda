// OwnTableTests.swift - what a table holds without the pictures around it, and which libyaml is there.

import Testing
import VQAFormats

@Suite struct OwnTableTests {
  @Test(arguments: [
    ("t.csv", "image,question,answer\na.jpg,What?,a dog\na.jpg,Is it?,yes\nb.jpg,Is it?,yes\n"),
    (
      "t.json",
      """
      [{"image": "a.jpg", "question": "What?", "answer": "a dog"}, {"image": "a.jpg", "question": "Is it?", "answer": "yes"},
       {"image": "b.jpg", "question": "Is it?", "answer": "yes"}]
      """
    ),
    (
      "t.jsonl",
      """
      {"image": "a.jpg", "question": "What?", "answer": "a dog"}
      {"image": "a.jpg", "question": "Is it?", "answer": "yes"}

      {"image": "b.jpg", "question": "Is it?", "answer": "yes"}
      """
    ),
  ])
  func everyFormIsCounted(name: String, text: String) throws {
    let table = try OwnTable(Array(text.utf8), name: name)
    #expect(table.questions == 3 && table.pictures == 2 && table.answers == 2)
  }

  @Test func faultsNameTheLine() {
    #expect(throws: OwnDataFailure.noColumn("answer", found: ["image", "question"])) {
      try OwnTable(Array("image,question\na,b\n".utf8), name: "t.csv")
    }
    #expect(throws: OwnDataFailure.tooManyFields(line: 2, found: 4, expected: 3)) {
      try OwnTable(Array("image,question,answer\na,b,c,d\n".utf8), name: "t.csv")
    }
    #expect(throws: OwnDataFailure.self) { try OwnTable(Array("[".utf8), name: "t.json") }
  }

  @Test func libyamlTellsItsVersionWhereItIsBuiltIn() {
    #if YAML
      #expect(YAMLLibrary.version?.prefixMatch(of: #/[0-9]+\.[0-9]+/#) != nil)
    #else
      #expect(YAMLLibrary.version == nil)
    #endif
  }
}
