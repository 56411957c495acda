// TinySet.swift - red and blue pictures with the question which of the two, and a recipe that learns it in a second.

import Foundation
import ImageCodecs
import Training
import VQAFormats

/// What the runs of the tests learn from.
enum TinySet {
  static let text = "What color is it?"

  /// Writes `images`, `train` and `val` into a folder.
  static func write(in folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder + "/images", withIntermediateDirectories: true)
    for picture in 1...40 {
      let shade = UInt8(150 + picture)
      let color = RGBColor(red: isRed(picture) ? shade : 0, green: UInt8(picture), blue: isRed(picture) ? 0 : shade)
      let image = try RGBImage(width: 8, height: 8, color: color)
      // Not atomically: that waits for the disk, forty times for each test.
      try Data(try encodePNG(image)).write(to: URL(filePath: "\(folder)/images/\(picture).png"))
    }
    try write(Array(1...32), split: "train", in: folder)
    try write(Array(33...40), split: "val", in: folder)
  }

  /// Writes the question about each of some pictures; `answer` may differ from the truth.
  static func write(
    _ pictures: [Int], split: String, in folder: String, answer: (Int) -> String = { isRed($0) ? "red" : "blue" }
  ) throws {
    try FileManager.default.createDirectory(atPath: "\(folder)/\(split)", withIntermediateDirectories: true)
    let questions = pictures.map { Question(imageID: $0, text: text, questionID: $0) }
    let annotations = pictures.map { picture in
      Annotation(
        questionID: picture, imageID: picture, questionType: "what color", answerType: "other",
        multipleChoiceAnswer: answer(picture), answers: HumanAnswer.tenTimes(answer(picture)))
    }
    try QuestionFile(header: DataSetHeader(), questions: questions).write(to: "\(folder)/\(split)/questions.json")
    try AnnotationFile(header: DataSetHeader(), annotations: annotations)
      .write(to: "\(folder)/\(split)/annotations.json")
  }

  private static func isRed(_ picture: Int) -> Bool { picture % 2 == 0 }

  /// Four steps a pass; lines of the log, checkpoints and passes fall on different steps.
  static var recipe: Recipe {
    var recipe = Recipe()
    recipe.model.vision.pictureSize = 8
    recipe.model.vision.channels = [4, 4]
    recipe.model.vision.width = 4
    recipe.model.vision.heads = 2
    recipe.model.vision.layers = 0
    recipe.model.network.wordWidth = 4
    recipe.model.network.questionLength = 4
    recipe.model.network.hidden = 8
    recipe.model.network.feedForward = 8
    recipe.model.network.heads = 2
    recipe.model.network.encoderLayers = 1
    recipe.model.network.decoderLayers = 1
    recipe.model.network.flatHidden = 8
    recipe.model.network.flatOutput = 16
    recipe.model.network.orders = [0, 1]
    recipe.training.epochs = 3
    recipe.training.questionsPerStep = 8
    recipe.training.questionsPerPicture = 1
    recipe.training.shards = 2
    recipe.training.rate = 0.01
    recipe.training.averageDecay = 0.9
    recipe.training.logSteps = 3
    recipe.training.checkpointSteps = 5
    recipe.training.evaluationEpochs = 2
    recipe.training.augmentation.shift = 1
    recipe.training.augmentation.brightness = 0.05
    recipe.training.augmentation.unknownWords = 0.1
    return recipe
  }
}
