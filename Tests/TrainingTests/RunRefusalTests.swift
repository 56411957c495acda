// RunRefusalTests.swift - runs that cannot start or go on say why, and leave what is there alone.

import Foundation
import SafeFiles
import Tensors
import Testing
import Training
import VQAPipeline
import WeightFiles

extension TrainingTests {
  @Suite struct RunRefusalTests {
    /// Runs a test in a folder with a run `run` that was stopped after two steps.
    private func withStoppedRun(_ body: (inout RunFolder) throws -> Void) throws {
      try RunFolder.with { folder in
        try folder.run("run", stopAfter: 2)
        try body(&folder)
      }
    }

    @Test func anExistingRunIsNotBegunAgain() throws {
      try withStoppedRun { folder in
        let before = try folder.bytes("run", "checkpoint-2.safetensors")
        let failure = try folder.failure("run")
        let checkpoint = folder.output("run") + "/checkpoint-2.safetensors"
        #expect(failure.cause as? TrainingFailure == .runExists(checkpoint: checkpoint))
        #expect(failure.kind == .cannotCreate)
        #expect(failure.description.contains("--resume"))
        #expect(try folder.bytes("run", "checkpoint-2.safetensors") == before)
      }
    }

    @Test func aModelWithoutARunIsLeftAlone() throws {
      try RunFolder.with { folder in
        try FileManager.default.createDirectory(atPath: folder.output("strange"), withIntermediateDirectories: true)
        try AtomicFile.write("not ours", to: folder.output("strange") + "/model.safetensors")
        let failure = try folder.failure("strange")
        #expect(failure.cause as? TrainingFailure == .modelExists)
        #expect(failure.kind == .cannotCreate)
        #expect(try folder.bytes("strange", "model.safetensors") == Array("not ours".utf8))
      }
    }

    @Test func whatAKilledRunLeftHalfWrittenIsRemoved() throws {
      try withStoppedRun { folder in
        // No process has this number: the largest one that the system gives is far below.
        let stray = folder.output("run") + "/.checkpoint-9.safetensors.tmp-2000000000-0000000000000000"
        try AtomicFile.write("half", to: stray)
        try folder.run("run", resume: true, stopAfter: 1)
        #expect(!FileManager.default.fileExists(atPath: stray))
      }
    }

    @Test func nothingToResume() throws {
      try RunFolder.with { folder in
        let failure = try folder.failure("none", resume: true)
        #expect(failure.cause as? TrainingFailure == .nothingToResume)
        #expect(failure.kind == .notFound)
        try AtomicFile.write("no checkpoint", to: folder.output("none") + "/checkpoint-3.safetensors")
        #expect(try folder.failure("none", resume: true).cause as? TrainingFailure == .nothingToResume)
      }
    }

    @Test func aChangedRecipeIsNamed() throws {
      try withStoppedRun { folder in
        folder.recipe.training.epochs = 4
        folder.recipe.model.network.orders = [0]
        let failure = try folder.failure("run", resume: true)
        #expect(
          failure.cause as? TrainingFailure
            == .changedRecipe(
              differences: ["model.network.orders was [0,1], is [0]", "training.epochs was 3, is 4"]))
        #expect(failure.file.hasSuffix("checkpoint-2.safetensors"))
      }
    }

    @Test func changedDataAreNamed() throws {
      try withStoppedRun { folder in
        try TinySet.write(Array(33...39), split: "val", in: folder.path)
        #expect(try folder.failure("run", resume: true).cause as? TrainingFailure == .changedData(split: "val"))
        try TinySet.write(Array(1...32), split: "train", in: folder.path) { $0 < 5 ? "red" : "blue" }
        #expect(try folder.failure("run", resume: true).cause as? TrainingFailure == .changedData(split: "train"))
      }
    }

    /// Parts of a checkpoint that do not belong to the network are refused; they never end the process.
    @Test func aForeignCheckpointIsRefused() throws {
      try withStoppedRun { folder in
        let path = folder.output("run") + "/checkpoint-2.safetensors"
        let file = try folder.checkpoint("run", 2)
        let tensors: [TensorFileWriter.Tensor] = try file.tensors.map { ($0.name, $0.shape, try file.floats($0.name)) }
        func failure(metadata: [(key: String, value: String?)] = [], _ change: (inout TensorFileWriter.Tensor) -> Void)
          throws
          -> FileFailure
        {
          var changed = tensors
          for index in changed.indices { change(&changed[index]) }
          var texts = file.metadata
          for (key, value) in metadata { texts[key] = value }
          try TensorFileWriter.write(tensors: changed, metadata: texts, to: path)
          return try folder.failure("run", resume: true)
        }
        for prefix in ["weight.", "average.", "first.", "second."] {
          let name = prefix + "proj.weight"
          let flat = try failure { if $0.name == name { $0.shape = [$0.values.count] } }
          #expect(flat.file == path)
          #expect(flat.cause as? ModelFailure == .wrongShape(name, expected: [2, 16], found: [32]))
          let missing = try failure { if $0.name == name { $0.name += "x" } }
          #expect(missing.cause as? ModelFailure == .noTensor(name))
          let strange = try failure { if $0.name == name { $0.values[3] = .nan } }
          #expect(strange.cause as? ModelFailure == .notFinite(name))
        }
        for (key, value) in [
          ("optimiser.steps", nil), ("optimiser.steps", "-1"), ("bestAccuracy", "nan"), ("seconds", "x"),
          ("recipe", nil),
        ] as [(String, String?)] {
          let failure = try failure(metadata: [(key, value)]) { _ in }
          #expect(failure.file == path)
          guard case .badCheckpoint? = failure.cause as? TrainingFailure else {
            Issue.record("\(key), \(value ?? "missing"): \(failure)")
            continue
          }
        }
        #expect(try failure(metadata: [(key: "recipe", value: "{")]) { _ in }.file == path)
      }
    }

    @Test func impossibleFoldersAreNamed() throws {
      try RunFolder.with { folder in
        try AtomicFile.write("a file", to: folder.output("file"))
        let failure = try folder.failure("file")
        #expect(failure.kind == .cannotCreate)
        #expect(failure.file == folder.output("file"))
        folder.recipe.data.split = "none"
        #expect(try folder.failure("run").kind == .notFound)
        #expect(!FileManager.default.fileExists(atPath: folder.output("run")))
      }
    }

    @Test func tooFewQuestionsForAStep() throws {
      try RunFolder.with { folder in
        try TinySet.write([1], split: "train", in: folder.path)
        #expect(throws: TrainingFailure.tooFewQuestions(groups: 1, shards: 2)) { try folder.run("run") }
      }
    }
  }
}
