// OriginalState.swift - what a run of the original TRAR left to go on from: weights, the state of Adam, rate and passes done.
//
// {"state_dict": {name: tensor}, "optimizer": {"state": {index: {step, exp_avg, exp_avg_sq}}, "param_groups": [{params}]}, "lr_base", "epoch"};
// the optimiser counts parameters in the order of their registration, which is that of `Layer.namedParameters`.

import Layers
import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline
import WeightFiles

/// A checkpoint of the original that training can go on from.
struct OriginalState {
  let path: String
  /// Passes done.
  let epoch: Int
  /// The base rate, with the decays of those passes.
  let rate: Double
  private let checkpoint: OriginalCheckpoint

  init(path: String) throws(FileFailure) {
    self.path = path
    checkpoint = try OriginalCheckpoint(path: path)
    func missing(_ key: String) -> FileFailure { FileFailure(file: path, cause: OriginalStateFailure.missing(key)) }
    guard let epoch = checkpoint.epoch, (0...1_000_000).contains(epoch) else { throw missing("epoch") }
    guard let rate = checkpoint.rate, rate > 0, rate.isFinite else { throw missing("lr_base") }
    (self.epoch, self.rate) = (epoch, rate)
  }

  /// Refuses vocabularies of other sizes than the checkpoint's: every word would mean another.
  func check(words: Vocabulary, answers: AnswerVocabulary, layout: QuestionLayout) throws(FileFailure) {
    if let found = checkpoint.words, found != words.count {
      let missing = layout.vocabularySplits.filter { !words.madeFrom.contains($0) }
      let cause = OriginalFailure.wordCount(
        found: words.count, embedding: found, order: words.madeFrom, missing: missing)
      throw FileFailure(file: path, cause: cause)
    }
    if let found = checkpoint.answers, found != answers.count {
      let cause = OriginalFailure.answerCount(found: answers.count, layer: found, source: answers.madeFrom)
      throw FileFailure(file: path, cause: cause)
    }
  }

  /// Sets the weights of a model and the state of its optimiser.
  func restore(into model: VQAModel, _ optimiser: Optimiser) throws(FileFailure) {
    do {
      try checkpoint.fill(model.namedParameters)
      try restore(optimiser)
    } catch let failure as any Failure {
      throw FileFailure(file: path, cause: failure)
    } catch {
      throw FileFailure(file: path, cause: OriginalStateFailure.missing("optimizer"))
    }
  }

  private func restore(_ optimiser: Optimiser) throws {
    let file = checkpoint.file
    guard let state = file.root["optimizer"]?["state"] else {
      throw OriginalStateFailure.missing("optimizer.state")
    }
    let groups = file.root["optimizer"]?["param_groups"]?.elements ?? []
    let numbers = groups.flatMap { $0["params"]?.elements ?? [] }.compactMap(\.integerValue)
    let order = numbers.isEmpty ? (0..<optimiser.names.count).map { Int64($0) } : numbers
    guard order.count == optimiser.names.count else {
      throw OriginalStateFailure.otherParameters(found: order.count, own: optimiser.names.count)
    }
    var first = optimiser.firstMoments
    var second = optimiser.secondMoments
    var steps = 0
    for (place, (number, name)) in zip(order, optimiser.names).enumerated() {
      // A parameter that had no part in any loss has no state.
      guard let entry = state[number] else { continue }
      let key = "optimizer.state.\(number)"
      guard let mean = entry["exp_avg"]?.tensorValue, let square = entry["exp_avg_sq"]?.tensorValue,
        let step = entry["step"]
      else { throw OriginalStateFailure.notAdam(key) }
      first[place] = try value(mean, name: "\(key).exp_avg (\(name))", shape: first[place].shape)
      second[place] = try value(square, name: "\(key).exp_avg_sq (\(name))", shape: second[place].shape)
      let count = try file.wholeNumber(step)
      guard let count = Int(exactly: count), (0...(1 << 40)).contains(count) else {
        throw OriginalStateFailure.notAdam(key + ".step")
      }
      steps = max(steps, count)
    }
    optimiser.restore(first: first, second: second, steps: steps)
  }

  private func value(_ tensor: TorchTensor, name: String, shape: [Int]) throws -> Tensor {
    guard tensor.shape == shape else { throw ModelFailure.wrongShape(name, expected: shape, found: tensor.shape) }
    let value = Tensor(try checkpoint.file.floats(of: tensor), shape: shape)
    guard value.isFinite else { throw ModelFailure.notFinite(name) }
    return value
  }
}

/// Why a run cannot go on from a checkpoint of the original.
enum OriginalStateFailure: Failure, Equatable {
  /// A key is not there, or holds something else.
  case missing(String)
  /// The optimiser has another number of parameters.
  case otherParameters(found: Int, own: Int)
  /// The state is not that of Adam.
  case notAdam(String)

  var kind: FailureKind { .badData }

  var place: String? {
    switch self {
    case .missing(let key), .notAdam(let key): key
    case .otherParameters: "optimizer.param_groups"
    }
  }

  var problem: String {
    switch self {
    case .missing: "it is not there, or holds something else"
    case .otherParameters(let found, let own): "it has \(found) parameters, the network \(own)"
    case .notAdam: "this is not the state of Adam"
    }
  }

  var advice: String {
    switch self {
    case .missing, .notAdam: "give a checkpoint that the original wrote in training, such as epoch11.pkl"
    case .otherParameters: "give the settings it was trained with as --config"
    }
  }
}
