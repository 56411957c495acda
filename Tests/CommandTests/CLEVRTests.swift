// CLEVRTests.swift - questions of CLEVR answered into lines of text, and scored by family.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct CLEVRTests {
  /// Runs a test in a folder with three questions about two pictures, in `val` below `pictures`.
  private func withSet(_ body: (String) throws -> Void) throws {
    try Tiny.withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/pictures/val", withIntermediateDirectories: true)
      try Tiny.writePicture(folder + "/pictures/val/CLEVR_val_000003.png")
      try Tiny.writePicture(folder + "/pictures/val/CLEVR_val_000004.png", square: .white, on: .black)
      try write(answers: ["yes", "blue", "no"], to: folder + "/q.json")
      try body(folder)
    }
  }

  private func write(answers: [String]?, to path: String) throws {
    let functions = ["exist", "query_color", "equal_integer"]
    let items = [(4, Tiny.question), (3, "What color is it?"), (4, "What color is it?")].enumerated().map {
      place, item in
      var question: JSONObject = [
        "image_index": .integer(Int64(item.0)), "image_filename": .string("CLEVR_val_00000\(item.0).png"),
        "question": .string(item.1), "question_index": .integer(Int64(place)),
      ]
      if let answers {
        question["answer"] = .string(answers[place])
        question["program"] = [["function": "scene"], ["function": .string(functions[place])]]
      }
      return JSONValue.object(question)
    }
    let file: JSONObject = ["info": ["split": "val"], "questions": .array(items)]
    try AtomicFile.write(JSONValue.object(file).serialized(), to: path)
  }

  private static let line = [
    "batch", "--model", "tiny", "--questions", "q.json", "--images", "pictures", "--output", "r.txt",
  ]

  private func batch(_ folder: String, _ more: [String] = []) throws -> Run {
    try Vqa.start(Self.line + more, folder: folder, environment: ["VQA_DATA": folder]).end()
  }

  private func lines(_ folder: String) throws -> [String] { try AnswerLines(path: folder + "/r.txt").answers }

  @Test func resultsAreOneAnswerALine() throws {
    try withSet { folder in
      let run = try batch(folder)
      #expect(run.code == 0, "\(run.errors)")
      #expect(run.errors.contains("vqa: 3 answers are in r.txt, one a line in the order of the questions\n"))
      #expect(run.errors.contains("next: vqa evaluate r.txt --questions q.json\n"))
      let asked = try [(4, Tiny.question), (3, "What color is it?"), (4, "What color is it?")].map {
        picture, question in
        try tiny(
          "ask", "pictures/val/CLEVR_val_00000\(picture).png", question, "--model", "tiny", "--json", folder: folder
        ).object()["answer"]?.stringValue
      }
      #expect(try lines(folder) == asked.compactMap { $0 })
      #expect(try batch(folder).code == 73)
    }
  }

  @Test func aMissingPictureLeavesItsLineEmpty() throws {
    try withSet { folder in
      try FileManager.default.removeItem(atPath: folder + "/pictures/val/CLEVR_val_000003.png")
      let run = try batch(folder)
      #expect(run.code == 1 && run.errors.contains("their lines are empty and count as wrong"), "\(run.errors)")
      let found = try lines(folder)
      #expect(found.count == 3 && found[1].isEmpty && !found[0].isEmpty && !found[2].isEmpty)
    }
  }

  @Test func testQuestionsHaveNoAccuracy() throws {
    try withSet { folder in
      try write(answers: nil, to: folder + "/q.json")
      #expect(try batch(folder).errors.contains("the answers to these questions are not public"))
      let run = try tiny("evaluate", "r.txt", "--questions", "q.json", folder: folder)
      #expect(run.code == 65 && run.errors.hasPrefix("vqa: q.json: questions[0]: "))
    }
  }

  @Test func resultsAreScoredByFamily() throws {
    try withSet { folder in
      try AtomicFile.write("yes\nred\nno\n", to: folder + "/r.txt")
      let run = try tiny("evaluate", "r.txt", "--questions", "q.json", "--scorer", "trar", folder: folder)
      #expect(run.code == 0 && run.errors.contains("'--scorer' has no effect on CLEVR"), "\(run.errors)")
      try expectSnapshot("evaluate-clevr.txt", run.output)
      let object = try tiny("evaluate", "r.txt", "--questions", "q.json", "--json", folder: folder).object()
      #expect(object["overall"] == 66.67 && object["count"] == 3)
      #expect(object["perQuestionType"] == ["Exist": 100.0, "Query_Attribute": 0.0, "Compare_Attribute": 100.0])
      try AtomicFile.write("yes\n", to: folder + "/r.txt")
      let short = try tiny("evaluate", "r.txt", "--questions", "q.json", folder: folder)
      #expect(short.code == 65 && short.errors.hasPrefix("vqa: r.txt: there are 1 answers to 3 questions"))
    }
  }

  @Test func aModelIsScoredAsItsResultsAre() throws {
    try withSet { folder in
      _ = try batch(folder)
      let results = try tiny("evaluate", "r.txt", "--questions", "q.json", "--json", folder: folder).object()
      let line = ["evaluate", "--model", "tiny", "--questions", "q.json", "--images", "pictures/val"]
      let run = try Vqa.start(line + ["--json"], folder: folder, environment: ["VQA_DATA": folder]).end()
      let model = try run.object()
      for key in ["overall", "perQuestionType", "count"] { #expect(model[key] == results[key], "\(key)") }
      #expect(model["meanMultiplyAdds"] != nil && model["configuration"] != nil)
      let table = try Vqa.start(line, folder: folder, environment: ["VQA_DATA": folder]).end()
      #expect(table.code == 0 && table.output.contains("by family\n") && table.output.contains("multiply-adds"))
    }
  }

  @Test func questionsOfCLEVRCanBeInspected() throws {
    try withSet { folder in
      let object = try tiny("inspect", "q.json", "--json", folder: folder).object()
      #expect(object["kind"] == "CLEVR questions" && object["questions"] == 3 && object["pictures"] == 2)
      #expect(object["answered"] == 3 && object["split"] == "val")
    }
  }
}
