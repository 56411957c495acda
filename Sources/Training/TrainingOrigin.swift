// TrainingOrigin.swift - what a run begins from: nothing, a model, its own checkpoint, or one of the original TRAR.

import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline
import WeightFiles

/// What a run begins from.
enum TrainingOrigin {
  /// Fresh weights.
  case nothing
  /// The weights and vocabularies of a finished model.
  case model(path: String, TensorFile)
  /// A checkpoint of this package: everything.
  case checkpoint(path: String, TensorFile)
  /// A checkpoint of the original: weights, state of the optimiser, rate, passes done.
  case original(path: String, OriginalState)

  /// Opens a file, whatever of these it is.
  init(path: String) throws(FileFailure) {
    if path.hasSuffix(".pkl") || path.hasSuffix(".pth") || path.hasSuffix(".pt") {
      self = .original(path: path, try OriginalState(path: path))
      return
    }
    let file = try TensorFile(path: path)
    if file.metadata["step"] != nil, file.metadata["recipe"] != nil {
      self = .checkpoint(path: path, file)
    } else if file.metadata["format"] == ModelFile.format {
      self = .model(path: path, file)
    } else {
      throw FileFailure(file: path, cause: NoOrigin())
    }
  }

  /// The model with the weights of a finished one, or with fresh ones.
  func makeModel(_ recipe: Recipe, _ data: TrainingData) throws -> VQAModel {
    switch self {
    case .nothing:
      if let parts = data.parts { return try parts.model(recipe, words: data.words, answers: data.answers) }
      return try VQAModel(recipe.model, words: data.words, answers: data.answers, seed: recipe.training.seed)
    case .original(_, let checkpoint):
      try checkpoint.check(words: data.words, answers: data.answers, layout: recipe.data.layout)
      return try VQAModel(recipe.model, words: data.words, answers: data.answers, seed: recipe.training.seed)
    case .checkpoint(let path, let file):
      // Those of early versions do not hold the vocabularies; the data are then the same as well.
      guard file.metadata["words"] != nil else { return try Self.nothing.makeModel(recipe, data) }
      let model = try Self.model(recipe, file, path: path)
      try data.parts?.readBackbone(into: model)
      return model
    case .model(let path, let file):
      let model = try Self.model(recipe, file, path: path)
      do {
        try ModelFile.fill(model.namedParameters, from: file, strict: false)
      } catch let failure as any Failure {
        throw FileFailure(file: path, cause: failure)
      }
      guard recipe.data.layout == .own else { return model }
      let words = data.words.words.filter { !Vocabulary.specialWords.contains($0) }
      return try model.extended(words: words, answers: data.answers.answers)
    }
  }

  private static func model(_ recipe: Recipe, _ file: TensorFile, path: String) throws -> VQAModel {
    do {
      let words = try Vocabulary(json: Array((file.metadata["words"] ?? "").utf8))
      let answers = try AnswerVocabulary(json: Array((file.metadata["answers"] ?? "").utf8))
      let tables =
        recipe.model.knowledge.isUsed
        ? try KnowledgeTables(json: Array((file.metadata["knowledge"] ?? "").utf8), answers: answers.count) : nil
      return try VQAModel(
        recipe.model, words: words, answers: answers, tables: tables, seed: recipe.training.seed)
    } catch let failure as any Failure {
      throw FileFailure(file: path, cause: failure)
    }
  }

  /// Tells what the run goes on from.
  func tell(_ note: (String) -> Void) {
    switch self {
    case .nothing: break
    case .checkpoint(let path, _): note("going on from \(path)")
    case .model(let path, _): note("beginning with the weights of \(path)")
    case .original(let path, let checkpoint):
      note("going on from \(path): \(checkpoint.epoch) passes done, rate \(checkpoint.rate)")
    }
  }
}

/// A file that no run can begin from.
struct NoOrigin: Failure, Equatable {
  var kind: FailureKind { .badData }
  var place: String? { nil }
  var problem: String { "no run can begin from it: it is no model and no checkpoint" }
  var advice: String { "give model.safetensors or checkpoint-N.safetensors of a run, or epochN.pkl of the original" }
}
