// TrainingStep.swift - forward, loss and gradients of one step, shard by shard.

import Foundation
import ImageCodecs
import Layers
import Routing
import Synchronization
import TRAR
import Tensors
import VQAFormats
import VQAPipeline

/// One part of a step: which questions, and all that differs from step to step.
package struct StepPart: Sendable {
  /// The questions of the part, by picture.
  package var groups: [QuestionGroup]
  /// Questions of the whole step.
  package var stepQuestions: Int
  /// Number of the step, from 1, and of the part, from 0; dropout and augmentation follow from them.
  package var step: Int
  package var number = 0
  /// Temperature of hard routing; nil: the model's own.
  package var temperature: Float?
  /// Features by picture, for a model that takes them.
  package var features: [Int: Tensor] = [:]
  /// Pictures after a frozen backbone, by their place, for a model that has one.
  package var photos: [Int: CachedPicture] = [:]

  /// Collects a part.
  package init(
    groups: [QuestionGroup], stepQuestions: Int, step: Int, number: Int = 0, temperature: Float? = nil,
    features: [Int: Tensor] = [:], photos: [Int: CachedPicture] = [:]
  ) {
    (self.groups, self.stepQuestions, self.step, self.number) = (groups, stepQuestions, step, number)
    (self.temperature, self.features, self.photos) = (temperature, features, photos)
  }

  /// Questions of the part.
  var questions: Int { groups.reduce(0) { $0 + $1.questions.count } }
}

/// Computes the gradients of steps.
package struct TrainingStep: Sendable {
  let model: VQAModel
  let set: QuestionSet
  let recipe: TrainingRecipe
  let threads: Int
  private let preparation: PicturePreparation
  private let words: [AskedWords]
  /// Products of the rows of the backbone's classifier, for simulated subjects.
  private let likeness: Tensor?
  private let classes: [Int]
  private let targets: [[SoftTargets.Entry]]
  /// The share of each question's target that is the prior's.
  private let priorShares: [Float]

  /// Prepares the words and targets of a set.
  package init(_ model: VQAModel, _ set: QuestionSet, _ recipe: TrainingRecipe, threads: Int) {
    self.model = model
    self.set = set
    self.recipe = recipe
    self.threads = threads
    preparation = PicturePreparation(model.configuration)
    let needsWords = model.knowledge != nil
    words = set.questions.map {
      AskedWords(ids: model.tokenize($0.text).ids, words: needsWords ? QuestionTokenizer.words(of: $0.text) : [])
    }
    likeness = set.questions.contains { $0.subject != nil } ? model.classLikeness : nil
    classes = set.questions.map { model.answers.index(of: $0.common) ?? -1 }
    func targets(_ kind: SoftTargets.Kind) -> [[SoftTargets.Entry]] {
      set.questions.map { SoftTargets.entries(normalised: $0.answers, vocabulary: model.answers, kind: kind) }
    }
    priorShares = set.questions.map { question in
      recipe.prior.first { $0.concerns(question) }?.share ?? 0
    }
    self.targets =
      switch recipe.loss {
      case .crossEntropy: []
      case .binaryCrossEntropy: targets(.bce)
      case .divergence: targets(.kld)
      }
  }

  /// What a part adds to the loss per question of its step, and the tapes of all shards, in shard order.
  package func run(_ part: StepPart) -> (loss: Float, tapes: [Tape]) {
    let groups = part.groups
    let shards = min(recipe.shards, groups.count)
    let factor = factor(part)
    let group = ShardGroup(count: shards, threads: threads)
    let results = ShardResults(count: shards)
    let stepSeed = SeededRandom.mix(recipe.seed, UInt64(part.step))
    let partSeed = part.number == 0 ? stepSeed : SeededRandom.mix(stepSeed, 0xACC0 &+ UInt64(part.number))
    group.run { shard in
      let range = (groups.count * shard / shards)..<(groups.count * (shard + 1) / shards)
      let seed = SeededRandom.mix(partSeed, UInt64(shard))
      let exchange = ShardExchange(group: group, shard: shard)
      let tape = Tape(training: TrainingMode(seed: seed, exchange: exchange))
      let loss = tape.record {
        self.loss(Array(groups[range]), part, factor: factor, seed: SeededRandom.mix(seed, 0xA09))
      }
      tape.backward(from: loss)
      results.set(shard, loss.scalar, tape)
    }
    let (loss, tapes) = results.all
    if recipe.reduction == .question { return (loss, tapes) }
    return (loss / factor / Float(part.stepQuestions), tapes)
  }

  /// What the losses of a part are multiplied by.
  private func factor(_ part: StepPart) -> Float {
    switch recipe.reduction {
    case .question: 1 / Float(part.stepQuestions)
    case .sum: 1
    // PyTorch's mean over a matrix of losses is that over all of its elements.
    case .mean: 1 / Float(part.questions * (recipe.loss == .crossEntropy ? 1 : model.answers.count))
    }
  }

  /// What the vision side takes in a step: the same for every stage, or the cells of each stage's grid.
  private struct Input {
    var pictures: [Tensor]
    /// The row of each question's picture.
    var places: [Int]
    /// Groups whose picture is there; for a model with a backbone.
    var shown: [CachedPicture?] = []

    func values(_ stage: Int) -> Tensor { pictures[min(stage, pictures.count - 1)] }
  }

  /// What the vision side takes: pictures, changed a little, features as they are, or grids of a backbone.
  private func input(_ groups: [QuestionGroup], _ part: StepPart, random: inout SeededRandom) -> Input {
    if set.grids != nil { return photos(groups, part, random: &random) }
    let places = groups.enumerated().flatMap { index, group in
      [Int](repeating: index, count: group.questions.count)
    }
    guard let features = set.features else {
      let pictures = groups.map { recipe.augmentation.apply(set.pictures[$0.picture], random: &random) }
      return Input(pictures: [preparation.tensor(pictures)], places: places)
    }
    let pictures = groups.compactMap { part.features[$0.picture] }
    precondition(pictures.count == groups.count, "a step without the features of its \(groups.count) pictures")
    return Input(
      pictures: [Tensor.stacked(pictures, shape: [features.reader.rows, features.reader.width])], places: places)
  }

  /// The grids of a step; all groups without a picture share one of zeros.
  private func photos(_ groups: [QuestionGroup], _ part: StepPart, random: inout SeededRandom) -> Input {
    var shown: [CachedPicture?] = []
    for group in groups {
      let isLeftOut = random.uniform() < recipe.pictureDropout
      shown.append(isLeftOut ? nil : part.photos[group.picture])
    }
    let present = shown.compactMap { $0 }
    var row = 0
    var places: [Int] = []
    for (group, picture) in zip(groups, shown) {
      places += [Int](repeating: picture == nil ? present.count : row, count: group.questions.count)
      row += picture == nil ? 0 : 1
    }
    let hasAbsent = present.count < groups.count
    let pictures = (0..<exits(of: part)).map { stage in
      let shape = model.vision.preparedShape(stage: stage)
      let none = hasAbsent ? [Tensor(repeating: 0, shape: shape)] : []
      return Tensor.stacked(present.map { $0.grids[stage] } + none, shape: shape)
    }
    return Input(pictures: pictures, places: places, shown: shown)
  }

  /// What the backbone knows of each question's picture, or what a simulated subject makes of it.
  private func knowledge(_ groups: [QuestionGroup], _ input: Input) -> [PictureKnowledge?] {
    guard model.knowledge != nil else { return groups.flatMap { $0.questions.map { _ in nil } } }
    return zip(groups, input.shown).flatMap { group, picture in
      group.questions.map { question -> PictureKnowledge? in
        guard let known = picture?.knowledge else { return nil }
        guard let subject = set.questions[question].subject, let likeness else { return known }
        return known.showing(
          class: subject.classNumber, own: Float(subject.own), gain: Float(subject.gain), likeness: likeness)
      }
    }
  }

  /// The exits that a step learns: all of them, or in a share of the steps the first alone.
  private func exits(of part: StepPart) -> Int {
    guard recipe.finerShare < 1 else { return model.exits }
    var random = SeededRandom(seed: recipe.seed, stream: 0xF17E, UInt64(part.step))
    return random.uniform() < recipe.finerShare ? model.exits : 1
  }

  private func loss(_ groups: [QuestionGroup], _ part: StepPart, factor: Float, seed: UInt64) -> Tensor {
    var random = SeededRandom(seed: seed)
    let input = input(groups, part, random: &random)
    let questions = groups.flatMap(\.questions)
    let prior = prior(groups, input)
    let asked = questions.map { question in
      AskedWords(
        ids: recipe.augmentation.apply(words[question].ids, unknown: Vocabulary.unknown, random: &random),
        words: words[question].words)
    }
    var settings = model.routingSettings
    if let temperature = part.temperature { settings.temperature = temperature }
    let pass = TRARPass(settings: settings)
    let encoded = model.encode(asked, about: knowledge(groups, input), pass: pass)
    // The exits of a cascade learn together: their losses are added up, and no gradient is cut off between the stages.
    var tokens: VisionTokens?
    var total: Tensor?
    for stage in 0..<exits(of: part) {
      let seen = model.vision.tokens(of: input.values(stage), stage: stage, after: tokens)
      var trace = RoutingTrace()
      let logits = model.logits(
        seen.tokens.samples(input.places), encoded, stage: stage, pass: pass, trace: &trace)
      let loss = loss(logits, questions, prior, factor: factor)
      total = total.map { $0 + loss } ?? loss
      tokens = seen
    }
    guard let total else { preconditionFailure("a model without a stage") }
    return total
  }

  /// What the network answers without the picture to those questions whose targets lean on it.
  private struct Prior {
    /// Places of the questions in the step.
    var rows: [Int] = []
    /// Their logits, `[rows, A]`; nil where there are none.
    var logits: Tensor?
  }

  private func prior(_ groups: [QuestionGroup], _ input: Input) -> Prior {
    var asked: [Int] = []
    var prior = Prior()
    for (group, picture) in zip(groups, input.shown) {
      for question in group.questions {
        // Where the picture is left out the network learns the prior itself.
        if picture != nil, priorShares[question] > 0 { prior.rows.append(asked.count) }
        asked.append(question)
      }
    }
    guard !prior.rows.isEmpty else { return prior }
    return Tape.withoutRecording {
      let pass = TRARPass(settings: model.routingSettings)
      let encoded = model.encode(
        prior.rows.map { words[asked[$0]] }, about: prior.rows.map { _ in nil }, pass: pass)
      let nothing = Tensor(repeating: 0, shape: [1] + model.vision.preparedShape(stage: 0))
      let tokens = model.vision.tokens(of: nothing, stage: 0, after: nil).tokens
      var trace = RoutingTrace()
      prior.logits = model.logits(
        tokens.samples(prior.rows.map { _ in 0 }), encoded, stage: 0, pass: pass, trace: &trace)
      return prior
    }
  }

  /// The loss of questions by their logits.
  private func loss(_ logits: Tensor, _ questions: [Int], _ prior: Prior, factor: Float) -> Tensor {
    switch recipe.loss {
    case .crossEntropy:
      return logits.crossEntropy(
        classes: questions.map { classes[$0] }, smoothing: recipe.labelSmoothing, factor: factor)
    case .binaryCrossEntropy:
      return logits.binaryCrossEntropy(targets: wanted(questions, prior, logits), factor: factor)
    case .divergence: return logits.divergence(targets: wanted(questions, prior, logits), factor: factor)
    }
  }

  /// The soft targets of questions, of the shape of their logits.
  private func wanted(_ questions: [Int], _ prior: Prior, _ logits: Tensor) -> Tensor {
    let width = logits.width
    let answered = prior.logits?.elements ?? []
    return Tensor(shape: logits.shape) { buffer in
      buffer.initialize(repeating: 0)
      for (row, question) in questions.enumerated() {
        for entry in targets[question] { buffer[row * width + entry.index] = entry.value }
      }
      for (number, row) in prior.rows.enumerated() {
        let share = priorShares[questions[row]]
        for answer in 0..<width {
          let value = 1 / (1 + exp(-answered[number * width + answer]))
          buffer[row * width + answer] = (1 - share) * buffer[row * width + answer] + share * value
        }
      }
    }
  }
}

/// Collects what the shards' threads computed.
private final class ShardResults: Sendable {
  private struct Result: @unchecked Sendable {
    let loss: Float
    let tape: Tape
  }

  private let results: Mutex<[Result?]>

  init(count: Int) { results = Mutex(Array(repeating: nil, count: count)) }

  func set(_ shard: Int, _ loss: Float, _ tape: Tape) {
    let result = Result(loss: loss, tape: tape)
    results.withLock { $0[shard] = result }
  }

  var all: (loss: Float, tapes: [Tape]) {
    let found = results.withLock { $0.compactMap { $0 } }
    return (found.reduce(0) { $0 + $1.loss }, found.map(\.tape))
  }
}
