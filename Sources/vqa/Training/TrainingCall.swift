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
  private let source: String?
  private let notes: [String]
  private let path: String
  /// The recipe with all that the command line lays over it.
  let recipe: Recipe

  init(_ call: Call) throws {
    self.call = call
    let described = try TrainingRecipeCall(call)
    (recipe, source, notes, path) = (described.recipe, described.source, described.notes, described.path)
  }

  func run() throws -> ExitCode {
    let output = try call.arguments.required("output")
    let data = try dataFolder(output)
    for note in notes { call.console.note(note) }
    var run = try TrainingRun(
      recipe, data: data, output: output, threads: WorkerPool.shared.threads,
      limits: SharedOptions.imageLimits(call.arguments), note: call.console.note)
    run.source = source
    run.changesSplit = call.arguments.flag("split")
    Interruption.watch(survivesClosedPipes: true)
    let display = TrainingDisplay(call.console)
    var failures = FailedPictures()
    var observer = TrainingObserver()
    (observer.report, observer.pass, observer.note) = (display.update, display.pass, display.note)
    observer.failed = { failures.add($0, imageID: failures.questions) }
    let outcome = try run.run(
      resume: call.arguments.flag("resume"), shouldStop: { Interruption.isRequested }, observer: observer)
    display.finish()
    failures.tell(call.console)
    if failures.questions > 0 {
      call.console.say("\(failures.questions) pictures have no features; their questions were left out")
    }
    switch outcome {
    case .stopped(let step, let checkpoint):
      call.console.say("stopped after step \(step), saved in \(checkpoint); run again with --resume to go on")
      return .stopped
    case .finished(let accuracy, let seconds):
      let model = output + "/model.safetensors"
      let heldOut = accuracy < 0 ? "nothing measured" : Self.accuracy(accuracy, recipe.training.measure)
      let rows: [(name: String, value: String)] = [
        ("model", model), ("held-out", heldOut), ("took", durationText(.seconds(seconds))),
      ]
      try Interruption.endingWithReader { try call.console.write(Columns.text(rows)) }
      call.console.inform("next: vqa ask PICTURE QUESTION --model \(model)")
      if recipe.data.layout == .own, recipe.data.also.isEmpty, accuracy >= 0 {
        // Much of what a small set teaches is known from the question alone.
        let again = "vqa evaluate --model \(model) --data \(data) --held-out"
        call.console.inform("what was held out: \(again)")
        call.console.inform("the same without the pictures: \(again) --blank")
      }
      return failures.questions == 0 ? .success : .someFailed
    }
  }

  private static func accuracy(_ accuracy: Double, _ measure: TrainingRecipe.Measure) -> String {
    switch measure {
    case .share: "\(Columns.percent(accuracy)) of the answers are right"
    case .official: "\(Columns.percent(accuracy)) by the official accuracy"
    }
  }

  /// Where the data are; a set that can be made is made when no folder is named.
  private func dataFolder(_ output: String) throws -> String {
    if let folder = call.arguments.string("data") { return folder }
    guard recipe.data.folder.isEmpty else { return recipe.data.folder }
    let folder = output + "/data"
    for (name, place) in recipe.data.folders(below: folder) { try make(name, in: place) }
    return folder
  }

  /// Makes a data set where it is not there yet.
  private func make(_ name: String, in folder: String) throws {
    // The question file of train is written last: where it is, all else is.
    let isThere = FileManager.default.fileExists(atPath: folder + "/train/questions.json")
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
    default: throw recipeFailure(NoTrainingData(name: name))
    }
  }

  /// The scenes of a recipe.
  private func scenes() throws -> SceneSet {
    let data = recipe.data
    guard let preset = ScenePreset(rawValue: data.preset) else {
      throw recipeFailure(NoScenes(field: "preset", value: data.preset))
    }
    let set = SceneSet(preset: preset, pictures: data.pictures, side: data.size == 0 ? nil : data.size, seed: data.seed)
    guard SceneSet.counts.contains(set.pictures) else {
      throw recipeFailure(NoScenes(field: "pictures", value: String(set.pictures)))
    }
    guard SceneSet.sides.contains(set.side) else {
      throw recipeFailure(NoScenes(field: "size", value: String(set.side)))
    }
    return set
  }

  private func recipeFailure(_ cause: some Failure) -> FileFailure { FileFailure(file: path, cause: cause) }
}
