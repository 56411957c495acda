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
