// InspectFilesTests.swift - `vqa inspect` of the files that lie around models: checkpoints, features, tables, lists of pictures, vocabularies.

import Foundation
import SafeFiles
import TestSupport
import Testing

@Suite struct InspectFilesTests {
  private var vocab: String { URL(filePath: #filePath).deletingLastPathComponent().path + "/../../vocab" }

  @Test(.timeLimit(.minutes(2))) func aCheckpointTellsWhereTheRunStood() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(in: folder)
      let run = try Vqa.run(
        "train", "recipe.json", "training.epochs=2", "--output", "run", "--quiet", folder: folder)
      #expect(run.code == 0, "\(run.errors)")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/run").sorted()
      let name = try #require(names.first { $0.hasPrefix("checkpoint-") })
      let step = name.dropFirst("checkpoint-".count).dropLast(".safetensors".count)
      let text = try Vqa.run("inspect", "run/" + name, folder: folder)
      #expect(text.code == 0, "\(text.errors)")
      #expect(text.output.contains(try Regex("(?m)^kind +training checkpoint$")), "\(text.output)")
      #expect(text.output.contains(try Regex("(?m)^step +\(step)$")), "\(text.output)")
      #expect(text.output.contains(#/(?m)^parameters +[0-9,]+$/#) && text.output.contains("weight.lstm"))
      let object = try Vqa.run("inspect", "run/" + name, "--json", folder: folder).object()
      #expect(object["kind"] == "training checkpoint" && object["metadata"]?["step"]?.stringValue == String(step))
      let model = try Vqa.run("inspect", "run/model.safetensors", "--json", folder: folder).object()
      #expect(model["kind"] == "model" && model["training"]?["training.step"] != nil)
      #expect(try Vqa.run("inspect", "run/log.csv", "--json", folder: folder).object()["kind"] == "table")
    }
  }

  @Test func featuresAreToldAsSuch() throws {
    try Tiny.withFolder { folder in
      try BatchFileTests.writeSet(in: folder)
      let made = try tiny("features", "--images", "pictures", "--output", "feats", "--model", "tiny", folder: folder)
      #expect(made.code == 0, "\(made.errors)")
      let array = try tiny("inspect", "feats/1.png.npy", folder: folder)
      #expect(array.output.contains("as features of a picture: 16 rows of 8 numbers"), "\(array.output)")
      let record = try tiny("inspect", "feats/features.json", "--json", folder: folder).object()
      #expect(record["kind"] == "features of a folder" && record["backbone"] == "tiny")
      #expect(record["grid"] == [4, 4] && record["width"] == 8 && record["type"] == "f32")
      let archive = try tiny("inspect", ParitySets.fixtures + "/arrays/deflated.npz", folder: folder)
      #expect(archive.output.contains("as features of a picture: 64 rows of 32 numbers"), "\(archive.output)")
    }
  }

  @Test func everyOtherFileHasItsKind() throws {
    try Tiny.withFolder { folder in
      let files: [(name: String, text: String, kind: JSONValue, key: String, value: JSONValue)] = [
        ("images.json", #"{"9": "a.png", "12": "b.png"}"#, "names of pictures", "pictures", 2),
        ("labels.json", #"{"9": ["dog", "cat"], "12": ["dog"]}"#, "labels of pictures", "labels", 2),
        ("scores.json", #"{"classes": 10, "pictures": {"a.png": [[3, 0.5]]}}"#, "scores of pictures", "classes", 10),
        ("answer_dict.json", #"[{"yes": 0, "no": 1}, {"0": "yes", "1": "no"}]"#, "answers", "answers", 2),
        ("own.csv", "image,question,answer\na.png,Is it?,yes\n", "questions and answers", "pictures", 1),
        (
          "own.json", #"[{"image": "a.png", "question": "Is it?", "answer": "yes"}]"#, "questions and answers",
          "questions", 1
        ),
        ("log.csv", "step,loss\n1,2.5\n2,2.4\n", "table", "rows", 2),
        (
          "asked.jsonl", #"{"id": 1, "image": "a.png", "question": "Is it?"}"# + "\n\n", "questions, one a line",
          "pictures", 1
        ),
        (
          "told.jsonl", #"{"id": 1, "answer": "yes"}"# + "\n" + #"{"id": 2, "error": {"code": 66}}"#, "JSON lines",
          "failed", 1
        ),
        ("numbers.json", #"{"1": 5, "2": "b"}"#, "JSON", "entries", 2),
      ]
      for file in files {
        try AtomicFile.write(file.text, to: folder + "/" + file.name)
        let run = try tiny("inspect", file.name, "--json", folder: folder)
        #expect(run.code == 0, "\(file.name): \(run.errors)")
        let object = try run.object()
        #expect(object["kind"] == file.kind && object[file.key] == file.value, "\(file.name): \(run.output)")
        #expect(try tiny("inspect", file.name, folder: folder).output.contains("kind"))
      }
    }
  }

  /// The length of the header, which comes first, can have the bytes that begin a text, a picture or a checkpoint.
  @Test(arguments: [0x5B, 0x7B, 0x80, 0x17B, 0xD8FF]) func weightsAreKnownWhateverTheLengthOfTheirHeader(length: Int)
    throws
  {
    try Tiny.withFolder { folder in
      let member = #"{"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
      let header = member + String(repeating: " ", count: length - member.utf8.count)
      let count = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
      try AtomicFile.write(count + Array(header.utf8) + [0, 0, 0x80, 0x3F], to: folder + "/weights.safetensors")
      let run = try tiny("inspect", "weights.safetensors", "--json", folder: folder)
      #expect(run.code == 0, "\(run.errors)")
      #expect(try run.object()["kind"] == "safetensors")
    }
  }

  @Test func vocabulariesAreTold() throws {
    try Tiny.withFolder { folder in
      for (name, kind, key) in [
        ("photos-words.json", "words", "words"), ("photos-answers.json", "answers", "answers"),
        ("photos-concepts.json", "concepts", "phrases"),
      ] {
        let object = try tiny("inspect", "\(vocab)/\(name)", "--json", folder: folder).object()
        #expect(object["kind"]?.stringValue == kind && object[key]?.integerValue ?? 0 > 100, "\(name)")
      }
    }
  }

  @Test func damagedTablesSayTheLine() throws {
    try Tiny.withFolder { folder in
      for (name, text, place) in [
        ("cut.jsonl", "{\"id\": 1}\n{\"id\": \n", "line 2, "), ("empty.jsonl", "\n", "the file is empty"),
        ("wide.csv", "image,question,answer\na.png,Is it?,yes,no\n", "line 2"),
        ("scores.json", #"{"classes": 2, "pictures": {"a.png": [[3, 0.5]]}}"#, "pictures.a.png"),
      ] {
        try AtomicFile.write(text, to: folder + "/" + name)
        let run = try tiny("inspect", name, folder: folder)
        #expect(run.code == 65 && run.errors.hasPrefix("vqa: \(name): "), "\(name): \(run.errors)")
        #expect(run.errors.contains(place), "\(run.errors)")
      }
    }
  }
}
