// TinyModel.swift - a model that is made in no time, and pictures to ask it about.

import Foundation
import ImageCodecs
import SafeFiles
import TestSupport
import VQAFormats
import VQAPipeline

/// What the tests of the command work with.
enum Tiny {
  static let question = "Is there a circle?"

  static var configuration: ModelConfiguration {
    var configuration = ModelConfiguration()
    configuration.name = "tiny"
    configuration.summary = "made for tests, knows nothing"
    configuration.vision.pictureSize = 16
    configuration.vision.channels = [4, 8]
    configuration.vision.width = 8
    configuration.vision.heads = 2
    configuration.vision.layers = 0
    configuration.network.wordWidth = 8
    configuration.network.questionLength = 6
    configuration.network.hidden = 16
    configuration.network.feedForward = 16
    configuration.network.heads = 2
    configuration.network.encoderLayers = 1
    configuration.network.decoderLayers = 2
    configuration.network.flatHidden = 8
    configuration.network.flatOutput = 16
    configuration.network.orders = [0, 1]
    configuration.network.dropout = 0
    return configuration
  }

  /// Writes `models/tiny.safetensors` into a folder and returns its path.
  static func writeModel(in folder: String) throws -> String {
    let words = Vocabulary.build(fromQuestions: [question, "What color is it?"], madeFrom: "the tests")
    let answers = try AnswerVocabulary(answers: ["yes", "no", "red", "blue"], madeFrom: "the tests")
    let model = try VQAModel(configuration, words: words, answers: answers, seed: 7)
    try FileManager.default.createDirectory(atPath: folder + "/models", withIntermediateDirectories: true)
    let path = folder + "/models/tiny.safetensors"
    try ModelFile.save(model, record: ["training.step": "0"], to: path)
    return path
  }

  /// Writes a picture: a square of a colour on another.
  static func writePicture(
    _ path: String, square: RGBColor = .black, on color: RGBColor = .white, width: Int = 24, height: Int = 20
  ) throws {
    var image = try RGBImage(width: width, height: height, color: color)
    for y in height / 4..<height / 2 {
      for x in width / 4..<width / 2 { image.setColor(square, x: x, y: y) }
    }
    try AtomicFile.write(try encodePNG(image), to: path)
  }

  /// Runs a test in a folder with `models/tiny.safetensors` and `a.png`.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    try withTemporaryFolder { folder in
      _ = try writeModel(in: folder)
      try writePicture(folder + "/a.png")
      return try body(folder)
    }
  }
}

/// Runs the command in a folder of ``Tiny`` with its model.
func tiny(_ arguments: String..., input: String? = nil, folder: String) throws -> Run {
  try Vqa.start(
    arguments, input: input, folder: folder, environment: ["VQA_DATA": folder]
  ).end()
}
