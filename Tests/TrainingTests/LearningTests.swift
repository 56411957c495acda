// LearningTests.swift - a run learns an easy task, and tells how it goes on.

import Foundation
import Layers
import SafeFiles
import Testing
import Training
import VQAPipeline

extension TrainingTests {
  @Suite struct LearningTests {
    @Test func anEasyTaskIsLearned() throws {
      try RunFolder.with { folder in
        folder.recipe.training.epochs = 8
        folder.recipe.training.logSteps = 4
        var progress: [TrainingProgress] = []
        let outcome = try folder.run("run") { progress.append($0) }
        guard case .finished(let accuracy, let seconds) = outcome else {
          Issue.record("\(outcome)")
          return
        }
        #expect(accuracy == 1)
        #expect(seconds > 0)
        #expect(progress.map(\.step) == Array(1...32))
        #expect(progress.allSatisfy { $0.steps == 32 && $0.secondsLeft >= 0 })
        #expect(progress.last?.secondsLeft == 0)
        #expect(progress.last?.epoch == 8)
        let first = try #require(progress.first?.loss)
        let last = try #require(progress.last?.loss)
        #expect(last < 0.5 * first, "\(first) -> \(last)")

        let (model, metadata) = try ModelFile.load(folder.output("run") + "/model.safetensors")
        #expect(metadata["training.heldOutAccuracy"] == "1.0")
        #expect(metadata["recipe"] == (try folder.recipe.json().serialized()))
        let preparation = PicturePreparation(model.configuration)
        let set = try QuestionSet(folder: folder.path, split: "val", preparation: preparation)
        let answers = model.answer(set.questions.map(\.text), about: try model.see(set.pictures), top: 1)
        #expect(answers.map(\.best.answer) == set.questions.map(\.common))
      }
    }

    @Test func softTargetsAreLearnedToo() throws {
      try RunFolder.with { folder in
        folder.recipe.training.loss = .binaryCrossEntropy
        var losses: [Float] = []
        try folder.run("run") { losses.append($0.loss) }
        #expect(try #require(losses.last) < 0.9 * (try #require(losses.first)), "\(losses)")
      }
    }

    @Test func theLogHasALineForEveryInterval() throws {
      try RunFolder.with { folder in
        try folder.run("run")
        let lines = try folder.log("run")
        #expect(lines[0] == ["step", "epoch", "seconds", "loss", "rate", "gradientNorm", "heldOutAccuracy"])
        // Every third step, and the measurements after the second and the last pass of four steps.
        #expect(lines.dropFirst().map { $0[0] } == ["3", "6", "8", "9", "12"])
        #expect(lines.dropFirst().map { $0[1] } == ["0.750", "1.500", "2.000", "2.250", "3.000"])
        #expect(lines.dropFirst().map { !$0[6].isEmpty } == [false, false, true, false, true])
        let schedule = Schedule.cosine(peak: 0.01, warmupSteps: 0, totalSteps: 12, finalShare: 0.01)
        for line in lines.dropFirst() {
          #expect(line.count == 7)
          let numbers = line.dropLast().compactMap { Double($0) }
          try #require(numbers.count == 6)
          #expect(numbers[3] > 0 && numbers[5] > 0)
          #expect(String(schedule.rate(step: Int(numbers[0]), epoch: 0)) == line[4])
        }
      }
    }

    @Test func onlyTwoCheckpointsAreKept() throws {
      try RunFolder.with { folder in
        folder.recipe.training.checkpointSteps = 1
        folder.recipe.training.epochs = 1
        try folder.run("run")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.output("run"))
        #expect(
          names.sorted() == ["checkpoint-3.safetensors", "checkpoint-4.safetensors", "log.csv", "model.safetensors"])
      }
    }

    @Test func theAveragedWeightsAreTheModel() throws {
      try RunFolder.with { folder in
        folder.recipe.training.epochs = 1
        try folder.run("averaged")
        folder.recipe.training.averageDecay = 0
        try folder.run("last")
        for (name, prefix) in [("averaged", "average."), ("last", "weight.")] {
          let model = try ModelFile.load(folder.output(name) + "/model.safetensors").model
          let checkpoint = try folder.checkpoint(name, 4)
          for (parameter, held) in model.namedParameters {
            #expect(try checkpoint.floats(prefix + parameter) == held.value.elements)
          }
        }
        #expect(try folder.checkpoint("last", 4).names.allSatisfy { !$0.hasPrefix("average.") })
        let averaged = try folder.checkpoint("averaged", 4)
        #expect(try averaged.floats("weight.proj.weight") != averaged.floats("average.proj.weight"))
      }
    }

    @Test func rareAnswersAreLeftOut() throws {
      try RunFolder.with { folder in
        folder.recipe.training.epochs = 1
        folder.recipe.data.answerCount = 2
        try TinySet.write(Array(1...32), split: "train", in: folder.path) {
          $0 == 5 ? "mauve" : $0 < 17 ? "red" : "blue"
        }
        try folder.run("run")
        let model = try ModelFile.load(folder.output("run") + "/model.safetensors").model
        #expect(model.answers.answers == ["red", "blue"])
        folder.recipe.data.answerCount = 20
        let failure = try #require(throws: ConfigurationFailure.self) { try folder.run("none") }
        #expect(failure.problem.contains("network.answers"))
      }
    }

    /// At such a rate the weights leave the range of numbers after the first steps.
    @Test func aLossThatIsNoNumberStopsWithItsStep() throws {
      try RunFolder.with { folder in
        folder.recipe.training.rate = 1e18
        folder.recipe.training.warmupShare = 0
        folder.recipe.training.checkpointSteps = 1
        var done = 0
        let failure = try #require(throws: FileFailure.self) { try folder.run("run") { done = $0.step } }
        guard case .notFinite(let step, let last)? = failure.cause as? TrainingFailure else {
          Issue.record("\(failure)")
          return
        }
        #expect(step == done + 1)
        #expect(step > 1)
        #expect(failure.cause.place == "step \(step)")
        #expect(last == folder.output("run") + "/checkpoint-\(done).safetensors")
        #expect(failure.description.contains("checkpoint-\(done)"))
        // What the message calls good is so.
        try folder.checkpoint("run", done).checkFinite()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.output("run"))
        #expect(!names.contains("checkpoint-\(step).safetensors"))
      }
    }
  }
}
