// TrainingRun.swift - a whole run: steps, log, checkpoints, measurements, the finished model.

import Foundation
import ImageCodecs
import Layers
import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline

/// What a run reports while it goes on.
public struct TrainingProgress: Sendable {
  /// Steps done.
  public var step: Int
  /// Steps of the whole run.
  public var steps: Int
  /// Passes over the data done, with a fraction.
  public var epoch: Double
  /// Loss per question, averaged over the steps since the last line of the log.
  public var loss: Float
  /// The present learning rate.
  public var rate: Float
  /// Share of held-out questions answered right at the last measurement.
  public var accuracy: Double?
  /// Seconds left at the present speed.
  public var secondsLeft: Double
}

/// How a run ended.
public enum TrainingOutcome: Sendable, Equatable {
  /// All steps are done; the model is in the output folder.
  case finished(accuracy: Double, seconds: Double)
  /// Stopped on request with everything saved.
  case stopped(step: Int, checkpoint: String)
}

/// Trains a model by a recipe.
public struct TrainingRun {
  private let recipe: Recipe
  private let folder: String
  private let training: QuestionSet
  private let heldOut: QuestionSet
  private let threads: Int

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - recipe: The recipe.
  ///   - data: Folder of the data set.
  ///   - output: Folder for model, log and checkpoints; made if it does not exist.
  ///   - threads: Shards computed at a time; no influence on the result.
  ///   - limits: What a picture may cost.
  /// - Throws: `FileFailure` when data cannot be read or the folder cannot be made.
  public init(
    _ recipe: Recipe, data: String, output: String, threads: Int, limits: ImageLimits = .default
  ) throws {
    self.recipe = recipe
    self.threads = threads
    folder = output
    let preparation = PicturePreparation(recipe.model)
    training = try QuestionSet(folder: data, split: recipe.data.split, preparation: preparation, limits: limits)
    heldOut = try QuestionSet(folder: data, split: recipe.data.heldOut, preparation: preparation, limits: limits)
    do {
      try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    } catch {
      throw FileFailure(file: output, cause: OutputFolderFailure(reason: error.localizedDescription))
    }
  }

  /// Runs all steps, or those left.
  ///
  /// - Parameters:
  ///   - resume: Go on from the newest checkpoint.
  ///   - shouldStop: Asked after every step; true ends the run with everything saved.
  ///   - report: Receives progress after every step.
  ///   - note: Receives what a person should read, such as a damaged checkpoint.
  /// - Returns: How the run ended.
  /// - Throws: ``TrainingFailure``, or a failure to write.
  public func run(
    resume: Bool, shouldStop: () -> Bool = { false }, report: (TrainingProgress) -> Void = { _ in },
    note: (String) -> Void = { _ in }
  ) throws -> TrainingOutcome {
    let model = try makeModel()
    let parameters = model.namedParameters
    let optimiser = Optimiser(parameters, configuration: recipe.training.optimiser)
    let average =
      recipe.training.averageDecay > 0 ? WeightAverage(parameters, decay: recipe.training.averageDecay) : nil
    let order = try DataOrder(training, recipe.training)
    let store = CheckpointStore(folder: folder)
    var state = CheckpointState(step: 0, bestAccuracy: -1, seconds: 0, log: [])
    store.removeStrays()
    if resume {
      guard let newest = store.newestValid(damaged: note) else {
        throw FileFailure(file: folder, cause: TrainingFailure.nothingToResume)
      }
      do {
        try check(newest.file.metadata)
        state = try store.restore(newest.file, into: model, optimiser, average)
      } catch let failure as any Failure {
        throw FileFailure(file: newest.path, cause: failure)
      }
      note("going on from \(newest.path)")
    } else if let newest = store.list().first {
      throw FileFailure(file: folder, cause: TrainingFailure.runExists(checkpoint: newest.path))
    } else if FileManager.default.fileExists(atPath: store.modelPath) {
      throw FileFailure(file: store.modelPath, cause: TrainingFailure.modelExists)
    }
    let loop = TrainingLoop(
      recipe: recipe, model: model, optimiser: optimiser, average: average, order: order, store: store,
      computation: TrainingStep(model, training, recipe.training, threads: threads), heldOut: heldOut,
      metadata: try metadata())
    return try loop.run(from: &state, shouldStop: shouldStop, report: report)
  }

  private func makeModel() throws -> VQAModel {
    let source = recipe.data.set.isEmpty ? "training questions" : recipe.data.set + ", split " + recipe.data.split
    let words = Vocabulary.build(fromQuestions: training.questions.map(\.text), madeFrom: source)
    let answers = AnswerVocabulary.build(
      fromAnswers: training.questions.map(\.common), minimumCount: recipe.data.answerCount, madeFrom: source)
    let model = try VQAModel(recipe.model, words: words, answers: answers, seed: recipe.training.seed)
    recipe.training.firstValues.apply(to: model)
    return model
  }

  private func metadata() throws -> [String: String] {
    [
      "recipe": try recipe.json().serialized(), "data.training": training.contentHash,
      "data.heldOut": heldOut.contentHash,
    ]
  }

  /// A checkpoint goes on only with the recipe and the data it was made with.
  private func check(_ stored: [String: String]) throws {
    let own = try metadata()
    guard let old = stored["recipe"] else { throw TrainingFailure.badCheckpoint(problem: "it names no recipe") }
    if old != own["recipe"] {
      let before = try JSONValue.parse(Array(old.utf8))
      throw TrainingFailure.changedRecipe(differences: Self.differences(before, try recipe.json(), path: ""))
    }
    for (key, split) in [("data.training", recipe.data.split), ("data.heldOut", recipe.data.heldOut)]
    where stored[key] != own[key] {
      throw TrainingFailure.changedData(split: split)
    }
  }

  private static func differences(_ old: JSONValue, _ new: JSONValue, path: String) -> [String] {
    guard case .object(let before) = old, case .object(let after) = new else {
      return old == new ? [] : ["\(path) was \(old.serialized()), is \(new.serialized())"]
    }
    return after.keys.flatMap { key in
      differences(before[key] ?? .null, after[key] ?? .null, path: path.isEmpty ? key : path + "." + key)
    }
  }
}

/// The output folder cannot be made.
struct OutputFolderFailure: Failure {
  let reason: String
  var kind: FailureKind { .cannotCreate }
  var place: String? { nil }
  var problem: String { "the folder cannot be made: \(reason)" }
  var advice: String { "choose another folder with --output" }
}
