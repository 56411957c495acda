// Small.swift - a model of every part that is made in no time, and pictures to ask it about.

import ImageCodecs
import Tensors
import VQAFormats
import VQAPipeline

/// What the tests of the pipeline work with.
enum Small {
  static let questions = [
    "Is there a circle?", "What color is the circle?", "What shape is it?", "Is the circle red?", "",
  ]

  static var configuration: ModelConfiguration {
    var configuration = ModelConfiguration()
    configuration.name = "small"
    configuration.vision.pictureSize = 16
    configuration.vision.channels = [4, 8]
    configuration.vision.width = 12
    configuration.vision.heads = 2
    configuration.network.wordWidth = 6
    configuration.network.questionLength = 5
    configuration.network.hidden = 16
    configuration.network.feedForward = 20
    configuration.network.heads = 2
    configuration.network.encoderLayers = 1
    configuration.network.decoderLayers = 2
    configuration.network.flatHidden = 8
    configuration.network.glimpses = 2
    configuration.network.flatOutput = 10
    configuration.network.orders = [0, 2, 1]
    configuration.mean = [0.4, 0.5, 0.6]
    configuration.deviation = [0.2, 0.25, 0.5]
    return configuration
  }

  static var words: Vocabulary { Vocabulary.build(fromQuestions: questions, madeFrom: "the tests") }

  static func answers() throws -> AnswerVocabulary {
    try AnswerVocabulary(answers: ["yes", "no", "red", "blue", "circle"], madeFrom: "the tests")
  }

  static func model(_ configuration: ModelConfiguration = configuration, seed: UInt64 = 3) throws -> VQAModel {
    try VQAModel(configuration, words: words, answers: try answers(), seed: seed)
  }

  /// A picture of noise that follows from its number.
  static func picture(_ number: Int, width: Int = 16, height: Int = 16) throws -> RGBImage {
    var random = SeededRandom(seed: UInt64(number))
    let pixels = (0..<width * height * 3).map { _ in UInt8(random.integer(below: 256)) }
    return try RGBImage(width: width, height: height, pixels: pixels)
  }
}

extension Answer {
  /// The probability of every answer given.
  var probabilities: [Float] { candidates.map(\.probability) }
}
