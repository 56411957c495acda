// OriginalTrainingTests.swift - twenty steps of the original's training, its learning rates and its temperatures.

import Foundation
import Layers
import Routing
import SafeFiles
import TRAR
import Tensors
import TestSupport
import Testing
import WeightFiles

/// The sets of tables that have a file.
private func tables(with file: String) throws -> [ParitySet] {
  let sets = try ParitySets.folders(.trarTables).filter { $0.files(suffix: file) == [file] }
  try #require(!sets.isEmpty)
  return sets
}

extension TRARTests {
  @Suite struct OriginalTraining {
    /// A step takes more than a second without optimisation, so only the first ones are taken then.
    #if DEBUG
      private static let steps = 2
    #else
      private static let steps = 20
    #endif

    /// All steps on one batch, without dropout; each loss is that before its step.
    @Test func twentyStepsOfAdamGoTheOriginalsWay() throws {
      for set in try tables(with: "adam20.json") {
        let table = try set.json("adam20.json")
        let start = try #require(table["start"]?.stringValue).prefix { $0 != " " }
        let folder = "\((set.path as NSString).deletingLastPathComponent)/\(start)"
        let first = try #require(try ParitySets.folders(.trar).first { $0.path == folder })
        let parity = try ParityCase(first)
        let variant = try #require(parity.variants.first)
        let schedule = Schedule.steps(
          base: Float(try number(table, "lr_base")),
          stepsPerEpoch: try number(table, "data_size") / number(table, "batch_size"),
          warmupEpochs: try integer(table, "warmup_epoch"), decay: 0.2, decayEpochs: [])
        let optimiser = Optimiser(parity.network.namedParameters, configuration: OptimiserConfiguration())
        var worst: Float = 0
        let steps = try #require(table["trajectory"]?.arrayValue)
        try #require(steps.count >= Self.steps)
        for step in steps.prefix(Self.steps) {
          let rate = schedule.rate(step: try integer(step, "step"), epoch: 0)
          #expect(abs(rate / Float(try number(step, "lr")) - 1) < 1e-6)
          let tape = Tape()
          let loss = try tape.record { try parity.loss(try parity.logits(variant), variant) }
          tape.backward(from: loss)
          optimiser.step(tapes: [tape], rate: rate)
          let expected = Float(try number(step, "loss_before_step"))
          worst = max(worst, abs(loss.scalar / expected - 1))
        }
        #expect(worst <= 1e-4)
        try printParity(kind: "trar", folder: "\(set.name)/adam20", worst: worst, tolerance: 1e-4)
        guard Self.steps >= steps.count else { continue }
        try compareParameters(parity.network, with: TensorFile(path: set.file("adam20_final_params.safetensors")))
      }
    }

    /// Where a gradient is next to nothing Adam still takes a whole step, so a few elements may be a part of one step off.
    private func compareParameters(_ network: TRARNetwork, with file: TensorFile) throws {
      let parameters = Dictionary(uniqueKeysWithValues: network.namedParameters.map { ($0.name, $0.parameter) })
      #expect(!file.tensors.isEmpty)
      for entry in file.tensors {
        let parameter = try #require(parameters[entry.name])
        let comparison = try compare(parameter.value.elements, try file.floats(entry.name), absolute: 1e-4)
        #expect(comparison.isWithin, "\(entry.name) is off by \(comparison.worst) at \(comparison.worstIndex)")
      }
    }

    @Test func learningRatesSwitchWhereTheOriginalsDo() throws {
      for set in try tables(with: "schedules.json") {
        let runs = try #require(try set.json("schedules.json")["lr"]?.arrayValue)
        try #require(!runs.isEmpty)
        var worst: Float = 0
        for run in runs {
          let schedule = Schedule.steps(
            base: Float(try number(run, "lr_base")),
            stepsPerEpoch: try number(run, "data_size") / number(run, "batch_size"),
            warmupEpochs: try integer(run, "warmup_epoch"), decay: Float(try number(run, "decay_r")),
            decayEpochs: try #require(run["decay_list"]?.arrayValue).compactMap { $0.integerValue.map { Int($0) } })
          let changes = try #require(run["changes"]?.arrayValue).map { change in
            (step: try integer(change, "first_step_1based"), rate: Float(try number(change, "lr")))
          }
          let length = try integer(run, "steps_per_epoch")
          let last = length * (try integer(run, "max_epoch"))
          // The first and the last step of every epoch, and the steps on both sides of every change.
          let borders = stride(from: 1, through: last, by: length).flatMap { [$0, $0 + length - 1] }
          for step in borders + changes.flatMap({ [max(1, $0.step - 1), $0.step] }) {
            let expected = try #require(changes.last { $0.step <= step }).rate
            let rate = schedule.rate(step: step, epoch: (step - 1) / length)
            worst = max(worst, abs(rate / expected - 1))
          }
        }
        #expect(worst <= 1e-6)
        try printParity(kind: "trar", folder: "\(set.name)/learning_rates", worst: worst, tolerance: 1e-6)
      }
    }

    @Test func temperaturesFallAsTheOriginals() throws {
      for set in try tables(with: "schedules.json") {
        let policies = try #require(try set.json("schedules.json")["tau"]?.objectValue)
        #expect(Set(policies.keys.map { $0.prefix(7) }).count == TemperaturePolicy.allCases.count)
        var worst: Float = 0
        for (name, values) in policies {
          // policy0_epochs13
          let parts = name.split(separator: "_")
          let policy = try #require(
            parts.first.flatMap { Int($0.dropFirst("policy".count)) }.flatMap(TemperaturePolicy.init))
          let epochs = try #require(parts.last.flatMap { Int($0.dropFirst("epochs".count)) })
          let expected = try #require(values.arrayValue).compactMap(\.numberValue)
          #expect(expected.count == epochs)
          for (epoch, temperature) in expected.enumerated() {
            let value = policy.temperature(epoch: epoch, epochs: epochs, warmup: 3, greatest: 10, least: 0.1)
            worst = max(worst, Float(abs(value - temperature)))
          }
        }
        #expect(worst <= 1e-12)
        try printParity(kind: "trar", folder: "\(set.name)/temperatures", worst: worst, tolerance: 1e-12)
      }
    }
  }
}
