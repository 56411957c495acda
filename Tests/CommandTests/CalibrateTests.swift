// CalibrateTests.swift - `vqa calibrate` and what `vqa evaluate` then tells of the same questions.

import Foundation
import ImageCodecs
import SafeFiles
import TestSupport
import Testing
import VQAFormats
import VQAPipeline
import WeightFiles

@Suite struct CalibrateTests {
  /// A seed of weights whose exits answer differently: about pictures of odd numbers "yes" or "red" at the first exit and "blue" later, about
  /// the others "blue" at first and "red" at last.
  private static let seed: UInt64 = 10

  /// Writes pictures of several colours with two questions about each; of each third picture the first exit is right, of the others the last.
  private static func writeSet(_ name: String, pictures: Range<Int>, in folder: String) throws {
    try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    var questions: [Question] = []
    var annotations: [Annotation] = []
    for picture in pictures {
      let color = RGBColor(red: UInt8(picture * 53 % 256), green: UInt8(picture * 29 % 256), blue: 255)
      try Tiny.writePicture(
        "\(folder)/\(name)/\(picture).png", square: color, on: picture % 2 == 0 ? .white : .black)
      for (number, text) in [Tiny.question, "What color is it?"].enumerated() {
        let id = 10 * picture + number
        let first = picture % 2 == 0 ? "blue" : number == 0 ? "yes" : "red"
        let answer = picture % 3 == 0 ? first : picture % 2 == 0 ? "red" : "blue"
        questions.append(Question(imageID: picture, text: text, questionID: id))
        annotations.append(
          Annotation(
            questionID: id, imageID: picture, questionType: number == 0 ? "is there" : "what color",
            answerType: "other", multipleChoiceAnswer: answer, answers: HumanAnswer.tenTimes(answer)))
      }
    }
    try QuestionFile(header: DataSetHeader(), questions: questions).write(to: "\(folder)/\(name)-q.json")
    try AnnotationFile(header: DataSetHeader(), annotations: annotations).write(to: "\(folder)/\(name)-a.json")
  }

  private static func withSets<Result>(_ body: (String) throws -> Result) throws -> Result {
    try Tiny.withCascade { folder in
      try Tiny.writeCascade(in: folder, seed: seed)
      try writeSet("one", pictures: 1..<7, in: folder)
      return try body(folder)
    }
  }

  private static let one = ["--questions", "one-q.json", "--annotations", "one-a.json", "--images", "one"]

  private func run(_ words: [String], model: String = "steps", folder: String) throws -> Run {
    try Vqa.start(words + ["--model", model], folder: folder, environment: ["VQA_DATA": folder]).end()
  }

  @Test func whatIsStoredIsWhatTheModelThenDoes() throws {
    try Self.withSets { folder in
      let run = try run(["calibrate", "--json"] + Self.one, folder: folder)
      #expect(run.code == 0, "\(run.errors)")
      #expect(run.errors.contains("temperatures and thresholds are in "))
      let object = try run.object()
      #expect(object.objectValue?.keys == ["questions", "exits", "chosen", "fullMultiplyAdds", "points"])
      let (model, metadata) = try ModelFile.load(folder + "/models/steps.safetensors")
      let cascade = model.configuration.cascade
      #expect(cascade.temperatures.count == 3 && cascade.thresholds.count == 2 && cascade.points.count > 3)
      #expect(metadata["training.step"] == "0" && metadata["calibration.questions"] == "12")
      #expect(metadata["calibration.data"]?.count == 64)
      let chosen = try #require(object["chosen"])
      let full = try #require(object["exits"]?.arrayValue?.last?["accuracy"]?.numberValue)
      let accuracy = try #require(chosen["accuracy"]?.numberValue)
      #expect(accuracy >= full - 0.001)
      let accuracies = object["exits"]?.arrayValue?.compactMap { $0["accuracy"]?.numberValue } ?? []
      #expect(accuracies.map { ($0 * 12).rounded() } == [4, 6, 8])

      // The same questions again: what was promised is what happens.
      let line = ["evaluate", "--json", "--curve", "c.csv", "--curve", "c.png"]
      let evaluated = try self.run(line + Self.one, folder: folder)
      #expect(evaluated.code == 0, "\(evaluated.errors)")
      let score = try evaluated.object()
      #expect(abs((score["overall"]?.numberValue ?? 0) - 100 * accuracy) < 0.01)
      let cost = try #require(chosen["multiplyAdds"]?.numberValue)
      #expect(abs((score["meanMultiplyAdds"]?.numberValue ?? 0) - cost) < 1)
      let rows = try curve(folder + "/c.csv")
      #expect(rows.count == 3 + cascade.points.count + 1)
      for (kind, solver) in [("search", BudgetPoint.Solver.search), ("percentile", .percentile)] {
        let solved = cascade.points.filter { $0.solvedBy == solver }
        for (row, point) in zip(rows.filter { $0.kind == kind }, solved) {
          #expect(abs(row.numbers[1] - point.multiplyAdds) < 1e-3 && abs(row.numbers[2] - point.accuracy) < 1e-9)
          #expect(abs(row.numbers[3...].reduce(0, +) - 1) < 1e-9)
        }
      }
      #expect(abs((rows.last?.numbers[1] ?? 0) - cost) < 1e-3 && rows.last?.kind == "stored")
      #expect(try decodeImage(readFile(folder + "/c.png", limit: 1 << 24)).width == 1200)
      let again = try self.run(line + Self.one, folder: folder)
      #expect(again.code == 73 && again.errors.contains("c.csv"))

      // Every stored budget can be asked for.
      let budget = "\((cascade.points[1].multiplyAdds + 1) / 1e9)"
      let bounded = try self.run(["evaluate", "--json", "--budget", budget] + Self.one, folder: folder).object()
      #expect((bounded["meanMultiplyAdds"]?.numberValue ?? .infinity) <= cascade.points[1].multiplyAdds + 1)
    }
  }

  private func curve(_ path: String) throws -> [(kind: String, numbers: [Double])] {
    let lines = String(decoding: try readFile(path, limit: 1 << 20), as: UTF8.self).split(separator: "\n")
    #expect(lines.first == "kind,point,multiplyAdds,accuracy,exit1,exit2,exit3")
    return lines.dropFirst().map { line in
      let fields = line.split(separator: ",").map(String.init)
      return (fields[0], fields.dropFirst().compactMap { Double($0) })
    }
  }

  @Test func tablesTellBothTypesAndEveryExit() throws {
    try Self.withSets { folder in
      let first = try run(["calibrate", "-q", "--output", "m.safetensors"] + Self.one, folder: folder)
      #expect(first.code == 0 && first.errors.isEmpty, "\(first.errors)")
      for part in ["exit  grid     temperature", "   3  14 x 14", "\nquestions    12\n", "by the percentile rule"] {
        #expect(first.output.contains(part), "\(first.output)")
      }
      let untouched = try ModelFile.load(folder + "/models/steps.safetensors").model
      #expect(untouched.configuration.cascade.points.isEmpty)
      let evaluated = try run(["evaluate"] + Self.one, model: "m.safetensors", folder: folder)
      for part in [
        "   2  10 x 10", "\nby question type    ", "  what color", "\nfull run       9,428,264 multiply-adds",
      ] {
        #expect(evaluated.output.contains(part), "\(evaluated.output)")
      }
      let object = try run(["evaluate", "--json", "--exact"] + Self.one, model: "m.safetensors", folder: folder)
        .object()
      #expect(object["perExit"]?.arrayValue?.map { $0["count"] } == [0, 0, 12] && object["exits"] == ["3": 12])
      #expect(object["exitsPerQuestionType"]?.objectValue?.keys.sorted() == ["is there", "what color"])
      #expect(object["fullMultiplyAdds"]?.numberValue == object["meanMultiplyAdds"]?.numberValue)
    }
  }

  @Test func setsAreJoinedAndHalvesStayHalves() throws {
    try Self.withSets { folder in
      try Self.writeSet("two", pictures: 7..<9, in: folder)
      let two = ["--questions", "two-q.json", "--annotations", "two-a.json", "--images", "two"]
      let model = try ModelFile.load(folder + "/models/steps.safetensors").model
      try ModelFile.save(model, storage: .float16, to: folder + "/half.safetensors")
      let line = ["calibrate", "--json", "--rule", "percentile", "--budget", "0.005"] + Self.one + two
      let run = try run(line, model: "half.safetensors", folder: folder)
      #expect(run.code == 0, "\(run.errors)")
      let object = try run.object()
      #expect(object["questions"] == 16 && object["chosen"]?["solvedBy"] == "percentile")
      #expect((object["chosen"]?["multiplyAdds"]?.numberValue ?? .infinity) <= 5e6)
      let file = try TensorFile(path: folder + "/half.safetensors")
      #expect(Set(file.tensors.map(\.type)) == [.float16])
    }
  }

  @Test func whatCannotBeCalibratedIsRefused() throws {
    try Self.withSets { folder in
      let line = ["calibrate"] + Self.one
      let before = try readFile(folder + "/models/steps.safetensors", limit: 1 << 24)
      for (words, model, code, part) in [
        (line, "tiny", 65, "one grid"), (line + ["--budget", "0.000001"], "steps", 65, "the cheapest cost"),
        (line + ["--budget", "1", "--target-accuracy-loss", "1"], "steps", 64, "--budget"),
        (line + ["--questions", "one-q.json"], "steps", 64, "--annotations"),
        (line + ["--rule", "luck"], "steps", 64, "--rule"), (["calibrate"], "steps", 64, "--questions"),
        (line + ["--output", "a.png"], "steps", 73, "--force"),
        (["calibrate", "--questions", "one-q.json", "--images", "one"], "steps", 64, "--annotations"),
        (
          ["calibrate", "--questions", "q.json", "--annotations", "one-a.json", "--images", "pictures"], "steps", 65,
          "question_id"
        ),
      ] as [([String], String, Int32, String)] {
        let run = try run(words, model: model, folder: folder)
        #expect(run.code == code && run.output.isEmpty, "\(words): \(run.errors)")
        #expect(run.errors.contains(part), "\(run.errors)")
      }
      #expect(try readFile(folder + "/models/steps.safetensors", limit: 1 << 24) == before)
      try FileManager.default.removeItem(atPath: folder + "/one/3.png")
      let rest = try run(line + ["--json"], folder: folder)
      #expect(rest.code == 1 && rest.errors.contains("2 questions are left out"), "\(rest.errors)")
      #expect(try rest.object()["questions"] == 10)
    }
  }

  @Test func howOftenLikeAnswersAreRightIsWritten() throws {
    try Self.withSets { folder in
      let line = ["--reliability", "r.csv", "--reliability", "r.png"]
      let evaluated = try run(["evaluate", "--json"] + line + Self.one, folder: folder)
      #expect(evaluated.code == 0, "\(evaluated.errors)")
      let rows = String(decoding: try readFile(folder + "/r.csv", limit: 1 << 20), as: UTF8.self).split(separator: "\n")
      #expect(rows.count == 16 && rows[0] == "from,to,count,confidence,accuracy")
      let bins = rows.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
      #expect(bins.reduce(0) { $0 + $1[2] } == 12)
      let error = bins.reduce(0) { $0 + ($1.count == 5 ? $1[2] / 12 * abs($1[3] - $1[4]) : 0) }
      #expect(abs((try evaluated.object()["calibrationError"]?.numberValue ?? -1) - error) < 1e-9)
      #expect(try decodeImage(readFile(folder + "/r.png", limit: 1 << 24)).width == 900)
      let again = try run(["calibrate"] + line + Self.one, folder: folder)
      #expect(again.code == 73 && again.errors.contains("r.csv"))
      let calibrated = try run(["calibrate", "--force"] + line + Self.one, folder: folder)
      #expect(calibrated.code == 0 && calibrated.errors.contains("drawn in r.png"), "\(calibrated.errors)")
      let text = try run(["evaluate"] + Self.one, folder: folder).output
      #expect(text.contains("confidence") && text.contains("calibration error"), "\(text)")
    }
  }

  @Test func curvesAreRefusedWhereThereAreNone() throws {
    try Self.withSets { folder in
      let plain = try run(["evaluate", "--curve", "c.png"] + Self.one, model: "tiny", folder: folder)
      #expect(plain.code == 64 && plain.errors.contains("one grid"), "\(plain.errors)")
      let name = try run(["evaluate", "--curve", "c.svg"] + Self.one, folder: folder)
      #expect(name.code == 64 && name.errors.contains(".png or .csv"), "\(name.errors)")
      let other = try run(["evaluate", "--reliability", "r.svg"] + Self.one, folder: folder)
      #expect(other.code == 64 && other.errors.contains(".png or .csv"), "\(other.errors)")
    }
  }
}
