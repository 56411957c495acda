// TrainingRun.swift - a whole run: steps, log, checkpoints, measurements, the finished model.

import Foundation
import ImageCodecs
import Layers
import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline

/// Trains a model by a recipe.
public struct TrainingRun {
  private let recipe: Recipe
  private let folder: String
  private let data: TrainingData
  private let threads: Int
  private let limits: ImageLimits
  /// A checkpoint or model to begin from, in place of fresh weights.
  public var source: String?
  /// Whether a run may go on with other questions than its checkpoint was made with.
  public var changesSplit = false

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - recipe: The recipe.
  ///   - data: Folder of the data set.
  ///   - output: Folder for model, log and checkpoints; made if it does not exist.
  ///   - threads: Shards computed at a time; no influence on the result.
  ///   - limits: What a picture may cost.
  ///   - note: Receives what a person should know of the data.
  /// - Throws: `FileFailure` when data cannot be read or the folder cannot be made.
  public init(
    _ recipe: Recipe, data: String, output: String, threads: Int, limits: ImageLimits = .default,
    note: (String) -> Void = { _ in }
  ) throws {
    self.threads = threads
    self.limits = limits
    folder = output
    self.data = try TrainingData(recipe, folder: data, limits: limits, note: note)
    var recipe = recipe
    // The original reads CLEVR's questions to the end of the longest.
    if recipe.data.layout == .clevr, recipe.data.vocabulary == .everySplit {
      recipe.model.network.questionLength = max(1, self.data.longestQuestion)
    }
    if let parts = self.data.parts { recipe.model.knowledge.words = parts.mentions?.names.count ?? 0 }
    self.recipe = recipe
    try makeFolder(output)
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
    try withoutActuallyEscaping(report) { report in
      try withoutActuallyEscaping(note) { note in
        var observer = TrainingObserver()
        (observer.report, observer.note) = (report, note)
        return try run(resume: resume, shouldStop: shouldStop, observer: observer)
      }
    }
  }

  /// Runs all steps, or those left.
  ///
  /// - Parameters:
  ///   - resume: Go on from the newest checkpoint.
  ///   - shouldStop: Asked after every step; true ends the run with everything saved.
  ///   - observer: Receives what goes on.
  /// - Returns: How the run ended.
  /// - Throws: ``TrainingFailure``, or a failure to write.
  public func run(
    resume: Bool, shouldStop: () -> Bool = { false }, observer: TrainingObserver
  ) throws -> TrainingOutcome {
    let observer = telling(observer)
    for failure in data.training.missing + (data.heldOut?.missing ?? []) { observer.failed(failure) }
    var store = CheckpointStore(folder: folder)
    store.keepsBackbone = recipe.model.usesBackbone && data.parts == nil
    store.removeStrays()
    let origin = try origin(resume: resume, store, note: observer.note)
    let model = try origin.makeModel(recipe, data)
    let (training, heldOut) = try prepare(model, shouldStop: shouldStop, observer: observer)
    let optimiser = Optimiser(model.ownParameters, configuration: recipe.training.optimiser)
    let decay = recipe.training.averageDecay
    var average: WeightAverage?
    var state = CheckpointState(step: 0, bestAccuracy: -1, seconds: 0, log: [])
    var start = RunStart.fresh
    switch origin {
    case .nothing, .model:
      average = decay > 0 ? WeightAverage(model.ownParameters, decay: decay) : nil
    case .original(_, let checkpoint):
      try checkpoint.restore(into: model, optimiser)
      average = decay > 0 ? WeightAverage(model.namedParameters, decay: decay) : nil
      start = try begin(after: checkpoint)
      (state.step, state.passes) = (start.step, start.epoch)
    case .checkpoint(let path, let file):
      average = decay > 0 ? WeightAverage(model.ownParameters, decay: decay) : nil
      do {
        let isOtherSplit = try check(file.metadata)
        state = try store.restore(file, into: model, optimiser, average)
        start = try self.start(file.metadata, &state, isOtherSplit: isOtherSplit, note: observer.note)
      } catch let failure as any Failure {
        throw FileFailure(file: path, cause: failure)
      }
    }
    origin.tell(observer.note)
    let order = try DataOrder(training, recipe.training, start: start)
    let metadata = try metadata().merging(start.metadata) { own, _ in own }.merging(
      [
        "words": model.words.json, "answers": model.answers.json,
      ].merging(model.tables.map { ["knowledge": $0.json] } ?? [:]) { own, _ in own }
    ) { own, _ in own }
    let loop = TrainingLoop(
      recipe: recipe, model: model, optimiser: optimiser, average: average, order: order, store: store,
      computation: TrainingStep(model, training, recipe.training, threads: threads),
      heldOut: heldOut.map { HeldOut(set: $0, measure: recipe.training.measure, failed: observer.failed) },
      metadata: metadata, origin: start, observer: observer)
    return try loop.run(from: &state, shouldStop: shouldStop, report: observer.report)
  }

  /// The sets after a frozen backbone, whose heads for labels are fitted on the way; as they are for a model without one.
  private func prepare(
    _ model: VQAModel, shouldStop: () -> Bool, observer: TrainingObserver
  ) throws -> (training: QuestionSet, heldOut: QuestionSet?) {
    guard model.configuration.usesBackbone else { return (data.training, data.heldOut) }
    let cache = recipe.data.knowledge.cache
    return try PhotoPreparation(
      model: model, backbone: data.parts?.backboneHash ?? model.backboneHash, labels: data.parts?.labels,
      mentions: data.parts?.mentions, folder: cache.isEmpty ? folder + "/cache" : cache,
      views: recipe.data.knowledge.views, lending: recipe.data.knowledge.lending, seed: recipe.training.seed,
      limits: limits, observer: observer
    ).prepare(data.training, data.heldOut, shouldStop: shouldStop)
  }

  /// An observer that hears of each failed picture once.
  private func telling(_ observer: TrainingObserver) -> TrainingObserver {
    var once = observer
    var told: Set<String> = []
    once.failed = { failure in
      if told.insert(failure.description).inserted { observer.failed(failure) }
    }
    return once
  }

  /// What the run begins from; refuses a folder that another run is in.
  private func origin(resume: Bool, _ store: CheckpointStore, note: (String) -> Void) throws -> TrainingOrigin {
    if resume, source == nil {
      guard let newest = store.newestValid(damaged: note) else {
        throw FileFailure(file: folder, cause: TrainingFailure.nothingToResume)
      }
      return .checkpoint(path: newest.path, newest.file)
    }
    if let newest = store.list().first {
      throw FileFailure(file: folder, cause: TrainingFailure.runExists(checkpoint: newest.path))
    }
    if FileManager.default.fileExists(atPath: store.modelPath) {
      throw FileFailure(file: store.modelPath, cause: TrainingFailure.modelExists)
    }
    return try source.map { try TrainingOrigin(path: $0) } ?? .nothing
  }

  /// Where a run goes on that the original began.
  private func begin(after checkpoint: OriginalState) throws -> RunStart {
    guard checkpoint.epoch < recipe.training.epochs else {
      let failure = TrainingFailure.nothingLeft(epochs: checkpoint.epoch, of: recipe.training.epochs)
      throw FileFailure(file: checkpoint.path, cause: failure)
    }
    let updates = RunStart.updates(
      afterEpochs: checkpoint.epoch, questions: data.training.questions.count,
      perStep: recipe.training.questionsPerStep)
    return RunStart(step: updates, epoch: checkpoint.epoch, update: updates, rate: checkpoint.rate)
  }

  /// Where a run goes on from a checkpoint of its own; with other questions it begins the pass it stood in anew.
  private func start(
    _ metadata: [String: String], _ state: inout CheckpointState, isOtherSplit: Bool, note: (String) -> Void
  ) throws -> RunStart {
    guard var start = RunStart(metadata: metadata) else {
      throw TrainingFailure.badCheckpoint(problem: "the metadata do not say where the run began")
    }
    guard isOtherSplit else { return start }
    guard metadata["place"] != nil else {
      throw TrainingFailure.badCheckpoint(problem: "an earlier version wrote it: it can go on with its own split only")
    }
    guard state.passes < recipe.training.epochs else {
      throw TrainingFailure.nothingLeft(epochs: state.passes, of: recipe.training.epochs)
    }
    if state.stepsOfPass > 0 {
      note(
        "pass \(state.passes + 1) is begun anew with '\(recipe.data.split)'; \(state.stepsOfPass) steps of it were done"
      )
    }
    // The decays between the two starts are behind the new one.
    let steps = recipe.training.rateSteps
    let passed = steps.decayEpochs.filter { ($0 >= start.epoch) && $0 < state.passes }
    start.rate = start.rate.map { rate in passed.reduce(rate) { rate, _ in rate * Double(steps.decay) } }
    start.epoch = state.passes
    start.step = state.step
    start.update = RunStart.updates(
      afterEpochs: state.passes, questions: data.training.questions.count, perStep: recipe.training.questionsPerStep)
    (state.stepsOfPass, state.losses, state.bestAccuracy) = (0, [], -1)
    return start
  }

  private func metadata() throws -> [String: String] {
    // Where grids are kept says something about a machine, nothing about the model.
    var kept = recipe
    kept.data.knowledge.cache = ""
    return [
      "recipe": try kept.json().serialized(), "data.training": data.training.contentHash,
      "data.heldOut": data.heldOut?.contentHash ?? "", "data.words": data.words.contentHash,
      "data.answers": data.answers.contentHash,
    ]
  }

  /// A checkpoint goes on only with the recipe and the data it was made with, or more passes; true: with another split, as was asked for.
  private func check(_ stored: [String: String]) throws -> Bool {
    let own = try metadata()
    guard let old = stored["recipe"] else { throw TrainingFailure.badCheckpoint(problem: "it names no recipe") }
    var before = try JSONValue.parse(Array(old.utf8))
    // Settings that a later version added had their defaults.
    if let whole = try? ConfigurationOverlay.apply(before, over: Recipe()) { before = try whole.json() }
    let differences = Self.differences(before, try recipe.json(), path: "").filter { $0.path != "data.knowledge.cache" }
    let isSplit = { (path: String) in path == "data.split" || path == "data.heldOut" }
    let isOtherSplit = differences.contains { $0.path == "data.split" }
    let passes = before["training"]?["epochs"]?.integerValue ?? 0
    // More passes leave those done as they were only where the rate does not fall with the whole length of the run.
    let addsPasses = recipe.training.epochs > passes && (isOtherSplit || recipe.training.schedule == .steps)
    let forbidden = differences.filter {
      !(changesSplit && isOtherSplit && isSplit($0.path)) && !(addsPasses && $0.path == "training.epochs")
    }
    guard forbidden.isEmpty else { throw TrainingFailure.changedRecipe(differences: forbidden.map(\.text)) }
    if isOtherSplit { return true }
    for (key, split) in [("data.training", recipe.data.split), ("data.heldOut", recipe.data.heldOut)]
    where stored[key] != own[key] {
      throw TrainingFailure.changedData(split: split)
    }
    // Words may come from further splits, answers from a file. Checkpoints of early versions do not tell.
    for (name, present) in [("words", data.words.words), ("answers", data.answers.answers)] {
      guard let hash = stored["data." + name], hash != own["data." + name] else { continue }
      let before = Self.entries(stored[name] ?? "", of: name)
      let (gone, new) = (Set(before).subtracting(present), Set(present).subtracting(before))
      throw TrainingFailure.changedVocabulary(
        of: name, gone: before.filter(gone.contains), new: present.filter(new.contains))
    }
    return false
  }

  /// Words or answers as a checkpoint holds them.
  private static func entries(_ text: String, of name: String) -> [String] {
    (try? JSONValue.parse(Array(text.utf8)))?[name]?.arrayValue?.compactMap(\.stringValue) ?? []
  }

  private static func differences(
    _ old: JSONValue, _ new: JSONValue, path: String
  ) -> [(path: String, text: String)] {
    guard case .object(let before) = old, case .object(let after) = new else {
      return old == new ? [] : [(path, "\(path) was \(old.serialized()), is \(new.serialized())")]
    }
    return after.keys.flatMap { key in
      differences(before[key] ?? .null, after[key] ?? .null, path: path.isEmpty ? key : path + "." + key)
    }
  }
}
