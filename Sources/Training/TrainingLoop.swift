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
  let heldOut: QuestionSet
  let metadata: [String: String]

  /// Header of the log.
  static let logHeader = "step,epoch,seconds,loss,rate,gradientNorm,heldOutAccuracy"

  private var totalSteps: Int { order.totalSteps }

  private var schedule: Schedule {
    .cosine(
      peak: recipe.training.rate, warmupSteps: Int(Float(totalSteps) * recipe.training.warmupShare),
      totalSteps: totalSteps, finalShare: recipe.training.finalShare)
  }

  func run(
    from state: inout CheckpointState, shouldStop: () -> Bool, report: (TrainingProgress) -> Void
  ) throws -> TrainingOutcome {
    let clock = ContinuousClock()
    let start = clock.now
    let secondsBefore = state.seconds
    let firstStep = state.step
    var accuracy: Double? = state.bestAccuracy >= 0 ? state.bestAccuracy : nil
    while state.step < totalSteps {
      let (epoch, first) = order.place(ofStep: state.step)
      let steps = order.epoch(epoch)
      for index in first..<steps.count {
        let step = state.step + 1
        let rate = schedule.rate(step: step, epoch: epoch)
        let result = computation.run(steps[index], step: step)
        try check(result.loss.isFinite, step: step)
        let norm = optimiser.step(tapes: result.tapes, rate: rate)
        try check(norm.isFinite && model.namedParameters.allSatisfy(\.parameter.value.isFinite), step: step)
        average?.update(step: step)
        state.step = step
        state.losses.append(result.loss)
        let elapsed = Self.seconds(clock.now - start)
        state.seconds = secondsBefore + elapsed
        let isEpochEnd = index + 1 == steps.count
        let isMeasured = isEpochEnd && ((epoch + 1) % recipe.training.evaluationEpochs == 0 || step == totalSteps)
        let loss = state.losses.reduce(0, +) / Float(state.losses.count)
        if isMeasured { accuracy = try measure(&state) }
        if isMeasured || step % recipe.training.logSteps == 0 {
          state.log.append(logLine(state, loss: loss, rate: rate, norm: norm, accuracy: isMeasured ? accuracy : nil))
          state.losses = []
        }
        let perStep = elapsed / Double(step - firstStep)
        report(
          TrainingProgress(
            step: step, steps: totalSteps, epoch: epochs(state), loss: loss, rate: rate,
            accuracy: accuracy, secondsLeft: perStep * Double(totalSteps - step)))
        let isStopped = shouldStop() && step < totalSteps
        if isMeasured || isStopped || step % recipe.training.checkpointSteps == 0 { try save(state) }
        if isStopped {
          return .stopped(step: step, checkpoint: store.folder + "/checkpoint-\(step).safetensors")
        }
      }
    }
    return .finished(accuracy: state.bestAccuracy, seconds: state.seconds)
  }

  /// Stops the run before a step whose numbers are lost gets into a checkpoint.
  private func check(_ isFinite: Bool, step: Int) throws(FileFailure) {
    guard !isFinite else { return }
    throw FileFailure(file: store.folder, cause: TrainingFailure.notFinite(step: step, last: store.list().first?.path))
  }

  /// Measures the averaged weights and keeps them as the model when they are at least as good as the best so far.
  private func measure(_ state: inout CheckpointState) throws -> Double {
    average?.swap()
    defer { average?.swap() }
    let accuracy = try HeldOut.accuracy(of: model, on: heldOut)
    guard accuracy >= state.bestAccuracy else { return accuracy }
    state.bestAccuracy = accuracy
    var record = metadata
    record["training.step"] = String(state.step)
    record["training.heldOutAccuracy"] = String(accuracy)
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
