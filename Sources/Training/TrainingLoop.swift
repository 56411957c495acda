// TrainingLoop.swift - the steps of a run, one after the other.

import Foundation
import Layers
import SafeFiles
import Tensors
import VQAPipeline

/// Runs the steps of a run from wherever it stands.
struct TrainingLoop {
  let recipe: Recipe
  let model: VQAModel
  let optimiser: Optimiser
  let average: WeightAverage?
  let order: DataOrder
  let store: CheckpointStore
  let computation: TrainingStep
  /// What is measured; nil: nothing.
  let heldOut: HeldOut?
  let metadata: [String: String]
  /// From where steps are counted.
  let origin: RunStart
  let observer: TrainingObserver

  /// Header of the log.
  static let logHeader = "step,epoch,seconds,loss,rate,gradientNorm,heldOutAccuracy"

  private var totalSteps: Int { order.totalSteps }

  private var schedule: RunSchedule {
    RunSchedule(
      recipe.training, questions: computation.set.questions.count, totalSteps: totalSteps, start: origin)
  }

  func run(
    from state: inout CheckpointState, shouldStop: () -> Bool, report: (TrainingProgress) -> Void
  ) throws -> TrainingOutcome {
    let clock = ContinuousClock()
    let start = clock.now
    let secondsBefore = state.seconds
    let firstStep = state.step
    var accuracy: Double? = state.bestAccuracy >= 0 ? state.bestAccuracy : nil
    let schedule = schedule
    while state.step < totalSteps {
      let (epoch, first) = order.place(ofStep: state.step)
      if first == 0 { (state.passLoss, state.passSteps) = (0, 0) }
      let steps = order.epoch(epoch)
      let temperature = schedule.temperature(epoch: epoch)
      // Two steps ahead: one ready, one that is being read.
      let ahead = computation.set.features.map { features in
        ReadAhead(first..<steps.count) { features.load(steps[$0].map(\.picture)) }
      }
      let photos = photos(steps, first: first, before: state.step)
      for index in first..<steps.count {
        let step = state.step + 1
        let rate = schedule.rate(step: step, epoch: epoch)
        let (loss, gradients) = try gradients(
          steps[index], step, temperature, features: ahead?.next(), photos: photos?.next())
        try check(loss.isFinite, step: step)
        let norm = optimiser.step(gradients: gradients, rate: rate)
        try check(norm.isFinite && model.ownParameters.allSatisfy(\.parameter.value.isFinite), step: step)
        average?.update(step: step)
        state.step = step
        state.losses.append(loss)
        state.passLoss += Double(loss)
        state.passSteps += 1
        let isEpochEnd = index + 1 == steps.count
        (state.passes, state.stepsOfPass) = isEpochEnd ? (epoch + 1, 0) : (epoch, index + 1)
        let elapsed = Self.seconds(clock.now - start)
        state.seconds = secondsBefore + elapsed
        let isMeasured = isEpochEnd && ((epoch + 1) % recipe.training.evaluationEpochs == 0 || step == totalSteps)
        let meanLoss = state.losses.reduce(0, +) / Float(state.losses.count)
        let measured = isMeasured ? try measure(&state) : nil
        if let measured { accuracy = measured.overall }
        if isMeasured || step % recipe.training.logSteps == 0 {
          state.log.append(logLine(state, loss: meanLoss, rate: rate, norm: norm, accuracy: measured?.overall))
          state.losses = []
        }
        let perStep = elapsed / Double(step - firstStep)
        report(
          TrainingProgress(
            step: step, steps: totalSteps, epoch: epochs(state), loss: meanLoss, rate: rate,
            accuracy: accuracy, secondsLeft: perStep * Double(totalSteps - step)))
        if isEpochEnd {
          observer.pass(
            TrainingPass(
              number: epoch + 1, passes: recipe.training.epochs,
              loss: state.passLoss / Double(max(1, state.passSteps)), rate: rate, temperature: temperature,
              seconds: state.seconds, accuracy: measured))
        }
        let isStopped = shouldStop() && step < totalSteps
        if isMeasured || isStopped || step % recipe.training.checkpointSteps == 0 { try save(state) }
        if isStopped {
          return .stopped(step: step, checkpoint: store.folder + "/checkpoint-\(step).safetensors")
        }
      }
    }
    return .finished(accuracy: state.bestAccuracy, seconds: state.seconds)
  }

  /// The loss per question of a step and its gradients; questions whose features cannot be read are left out.
  private func gradients(
    _ groups: [QuestionGroup], _ step: Int, _ temperature: Float?, features: [Int: Result<Tensor, FileFailure>]?,
    photos: Result<[Int: CachedPicture], FileFailure>?
  ) throws(FileFailure) -> (loss: Float, gradients: [Tensor?]) {
    var groups = groups
    var loaded: [Int: Tensor] = [:]
    if let features {
      var failures: [FileFailure] = []
      for picture in features.keys.sorted() {
        switch features[picture] {
        case .success(let tensor)?: loaded[picture] = tensor
        case .failure(let failure)?: failures.append(failure)
        case nil: break
        }
      }
      for failure in failures { observer.failed(failure) }
      groups = groups.filter { loaded[$0.picture] != nil }
      if groups.isEmpty, let first = failures.first { throw first }
    }
    let questions = groups.reduce(0) { $0 + $1.questions.count }
    let parts = recipe.training.accumulation
    var loss: Float = 0
    var gradients: [Tensor?]?
    for number in 0..<parts {
      let range = (groups.count * number / parts)..<(groups.count * (number + 1) / parts)
      guard !range.isEmpty else { continue }
      let part = StepPart(
        groups: Array(groups[range]), stepQuestions: questions, step: step, number: number, temperature: temperature,
        features: loaded, photos: try photos?.get() ?? [:])
      let result = computation.run(part)
      loss += result.loss
      gradients = optimiser.gradients(of: result.tapes, addedTo: gradients)
    }
    return (loss, gradients ?? [])
  }

  /// The pictures of each step of a pass after a frozen backbone, two steps ahead; nil for a model without.
  private func photos(
    _ steps: [[QuestionGroup]], first: Int, before done: Int
  ) -> ReadAhead<Result<[Int: CachedPicture], FileFailure>>? {
    guard let grids = computation.set.grids, let heads = computation.set.heads else { return nil }
    let seed = recipe.training.seed
    let questions = computation.set.questions
    return ReadAhead(first..<steps.count) { index in
      var loaded: [Int: CachedPicture] = [:]
      let sided = Set(
        steps[index].filter { $0.questions.contains { questions[$0].tellsSides } }.map(\.picture))
      for group in steps[index] where group.picture >= 0 && loaded[group.picture] == nil {
        var random = SeededRandom(
          seed: seed, stream: 0x71E3, UInt64(done + 1 + index - first), UInt64(group.picture))
        // What is on the left is on the right of the mirrored picture.
        let views = sided.contains(group.picture) ? 1 : grids.views
        let view = Int(random.uniform() * Float(views))
        do throws(FileFailure) {
          loaded[group.picture] = try grids.load(group.picture, view: min(view, views - 1), heads: heads)
        } catch {
          return .failure(error)
        }
      }
      return .success(loaded)
    }
  }

  /// Stops the run before a step whose numbers are lost gets into a checkpoint.
  private func check(_ isFinite: Bool, step: Int) throws(FileFailure) {
    guard !isFinite else { return }
    throw FileFailure(file: store.folder, cause: TrainingFailure.notFinite(step: step, last: store.list().first?.path))
  }

  /// Measures the averaged weights and keeps them as the model: the best so far, or the last.
  private func measure(_ state: inout CheckpointState) throws -> HeldOutAccuracy? {
    average?.swap()
    defer { average?.swap() }
    let accuracy = try heldOut?.measure(model)
    let isBest = accuracy.map { $0.overall >= state.bestAccuracy } ?? true
    if recipe.training.keep == .best, !isBest { return accuracy }
    state.bestAccuracy = accuracy?.overall ?? state.bestAccuracy
    var record = metadata
    record["training.step"] = String(state.step)
    record["training.heldOutAccuracy"] = accuracy.map { String($0.overall) }
    for key in ["words", "answers", "data.words", "data.answers"] { record[key] = nil }
    try ModelFile.save(model, record: record, to: store.modelPath)
    return accuracy
  }

  private func save(_ state: CheckpointState) throws {
    try store.write(state, model, optimiser, average, run: metadata)
    let text = ([Self.logHeader] + state.log).joined(separator: "\n") + "\n"
    try AtomicFile.write(text, to: store.folder + "/log.csv")
  }

  private func logLine(
    _ state: CheckpointState, loss: Float, rate: Float, norm: Float, accuracy: Double?
  ) -> String {
    let fields = [
      String(state.step), Self.rounded(epochs(state), 3), Self.rounded(state.seconds, 1), Self.rounded(Double(loss), 6),
      String(rate), Self.rounded(Double(norm), 4), accuracy.map { Self.rounded($0, 6) } ?? "",
    ]
    return fields.joined(separator: ",")
  }

  /// Passes done, with a fraction.
  private func epochs(_ state: CheckpointState) -> Double {
    let place = order.place(ofStep: state.step)
    guard place.epoch < recipe.training.epochs else { return Double(recipe.training.epochs) }
    return Double(place.epoch) + Double(place.index) / Double(order.steps(inEpoch: place.epoch))
  }

  private static func rounded(_ value: Double, _ places: Int) -> String {
    String(format: "%.\(places)f", value)
  }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
