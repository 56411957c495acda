// CascadeModel.swift - a model of three grids that is made in no time and knows nothing, with thresholds that its answers straddle.

import Foundation
import SafeFiles
import TestSupport
import VQAFormats
import VQAPipeline

extension Tiny {
  /// Settings of a cascade of three grids.
  static var cascade: ModelConfiguration {
    var configuration = configuration
    configuration.name = "steps"
    configuration.vision.embedding = .cascade
    configuration.cascade.stages.width = 8
    configuration.cascade.stages.layers = 1
    configuration.cascade.stages.heads = 2
    configuration.cascade.stages.expansion = 1
    configuration.cascade.stages.relationReuse = false
    return configuration
  }

  /// Writes a cascade as `models/steps.safetensors` into a folder.
  static func writeCascade(
    in folder: String, seed: UInt64 = 7, _ change: (inout CascadeConfiguration) -> Void = { _ in }
  ) throws {
    var configuration = cascade
    change(&configuration.cascade)
    let words = Vocabulary.build(fromQuestions: [question, "What color is it?"], madeFrom: "the tests")
    let answers = try AnswerVocabulary(answers: ["yes", "no", "red", "blue"], madeFrom: "the tests")
    let model = try VQAModel(configuration, words: words, answers: answers, seed: seed)
    try FileManager.default.createDirectory(atPath: folder + "/models", withIntermediateDirectories: true)
    try ModelFile.save(model, record: ["training.step": "0"], to: folder + "/models/steps.safetensors")
  }

  /// Runs a test in a folder with `models/steps.safetensors`, `models/tiny.safetensors`, `a.png` and the set of ``BatchFileTests``.
  static func withCascade<Result>(
    _ change: (inout CascadeConfiguration) -> Void = { _ in }, _ body: (String) throws -> Result
  ) throws -> Result {
    try withFolder { folder in
      try writeCascade(in: folder, change)
      try BatchFileTests.writeSet(in: folder)
      return try body(folder)
    }
  }
}

/// Runs the command with the model `steps` of a folder.
func steps(_ arguments: String..., input: String? = nil, folder: String) throws -> Run {
  try Vqa.start(
    arguments + ["--model", "steps"], input: input, folder: folder, environment: ["VQA_DATA": folder]
  ).end()
}
