// OriginalQuestionsTests.swift - the words and answers that the original numbers, from files in any order.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct OriginalQuestionsTests {
  private func vqa(_ questions: [String], split: String? = nil) -> String {
    let header = DataSetHeader(dataSubtype: split)
    let items = questions.enumerated().map { Question(imageID: $0, text: $1, questionID: $0) }
    return QuestionFile(header: header, questions: items).json
  }

  private func clevr(_ questions: [(String, String?)], split: String? = nil) -> String {
    let items = questions.map { text, answer -> JSONValue in
      var item: JSONObject = ["image_index": 0, "question": .string(text)]
      item["answer"] = answer.map { .string($0) }
      return .object(item)
    }
    var file: JSONObject = ["questions": .array(items)]
    if let split { file["info"] = ["split": .string(split)] }
    return JSONValue.object(file).serialized()
  }

  /// Reads files of given names and texts, in the order given.
  private func read(
    _ files: [(name: String, text: String)], _ dataSet: OriginalConfiguration.DataSet, in folder: String
  ) throws -> OriginalQuestions {
    for (name, text) in files { try AtomicFile.write(text, to: "\(folder)/\(name)") }
    return try OriginalQuestions(paths: files.map { "\(folder)/\($0.name)" }, dataSet: dataSet)
  }

  @Test func namesTellTheOrder() throws {
    try withTemporaryFolder { folder in
      let files = [
        ("VG_questions.json", vqa(["d"], split: "train2014")),
        ("v2_OpenEnded_mscoco_val2014_questions.json", vqa(["b"])),
        ("v2_OpenEnded_mscoco_test2015_questions.json", vqa(["c b"])),
        ("v2_OpenEnded_mscoco_train2014_questions.json", vqa(["a", "A?"])),
      ]
      let questions = try read(files, .vqa, in: folder)
      #expect(questions.isOrderKnown && questions.missing.isEmpty && questions.answers == nil)
      #expect(questions.vocabulary.words == ["PAD", "UNK", "CLS", "a", "b", "c", "d"])
      #expect(questions.files.map(\.part) == [.train, .val, .test, .vg] && questions.longestQuestion == 2)
      #expect(questions.order.hasPrefix("train (v2_OpenEnded_mscoco_train2014_questions.json), val (v2_"))
      #expect(questions.vocabulary.madeFrom.hasSuffix("VG_questions.json, in this order"))
      #expect(questions.files.allSatisfy { $0.hash.count == 64 })
    }
  }

  @Test func theSplitInTheHeaderGoesBeforeTheName() throws {
    try withTemporaryFolder { folder in
      let files = [("my_train.json", vqa(["b"], split: "val2014")), ("x.json", vqa(["a"], split: "train2014"))]
      let questions = try read(files, .vqa, in: folder)
      #expect(questions.isOrderKnown && questions.files.map(\.part) == [.train, .val])
      #expect(questions.missing == ["v2_OpenEnded_mscoco_test2015_questions.json", "VG_questions.json"])
    }
  }

  @Test func withoutANameTheGivenOrderHolds() throws {
    try withTemporaryFolder { folder in
      for names in [("b.json", "a.json"), ("trainval.json", "test.json"), ("val_2.json", "val_1.json")] {
        let questions = try read([(names.0, vqa(["x"])), (names.1, vqa(["y"]))], .vqa, in: folder)
        #expect(!questions.isOrderKnown && questions.vocabulary.words.suffix(2) == ["x", "y"], "\(names)")
        #expect(questions.order == "\(names.0), \(names.1)")
      }
    }
  }

  @Test func answersOfCLEVRAreThoseOfTrainAndVal() throws {
    try withTemporaryFolder { folder in
      let files = [
        ("CLEVR_test_questions.json", clevr([("z", "never")], split: "test")),
        ("CLEVR_val_questions.json", clevr([("b c d", "no"), ("b", "3")], split: "val")),
        ("CLEVR_train_questions.json", clevr([("a", "yes"), ("a", "no")])),
      ]
      let questions = try read(files, .clevr, in: folder)
      #expect(questions.isOrderKnown && questions.answers?.answers == ["yes", "no", "3"])
      #expect(questions.vocabulary.words.dropFirst(3) == ["a", "b", "c", "d", "z"] && questions.longestQuestion == 3)
      let few = try read([files[1]], .clevr, in: folder)
      #expect(few.missing == ["CLEVR_train_questions.json", "CLEVR_test_questions.json"])
    }
  }

  @Test func filesOfTheOtherDataSetAreRefused() throws {
    try withTemporaryFolder { folder in
      let vqaFails = #expect(throws: FileFailure.self) { try read([("q.json", vqa(["a"]))], .clevr, in: folder) }
      #expect(vqaFails?.kind == .badData && vqaFails?.description.contains("--dataset vqa") == true)
      let clevrFails = #expect(throws: FileFailure.self) {
        try read([("q.json", clevr([("a", "b")]))], .vqa, in: folder)
      }
      #expect(clevrFails?.description.contains("--dataset clevr") == true)
    }
  }

  @Test func questionFilesAreToldApartByContents() throws {
    func kind(_ text: String) throws -> Bool {
      if case .clevr = try AnyQuestionFile(json: Array(text.utf8)) { true } else { false }
    }
    #expect(try kind(clevr([("a", nil)])) && !kind(vqa(["a"])))
    #expect(try kind("{\"questions\": [{\"question\": \"a\", \"image_index\": 1, \"image_filename\": \"x.png\"}]}"))
    #expect(try !kind("{\"questions\": []}"))
    let both = "{\"questions\": [{\"question\": \"a\", \"image_index\": 1, \"image_id\": 2, \"question_id\": 3}]}"
    #expect(try !kind(both))
    for text in ["", "[]", "{\"questions\": 1}", "{\"questions\": [{]}", "{}"] {
      #expect(throws: FormatFailure.self, "\(text)") { try AnyQuestionFile(json: Array(text.utf8)) }
    }
    let file = try AnyQuestionFile(json: Array(clevr([("a b", "c")], split: "val").utf8))
    #expect(file.texts == ["a b"])
  }

  @Test func answersAreReadLineByLine() throws {
    #expect(try AnswerLines(text: Array("yes\r\n3\n\nno".utf8)).answers == ["yes", "3", "", "no"])
    #expect(try AnswerLines(text: []).answers.isEmpty)
    #expect(try AnswerLines(text: Array("a\n".utf8)).answers == ["a"])
    #expect(AnswerLines(answers: ["a\nb", "", "c\r"]).text == "a b\n\nc \n")
    let failure = #expect(throws: FormatFailure.self) { try AnswerLines(text: Array("a\n".utf8) + [0xFF]) }
    #expect(failure?.path == "line 2")
  }

  @Test func picturesOfCLEVRAreFoundByTheirNames() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/images/val", withIntermediateDirectories: true)
      for name in ["images/val/CLEVR_val_000007.png", "images/8.png", "images/CLEVR_val_000009.png"] {
        try AtomicFile.write("x", to: "\(folder)/\(name)")
      }
      let questions = [7, 8, 9].map {
        CLEVRQuestion(
          imageIndex: $0, imageFile: $0 == 8 ? nil : "CLEVR_val_00000\($0).png", text: "a", answer: nil,
          lastFunction: nil)
      }
      let images = folder + "/images"
      let pictures = try CLEVRPictures(folder: images, file: CLEVRQuestionFile(split: "val", questions: questions))
      #expect(try pictures.path(of: 7) == images + "/val/CLEVR_val_000007.png")
      #expect(try pictures.path(of: 8) == images + "/8.png")
      #expect(try pictures.path(of: 9) == images + "/CLEVR_val_000009.png")
      #expect(throws: FileFailure.self) { try pictures.path(of: 10) }
      #expect(CLEVRPictures.splitFolders(of: images, split: "../images").isEmpty)
      #expect(CLEVRPictures.splitFolders(of: images, split: "val") == [images + "/val"])
      let bad = CLEVRQuestion(imageIndex: 1, imageFile: "../x.png", text: "a", answer: nil, lastFunction: nil)
      #expect(throws: FileFailure.self) {
        try CLEVRPictures(folder: images, file: CLEVRQuestionFile(questions: [bad]))
      }
    }
  }
}
