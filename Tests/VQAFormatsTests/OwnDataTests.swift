// OwnDataTests.swift - folders of pictures with a table of questions: CSV, JSON, JSONL, and what can be wrong with them.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct OwnDataTests {
  /// A folder with pictures and one table.
  private func withTable<Result>(_ name: String, _ text: [UInt8], _ body: (String) throws -> Result) throws -> Result {
    try withTemporaryFolder { folder in
      for deeper in ["images", "more"] {
        try FileManager.default.createDirectory(atPath: "\(folder)/\(deeper)", withIntermediateDirectories: true)
      }
      for picture in ["a.jpg", "images/b.png", "more/c d.jpg", "\u{e4}.jpg"] {
        try AtomicFile.write("x", to: "\(folder)/\(picture)")
      }
      try AtomicFile.write("{}", to: folder + "/images.json")
      try AtomicFile.write(text, to: "\(folder)/\(name)")
      return try body(folder)
    }
  }

  private func read(_ name: String, _ text: String) throws -> OwnData {
    try withTable(name, Array(text.utf8)) { try OwnData(folder: $0) }
  }

  private func failure(_ name: String, _ text: [UInt8]) throws -> OwnDataFailure? {
    try withTable(name, text) { folder in
      #expect(throws: FileFailure.self) { try OwnData(folder: folder) }?.cause as? OwnDataFailure
    }
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func commasPartFields(end: String) throws {
    let lines = [
      "\u{FEFF}Image , question,note,answer", "a.jpg,What is it?,,dog", "",
      "b.png,\"Is it \"\"big\"\", or\nsmall?\",x,\"small, I think\"", "a.jpg,How many?,,3", "more/c d.jpg,Is it?,,Yes",
    ]
    let data = try read("t.CSV", lines.joined(separator: end) + end)
    #expect(data.questions.questions.map(\.questionID) == [1, 2, 3, 4])
    #expect(data.questions.questions.map(\.imageID) == [1, 2, 1, 3])
    #expect(data.questions.questions[1].text == "Is it \"big\", or\nsmall?")
    #expect(data.annotations.annotations.map(\.multipleChoiceAnswer) == ["dog", "small, I think", "3", "Yes"])
    #expect(data.annotations.annotations.map(\.answerType) == ["other", "other", "number", "yes/no"])
    #expect(
      data.annotations.annotations.allSatisfy { Set($0.answers.map(\.answer)).count == 1 && $0.answers.count == 10 })
    #expect(data.pictures == ["a.jpg", "images/b.png", "more/c d.jpg"])
    #expect(try data.path(of: 2).hasSuffix("/images/b.png"))
    #expect(throws: FileFailure.self) { try data.path(of: 4) }
    #expect(throws: FileFailure.self) { try data.path(of: 0) }
  }

  @Test func aPictureIsOneHoweverItIsWritten() throws {
    let data = try read("t.csv", "image,question,answer\n./a.jpg,What?,x\na.jpg,What?,x\nmore/./c d.jpg,What?,x\n")
    #expect(data.pictures == ["a.jpg", "more/c d.jpg"])
    #expect(data.questions.questions.map(\.imageID) == [1, 1, 2])
    for name in [".", "./", "a.jpg/.", "more//c d.jpg", "../a.jpg"] {
      let found = try failure("t.csv", Array("image,question,answer\n\(name),What?,x\n".utf8))
      #expect(found == .unsafePicture(line: 2, name: name))
    }
  }

  @Test func severalAnswersAreSpread() throws {
    let data = try read(
      "t.csv",
      """
      answer1;answer2;answer3;question;image
      dog;cat;dog;What?;a.jpg
      "[""owl"", ""jay""]";;;What?;\u{e4}.jpg
      [sic];;;What?;a.jpg
      """)
    let answers = data.annotations.annotations.map { $0.answers.map(\.answer) }
    #expect(answers[0] == [String](repeating: "dog", count: 7) + ["cat", "cat", "cat"])
    #expect(answers[1] == [String](repeating: "owl", count: 5) + [String](repeating: "jay", count: 5))
    #expect(Set(answers[2]) == ["[sic]"])
    #expect(data.annotations.annotations[0].multipleChoiceAnswer == "dog")
  }

  @Test func objectsAreEntries() throws {
    let one = #"{"image": "a.jpg", "question": " What? ", "answer": ["x", "y", 3], "more": {}}"#
    let two = #"{"Image": "b.png", "question": "How many?", "answer": 4}"#
    let list = try read("t.json", "[\(one),\n\(two)]")
    let lines = try read("t.jsonl", "\u{FEFF}\(one)\r\n\n\(two)\n")
    #expect(list.questions.questions == lines.questions.questions)
    #expect(list.annotations.annotations == lines.annotations.annotations)
    #expect(list.questions.questions.map(\.text) == ["What?", "How many?"])
    #expect(
      list.annotations.annotations[0].answers.map(\.answer) == ["x", "x", "x", "x", "y", "y", "y", "3", "3", "3"])
    #expect(list.annotations.annotations[1].answerType == "number")
  }

  @Test(arguments: [
    ("", OwnDataFailure.noQuestions), ("image,question,answer\n", .noQuestions),
    ("image,answer\n", .noColumn("question", found: ["image", "answer"])),
    ("picture,question,answer\n", .noColumn("image", found: ["picture", "question", "answer"])),
    ("image,question,answers\n", .noColumn("answer", found: ["image", "question", "answers"])),
    ("image,image,question,answer\n", .doubleColumn("image")),
    ("image,question,answer\na.jpg,What?,\n", .empty(line: 2, column: "answer")),
    ("image,question,answer\na.jpg,What?\n", .empty(line: 2, column: "answer")),
    ("image,question,answer\n\na.jpg,?,x\n", .empty(line: 3, column: "question")),
    ("image,question,answer\n,What?,x\n", .empty(line: 2, column: "image")),
    ("image,question,answer\na.jpg,What, is it?,x\n", .tooManyFields(line: 2, found: 4, expected: 3)),
    ("image,question,answer\na.jpg,\"What?,x\n", .badQuote(line: 2, column: 7)),
    ("image,question,answer\na.jpg,\"What?\"x,x\n", .badQuote(line: 2, column: 14)),
    ("image,question,answer\na.jpg,\"a\nb\",x\na.jpg,Wh\"at?,x\n", .badQuote(line: 4, column: 9)),
    ("image,question,answer\n../a.jpg,What?,x\n", .unsafePicture(line: 2, name: "../a.jpg")),
    ("image,question,answer\n/a.jpg,What?,x\n", .unsafePicture(line: 2, name: "/a.jpg")),
    ("image,question,answer\nz.jpg,What?,x\n", .noPicture(line: 2, name: "z.jpg")),
  ])
  func faultsInTablesAreNamed(text: String, expected: OwnDataFailure) throws {
    #expect(try failure("t.csv", Array(text.utf8)) == expected)
  }

  @Test(arguments: [
    ("t.json", "[\n {\"image\": \"a.jpg\", \"question\": 3}]", 2, "[0].question"),
    ("t.json", "[{\"image\": \"a.jpg\", \"question\": \"b\"}]", 1, "[0].answer"),
    ("t.json", "{}", 1, ""), ("t.jsonl", "\n{\"image\": tru}", 2, "image"),
    ("t.jsonl", "{\"image\": \"a.jpg\"} 2", 1, ""),
  ])
  func faultsInJSONAreNamed(name: String, text: String, line: Int, path: String) throws {
    guard case .json(let foundLine, let column, let inner) = try failure(name, Array(text.utf8)) else {
      Issue.record("no failure of JSON")
      return
    }
    #expect(foundLine == line && column > 0)
    #expect(inner.path == path || path.isEmpty)
  }

  /// What looks like a list and is none of texts is one answer, as it stands.
  @Test func aFieldThatIsNoListOfTextsIsAnAnswer() throws {
    let data = try read("t.csv", "image,question,answer\na.jpg,b,\"[\"\"c\"\", 3]\"\nb.png,b,[x")
    #expect(data.annotations.annotations.map(\.multipleChoiceAnswer) == ["[\"c\", 3]", "[x"])
  }

  /// A list of answers may have the name of several, and be given in parts.
  @Test func answersMayBeAList() throws {
    let data = try read(
      "t.json",
      #"[{"image":"a.jpg","question":"What?","answers":["dog"],"note":1},{"image":"a.jpg","question":"And?","answer":"cat","answers":["cat","dog"]}]"#
    )
    #expect(data.annotations.annotations.map(\.multipleChoiceAnswer) == ["dog", "cat"])
    guard
      case .json(_, _, let failure) = try failure(
        "t.json", Array(#"[{"image":"a.jpg","question":"b","answers":[[3]]}]"#.utf8))
    else {
      Issue.record("answers that are no texts are taken")
      return
    }
    #expect(failure.path == "[0].answers[0]")
  }

  @Test func placesAreTold() throws {
    let later = try failure(
      "t.json",
      Array(
        "[{\"image\":\"a.jpg\",\"question\":\"b\",\"answer\":\"c\"},\n\n{\"image\":\"z\",\"question\":\"b\",\"answer\":\"c\"}]"
          .utf8))
    #expect(later == .noPicture(line: 3, name: "z"))
    #expect(later?.place == "line 3, column 'image'")
    #expect(try failure("t.csv", Array("image,question,answer\na.jpg,".utf8) + [0xFF, 0x0A]) == .notUTF8(line: 2))
    let many =
      "image,question,answer\na.jpg,b,\"[" + [String](repeating: "\"\"x\"\"", count: 1001).joined(separator: ",")
      + "]\"\n"
    #expect(try failure("t.csv", Array(many.utf8)) == .tooManyAnswers(line: 2, limit: 1000))
  }

  @Test func oneTableIsWanted() throws {
    try withTable("t.csv", []) { folder in
      try AtomicFile.write("", to: folder + "/u.jsonl")
      let several = #expect(throws: FileFailure.self) { try OwnData(folder: folder) }
      #expect(several?.cause as? OwnDataFailure == .severalTables(["t.csv", "u.jsonl"]))
      try FileManager.default.removeItem(atPath: folder + "/t.csv")
      try FileManager.default.removeItem(atPath: folder + "/u.jsonl")
      let none = #expect(throws: FileFailure.self) { try OwnData(folder: folder) }
      #expect(none?.cause as? OwnDataFailure == .noTable)
      #expect(throws: FileFailure.self) { try OwnData(folder: folder + "/none") }
    }
  }
}
