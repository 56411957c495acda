// FeaturesTests.swift - `vqa features`, and the commands that read what it wrote.

import Foundation
import ImageCodecs
import SafeFiles
import Tensors
import TestSupport
import Testing
import VQAFormats
import VQAPipeline
import WeightFiles

@Suite struct FeaturesTests {
  /// Runs a test in a folder with a set of two pictures, their features, and a model that takes these and answers as the tiny one.
  private func withSet(_ body: (String) throws -> Void) throws {
    try Tiny.withFolder { folder in
      try BatchFileTests.writeSet(in: folder)
      let run = try tiny("features", "--images", "pictures", "--output", "feats", "--backbone", "tiny", folder: folder)
      #expect(run.code == 0, "\(run.errors)")
      let (pixels, _) = try ModelFile.load(folder + "/models/tiny.safetensors")
      var configuration = pixels.configuration
      configuration.vision.embedding = .features
      configuration.vision.featureGrid = 4
      let model = try VQAModel(configuration, words: pixels.words, answers: pixels.answers, seed: 1)
      let own = Dictionary(uniqueKeysWithValues: pixels.namedParameters.map { ($0.name, $0.parameter.value) })
      for (name, parameter) in model.namedParameters { parameter.value = try #require(own[name]) }
      try ModelFile.save(model, to: folder + "/models/blind.safetensors")
      try body(folder)
    }
  }

  private func annotations(in folder: String) throws {
    let list = [(11, 1, "yes"), (21, 2, "red"), (12, 1, "blue")].map { id, picture, answer in
      Annotation(
        questionID: id, imageID: picture, questionType: "is", answerType: "other", multipleChoiceAnswer: answer,
        answers: HumanAnswer.tenTimes(answer))
    }
    try AnnotationFile(header: DataSetHeader(), annotations: list).write(to: folder + "/a.json")
  }

  @Test func answersAreThoseOfThePicturesToTheLastDigit() throws {
    try withSet { folder in
      func lines(_ picture: (Int) -> String) -> String {
        (0..<6).map {
          #"{"id": \#($0), "image": "\#(picture($0 % 2 + 1))", "question": "What color is it? \#($0)"}"# + "\n"
        }
        .joined()
      }
      let seen = try tiny(
        "batch", "--images", "pictures", "--model", "tiny", input: lines { "\($0).png" }, folder: folder)
      let given = try tiny(
        "batch", "--features", "feats", "--model", "blind", input: lines { "\($0).png.npy" }, folder: folder)
      #expect(given.code == 0, "\(given.errors)")
      #expect(given.output == seen.output)
      #expect(given.output.contains("probability"))

      let line = ["batch", "--questions", "q.json", "--output"]
      for (more, output) in [
        (["--images", "pictures", "--model", "tiny"], "p.json"),
        (["--features", "feats", "--model", "blind"], "f.json"),
      ] {
        let run = try Vqa.start(line + [output] + more, folder: folder, environment: ["VQA_DATA": folder]).end()
        #expect(run.code == 0, "\(run.errors)")
      }
      #expect(try ResultFile(path: folder + "/p.json") == ResultFile(path: folder + "/f.json"))
    }
  }

  @Test func evaluateAskAndSpansReadThem() throws {
    try withSet { folder in
      try annotations(in: folder)
      let set = ["--questions", "q.json", "--annotations", "a.json", "--json"]
      func evaluate(_ more: [String]) throws -> Run {
        try Vqa.start(["evaluate"] + set + more, folder: folder, environment: ["VQA_DATA": folder]).end()
      }
      let given = try evaluate(["--features", "feats", "--model", "blind"])
      #expect(given.code == 0, "\(given.errors)")
      let seen = try evaluate(["--images", "pictures", "--model", "tiny"])
      #expect(try given.object()["overall"] == seen.object()["overall"])
      #expect(try evaluate(["--blank", "--model", "blind"]).code == 0)

      let asked = try tiny("ask", "feats/1.png.npy", Tiny.question, "--json", "--model", "blind", folder: folder)
      let answer = try tiny("ask", "pictures/1.png", Tiny.question, "--json", "--model", "tiny", folder: folder)
      #expect(try asked.object()["answers"] == answer.object()["answers"])

      let spans = try tiny(
        "spans", "feats/1.png.npy", Tiny.question, "--csv", "--png", "s.png", "--model", "blind", folder: folder)
      #expect(spans.code == 0, "\(spans.errors)")
      #expect(
        try spans.output
          == tiny("spans", "pictures/1.png", Tiny.question, "--csv", "--model", "tiny", folder: folder).output)
      #expect(try decodeImage(try readFile(folder + "/s.png", limit: 1 << 24)).width > 100)
    }
  }

  @Test func theOtherKindOfModelIsNamed() throws {
    try withSet { folder in
      try annotations(in: folder)
      func failed(_ arguments: String...) throws -> String {
        let run = try Vqa.start(arguments, folder: folder, environment: ["VQA_DATA": folder]).end()
        #expect(run.code == 65, "\(run.errors)")
        return run.errors
      }
      let batch = ["batch", "--questions", "q.json", "--output", "r.json"]
      for (more, advice) in [
        (["--images", "pictures", "--model", "blind"], "give --features DIR"),
        (["--features", "feats", "--model", "tiny"], "give --images DIR"),
      ] {
        let run = try Vqa.start(batch + more, folder: folder, environment: ["VQA_DATA": folder]).end()
        #expect(run.code == 65)
        #expect(run.errors.contains(advice), "\(run.errors)")
      }
      #expect(
        try failed("ask", "pictures/1.png", "Is it red?", "--model", "blind").contains(
          "takes features (16 rows of 8 numbers)"))
      #expect(try failed("ask", "feats/1.png.npy", "Is it red?", "--model", "tiny").contains("16 x 16 pixels"))
      #expect(try failed("spans", "pictures/1.png", "Is it red?", "--model", "blind").contains("takes features"))
      #expect(
        try failed("features", "--images", "pictures", "--output", "more", "--backbone", "blind").contains("--backbone")
      )
      let both = try tiny(
        "evaluate", "--questions", "q.json", "--annotations", "a.json", "--images", "pictures", "--features", "feats",
        folder: folder)
      #expect(both.code == 64)
    }
  }

  @Test func badFeaturesFailAlone() throws {
    try withSet { folder in
      try AtomicFile.write(
        ArrayFileWriter.bytes([Float](repeating: 1, count: 48), shape: [16, 3]), to: folder + "/feats/2.png.npy")
      let run = try tiny(
        "batch", "--questions", "q.json", "--features", "feats", "--output", "r.json", "--model", "blind",
        folder: folder)
      #expect(run.code == 1)
      #expect(
        run.errors.contains("feats/2.png.npy: a row of the features holds 3 numbers, the model needs 8"),
        "\(run.errors)")
      #expect(try ResultFile(path: folder + "/r.json").entries.map(\.questionID) == [11, 12])

      try FileManager.default.removeItem(atPath: folder + "/feats/2.png.npy")
      let missing = try tiny(
        "batch", "--questions", "q.json", "--features", "feats", "--output", "m.json", "--model", "blind",
        folder: folder)
      #expect(missing.code == 1)
      #expect(missing.errors.contains("feats: image_id 2: there is no feature file of this id"), "\(missing.errors)")
    }
  }

  @Test func aRunGoesOnAndBadPicturesFailAlone() throws {
    try Tiny.withFolder { folder in
      try BatchFileTests.writeSet(in: folder)
      try AtomicFile.write("text", to: folder + "/pictures/COCO_val2014_000000000042.jpg")
      func features(_ more: String...) throws -> Run {
        let line = ["features", "--images", "pictures", "--output", "feats", "--backbone", "tiny"]
        return try Vqa.start(line + more, folder: folder, environment: ["VQA_DATA": folder]).end()
      }
      let first = try features()
      #expect(first.code == 1)
      #expect(first.errors.contains("pictures/COCO_val2014_000000000042.jpg: "))
      #expect(first.output.contains("2 written, 0 there before"), "\(first.output)")
      #expect(first.output.contains("16 rows of 8 numbers, f32"))
      let before = try readFile(folder + "/feats/1.png.npy", limit: 1 << 16)

      try Tiny.writePicture(folder + "/pictures/COCO_val2014_000000000042.jpg")
      let second = try features()
      #expect(second.code == 0, "\(second.errors)")
      #expect(second.output.contains("1 written, 2 there before"))
      #expect(try readFile(folder + "/feats/1.png.npy", limit: 1 << 16) == before)
      #expect(try FeatureIndex([folder + "/feats"]).imageIDs == [1, 2, 42])
      #expect(try ArrayFile(path: folder + "/feats/COCO_val2014_000000000042.jpg.npy").shape == [16, 8])

      let other = try features("--type", "f16")
      #expect(other.code == 73)
      #expect(other.errors.contains("features of tiny as f32"), "\(other.errors)")
    }
  }
}
