// ResumeTests.swift - a run that was broken off ends as one that was not, to the bit.

import Foundation
import SafeFiles
import Testing
import Training
import WeightFiles

extension TrainingTests {
  @Suite struct ResumeTests {
    /// Twelve steps in all; step 5 has a checkpoint of its own, 7 and 10 lie between two lines of the log.
    private static let last = 12

    private func expectSame(
      _ folder: RunFolder, _ one: String, _ other: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let files = [try folder.checkpoint(one, Self.last), try folder.checkpoint(other, Self.last)]
      #expect(files[0].names == files[1].names, sourceLocation: sourceLocation)
      #expect(files[0].tensors.map(\.shape) == files[1].tensors.map(\.shape), sourceLocation: sourceLocation)
      for prefix in ["weight.", "average.", "first.", "second."] {
        #expect(files[0].names.contains { $0.hasPrefix(prefix) }, sourceLocation: sourceLocation)
      }
      for name in files[0].names {
        let values = try files.map { try $0.floats(name).map(\.bitPattern) }
        #expect(values[0] == values[1], "\(name)", sourceLocation: sourceLocation)
      }
      for key in ["step", "optimiser.steps", "bestAccuracy", "recipe", "data.training", "data.heldOut"] {
        #expect(files[0].metadata[key] == files[1].metadata[key], sourceLocation: sourceLocation)
        #expect(files[0].metadata[key] != nil, sourceLocation: sourceLocation)
      }
      #expect(try folder.timelessLog(one) == folder.timelessLog(other), sourceLocation: sourceLocation)
      #expect(
        try folder.bytes(one, "model.safetensors") == folder.bytes(other, "model.safetensors"),
        sourceLocation: sourceLocation)
    }

    @Test func aBrokenRunEndsAsAnUnbrokenOne() throws {
      try RunFolder.with { folder in
        guard case .finished = try folder.run("whole") else {
          Issue.record("the run has not finished")
          return
        }
        let checkpoint = folder.output("broken") + "/checkpoint-7.safetensors"
        #expect(try folder.run("broken", stopAfter: 7) == .stopped(step: 7, checkpoint: checkpoint))
        var notes: [String] = []
        var steps: [Int] = []
        try folder.run("broken", resume: true, report: { steps.append($0.step) }, note: { notes.append($0) })
        #expect(steps == Array(8...Self.last))
        #expect(notes == ["going on from \(checkpoint)"])
        try expectSame(folder, "whole", "broken")
      }
    }

    /// Settings that were added later have their defaults, and what later checkpoints hold besides is not missed.
    @Test func aCheckpointOfAnEarlierVersionGoesOn() throws {
      try RunFolder.with { folder in
        try folder.run("whole")
        try folder.run("old", stopAfter: 7)
        let path = folder.output("old") + "/checkpoint-7.safetensors"
        let file = try TensorFile(path: path)
        var metadata = file.metadata
        for key in ["words", "answers", "place", "passLoss"] { metadata[key] = nil }
        var recipe = try #require(try JSONValue.parse(Array((metadata["recipe"] ?? "").utf8)).objectValue)
        var training = try #require(recipe["training"]?.objectValue)
        for key in ["accumulation", "schedule", "rateSteps", "temperature", "reduction", "keep", "measure"] {
          #expect(training[key] != nil)
          training[key] = nil
        }
        recipe["training"] = .object(training)
        metadata["recipe"] = JSONValue.object(recipe).serialized()
        let tensors = try file.tensors.map { ($0.name, $0.shape, try file.floats($0.name)) }
        try TensorFileWriter.write(tensors: tensors, metadata: metadata, to: path)
        try folder.run("old", resume: true)
        try expectSame(folder, "whole", "old")
      }
    }

    @Test func brokenTwiceAndWithOtherThreads() throws {
      try RunFolder.with { folder in
        try folder.run("one", threads: 1)
        try folder.run("two", threads: 2)
        try expectSame(folder, "one", "two")
        try folder.run("mixed", threads: 2, stopAfter: 2)
        try folder.run("mixed", resume: true, threads: 1, stopAfter: 10)
        try folder.run("mixed", resume: true, threads: 2)
        try expectSame(folder, "one", "mixed")
      }
    }

    @Test func otherSeedsGiveOtherRuns() throws {
      try RunFolder.with { folder in
        folder.recipe.training.epochs = 1
        try folder.run("one")
        folder.recipe.training.seed = 2
        try folder.run("two")
        let weights = try ["one", "two"].map { try folder.checkpoint($0, 4).floats("weight.proj.weight") }
        #expect(weights[0] != weights[1])
      }
    }

    @Test func stoppingSavesEverything() throws {
      try RunFolder.with { folder in
        try folder.run("run", stopAfter: 4)
        #expect(try folder.checkpoint("run", 4).metadata["step"] == "4")
        // The line of step 3; the losses since then wait in the checkpoint.
        #expect(try folder.log("run").map { $0[0] } == ["step", "3"])
      }
    }

    @Test func damagedNewestIsPassedOver() throws {
      try RunFolder.with { folder in
        try folder.run("whole")
        try folder.run("cut", stopAfter: 7)
        let path = folder.output("cut") + "/checkpoint-7.safetensors"
        let bytes = try folder.bytes("cut", "checkpoint-7.safetensors")
        try AtomicFile.write(Array(bytes.prefix(bytes.count / 2)), to: path)
        var notes: [String] = []
        try folder.run("cut", resume: true, note: { notes.append($0) })
        #expect(notes.count == 2)
        #expect(notes.first?.contains(path) == true)
        #expect(notes.last?.hasSuffix("checkpoint-5.safetensors") == true)
        try expectSame(folder, "whole", "cut")
      }
    }

    @Test func aRenamedCheckpointIsPassedOver() throws {
      try RunFolder.with { folder in
        try folder.run("run", stopAfter: 4)
        let from = folder.output("run") + "/checkpoint-4.safetensors"
        let to = folder.output("run") + "/checkpoint-9.safetensors"
        try FileManager.default.copyItem(atPath: from, toPath: to)
        var notes: [String] = []
        try folder.run("run", resume: true, stopAfter: 5, note: { notes.append($0) })
        #expect(notes.first?.contains("checkpoint-9") == true)
        // A strange newer file costs none of the two that are good.
        #expect(try folder.checkpoint("run", 5).metadata["step"] == "5")
        #expect(try folder.checkpoint("run", 4).metadata["step"] == "4")
      }
    }

    @Test func aFinishedRunStaysAsItIs() throws {
      try RunFolder.with { folder in
        let outcome = try folder.run("run")
        let files = ["model.safetensors", "log.csv", "checkpoint-12.safetensors"]
        let before = try files.map { try folder.bytes("run", $0) }
        let again = try folder.run("run", resume: true, report: { _ in Issue.record("a step was taken") })
        #expect(again == outcome)
        #expect(try files.map { try folder.bytes("run", $0) } == before)
      }
    }
  }
}
