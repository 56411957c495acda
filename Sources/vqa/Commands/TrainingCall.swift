// TrainingCall.swift - one run of `vqa train`: its data, its progress, its end.

import CommandLineKit
import Foundation
import SafeFiles
import Scenes
import Tensors
import Training

/// A recipe names no data.
struct NoTrainingData: Failure, Equatable {
  let name: String

  var kind: FailureKind { .badData }
  var place: String? { "data" }
  var problem: String { name.isEmpty ? "it names no data" : "'\(visibleText(name))' is no set that can be made" }
  var advice: String {
    "name a folder with --data, or put \"folder\", or \"set\": \"easy-vqa\" or \"scenes\", into the recipe"
  }
}

/// A recipe asks for scenes that cannot be drawn.
struct NoScenes: Failure, Equatable {
  let field: String
  let value: String

  var kind: FailureKind { .badData }
  var place: String? { "data.\(field)" }
  var problem: String { "'\(visibleText(value))' is nothing that can be drawn" }
  var advice: String { "see 'vqa help data' for what can" }
}

/// A run of training.
struct TrainingCall {
  private let call: Call
  private let recipe: Recipe
  private let output: String

  init(_ call: Call, _ recipe: Recipe) throws(UsageError) {
    self.call = call
    self.recipe = recipe
    output = try call.arguments.required("output")
  }

  func run() throws -> ExitCode {
    let data = try dataFolder()
    let run = try TrainingRun(
      recipe, data: data, output: output, threads: WorkerPool.shared.threads,
      limits: SharedOptions.imageLimits(call.arguments))
    Interruption.watch(survivesClosedPipes: true)
    let display = TrainingDisplay(call.console)
    let outcome = try run.run(
      resume: call.arguments.flag("resume"), shouldStop: { Interruption.isRequested }, report: display.update,
      note: display.note)
    display.finish()
    switch outcome {
    case .stopped(let step, let checkpoint):
      call.console.say("stopped after step \(step), saved in \(checkpoint); run again with --resume to go on")
      return .stopped
    case .finished(let accuracy, let seconds):
      let model = output + "/model.safetensors"
      try call.console.write(
        Columns.text([
          ("model", model), ("held-out", "\(Columns.percent(accuracy)) of the answers are right"),
          ("took", durationText(.seconds(seconds))),
        ]))
      call.console.inform("next: vqa ask PICTURE QUESTION --model \(model)")
      return .success
    }
  }

  /// Where the data are; a set that can be made is made when no folder is named.
  private func dataFolder() throws -> String {
    if let folder = call.arguments.string("data") { return folder }
    guard recipe.data.folder.isEmpty else { return recipe.data.folder }
    let folder = output + "/data"
    // The question file of train is written last: where it is, all else is.
    let isThere = FileManager.default.fileExists(atPath: folder + "/train/questions.json")
    let name = recipe.data.set
    switch name {
    case _ where isThere && !name.isEmpty: break
    case EasyVQAData.name:
      let source = try EasyVQAData.source(folder: nil, environment: call.environment)
      call.console.inform("making the data set \(name) in \(folder)")
      _ = try EasyVQAData.convert(source, output: folder, seed: 1, console: call.console)
    case SceneData.name:
      let set = try scenes()
      call.console.inform("drawing \(Columns.grouped(set.pictures)) scenes in \(folder)")
      _ = try SceneData.write(set, output: folder, console: call.console)
    default: throw try recipeFailure(NoTrainingData(name: name))
    }
    return folder
  }

  /// The scenes of a recipe.
  private func scenes() throws -> SceneSet {
    let data = recipe.data
    guard let preset = ScenePreset(rawValue: data.preset) else {
      throw try recipeFailure(NoScenes(field: "preset", value: data.preset))
    }
    let set = SceneSet(preset: preset, pictures: data.pictures, side: data.size == 0 ? nil : data.size, seed: data.seed)
    guard SceneSet.counts.contains(set.pictures) else {
      throw try recipeFailure(NoScenes(field: "pictures", value: String(set.pictures)))
    }
    guard SceneSet.sides.contains(set.side) else {
      throw try recipeFailure(NoScenes(field: "size", value: String(set.side)))
    }
    return set
  }

  private func recipeFailure(_ cause: some Failure) throws -> FileFailure {
    FileFailure(file: try call.arguments.requiredArgument("RECIPE"), cause: cause)
  }
}

/// The line of progress of a run; it begins with the first step, whose number a resumed run decides.
private final class TrainingDisplay {
  private let console: Console
  private var line: ProgressLine?

  init(_ console: Console) {
    self.console = console
  }

  func update(_ progress: TrainingProgress) {
    if line == nil { line = console.progress("training", total: progress.steps, first: progress.step - 1) }
    var fields: [ProgressLine.Field] = [
      ("loss", String(format: "%.4f", progress.loss)), ("rate", String(format: "%.2e", progress.rate)),
    ]
    if let accuracy = progress.accuracy { fields.append(("held-out", Columns.percent(accuracy))) }
    line?.update(progress.step, fields)
  }

  func note(_ text: String) {
    if line == nil { console.note(text) } else { line?.note("\(Program.name): note: \(text)") }
  }

  func finish() { line?.finish() }
}
