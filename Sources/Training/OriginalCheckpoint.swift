// OriginalCheckpoint.swift - a checkpoint of the original TRAR to go on from: weights, the state of Adam, rate and passes done.
//
// {"state_dict": {name: tensor}, "optimizer": {"state": {index: {step, exp_avg, exp_avg_sq}}, "param_groups": [{params}]}, "lr_base", "epoch"};
// the optimiser counts parameters in the order of their registration, which is that of `Layer.namedParameters`.

import Layers
import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline
import WeightFiles

/// A checkpoint of the original.
struct OriginalCheckpoint {
  let path: String
  /// Passes done.
  let epoch: Int
  /// The base rate, with the decays of those passes.
  let rate: Double
  private let file: TorchCheckpoint
  private let tensors: [String: TorchTensor]

  init(path: String) throws(FileFailure) {
    self.path = path
    file = try TorchCheckpoint(path: path)
    func missing(_ key: String) -> FileFailure {
      FileFailure(file: path, cause: OriginalCheckpointFailure.missing(key))
    }
    guard let weights = file.root["state_dict"]?.dictionaryValue else { throw missing("state_dict") }
    guard let epoch = file.root["epoch"]?.integerValue.flatMap({ Int(exactly: $0) }), (0...1_000_000).contains(epoch)
    else { throw missing("epoch") }
    guard let rate = file.root["lr_base"]?.numberValue, rate > 0, rate.isFinite else { throw missing("lr_base") }
    (self.epoch, self.rate) = (epoch, rate)
    var tensors: [String: TorchTensor] = [:]
    for (key, value) in weights {
      guard let name = key.textValue, let tensor = value.tensorValue else { continue }
      tensors[name.hasPrefix("module.") ? String(name.dropFirst("module.".count)) : name] = tensor
    }
    self.tensors = tensors
  }

  /// Refuses vocabularies of other sizes than the checkpoint's: every word would mean another.
  func check(words: Vocabulary, answers: AnswerVocabulary, path: String) throws(FileFailure) {
    if let found = tensors["embedding.weight"]?.shape.first, found != words.count {
      let cause = OriginalCheckpointFailure.otherWords(found: found, own: words.count, from: words.madeFrom)
      throw FileFailure(file: path, cause: cause)
    }
    if let found = tensors["proj.weight"]?.shape.first, found != answers.count {
      let cause = OriginalCheckpointFailure.otherAnswers(found: found, own: answers.count, from: answers.madeFrom)
      throw FileFailure(file: path, cause: cause)
    }
  }

  /// Sets the weights of a model and the state of its optimiser.
  func restore(into model: VQAModel, _ optimiser: Optimiser) throws(FileFailure) {
    do {
      let parameters = model.namedParameters
      let known = Set(parameters.map(\.name))
      if let strange = tensors.keys.sorted().first(where: { !known.contains($0) }) {
        throw ModelFailure.strangeTensor(strange)
      }
      for (name, parameter) in parameters {
        guard let tensor = tensors[name] else { throw ModelFailure.noTensor(name) }
        parameter.value = try value(tensor, name: name, shape: parameter.value.shape)
      }
      try restore(optimiser)
    } catch let failure as any Failure {
      throw FileFailure(file: path, cause: failure)
    } catch {
      throw FileFailure(file: path, cause: OriginalCheckpointFailure.missing("state_dict"))
    }
  }

  private func restore(_ optimiser: Optimiser) throws {
    guard let state = file.root["optimizer"]?["state"] else {
      throw OriginalCheckpointFailure.missing("optimizer.state")
    }
    let groups = file.root["optimizer"]?["param_groups"]?.elements ?? []
    let numbers = groups.flatMap { $0["params"]?.elements ?? [] }.compactMap(\.integerValue)
    let order = numbers.isEmpty ? (0..<optimiser.names.count).map { Int64($0) } : numbers
    guard order.count == optimiser.names.count else {
      throw OriginalCheckpointFailure.otherParameters(found: order.count, own: optimiser.names.count)
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
      else { throw OriginalCheckpointFailure.notAdam(key) }
      first[place] = try value(mean, name: "\(key).exp_avg (\(name))", shape: first[place].shape)
      second[place] = try value(square, name: "\(key).exp_avg_sq (\(name))", shape: second[place].shape)
      let count = try file.wholeNumber(step)
      guard let count = Int(exactly: count), (0...(1 << 40)).contains(count) else {
        throw OriginalCheckpointFailure.notAdam(key + ".step")
      }
      steps = max(steps, count)
    }
    optimiser.restore(first: first, second: second, steps: steps)
  }

  private func value(_ tensor: TorchTensor, name: String, shape: [Int]) throws -> Tensor {
    guard tensor.shape == shape else { throw ModelFailure.wrongShape(name, expected: shape, found: tensor.shape) }
    let value = Tensor(try file.floats(of: tensor), shape: shape)
    guard value.isFinite else { throw ModelFailure.notFinite(name) }
    return value
  }
}

/// Why a run cannot go on from a checkpoint of the original.
enum OriginalCheckpointFailure: Failure, Equatable {
  /// A key is not there, or holds something else.
  case missing(String)
  /// The embedding has another number of words than the question files.
  case otherWords(found: Int, own: Int, from: String)
  /// The classifier has another number of answers.
  case otherAnswers(found: Int, own: Int, from: String)
  /// The optimiser has another number of parameters.
  case otherParameters(found: Int, own: Int)
  /// The state is not that of Adam.
  case notAdam(String)

  var kind: FailureKind { .badData }

  var place: String? {
    switch self {
    case .missing(let key), .notAdam(let key): key
    case .otherWords: "embedding.weight"
    case .otherAnswers: "proj.weight"
    case .otherParameters: "optimizer.param_groups"
    }
  }

  var problem: String {
    switch self {
    case .missing: "it is not there, or holds something else"
    case .otherWords(let found, let own, let from): "it has \(found) words, the questions of \(from) have \(own)"
    case .otherAnswers(let found, let own, let from): "it has \(found) answers, \(visibleText(from)) has \(own)"
    case .otherParameters(let found, let own): "it has \(found) parameters, the network \(own)"
    case .notAdam: "this is not the state of Adam"
    }
  }

  var advice: String {
    switch self {
    case .missing, .notAdam: "give a checkpoint that the original wrote in training, such as epoch11.pkl"
    case .otherWords:
      "the original numbers the words of train, val, test and vg in this order: put all files it had below --data"
    case .otherAnswers: "give the original's list with --answers answer_dict.json"
    case .otherParameters: "give the settings it was trained with as --config"
    }
  }
}
