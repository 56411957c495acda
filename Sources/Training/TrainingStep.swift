// TrainingStep.swift - forward, loss and gradients of one step, shard by shard.

import ImageCodecs
import Layers
import Routing
import Synchronization
import TRAR
import Tensors
import VQAFormats
import VQAPipeline

/// Computes the gradients of steps.
struct TrainingStep: Sendable {
  let model: VQAModel
  let set: QuestionSet
  let recipe: TrainingRecipe
  let threads: Int
  private let preparation: PicturePreparation
  private let words: [[Int]]
  private let classes: [Int]
  private let targets: [[SoftTargets.Entry]]

  init(_ model: VQAModel, _ set: QuestionSet, _ recipe: TrainingRecipe, threads: Int) {
    self.model = model
    self.set = set
    self.recipe = recipe
    self.threads = threads
    preparation = PicturePreparation(model.configuration)
    words = set.questions.map { model.tokenize($0.text).ids }
    classes = set.questions.map { model.answers.index(of: $0.common) ?? -1 }
    targets =
      recipe.loss == .binaryCrossEntropy
      ? set.questions.map { SoftTargets.entries(answers: $0.answers, vocabulary: model.answers) } : []
  }

  /// The loss per question and the tapes of all shards, in shard order.
  func run(_ groups: [QuestionGroup], step: Int) -> (loss: Float, tapes: [Tape]) {
    let shards = recipe.shards
    let questions = groups.reduce(0) { $0 + $1.questions.count }
    let group = ShardGroup(count: shards, threads: threads)
    let results = ShardResults(count: shards)
    group.run { shard in
      let range = (groups.count * shard / shards)..<(groups.count * (shard + 1) / shards)
      let seed = SeededRandom.mix(SeededRandom.mix(recipe.seed, UInt64(step)), UInt64(shard))
      let exchange = ShardExchange(group: group, shard: shard)
      let tape = Tape(training: TrainingMode(seed: seed, exchange: exchange))
      let loss = tape.record {
        self.loss(Array(groups[range]), factor: 1 / Float(questions), seed: SeededRandom.mix(seed, 0xA09))
      }
      tape.backward(from: loss)
      results.set(shard, loss.scalar, tape)
    }
    return results.all
  }

  private func loss(_ groups: [QuestionGroup], factor: Float, seed: UInt64) -> Tensor {
    var random = SeededRandom(seed: seed)
    let pictures = groups.map { recipe.augmentation.apply(set.pictures[$0.picture], random: &random) }
    let questions = groups.flatMap(\.questions)
    let pictureOfQuestion = groups.enumerated().flatMap { index, group in
      [Int](repeating: index, count: group.questions.count)
    }
    let ids = questions.flatMap {
      recipe.augmentation.apply(words[$0], unknown: Vocabulary.unknown, random: &random)
    }
    let tokens = model.vision.tokens(of: preparation.tensor(pictures), stage: 0, after: nil)
    let encoded = model.network.encode(words: ids, batch: questions.count)
    var trace = RoutingTrace()
    let logits = model.network.decode(
      features: tokens.tokens.samples(pictureOfQuestion), question: encoded, spans: model.spans[0],
      pass: TRARPass(settings: model.routingSettings), trace: &trace)
    switch recipe.loss {
    case .crossEntropy:
      return logits.crossEntropy(
        classes: questions.map { classes[$0] }, smoothing: recipe.labelSmoothing, factor: factor)
    case .binaryCrossEntropy:
      let width = logits.width
      let wanted = Tensor(shape: logits.shape) { buffer in
        buffer.initialize(repeating: 0)
        for (row, question) in questions.enumerated() {
          for entry in targets[question] { buffer[row * width + entry.index] = entry.value }
        }
      }
      return logits.binaryCrossEntropy(targets: wanted, factor: factor)
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
