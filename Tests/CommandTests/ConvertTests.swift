// ConvertTests.swift - `vqa convert` and what its model answers, as someone moving over from the original TRAR uses it.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats
import VQAPipeline
import WeightFiles

@Suite struct ConvertTests {
  /// Runs a test in a folder with the files of the original for the checkpoint of this package: `a.pkl`, `trar.yml` and the rest.
  private func withOriginal(_ body: (String, ParitySet) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let set = try #require(try ParitySets.folders(.trarCheckpoint, environment: [:]).first)
      let file = try #require(set.files(suffix: ".pkl").first)
      try FileManager.default.copyItem(atPath: set.file(file), toPath: folder + "/a.pkl")
      try OriginalSet(folder: folder, words: 50, answers: 20).write()
      let config = try #require(try set.json("readme.json")["config"])
      try AtomicFile.write(OriginalSet.settings(config), to: folder + "/trar.yml")
      try body(folder, set)
    }
  }

  private static let questions = [
    "VG_questions.json", "v2_OpenEnded_mscoco_test2015_questions.json", "v2_OpenEnded_mscoco_train2014_questions.json",
    "v2_OpenEnded_mscoco_val2014_questions.json",
  ]

  private func convert(_ more: [String], folder: String, questions: [String] = Self.questions) throws -> Run {
    let line = ["convert", "a.pkl", "--config", "trar.yml", "--answers", "answer_dict.json", "--questions"]
    return try Vqa.start(line + questions + ["--output", "m.safetensors"] + more, folder: folder).end()
  }

  #if YAML
    @Test func aCheckpointBecomesAModelThatAnswersFromFeatures() throws {
      try withOriginal { folder, set in
        let run = try convert([], folder: folder)
        #expect(run.code == 0, "\(run.errors)")
        try expectSnapshot("convert.txt", run.output)
        #expect(run.errors.contains("next: vqa batch --model m.safetensors --questions FILE --features DIR"))
        #expect(try convert([], folder: folder).code == 73)

        // The questions and features whose logits the original gave; no text gives the word CLS, so the first is left out.
        let expected = try TensorFile(path: set.file("expected.safetensors"))
        let (ids, features) = (try expected.int64s("in.ques_ix"), try expected.floats("in.img_feat"))
        let logits = try expected.floats("out.logits")
        let names = OriginalSet(folder: folder, words: 50, answers: 20)
        var asked: [Question] = []
        var right: [Int: String] = [:]
        try FileManager.default.createDirectory(atPath: folder + "/feats", withIntermediateDirectories: true)
        for sample in 1..<3 {
          let words = ids[(sample * 14)..<((sample + 1) * 14)].filter { $0 > 0 }.map { names.word(Int($0)) }
          asked.append(Question(imageID: sample, text: words.joined(separator: " "), questionID: 100 - sample))
          let scores = logits[(sample * 20)..<((sample + 1) * 20)]
          right[100 - sample] = "a\((scores.indices.max { scores[$0] < scores[$1] } ?? 0) - sample * 20)"
          let rows = Array(features[(sample * 640)..<((sample + 1) * 640)])
          try AtomicFile.write(ArrayFileWriter.bytes(rows, shape: [16, 40]), to: "\(folder)/feats/\(sample).npy")
        }
        // Twice the same question is one answer.
        try QuestionFile(header: DataSetHeader(dataSubtype: "test2015"), questions: asked + [asked[0]])
          .write(to: folder + "/q.json")
        let batch = try Vqa.run(
          "batch", "--model", "m.safetensors", "--questions", "q.json", "--features", "feats", "--output", "r.json",
          folder: folder)
        #expect(batch.code == 0, "\(batch.errors)")
        #expect(batch.errors.contains("note: 1 questions stand in the file twice"))
        #expect(batch.errors.contains("vqa: 2 answers are in r.json\n") && batch.errors.contains("https://eval.ai"))
        let results = try ResultFile(path: folder + "/r.json").entries
        #expect(results == [98, 99].map { ResultEntry(questionID: $0, answer: right[$0] ?? "") })
      }
    }

    @Test func whereAModelComesFromIsInItsFile() throws {
      try withOriginal { folder, _ in
        #expect(try convert(["--name", "mine", "--storage", "bf16", "-q"], folder: folder).errors.isEmpty)
        let shown = try Vqa.run("inspect", "m.safetensors", "--json", folder: folder).object()
        #expect(shown["name"] == "mine" && shown["words"] == 50 && shown["answers"] == 20)
        let record = shown["training"]
        #expect(record?["converted.from"] == "a.pkl" && record?["converted.epoch"] == "1")
        #expect(
          record?["converted.from.sha256"]?.stringValue
            == ContentHash.hex(try readFile(folder + "/a.pkl", limit: 1 << 24)))
        #expect(record?["converted.questions"]?.stringValue?.hasPrefix("train (v2_") == true)
        let small = try TensorFile(path: folder + "/m.safetensors")
        #expect(small.tensors.allSatisfy { $0.type == .bfloat16 })

        let again = try Vqa.run(
          "convert", "m.safetensors", "--output", "n.safetensors", "--answers", "x", folder: folder)
        #expect(again.code == 0 && again.errors.contains("'--answers' has no effect"))
        let stored = try TensorFile(path: folder + "/n.safetensors")
        #expect(stored.tensors.allSatisfy { $0.type == .float32 } && stored.metadata == small.metadata)
        #expect(try stored.floats("proj.bias") == small.floats("proj.bias"))
      }
    }

    @Test func whatDoesNotFitIsNamed() throws {
      try withOriginal { folder, _ in
        let few = try convert([], folder: folder, questions: Array(Self.questions.dropFirst()))
        #expect(few.code == 65 && few.errors.contains("the embedding has 50 rows"), "\(few.errors)")
        #expect(few.errors.contains("in the order train (v2_") && few.errors.contains(": VG_questions.json; add them"))
        let other = try convert(["--dataset", "clevr"], folder: folder)
        #expect(other.code == 65 && other.errors.contains("CLEVR"), "\(other.errors)")
        try AtomicFile.write("LAYER: 2\nLAYRE: 2\n", to: folder + "/trar.yml")
        let bad = try convert([], folder: folder)
        #expect(bad.code == 65 && bad.errors.hasPrefix("vqa: trar.yml: line 2, column 1, LAYRE: "))
        try AtomicFile.write("LAYER: 2\n", to: folder + "/trar.yml")
        let sizes = try convert([], folder: folder)
        #expect(
          sizes.code == 65 && sizes.errors.hasPrefix("vqa: a.pkl: tensor lstm.weight_hh_l0: its shape is [128, 32]"))
        #expect(try convert(["--config", "none.yml"], folder: folder).code == 66)
        try AtomicFile.write("no pickle", to: folder + "/a.pkl")
        #expect(try convert([], folder: folder).code == 65)
        #expect(!FileManager.default.fileExists(atPath: folder + "/m.safetensors"))
      }
    }

    @Test func originalFilesCanBeInspected() throws {
      try withOriginal { folder, _ in
        let checkpoint = try Vqa.run("inspect", "a.pkl", "--json", folder: folder).object()
        #expect(checkpoint["kind"] == "checkpoint" && checkpoint["values"]?["epoch"] == 1)
        let settings = try Vqa.run("inspect", "trar.yml", folder: folder)
        #expect(settings.output.contains("IMG_SCALE: 4\n") && settings.output.contains("BATCH_SIZE: 64  (default)\n"))
      }
    }
  #else
    @Test func withoutTheLibraryTheWayOutIsTold() throws {
      try withOriginal { folder, _ in
        let run = try convert([], folder: folder)
        #expect(run.code == 69 && run.errors.contains("--traits YAML"), "\(run.errors)")
      }
    }
  #endif

  @Test func whatIsNeededIsAskedFor() throws {
    try withOriginal { folder, _ in
      for words in [
        ["a.pkl"], ["a.pkl", "--output", "m.safetensors"], ["--output", "m.safetensors"],
        ["a.pkl", "--output", "m.safetensors", "--config", "trar.yml"],
        ["a.pkl", "--output", "m.safetensors", "--storage", "f64"],
        ["a.pkl", "--output", "m.safetensors", "--dataset", "gqa"],
      ] {
        let run = try Vqa.start(["convert"] + words, folder: folder).end()
        #expect(run.code == 64, "\(words) \(run.errors)")
      }
    }
  }
}
