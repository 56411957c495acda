// Checkpoint.swift - the whole state of a run, written atomically, so that it can go on bit for bit.
//
// Everything random follows from seed, epoch and step, so the state is just weights, moments, averages and the number of the step. The
// newest two are kept; a file that a killed run left behind half-written never gets its name.

import Foundation
import Layers
import SafeFiles
import Tensors
import VQAPipeline
import WeightFiles

/// What a run needs to go on, besides recipe and data.
struct CheckpointState {
  var step: Int
  var bestAccuracy: Double
  var seconds: Double
  var log: [String]
  /// Losses of the steps since the last line of the log.
  var losses: [Float] = []
  /// Losses of the steps of the present pass, added up, and their number.
  var passLoss = 0.0
  var passSteps = 0
  /// Passes done, and steps of the one after them.
  var passes = 0
  var stepsOfPass = 0
}

/// Reads and writes checkpoints of one output folder.
struct CheckpointStore {
  let folder: String
  /// Whether checkpoints hold a backbone, too: where no file of the recipe does.
  var keepsBackbone = false

  /// Where the model of the run is kept.
  var modelPath: String { folder + "/model.safetensors" }

  /// Removes what a killed run left half-written: model, log and checkpoints.
  func removeStrays() {
    for entry in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      guard entry.hasPrefix("."), let end = entry.range(of: ".tmp-") else { continue }
      AtomicFile.removeStrays(of: folder + "/" + entry.dropFirst()[..<end.lowerBound])
    }
  }

  /// Number and path of each checkpoint, the newest first.
  func list() -> [(step: Int, path: String)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.compactMap { name -> (step: Int, path: String)? in
      guard name.hasPrefix("checkpoint-"), name.hasSuffix(".safetensors") else { return nil }
      guard let step = Int(name.dropFirst("checkpoint-".count).dropLast(".safetensors".count)) else { return nil }
      return (step, folder + "/" + name)
    }.sorted { $0.step > $1.step }
  }

  func write(
    _ state: CheckpointState, _ model: VQAModel, _ optimiser: Optimiser, _ average: WeightAverage?,
    run: [String: String]
  ) throws {
    var tensors: [TensorFileWriter.Tensor] = []
    let parameters = model.ownParameters
    for (name, parameter) in keepsBackbone ? model.namedParameters : parameters {
      tensors.append(("weight." + name, parameter.value.shape, parameter.value.elements))
    }
    if let average {
      for (item, held) in zip(parameters, average.averages) {
        tensors.append(("average." + item.name, held.value.shape, held.value.elements))
      }
    }
    for (index, name) in optimiser.names.enumerated() {
      let first = optimiser.firstMoments[index]
      let second = optimiser.secondMoments[index]
      tensors.append(("first." + name, first.shape, first.elements))
      tensors.append(("second." + name, second.shape, second.elements))
    }
    var metadata = run
    metadata["step"] = String(state.step)
    metadata["optimiser.steps"] = String(optimiser.steps)
    metadata["bestAccuracy"] = String(state.bestAccuracy)
    metadata["seconds"] = String(state.seconds)
    metadata["log"] = state.log.joined(separator: "\n")
    metadata["passLoss"] = "\(state.passLoss) \(state.passSteps)"
    metadata["place"] = "\(state.passes) \(state.stepsOfPass)"
    metadata["losses"] = state.losses.map(\.description).joined(separator: " ")
    try TensorFileWriter.write(
      tensors: tensors, metadata: metadata, to: folder + "/checkpoint-\(state.step).safetensors")
    // A damaged one of a later step is not among the two: the run passed it over and will write that step again.
    for old in list().filter({ $0.step < state.step }).dropFirst() {
      try? FileManager.default.removeItem(atPath: old.path)
    }
  }

  /// The newest checkpoint that can be read whole; damaged ones are passed over and reported.
  func newestValid(damaged: (String) -> Void) -> (path: String, file: TensorFile)? {
    for candidate in list() {
      do {
        let file = try TensorFile(path: candidate.path)
        if file.metadata["step"] == String(candidate.step) { return (candidate.path, file) }
        damaged("\(candidate.path): its step is not the one of its name")
      } catch {
        damaged("\(error)")
      }
    }
    return nil
  }

  /// Puts the state of a checkpoint back.
  func restore(
    _ file: TensorFile, into model: VQAModel, _ optimiser: Optimiser, _ average: WeightAverage?
  ) throws -> CheckpointState {
    let parameters = model.ownParameters
    func named(_ prefix: String, _ items: [(name: String, parameter: Parameter)]) -> [(
      name: String, parameter: Parameter
    )] {
      items.map { (prefix + $0.name, $0.parameter) }
    }
    let weights = keepsBackbone ? model.namedParameters : parameters
    try ModelFile.fill(named("weight.", weights), from: file, strict: false)
    if let average {
      let items = zip(parameters, average.averages).map { (name: $0.name, parameter: $1) }
      try ModelFile.fill(named("average.", items), from: file, strict: false)
    }
    func moments(_ prefix: String) throws -> [Tensor] {
      try zip(optimiser.names, optimiser.firstMoments).map { name, present in
        let moment = Parameter(present)
        try ModelFile.fill([(prefix + name, moment)], from: file, strict: false)
        return moment.value
      }
    }
    guard let step = file.metadata["step"].flatMap(Int.init), step >= 0,
      let steps = file.metadata["optimiser.steps"].flatMap(Int.init), steps >= 0,
      let best = file.metadata["bestAccuracy"].flatMap(Double.init),
      let seconds = file.metadata["seconds"].flatMap(Double.init), best.isFinite, seconds.isFinite
    else { throw TrainingFailure.badCheckpoint(problem: "the metadata do not say where the run stood") }
    optimiser.restore(first: try moments("first."), second: try moments("second."), steps: steps)
    let log = file.metadata["log"].map { $0.isEmpty ? [] : $0.components(separatedBy: "\n") } ?? []
    let losses = (file.metadata["losses"] ?? "").split(separator: " ").compactMap { Float($0) }
    var state = CheckpointState(step: step, bestAccuracy: best, seconds: seconds, log: log, losses: losses)
    let pass = (file.metadata["passLoss"] ?? "").split(separator: " ")
    if pass.count == 2, let loss = Double(pass[0]), let steps = Int(pass[1]), steps >= 0 {
      (state.passLoss, state.passSteps) = (loss, steps)
    }
    let place = (file.metadata["place"] ?? "").split(separator: " ").compactMap { Int($0) }
    if place.count == 2, place[0] >= 0, place[1] >= 0 { (state.passes, state.stepsOfPass) = (place[0], place[1]) }
    return state
  }
}
