// ParityCase.swift - a set of reference values of the original TRAR: its configuration, its weights and what it computed.

import Foundation
import Layers
import Routing
import SafeFiles
import TRAR
import Tensors
import TestSupport
import Testing
import WeightFiles

/// A network with the weights of a set.
struct ParityCase {
  /// One pass of the original.
  struct Variant {
    let name: String
    let settings: RoutingSettings
    let io: TensorFile
    /// Loss and gradients, if the set has them.
    let gradients: TensorFile?
  }

  let set: ParitySet
  let network: TRARNetwork
  let spans: SpanMasks
  let variants: [Variant]

  init(_ set: ParitySet) throws {
    self.set = set
    let description = try set.json("config.json")
    let configuration = try TRARConfiguration(original: description)
    var random = SeededRandom(seed: 1)
    network = TRARNetwork(configuration, random: &random)
    try network.load(try TensorFile(path: set.file("weights.safetensors")))
    #expect(try integer(description, "param_count") == network.parameterCount, "\(set.path)")
    let side = try integer(description["config"], "IMG_SCALE")
    spans = try SpanMasks(grid: GridSize(rows: side, columns: side), orders: configuration.orders)
    variants = try set.files(prefix: "io_", suffix: ".safetensors").map { file in
      try Self.variant(String(file.dropFirst(3).dropLast(12)), set: set, description: description)
    }
  }

  private static func variant(_ name: String, set: ParitySet, description: JSONValue) throws -> Variant {
    let io = try TensorFile(path: set.file("io_\(name).safetensors"))
    let given = try #require(description["variants"]?[name]?["settings"])
    let isTraining = try flag(given, "routing_training_flag")
    var settings = RoutingSettings()
    settings.temperature = Float(try number(given, "tau"))
    // The original's routers are never one-hot in training.
    settings.binarize = try flag(given, "binarize") && !isTraining
    settings.noise = try recordedNoise(io)
    let gradients = "grads_\(name).safetensors"
    return Variant(
      name: name, settings: settings, io: io,
      gradients: set.files(suffix: gradients) == [gradients] ? try TensorFile(path: set.file(gradients)) : nil)
  }

  /// The logits of a variant's questions about its pictures.
  func logits(_ variant: Variant, observer: TRARPass.Observer? = nil) throws -> Tensor {
    let io = variant.io
    let words = try io.int64s("in.ques_ix").map { Int($0) }
    let batch = try io.tensor("in.ques_ix").shape[0]
    let features = Tensor(try io.floats("in.img_feat"), shape: try io.tensor("in.img_feat").shape)
    let pass = TRARPass(settings: variant.settings, observer: observer)
    var trace = RoutingTrace()
    let question = network.encode(words: words, batch: batch, pass: pass)
    return network.decode(features: features, question: question, spans: spans, pass: pass, trace: &trace)
  }

  /// The original's loss: one class for each picture, or soft targets for all answers; summed over everything.
  func loss(_ logits: Tensor, _ variant: Variant) throws -> Tensor {
    let targets = try variant.io.tensor("in.targets")
    guard targets.type == .int64 else {
      return logits.binaryCrossEntropy(targets: Tensor(try variant.io.floats("in.targets"), shape: targets.shape))
    }
    return logits.crossEntropy(classes: try variant.io.int64s("in.targets").map { Int($0) })
  }
}

/// The noise of each layer that a pass of the original drew.
func recordedNoise(_ io: TensorFile) throws -> [Int: Tensor] {
  var noise: [Int: Tensor] = [:]
  for tensor in io.tensors where tensor.name.hasSuffix(".exp_noise") {
    let layer = try #require(Int(tensor.name.dropFirst("in.dec".count).prefix { $0 != "." }))
    // The original draws E from the exponential distribution; the noise is -ln E.
    let values = try io.floats(tensor.name).map { Float(-naturalLogarithm(Double($0))) }
    noise[layer] = Tensor(values, shape: tensor.shape)
  }
  return noise
}

/// A whole number of a JSON object.
func integer(_ value: JSONValue?, _ key: String) throws -> Int {
  Int(try #require(value?[key]?.integerValue, "\(key)"))
}

/// A number of a JSON object.
func number(_ value: JSONValue?, _ key: String) throws -> Double {
  try #require(value?[key]?.numberValue, "\(key)")
}

/// A key that a description lacks.
private struct MissingKey: Error {
  let key: String
}

/// A truth value of a JSON object.
func flag(_ value: JSONValue?, _ key: String) throws -> Bool {
  guard let flag = value?[key]?.boolValue else { throw MissingKey(key: key) }
  return flag
}

extension TRARConfiguration {
  /// Reads the original's keys, and the sizes of data that stand beside them.
  init(original description: JSONValue) throws {
    let keys = description["config"]
    self.init()
    vocabularySize = try integer(description, "vocab")
    wordWidth = try integer(keys, "WORD_EMBED_SIZE")
    // A checkpoint knows of no length; its inputs have one.
    if description["max_tokens"] != nil { questionLength = try integer(description, "max_tokens") }
    featureWidth = try integer(description, "feat_dim")
    hidden = try integer(keys, "HIDDEN_SIZE")
    feedForward = try integer(keys, "FF_SIZE")
    heads = try integer(keys, "MULTI_HEAD")
    encoderLayers = try integer(keys, "LAYER")
    decoderLayers = encoderLayers
    dropout = Float(try number(keys, "DROPOUT_R"))
    flatHidden = try integer(keys, "FLAT_MLP_SIZE")
    glimpses = try integer(keys, "FLAT_GLIMPSES")
    flatOutput = try integer(keys, "FLAT_OUT_SIZE")
    answers = try integer(description, "answers")
    let given = try #require(keys?["ORDERS"]?.arrayValue)
    orders = given.compactMap(\.integerValue).map { Int($0) }
    try #require(orders.count == given.count)
    routing = try #require(RoutingKind(rawValue: keys?["ROUTING"]?.stringValue ?? ""))
    pooling = try #require(RouterPooling(rawValue: keys?["POOLING"]?.stringValue ?? ""))
    binarize = try flag(keys, "BINARIZE")
    temperature = Float(try number(keys, "TAU_MAX"))
    projectionName = keys?["DATASET"]?.stringValue == "clevr" ? "grid_linear" : "frcn_linear"
  }
}

extension TRARNetwork {
  /// Takes every parameter from a file that has each of them and nothing else.
  func load(_ weights: TensorFile) throws {
    let parameters = namedParameters
    #expect(Set(parameters.map(\.name)).count == parameters.count, "a name is used twice")
    #expect(parameters.map(\.name).sorted() == weights.names.sorted())
    for (name, parameter) in parameters {
      let entry = try weights.tensor(name)
      try #require(parameter.value.shape == entry.shape, "\(name)")
      parameter.value = Tensor(try weights.floats(name), shape: entry.shape)
    }
  }
}
