// ModelFile.swift - a model as one safetensors file that answers questions by itself.
//
// The metadata hold the configuration, both vocabularies with their hashes, and the record of the training; the tensors have the names of
// Layer.namedParameters. Everything is checked against everything before the first answer.

import Layers
import SafeFiles
import Tensors
import VQAFormats
import WeightFiles

/// Why a file is not a model.
public enum ModelFailure: Failure, Equatable {
  /// A metadata key is missing.
  case noMetadata(key: String)
  /// A metadata value cannot be understood.
  case badMetadata(key: String, problem: String)
  /// A vocabulary is not the one whose hash was stored.
  case changedVocabulary(key: String, expected: String, found: String)
  /// A tensor of the network is missing.
  case noTensor(String)
  /// A tensor belongs to no part of the network.
  case strangeTensor(String)
  /// A tensor has another shape than the network needs.
  case wrongShape(String, expected: [Int], found: [Int])
  /// A tensor holds a number that is not finite.
  case notFinite(String)

  /// Bad data.
  public var kind: FailureKind { .badData }

  /// The tensor or the metadata key.
  public var place: String? {
    switch self {
    case .noMetadata(let key), .badMetadata(let key, _), .changedVocabulary(let key, _, _): "metadata \(key)"
    case .noTensor(let name), .strangeTensor(let name), .wrongShape(let name, _, _), .notFinite(let name):
      "tensor \(name)"
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .noMetadata: "missing, so this is not a model of this program"
    case .badMetadata(_, let problem): problem
    case .changedVocabulary(_, let expected, let found): "its hash is \(found.prefix(12)), not \(expected.prefix(12))"
    case .noTensor: "missing"
    case .strangeTensor: "the network has no such parameter"
    case .wrongShape(_, let expected, let found): "its shape is \(found), the network needs \(expected)"
    case .notFinite: "it holds a number that is not finite"
    }
  }

  /// What to do.
  public var advice: String {
    switch self {
    case .noMetadata: "give a file written by 'vqa train'; 'vqa inspect FILE' shows what it holds"
    default: "the file is damaged or made for another version: fetch or train it again"
    }
  }
}

/// Reads and writes models.
public enum ModelFile {
  /// Version of the layout of metadata and names.
  public static let format = "vqa-model-1"
  /// Metadata that make a model; the others are the record of how it was made.
  public static let ownKeys: Set = [
    "format", "configuration", "words", "words.sha256", "answers", "answers.sha256", "knowledge",
  ]

  /// Reads a model.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limits: Sizes above which files are refused.
  /// - Returns: The model and all its metadata.
  /// - Throws: `FileFailure` that says what does not fit.
  public static func load(
    _ path: String, limits: LoadLimits = .default
  ) throws(FileFailure) -> (model: VQAModel, metadata: [String: String]) {
    let file = try TensorFile(path: path, limits: limits)
    do {
      let weights = file.tensors.reduce(0) { $0 + $1.count }
      let model = try makeModel(file.metadata, weights: weights)
      try fill(model.namedParameters, from: file, strict: true)
      return (model, file.metadata)
    } catch let failure as any Failure {
      throw FileFailure(file: path, cause: failure)
    } catch {
      throw FileFailure(file: path, cause: ModelFailure.badMetadata(key: "configuration", problem: "\(error)"))
    }
  }

  /// Writes a model in one atomic step.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - record: What is known of its training, by key.
  ///   - storage: How the weights are stored; whatever it is, they are read as 32 bits.
  ///   - path: The file.
  /// - Throws: When the file cannot be written or a weight is not finite.
  public static func save(
    _ model: VQAModel, record: [String: String] = [:], storage: TensorStorage = .float32, to path: String
  ) throws {
    let tensors = model.namedParameters.map { item in
      (name: item.name, shape: item.parameter.value.shape, values: item.parameter.value.elements)
    }
    try TensorFileWriter.checkFinite(tensors)
    try TensorFileWriter.write(
      tensors: tensors, metadata: try metadata(of: model).merging(record) { own, _ in own }, storage: storage,
      to: path)
  }

  /// How the weights of a file are stored, so that they can be written again as they were; 32 bits where it holds several types.
  public static func storage(of path: String) throws(FileFailure) -> TensorStorage {
    let types = Set(try TensorFile(path: path).tensors.map(\.type))
    return types == [.float16] ? .float16 : types == [.bfloat16] ? .bfloat16 : .float32
  }

  /// The metadata that make a file of weights a model.
  public static func metadata(of model: VQAModel) throws(ConfigurationFailure) -> [String: String] {
    var metadata = [
      "format": format,
      "configuration": try ConfigurationOverlay.json(of: model.configuration).serialized(),
      "words": model.words.json, "words.sha256": model.words.contentHash,
      "answers": model.answers.json, "answers.sha256": model.answers.contentHash,
    ]
    metadata["knowledge"] = model.tables?.json
    return metadata
  }

  /// What the long texts of the metadata hold.
  private enum ModelText: Sendable {
    case words(Vocabulary)
    case answers(AnswerVocabulary)
    case knowledge(KnowledgeTables?)
  }

  /// Makes the network that metadata describe, with fresh weights; none that needs more weights than there are.
  private static func makeModel(_ metadata: [String: String], weights: Int) throws -> VQAModel {
    func value(_ key: String) throws(ModelFailure) -> String {
      guard let value = metadata[key] else { throw .noMetadata(key: key) }
      return value
    }
    /// A byte or field of the text would be taken for one of the file, so the key is named before it.
    func parsed<Result>(_ key: String, _ parse: ([UInt8]) throws -> Result) throws -> Result {
      let text = try value(key)
      do {
        return try parse(Array(text.utf8))
      } catch let failure as any Failure {
        let problem = (failure.place.map { $0 + ": " } ?? "") + failure.problem
        throw ModelFailure.badMetadata(key: key, problem: problem)
      }
    }
    guard try value("format") == format else {
      throw ModelFailure.badMetadata(key: "format", problem: "it is \(visibleText(try value("format"))), not \(format)")
    }
    let settings = try parsed("configuration") { try JSONValue.parse($0) }
    let configuration = try ConfigurationOverlay.apply(settings, over: ModelConfiguration(), path: "configuration")
    // Together they take as long as all weights, so each is read by a thread of its own.
    let texts = WorkerPool.shared.map(3) { part in
      Result<ModelText, any Error> {
        switch part {
        case 0: .words(try parsed("words") { try Vocabulary(json: $0) })
        case 1: .answers(try parsed("answers") { try AnswerVocabulary(json: $0) })
        default:
          .knowledge(
            configuration.knowledge.isUsed
              ? try parsed("knowledge") { try KnowledgeTables(json: $0, answers: configuration.network.answers) } : nil)
        }
      }
    }
    guard case .words(let words) = try texts[0].get(), case .answers(let answers) = try texts[1].get() else {
      preconditionFailure("parts in another order")
    }
    for (key, found) in [("words", words.contentHash), ("answers", answers.contentHash)] {
      let expected = try value(key + ".sha256")
      guard expected == found else {
        throw ModelFailure.changedVocabulary(key: key, expected: expected, found: found)
      }
    }
    guard configuration.network.vocabularySize == words.count, configuration.network.answers == answers.count else {
      throw ModelFailure.badMetadata(key: "configuration", problem: "its sizes are not those of the vocabularies")
    }
    guard configuration.problem != nil || configuration.leastWeights <= Double(weights) else {
      let problem = "its sizes need at least \(Int(configuration.leastWeights)) weights, the file holds \(weights)"
      throw ModelFailure.badMetadata(key: "configuration", problem: problem)
    }
    guard case .knowledge(let tables) = try texts[2].get() else { preconditionFailure("parts in another order") }
    return try Initialisation.skipped {
      try VQAModel(configuration, words: words, answers: answers, tables: tables, seed: 0)
    }
  }

  /// Sets parameters from the tensors of the same names.
  ///
  /// - Parameters:
  ///   - parameters: The parameters to set.
  ///   - file: The file.
  ///   - strict: Refuse tensors that belong to no parameter.
  /// - Throws: `ModelFailure` that names the tensor.
  public static func fill(
    _ parameters: [(name: String, parameter: Parameter)], from file: TensorFile, strict: Bool
  ) throws {
    let known = Set(parameters.map(\.name))
    if strict, let strange = file.names.first(where: { !known.contains($0) }) {
      throw ModelFailure.strangeTensor(strange)
    }
    for (name, parameter) in parameters {
      guard let entry = file[name] else { throw ModelFailure.noTensor(name) }
      guard entry.shape == parameter.value.shape else {
        throw ModelFailure.wrongShape(name, expected: parameter.value.shape, found: entry.shape)
      }
    }
    let values = WorkerPool.shared.map(parameters.count) { number in
      Result<Tensor, any Error> {
        let (name, parameter) = parameters[number]
        let value = try tensor(name, of: parameter.value.shape, in: file)
        guard value.isFinite else { throw ModelFailure.notFinite(name) }
        return value
      }
    }
    for ((_, parameter), value) in zip(parameters, values) { parameter.value = try value.get() }
  }

  /// A tensor where it lies in the mapped file, which is copied page by page if training changes it; or a copy, converted.
  private static func tensor(_ name: String, of shape: [Int], in file: TensorFile) throws -> Tensor {
    guard let (mapped, range) = try file.mapped(name), let memory = mapped.floats(range) else {
      return try Tensor(kept: shape) { try file.read(name, into: $0) }
    }
    return Tensor(borrowing: memory, of: mapped, isFile: true, shape: shape)
  }
}
