// OriginalRunTests.swift - runs over the original's files: what they learn from, what they leave out, and how they go on.

import Foundation
import SafeFiles
import TestSupport
import Testing
import Training
import VQAFormats
import VQAPipeline
import WeightFiles

/// What was told of a run.
final class Told {
  var notes: [String] = []
  var passes: [TrainingPass] = []
  var failures: [FileFailure] = []

  var observer: TrainingObserver {
    var observer = TrainingObserver()
    observer.note = { self.notes.append($0) }
    observer.pass = { self.passes.append($0) }
    observer.failed = { self.failures.append($0) }
    return observer
  }
}

extension TrainingTests {
  @Suite struct OriginalRunTests {
    /// Trains by settings into `FOLDER/NAME`.
    @discardableResult
    private func train(
      _ recipe: Recipe, in folder: String, _ name: String = "run", resume: Bool = false, from source: String? = nil,
      changesSplit: Bool = false, stopAfter last: Int = .max, told: Told = Told()
    ) throws -> TrainingOutcome {
      var run = try TrainingRun(
        recipe, data: folder, output: "\(folder)/\(name)", threads: 1, note: { told.notes.append($0) })
      (run.source, run.changesSplit) = (source, changesSplit)
      var observer = told.observer
      var step = 0
      observer.report = { step = $0.step }
      return try run.run(resume: resume, shouldStop: { step >= last }, observer: observer)
    }

    private func model(_ folder: String, _ name: String = "run") throws -> VQAModel {
      try ModelFile.load("\(folder)/\(name)/model.safetensors").model
    }

    @Test func filesAndVocabulariesAreTheOriginals() throws {
      try withTemporaryFolder { folder in
        try OriginalSet.write(in: folder)
        let told = Told()
        let outcome = try train(Recipe(OriginalSet.settings), in: folder, told: told)
        guard case .finished(let accuracy, _) = outcome else { throw FileFailure(file: "", cause: NoFinish()) }
        #expect((0...1).contains(accuracy))
        // Words of train, val, test, vg in this order; "grey" and "teal" are given too seldom by most people.
        let model = try model(folder)
        #expect(
          model.words.words == ["PAD", "UNK", "CLS"]
            + "what train2014 color is it val2014 test2015 which hue please".split(separator: " ").map(String.init))
        #expect(model.answers.answers == ["green", "blue", "red"])
        #expect(told.notes.contains("13 words from train, val, test, vg"))
        #expect(told.notes.contains { $0.hasPrefix("3 answers from train, val") })
        #expect(told.passes.map(\.number) == [1, 2])
        #expect(told.passes[0].accuracy?.groups.map(\.name) == ["other"])
        // 20 questions in steps of 8: two steps, and four questions are left out of each pass.
        #expect(FileManager.default.fileExists(atPath: folder + "/run/checkpoint-4.safetensors"))
        #expect(told.failures.isEmpty)
      }
    }

    @Test func ownFoldersAndMissingSplitsDoAsWell() throws {
      try withTemporaryFolder { folder in
        try OriginalSet.write(in: folder)
        let raw = folder + "/vqa/raw"
        for split in ["train", "val"] {
          try FileManager.default.createDirectory(atPath: "\(folder)/own/\(split)", withIntermediateDirectories: true)
          try FileManager.default.copyItem(
            atPath: "\(raw)/v2_OpenEnded_mscoco_\(split)2014_questions.json",
            toPath: "\(folder)/own/\(split)/questions.json")
          try FileManager.default.copyItem(
            atPath: "\(raw)/v2_mscoco_\(split)2014_annotations.json", toPath: "\(folder)/own/\(split)/annotations.json")
        }
        var recipe = try Recipe(OriginalSet.settings)
        recipe.training.epochs = 1
        #expect(throws: FileFailure.self) { try train(recipe, in: folder + "/own") }
        recipe.data.features = [folder + "/vqa/feats/train2014", folder + "/vqa/feats/val2014"]
        let told = Told()
        try train(recipe, in: folder + "/own", told: told)
        #expect(told.notes.contains("9 words from train, val; test, vg not there"), "\(told.notes)")
      }
    }

    @Test func splitsAreJoinedAndWhatIsLearnedFromIsNotMeasured() throws {
      try withTemporaryFolder { folder in
        try OriginalSet.write(in: folder)
        var recipe = try Recipe(OriginalSet.settings)
        recipe.data.split = "train+val+vg"
        recipe.training.epochs = 1
        let told = Told()
        let outcome = try train(recipe, in: folder, told: told)
        // 20 + 8 + 8 questions: four steps of 8.
        #expect(FileManager.default.fileExists(atPath: folder + "/run/checkpoint-4.safetensors"))
        guard case .finished(let accuracy, _) = outcome else { throw FileFailure(file: "", cause: NoFinish()) }
        #expect(accuracy < 0)
        #expect(told.passes[0].accuracy == nil)
        #expect(told.notes.contains { $0.contains("'val' is learned from") })
        #expect(try model(folder).answers.count == 3)
      }
    }

    @Test func answersComeFromAFile() throws {
      try withTemporaryFolder { folder in
        try OriginalSet.write(in: folder)
        try AtomicFile.write(
          #"[{"blue": 0, "grey": 1, "teal": 2}, {"0": "blue", "1": "grey", "2": "teal"}]"#,
          to: folder + "/answer_dict.json")
        var recipe = try Recipe(OriginalSet.settings)
        recipe.training.epochs = 1
        recipe.data.answers = folder + "/answer_dict.json"
        try train(recipe, in: folder)
        #expect(try model(folder).answers.answers == ["blue", "grey", "teal"])
      }
    }

    @Test func badFeaturesCostTheirQuestionsOnly() throws {
      try withTemporaryFolder { folder in
        try OriginalSet.write(in: folder)
        let feats = folder + "/vqa/feats/train2014"
        try AtomicFile.write(
          ArrayFileWriter.bytes([1, 2, 3], shape: [1, 3]), to: "\(feats)/\(OriginalSet.name(4, "train2014"))")
        try FileManager.default.removeItem(atPath: "\(feats)/\(OriginalSet.name(9, "train2014"))")
        var recipe = try Recipe(OriginalSet.settings)
        recipe.training.epochs = 3
        let told = Told()
        try train(recipe, in: folder, told: told)
        // Each once, though the bad one comes in more than one pass.
        #expect(told.failures.map { $0.description.contains("image_id 9") } == [true, false])
        #expect(told.failures[1].description.contains("holds 3 numbers, the model needs 6"), "\(told.failures)")
        #expect(told.passes.allSatisfy { $0.loss.isFinite })
      }
    }

    @Test func featuresOfAnotherWidthStopTheRun() throws {
      try withTemporaryFolder { folder in
        try OriginalSet.write(in: folder)
        var settings = OriginalSet.settings
        settings.features.regions = .init(rows: 16, width: 7)
        let recipe = try Recipe(settings)
        let failure = try #require(#expect(throws: FileFailure.self) { try train(recipe, in: folder) })
        #expect(failure.kind == .badData)
        #expect(failure.description.contains("holds 6 numbers, the model needs 7"), "\(failure)")
      }
    }

    @Test func clevrIsMeasuredByFamily() throws {
      try withTemporaryFolder { folder in
        try OriginalSet.writeCLEVR(in: folder)
        let told = Told()
        try train(Recipe(OriginalSet.clevrSettings), in: folder, told: told)
        let model = try model(folder)
        #expect(model.configuration.network.questionLength == 9)
        #expect(Set(model.answers.answers) == ["1", "red", "green", "blue"])
        #expect(model.answers.answers[0] == "1")
        let groups = try #require(told.passes.last?.accuracy?.groups)
        #expect(groups.map(\.name) == ["Count", "Query_Attribute"])
        #expect(groups.map(\.count) == [3, 3])
        #expect(told.passes.map(\.temperature) == [10, 0.1])
        #expect(told.notes.contains { $0.hasSuffix("words from train, val, test") })
      }
    }

    /// The pictures of both splits count from 0; each split must get its own.
    @Test func clevrSplitsKeepTheirFeaturesApart() throws {
      try withTemporaryFolder { folder in
        try OriginalSet.writeCLEVR(in: folder)
        var recipe = try Recipe(OriginalSet.clevrSettings)
        recipe.data.split = "train+val"
        recipe.training.epochs = 1
        let told = Told()
        try train(recipe, in: folder, told: told)
        #expect(told.failures.isEmpty)
        let train = "\(folder)/clevr/feats/train"
        for index in 0..<16 {
          try AtomicFile.write(ArrayFileWriter.bytes([1, 2, 3], shape: [1, 3]), to: "\(train)/\(index).npy")
        }
        // The run goes on with val's alone.
        recipe.training.dropsIncompleteStep = false
        recipe.training.questionsPerStep = 22
        recipe.training.accumulation = 1
        let other = Told()
        try self.train(recipe, in: folder, "other", told: other)
        #expect(other.failures.count == 16)
        #expect(other.failures.allSatisfy { $0.file.hasPrefix(train) })
      }
    }

    @Test func anotherSplitIsTakenWhenAskedFor() throws {
      try withTemporaryFolder { folder in
        try OriginalSet.write(in: folder)
        var recipe = try Recipe(OriginalSet.settings)
        recipe.training.epochs = 3
        recipe.data.split = "train+vg"
        // 28 questions, three steps a pass; stopped in the second.
        try train(recipe, in: folder, stopAfter: 4)
        recipe.data.split = "train"
        let failure = try #require(#expect(throws: FileFailure.self) { try train(recipe, in: folder, resume: true) })
        #expect(failure.description.contains("data.split"))
        let told = Told()
        try train(recipe, in: folder, resume: true, changesSplit: true, told: told)
        #expect(
          told.notes.contains { $0.contains("pass 2 is begun anew with 'train'; 1 steps of it were done") },
          "\(told.notes)")
        // Two passes of two steps more, numbered on.
        #expect(told.passes.map(\.number) == [2, 3])
        #expect(FileManager.default.fileExists(atPath: folder + "/run/checkpoint-8.safetensors"))
        // floor(20 / 8 * 1) = 2 updates lie before; of the 10 of the warm-up the quarters end after 2, 5 and 7. Pass 2 began with a decay.
        for (pass, rate) in zip(told.passes, [0.5 * 2e-5, 0.75 * 2e-5]) {
          #expect(abs(Double(pass.rate) / rate - 1) < 1e-6, "pass \(pass.number): \(pass.rate)")
        }
        // The finished run says so.
        let again = try train(recipe, in: folder, resume: true)
        guard case .finished = again else { throw FileFailure(file: "", cause: NoFinish()) }
      }
    }

    /// The published rate falls after given passes, so that a finished run with more of them is the longer run.
    @Test func aFinishedRunTakesMorePasses() throws {
      try withTemporaryFolder { folder in
        try OriginalSet.write(in: folder)
        var recipe = try Recipe(OriginalSet.settings)
        recipe.training.epochs = 3
        try train(recipe, in: folder, "whole")
        recipe.training.epochs = 2
        try train(recipe, in: folder, "cut")
        recipe.training.epochs = 1
        #expect(throws: FileFailure.self) { try train(recipe, in: folder, "cut", resume: true) }
        recipe.training.epochs = 3
        let told = Told()
        try train(recipe, in: folder, "cut", resume: true, told: told)
        #expect(told.passes.map(\.number) == [3])
        #expect(
          try model(folder, "cut").namedParameters.map(\.parameter.value.elements)
            == model(folder, "whole").namedParameters.map(\.parameter.value.elements))

        // A rate that falls with the whole length of the run would have been another from the first step on.
        recipe.training.schedule = .cosine
        recipe.training.epochs = 1
        try train(recipe, in: folder, "cosine")
        recipe.training.epochs = 2
        let failure = try #require(
          #expect(throws: FileFailure.self) { try train(recipe, in: folder, "cosine", resume: true) })
        #expect(failure.description.contains("training.epochs was 1, is 2"))
      }
    }

    @Test func aStoppedRunOnFeaturesGoesOnBitForBit() throws {
      try withTemporaryFolder { folder in
        try OriginalSet.write(in: folder)
        var recipe = try Recipe(OriginalSet.settings)
        recipe.training.epochs = 3
        recipe.training.accumulation = 2
        try train(recipe, in: folder, "whole")
        try train(recipe, in: folder, "cut", stopAfter: 3)
        try train(recipe, in: folder, "cut", resume: true)
        func bytes(_ name: String) throws -> [UInt8] {
          try readFile("\(folder)/\(name)/model.safetensors", limit: 1 << 24)
        }
        #expect(try bytes("cut") == bytes("whole"))
      }
    }

    /// Losses of a step are added up part by part; what is reported does not grow with their number.
    @Test func reportedLossesDoNotDependOnTheParts() throws {
      try withTemporaryFolder { folder in
        try OriginalSet.write(in: folder)
        var losses: [Double] = []
        for (reduction, parts) in [(TrainingRecipe.Reduction.sum, 1), (.sum, 2), (.sum, 4), (.mean, 1), (.mean, 4)] {
          var recipe = try Recipe(OriginalSet.settings)
          recipe.model.network.dropout = 0
          (recipe.training.reduction, recipe.training.accumulation) = (reduction, parts)
          (recipe.training.epochs, recipe.training.rate, recipe.data.heldOut) = (1, 1e-9, "")
          let told = Told()
          try train(recipe, in: folder, "run\(losses.count)", told: told)
          losses.append(told.passes[0].loss)
        }
        for loss in losses { #expect(abs(loss / losses[0] - 1) < 1e-5, "\(losses)") }
      }
    }

    @Test func aModelIsBegunWith() throws {
      try withTemporaryFolder { folder in
        try OriginalSet.write(in: folder)
        var recipe = try Recipe(OriginalSet.settings)
        recipe.training.epochs = 1
        try train(recipe, in: folder, "first")
        let told = Told()
        recipe.training.rate = 1e-12
        try train(recipe, in: folder, "second", from: folder + "/first/model.safetensors", told: told)
        #expect(told.notes.contains("beginning with the weights of \(folder)/first/model.safetensors"))
        let (first, second) = (try model(folder, "first"), try model(folder, "second"))
        for (one, other) in zip(first.namedParameters, second.namedParameters) {
          let pairs = zip(one.parameter.value.elements, other.parameter.value.elements)
          #expect(pairs.allSatisfy { abs($0 - $1) < 1e-6 }, "\(one.name)")
        }
        // The checkpoint of a run can be gone on from in another folder.
        recipe.training.rate = 1e-4
        recipe.training.epochs = 2
        try train(recipe, in: folder, "third", stopAfter: 2)
        try train(recipe, in: folder, "fourth", from: folder + "/third/checkpoint-2.safetensors", told: told)
        #expect(FileManager.default.fileExists(atPath: folder + "/fourth/checkpoint-4.safetensors"))
        #expect(throws: FileFailure.self) {
          try train(recipe, in: folder, "fifth", from: folder + "/vqa/raw/VG_questions.json")
        }
      }
    }
  }
}

/// A run that should have come to its end.
private struct NoFinish: Failure {
  var kind: FailureKind { .badData }
  var place: String? { nil }
  var problem: String { "the run did not finish" }
  var advice: String { "" }
}
