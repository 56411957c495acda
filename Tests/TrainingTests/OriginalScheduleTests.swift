// OriginalScheduleTests.swift - recipes made of the original's settings have its rates, temperatures and choices.

import Routing
import TestSupport
import Testing
import Training
import VQAFormats
import VQAPipeline

extension TrainingTests {
  @Suite struct OriginalScheduleTests {
    @Test func ratesAreThoseOfTheTables() throws {
      let sets = try ParitySets.folders(.trarTables).filter { $0.files(suffix: "schedules.json") == ["schedules.json"] }
      try #require(!sets.isEmpty)
      for set in sets {
        for run in try #require(try set.json("schedules.json")["lr"]?.arrayValue) {
          func integer(_ key: String) throws -> Int { try #require(run[key]?.integerValue.map { Int($0) }) }
          var settings = OriginalConfiguration(dataSet: .vqa)
          settings.learning.batchSize = try integer("batch_size")
          settings.learning.rate = try #require(run["lr_base"]?.numberValue)
          settings.learning.rateDecay = try #require(run["decay_r"]?.numberValue)
          settings.learning.decayEpochs = try #require(run["decay_list"]?.arrayValue).compactMap {
            $0.integerValue.map { Int($0) }
          }
          settings.learning.warmupEpochs = try integer("warmup_epoch")
          settings.learning.epochs = try integer("max_epoch")
          let schedule = RunSchedule(
            try Recipe(settings).training, questions: try integer("data_size"), totalSteps: 1)
          let length = try integer("steps_per_epoch")
          #expect(length == (try integer("data_size")) / settings.learning.batchSize)
          let changes = try #require(run["changes"]?.arrayValue)
          for (index, change) in changes.enumerated() {
            let first = try #require(change["first_step_1based"]?.integerValue.map { Int($0) })
            let expected = try #require(change["lr"]?.numberValue)
            let rate = schedule.rate(step: first, epoch: (first - 1) / length)
            #expect(abs(Double(rate) / expected - 1) < 1e-6, "\(first): \(rate), not \(expected)")
            guard index > 0, let before = changes[index - 1]["lr"]?.numberValue else { continue }
            let last = schedule.rate(step: first - 1, epoch: (first - 2) / length)
            #expect(abs(Double(last) / before - 1) < 1e-6, "\(first - 1): \(last), not \(before)")
          }
        }
      }
    }

    @Test func temperaturesAreThoseOfThePolicies() throws {
      let sets = try ParitySets.folders(.trarTables).filter { $0.files(suffix: "schedules.json") == ["schedules.json"] }
      for set in sets {
        for (name, values) in try #require(try set.json("schedules.json")["tau"]?.objectValue) {
          let parts = name.split(separator: "_")
          var settings = OriginalConfiguration(dataSet: .vqa)
          settings.network.routing = .hard
          settings.network.temperaturePolicy = try #require(parts.first?.last?.wholeNumberValue)
          settings.learning.epochs = try #require(parts.last.flatMap { Int($0.dropFirst("epochs".count)) })
          let schedule = RunSchedule(try Recipe(settings).training, questions: 64, totalSteps: 1)
          for (epoch, value) in try #require(values.arrayValue).enumerated() {
            let expected = Float(try #require(value.numberValue))
            #expect(schedule.temperature(epoch: epoch) == expected, "\(name), epoch \(epoch)")
          }
        }
      }
      let soft = RunSchedule(try Recipe(OriginalConfiguration(dataSet: .vqa)).training, questions: 64, totalSteps: 1)
      #expect(soft.temperature(epoch: 0) == nil)
    }

    @Test func choicesAreTheOriginals() throws {
      let vqa = try Recipe(OriginalConfiguration(dataSet: .vqa))
      #expect(
        vqa.model.vision.embedding == .features && vqa.model.vision.gridSide == 8 && vqa.model.vision.width == 2048)
      #expect(vqa.training.loss == .binaryCrossEntropy && vqa.training.reduction == .sum)
      #expect(vqa.training.epochs == 13 && vqa.training.questionsPerStep == 64 && vqa.training.accumulation == 1)
      #expect(vqa.training.optimiser.firstDecay == 0.9 && vqa.training.optimiser.secondDecay == 0.98)
      #expect(vqa.training.optimiser.epsilon == 1e-9 && vqa.training.optimiser.clipNorm == 0)
      #expect(vqa.training.averageDecay == 0 && vqa.training.dropsIncompleteStep && vqa.training.keep == .last)
      #expect(vqa.data.source == .annotations && vqa.data.vocabulary == .everySplit && vqa.data.answerCount == 9)
      #expect(vqa.data.split == "train" && vqa.data.heldOut == "val")
      let clevr = try Recipe(OriginalConfiguration(dataSet: .clevr))
      #expect(clevr.training.loss == .crossEntropy && clevr.training.accumulation == 2)
      #expect(clevr.training.temperature.policy == .slow && clevr.data.layout == .clevr && clevr.data.answerCount == 1)
      #expect(clevr.model.network.projectionName == "grid_linear")

      var settings = OriginalConfiguration(dataSet: .vqa)
      settings.learning.loss = .divergence
      settings.learning.reduction = .mean
      settings.learning.clipNorm = 5
      settings.learning.split = "train+val"
      settings.run.evaluatesEveryEpoch = false
      let other = try Recipe(settings)
      #expect(other.training.loss == .divergence && other.training.reduction == .mean)
      #expect(
        other.training.optimiser.clipNorm == 5 && other.data.heldOut.isEmpty && other.data.splits == ["train", "val"])
    }

    @Test func whatIsNotHereIsNamed() throws {
      func failure(_ change: (inout OriginalConfiguration) -> Void) throws -> String {
        var settings = OriginalConfiguration(dataSet: .vqa)
        change(&settings)
        return try #require(#expect(throws: ConfigurationFailure.self) { try Recipe(settings) }).message
      }
      #expect(try failure { $0.learning.reduction = .none }.hasPrefix("LOSS_REDUCTION: "))
      #expect(try failure { $0.learning.optimiserParameters["weight_decay"] = .number(0.1) }.contains("weight_decay"))
      #expect(try failure { $0.learning.optimiserParameters["amsgrad"] = .flag(true) }.contains("amsgrad"))
      #expect(try failure { $0.learning.split = "train+train" }.contains("named twice"))
    }
  }
}
