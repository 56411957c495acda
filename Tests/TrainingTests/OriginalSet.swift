// OriginalSet.swift - a data set as the original TRAR has it on disk, with features, and its settings in small.

import Foundation
import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline
import WeightFiles

/// Red, green and blue pictures given as features, in the original's folders.
enum OriginalSet {
  static let colors = ["red", "green", "blue"]
  /// Width of a row of features.
  static let width = 6
  /// Rows of a file, fewer than the 16 cells of the grid for every third picture.
  static func rows(_ picture: Int) -> Int { picture % 3 == 0 ? 12 : 16 }

  /// The original's settings for VQA, in small.
  static var settings: OriginalConfiguration {
    var settings = OriginalConfiguration(dataSet: .vqa)
    shrink(&settings)
    settings.features.regions = .init(rows: 16, width: width)
    settings.learning.batchSize = 8
    return settings
  }

  /// The original's settings for CLEVR, in small.
  static var clevrSettings: OriginalConfiguration {
    var settings = OriginalConfiguration(dataSet: .clevr)
    shrink(&settings)
    settings.features.grid = .init(rows: 16, width: width)
    settings.learning.batchSize = 8
    return settings
  }

  private static func shrink(_ settings: inout OriginalConfiguration) {
    settings.network.layers = 1
    settings.network.hidden = 8
    settings.network.feedForward = 8
    settings.network.heads = 2
    settings.network.flatHidden = 8
    settings.network.flatOutput = 8
    settings.network.wordWidth = 4
    settings.network.orders = [0, 1]
    settings.network.gridSide = 4
    settings.learning.epochs = 2
    settings.learning.decayEpochs = [1]
  }

  /// Writes the features of a picture.
  static func writeFeatures(_ picture: Int, to path: String) throws {
    var random = SeededRandom(seed: UInt64(picture))
    let values = (0..<rows(picture) * width).map { place in
      random.uniform(-0.2, 0.2) + (place % width == picture % 3 ? 1 : 0)
    }
    try Data(ArrayFileWriter.bytes(values, shape: [rows(picture), width])).write(to: URL(filePath: path))
  }

  static func name(_ picture: Int, _ folder: String) -> String {
    let digits = String(picture)
    return "COCO_\(folder)_\(String(repeating: "0", count: 12 - digits.count))\(digits).jpg.npy"
  }

  /// Writes `FOLDER/vqa`: train has pictures 1 to 20, val 21 to 28, test 31, and Visual Genome asks about those of train.
  static func write(in folder: String) throws {
    let raw = folder + "/vqa/raw"
    try FileManager.default.createDirectory(atPath: raw, withIntermediateDirectories: true)
    for (split, pictures) in [("train2014", 1...20), ("val2014", 21...28), ("test2015", 31...31)] {
      let feats = "\(folder)/vqa/feats/\(split)"
      try FileManager.default.createDirectory(atPath: feats, withIntermediateDirectories: true)
      for picture in pictures { try writeFeatures(picture, to: "\(feats)/\(name(picture, split))") }
      let questions = pictures.map { Question(imageID: $0, text: "What \(split) color is it?", questionID: $0) }
      try QuestionFile(header: DataSetHeader(), questions: questions)
        .write(to: "\(raw)/v2_OpenEnded_mscoco_\(split)_questions.json")
      guard split != "test2015" else { continue }
      try AnnotationFile(header: DataSetHeader(), annotations: pictures.map(annotation))
        .write(to: "\(raw)/v2_mscoco_\(split)_annotations.json")
    }
    let genome = (1...8).map { Question(imageID: $0, text: "Which hue, please?", questionID: 1000 + $0) }
    try QuestionFile(header: DataSetHeader(), questions: genome).write(to: "\(raw)/VG_questions.json")
    // Without types and without the most frequent answer, as far as training needs them.
    let items = (1...8).map { number in
      #"{"question_id": \#(1000 + number), "image_id": \#(number), "answers": [{"answer": "\#(colors[number % 3])"}]}"#
    }
    try AtomicFile.write(
      #"{"annotations": [\#(items.joined(separator: ", "))]}"#, to: "\(raw)/VG_annotations.json")
  }

  private static func annotation(_ picture: Int) -> Annotation {
    let color = colors[picture % 3]
    let answers = HumanAnswer.tenTimes(color).prefix(8) + [HumanAnswer("Teal."), HumanAnswer("grey")]
    return Annotation(
      questionID: picture, imageID: picture, questionType: "what color", answerType: "other",
      multipleChoiceAnswer: color, answers: Array(answers))
  }

  /// Writes `FOLDER/clevr`: the pictures of each split count from 0.
  static func writeCLEVR(in folder: String) throws {
    let raw = folder + "/clevr/raw/questions"
    try FileManager.default.createDirectory(atPath: raw, withIntermediateDirectories: true)
    for (split, first, count) in [("train", 1, 16), ("val", 101, 6), ("test", 201, 1)] {
      let feats = "\(folder)/clevr/feats/\(split)"
      try FileManager.default.createDirectory(atPath: feats, withIntermediateDirectories: true)
      var questions: [String] = []
      for index in 0..<count {
        try writeFeatures(first + index, to: "\(feats)/\(index).npy")
        let color = colors[(first + index) % 3]
        let isCounted = index % 2 == 0
        let text = isCounted ? "How many things are there in this \(split) picture?" : "What color is it?"
        let rest =
          split == "test"
          ? ""
          : #", "answer": "\#(isCounted ? "1" : color)", "program": [{"function": "scene"}, {"function": "\#(isCounted ? "count" : "query_color")"}]"#
        questions.append(#"{"image_index": \#(index), "question": "\#(text)"\#(rest)}"#)
      }
      try AtomicFile.write(
        #"{"info": {"split": "\#(split)"}, "questions": [\#(questions.joined(separator: ", "))]}"#,
        to: "\(raw)/CLEVR_\(split)_questions.json")
    }
  }
}
