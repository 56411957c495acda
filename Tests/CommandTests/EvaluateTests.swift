// EvaluateTests.swift - `vqa evaluate` held against the reference figures, and of a model.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct EvaluateTests {
  @Test func resultsGetTheReferenceFigures() throws {
    for set in try ParitySets.folders(.vqaEvaluation) {
      let expected = try set.json("expected.json")
      let run = try Vqa.run(
        "evaluate", set.file("results.json"), "--questions", set.file("questions.json"), "--annotations",
        set.file("annotations.json"), "--json")
      #expect(run.code == 0, "\(run.errors)")
      let object = try run.object()
      #expect(object.objectValue?.keys == ["overall", "perAnswerType", "perQuestionType", "count"])
      for key in ["overall", "perAnswerType", "perQuestionType", "count"] {
        #expect(same(object[key], expected[key]), "\(set.name) \(key)")
      }
    }
  }

  @Test func theTableIsTheSnapshot() throws {
    let folder = ParitySets.fixtures + "/vqaeval/synthetic"
    let run = try Vqa.run(
      "evaluate", "results.json", "--questions", "questions.json", "--annotations", "annotations.json", folder: folder)
    #expect(run.code == 0)
    try expectSnapshot("evaluate.txt", run.output)
    let trar = try Vqa.run(
      "evaluate", "results.json", "--annotations", "annotations.json", "--scorer", "trar", folder: folder)
    #expect(trar.code == 0)
    #expect(trar.output != run.output)
  }

  @Test(arguments: [
    "bad_results_missing_ids.json", "bad_results_not_a_list.json", "bad_results_unknown_id.json", "questions.json",
  ])
  func resultsThatDoNotFitAreRefused(file: String) throws {
    let folder = ParitySets.fixtures + "/vqaeval/synthetic"
    let run = try Vqa.run("evaluate", file, "--annotations", "annotations.json", folder: folder)
    #expect(run.code == 65)
    #expect(run.errors.hasPrefix("vqa: \(file): "), "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test func aModelIsAskedEveryQuestion() throws {
    try Tiny.withFolder { folder in
      try BatchFileTests.writeSet(in: folder)
      try Self.writeAnnotations(in: folder)
      let line = ["evaluate", "--model", "tiny", "--questions", "q.json", "--annotations", "an.json"]
      func evaluate(_ more: String...) throws -> Run {
        try Vqa.start(line + more, folder: folder, environment: ["VQA_DATA": folder]).end()
      }
      let run = try evaluate("--images", "pictures", "--json")
      #expect(run.code == 0, "\(run.errors)")
      let object = try run.object()
      let keys = [
        "overall", "perAnswerType", "perQuestionType", "count", "meanMultiplyAdds", "exits", "meanConfidence",
        "calibrationError", "configuration",
      ]
      #expect(object.objectValue?.keys == keys)
      #expect(object["count"] == 3)
      #expect(object["exits"] == ["1": 3])
      #expect(object["configuration"]?.stringValue?.count == 64)
      #expect((object["meanMultiplyAdds"]?.numberValue ?? 0) > 1000)

      // The same figure by way of a result file.
      _ = try tiny(
        "batch", "--questions", "q.json", "--images", "pictures", "--output", "r.json", "--model", "tiny",
        folder: folder)
      let scored = try tiny("evaluate", "r.json", "--annotations", "an.json", "--json", folder: folder).object()
      #expect(scored["overall"] == object["overall"])
      #expect(scored["perQuestionType"] == object["perQuestionType"])

      // --output keeps the very answers.
      #expect(try evaluate("--images", "pictures", "--json", "-o", "kept.json").object() == object)
      #expect(try text("kept.json", in: folder) == text("r.json", in: folder))
      let refused = try evaluate("--images", "pictures", "-o", "kept.json")
      #expect(refused.code == 73 && refused.errors.contains("kept.json: the file is there already"))
      let noModel = try tiny("evaluate", "r.json", "--annotations", "an.json", "-o", "k.json", folder: folder)
      #expect(noModel.code == 64)

      let blank = try evaluate("--blank", "--json")
      #expect(blank.code == 0)
      #expect(try blank.object()["count"] == 3)

      try FileManager.default.removeItem(atPath: folder + "/pictures/2.png")
      let missing = try evaluate("--images", "pictures", "--json")
      #expect(missing.code == 1)
      #expect(missing.errors.contains("image_id 2"))
      #expect(try missing.object()["unanswered"] == 1)
      #expect(try missing.object()["count"] == 3)
    }
  }

  @Test func ownDataAreAskedInWholeOrInPart() throws {
    try Tiny.withFolder { folder in
      var table = "image,question,answer\n"
      try FileManager.default.createDirectory(atPath: folder + "/own/images", withIntermediateDirectories: true)
      for picture in 1...30 {
        try Tiny.writePicture("\(folder)/own/images/\(picture).png", width: 16, height: 16)
        // The model knows four answers, so one of these is always right.
        table += ["yes", "No", "red", "Blue"].map { "\(picture).png,What color is it?,\($0)\n" }.joined()
      }
      try AtomicFile.write(table, to: folder + "/own/table.csv")
      func evaluate(_ more: String...) throws -> Run {
        try Vqa.start(
          ["evaluate", "--model", "tiny", "--data", "own"] + more, folder: folder, environment: ["VQA_DATA": folder]
        ).end()
      }
      let all = try evaluate("--json", "--output", "r.json").object()
      #expect(all["count"] == 120 && all["overall"]?.numberValue == 25)
      #expect(all["perAnswerType"]?.objectValue?.keys.sorted() == ["other", "yes/no"])
      #expect(try ResultFile(path: folder + "/r.json").entries.map(\.questionID) == Array(1...120))

      let part = try evaluate("--held-out", "--json").object()
      let count = try #require(part["count"]?.numberValue)
      #expect(count > 0 && count < 60 && part["heldOutPictures"]?.numberValue == count / 4)
      #expect(try evaluate("--held-out").output.contains("held out       \(Int(count) / 4) of 30 pictures\n"))
      let blank = try evaluate("--held-out", "--blank", "--json").object()
      #expect(blank["count"]?.numberValue == count && blank["overall"]?.numberValue == 25)

      for more in ["--questions", "--annotations", "--images", "--features"] {
        #expect(try evaluate(more, "own").code == 64)
      }
      #expect(try evaluate("--scorer", "trar").code == 64)
      // Results beside the table would be a second table.
      for more in [["--output", "own/r.json"], ["--reliability", folder + "/own/images/../r.csv"]] {
        let refused = try evaluate(more[0], more[1])
        #expect(refused.code == 64 && refused.errors.contains("second table"), "\(refused.errors)")
      }
      #expect(try evaluate("--output", "own/images/r.json").code == 0)
      #expect(try tiny("evaluate", "--held-out", "--model", "tiny", folder: folder).code == 64)
      #expect(try tiny("evaluate", "r.json", "--data", "own", folder: folder).code == 64)
      let one = "image,question,answer\n1.png,Is it?,yes\n"
      try AtomicFile.write(one, to: folder + "/own/table.csv")
      let none = try evaluate("--held-out")
      #expect(none.code == 65 && none.errors.contains("own/table.csv: training holds out none of its pictures (1)"))
    }
  }

  private func text(_ name: String, in folder: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  /// Annotations of the set of ``BatchFileTests``; the third question's is always right for one answer of four.
  private static func writeAnnotations(in folder: String) throws {
    let annotations = [(11, 1, "yes"), (21, 2, "yes"), (12, 1, "red")].map { id, picture, answer in
      Annotation(
        questionID: id, imageID: picture, questionType: id == 11 ? "is there" : "what color", answerType: "other",
        multipleChoiceAnswer: answer, answers: HumanAnswer.tenTimes(answer))
    }
    try AnnotationFile(header: DataSetHeader(), annotations: annotations).write(to: folder + "/an.json")
  }

  /// Whether two figures, or two tables of figures, are equal.
  private func same(_ found: JSONValue?, _ expected: JSONValue?) -> Bool {
    guard let found, let expected else { return false }
    guard let table = expected.objectValue else { return found.numberValue == expected.numberValue }
    return found.objectValue?.count == table.count
      && table.members.allSatisfy { found[$0.key]?.numberValue == $0.value.numberValue }
  }
}
