// TinySet.swift - data sets of a few pictures: one in the official layout, one as the package easy-vqa lies on disk.

import Foundation
import ImageCodecs
import SafeFiles
import TestSupport
import VQAFormats

/// Red and blue pictures with the question which of the two.
enum TinySet {
  /// Writes `set/` and `recipe.json` into a folder.
  static func write(in folder: String) throws {
    let set = folder + "/set"
    for name in ["images", "train", "val"] {
      try FileManager.default.createDirectory(atPath: "\(set)/\(name)", withIntermediateDirectories: true)
    }
    for (name, pictures) in [("train", 1...32), ("val", 33...40)] {
      var questions: [Question] = []
      var annotations: [Annotation] = []
      for picture in pictures {
        let isRed = picture % 2 == 0
        let shade = UInt8(150 + picture)
        let color = RGBColor(red: isRed ? shade : 0, green: UInt8(picture), blue: isRed ? 0 : shade)
        try Tiny.writePicture("\(set)/images/\(picture).png", square: .white, on: color, width: 16, height: 16)
        let answer = isRed ? "red" : "blue"
        questions.append(Question(imageID: picture, text: "What color is it?", questionID: picture))
        annotations.append(
          Annotation(
            questionID: picture, imageID: picture, questionType: "what color", answerType: "other",
            multipleChoiceAnswer: answer, answers: HumanAnswer.tenTimes(answer)))
      }
      try QuestionFile(header: DataSetHeader(), questions: questions).write(to: "\(set)/\(name)/questions.json")
      try AnnotationFile(header: DataSetHeader(), annotations: annotations)
        .write(to: "\(set)/\(name)/annotations.json")
    }
    try AtomicFile.write(recipe, to: folder + "/recipe.json")
  }

  private static let recipe = """
    {
      "data": {"folder": "set"},
      "model": {
        "name": "tiny",
        "vision": {"pictureSize": 8, "channels": [4, 4], "width": 4, "heads": 2, "layers": 0},
        "network": {
          "wordWidth": 4, "questionLength": 4, "hidden": 8, "feedForward": 8, "heads": 2, "encoderLayers": 1,
          "decoderLayers": 1, "flatHidden": 8, "flatOutput": 8, "orders": [0, 1], "dropout": 0.1
        }
      },
      "training": {
        "epochs": 12, "questionsPerStep": 8, "questionsPerPicture": 1, "shards": 2, "checkpointSteps": 5,
        "evaluationEpochs": 4, "rate": 0.005, "augmentation": {"shift": 1, "brightness": 0.05}
      }
    }
    """
}

/// The package easy-vqa with a few pictures.
enum EasyPackage {
  /// Writes `easy_vqa/` into a folder.
  static func write(in folder: String) throws {
    for (split, count) in [("train", 10), ("test", 3)] {
      let data = "\(folder)/easy_vqa/data/\(split)"
      try FileManager.default.createDirectory(atPath: data + "/images", withIntermediateDirectories: true)
      var lines: [String] = []
      for picture in 0..<count {
        try Tiny.writePicture("\(data)/images/\(picture).png", width: 16, height: 16)
        lines.append("[\"what color is the shape?\", \"black\", \(picture)]")
        lines.append("[\"is there a circle?\", \"no\", \(picture)]")
      }
      try AtomicFile.write("[" + lines.joined(separator: ", ") + "]", to: data + "/questions.json")
    }
  }
}
