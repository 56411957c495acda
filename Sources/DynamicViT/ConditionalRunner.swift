// ConditionalRunner.swift - a batch through the stages of a cascade, of which each runs only for the samples that have not left.
//
// Dynamic ViT (Wang et al., NeurIPS 2021), section 3.1. The published code runs every stage for everybody and tells afterwards who would
// have left where (`ExitOutcomes`); here the same rule decides while the stages run, so what nobody needs is never computed.

import Routing
import Tensors

/// What became of a batch under a rule.
public struct ConditionalOutcome: Sendable {
  /// The exit of each sample, from 0.
  public fileprivate(set) var exits: [Int]
  /// The confidence of each sample at the exits that it came to, the first one first.
  public fileprivate(set) var confidences: [[Float]]
  /// What the head at each sample's exit says, `[B, classes]`.
  public fileprivate(set) var logits: Tensor
  /// Samples that each stage ran on.
  public fileprivate(set) var stageSamples: [Int]

  /// Samples that left at each exit.
  public var exitCounts: [Int] {
    stageSamples.indices.map { exit in exits.count { $0 == exit } }
  }
}

/// Runs a cascade so that a sample leaves at the first exit whose confidence, its greatest probability, is enough.
public struct ConditionalRunner: Sendable {
  /// The cascade; it has classes.
  public let cascade: DynamicViTCascade
  /// Who leaves where; it has an exit for each stage.
  public let rule: ExitRule
  /// Pictures that are in memory together; more are computed a batch after the other.
  public let batch: Int

  /// Makes a runner.
  public init(_ cascade: DynamicViTCascade, rule: ExitRule, batch: Int = 16) {
    precondition(rule.exits == cascade.stages.count, "a rule for \(rule.exits) exits, not \(cascade.stages.count)")
    precondition(cascade.configuration.classes > 0, "a cascade without classes has no confidence")
    precondition(batch > 0, "a batch of \(batch) pictures")
    self.cascade = cascade
    self.rule = rule
    self.batch = batch
  }

  /// Runs the stages.
  ///
  /// - Parameters:
  ///   - pictures: `[B, H, W, 3]`, normalised.
  ///   - pass: An observer; it sees of every stage the samples that the stage runs on.
  /// - Returns: What became of each picture, in their order.
  public func callAsFunction(_ pictures: Tensor, pass: DynamicViTPass = DynamicViTPass()) -> ConditionalOutcome {
    let count = pictures.shape[0]
    var progress = Progress(count: count, stages: cascade.stages.count)
    for start in stride(from: 0, to: count, by: batch) {
      let numbers = Array(start..<min(count, start + batch))
      run(numbers, count == numbers.count ? pictures : pictures.samples(numbers), &progress, pass)
    }
    return progress.outcome(classes: cascade.configuration.classes)
  }

  /// Runs one batch, whose pictures have these numbers.
  private func run(_ numbers: [Int], _ pictures: Tensor, _ progress: inout Progress, _ pass: DynamicViTPass) {
    var (numbers, pictures) = (numbers, pictures)
    var carried: DynamicViTFeatures?
    for stage in cascade.stages {
      let maySendOn = maySendOn(stage.number)
      var found = stage(pictures, reusing: carried, for: maySendOn ? .handedOn : .classes, pass: pass)
      progress.stageSamples[stage.number] += numbers.count
      let staying = progress.leave(stage.logits(found, pass: pass), exit: stage.number, numbers: numbers, rule: rule)
      if staying.isEmpty { return }
      if staying.count < numbers.count {
        numbers = staying.map { numbers[$0] }
        pictures = pictures.samples(staying)
        carried = carried?.samples(staying)
        if maySendOn { found = found.samples(staying) }
      }
      if !maySendOn {
        // A confidence that is no number never reaches a threshold, so after all there is somebody to hand on.
        found = stage(pictures, reusing: carried, for: .handedOn, pass: pass)
        progress.stageSamples[stage.number] += numbers.count
      }
      carried = found
    }
  }

  /// Whether a sample with a confidence, which is above 0, can go on from an exit; if none can, nothing is kept for the next stage.
  private func maySendOn(_ exit: Int) -> Bool {
    rule.thresholds.indices.contains(exit) && !rule.leaves(exit: exit, confidence: .leastNonzeroMagnitude)
  }
}

/// What is known of the samples so far.
private struct Progress {
  var exits: [Int]
  var confidences: [[Float]]
  var logits: [[Float]]
  var stageSamples: [Int]

  init(count: Int, stages: Int) {
    exits = Array(repeating: 0, count: count)
    confidences = Array(repeating: [], count: count)
    logits = Array(repeating: [], count: count)
    stageSamples = Array(repeating: 0, count: stages)
  }

  /// Notes the confidences of samples at an exit and what those get that leave there.
  ///
  /// - Returns: The places of those that go on.
  mutating func leave(_ logits: Tensor, exit: Int, numbers: [Int], rule: ExitRule) -> [Int] {
    let elements = logits.elements
    var staying: [Int] = []
    for (place, confidence) in logits.softmax().greatestOfRows().enumerated() {
      let number = numbers[place]
      confidences[number].append(confidence)
      if rule.leaves(exit: exit, confidence: confidence) {
        exits[number] = exit
        self.logits[number] = Array(elements[(place * logits.width)..<((place + 1) * logits.width)])
      } else {
        staying.append(place)
      }
    }
    return staying
  }

  func outcome(classes: Int) -> ConditionalOutcome {
    ConditionalOutcome(
      exits: exits, confidences: confidences, logits: Tensor(logits.flatMap { $0 }, shape: [exits.count, classes]),
      stageSamples: stageSamples)
  }
}
