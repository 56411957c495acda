// PhotoSet.swift - all that a run with a backbone learns from, small: pictures, text questions, weights, vectors, concepts, nouns, labels.

import Backbones
import Foundation
import ImageCodecs
import Layers
import SafeFiles
import Tensors
import TestSupport
import Training
import VQAFormats
import VQAPipeline
import WeightFiles

/// What the runs with a backbone learn from.
enum PhotoSet {
  static let classes = 1000
  static let labels = ["dog", "person"]
  private static let vectorWidth = 4

  /// Writes the folder that ``recipe(in:)`` reads: the sets `photos` and `text`, and the parts of the model.
  static func write(in folder: String) throws {
    for (path, bytes) in try files.get() {
      let url = URL(filePath: "\(folder)/\(path)")
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      // Not atomically: that waits for the disk, thirty times for each test.
      try bytes.write(to: url)
    }
  }

  /// All files, made once for all tests.
  private static let files = Result {
    try withTemporaryFolder { folder in
      try make(in: folder)
      let paths = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
      return try paths.compactMap { path -> (path: String, bytes: Data)? in
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder)
        return isFolder.boolValue ? nil : (path, try Data(contentsOf: URL(filePath: "\(folder)/\(path)")))
      }
    }
  }

  private static func make(in folder: String) throws {
    try writePhotos(in: folder + "/photos")
    try writeTexts(in: folder + "/text")
    try BackboneFile.save(backbone(), storage: .float16, to: folder + "/backbone.safetensors")
    try writeVectors(in: folder)
    try AtomicFile.write(try concepts().json, to: folder + "/concepts.json")
    try writeNouns(in: folder + "/wordnet")
    try AtomicFile.write(
      #"{"1": ["dog"], "2": ["person", "dog", "tree"], "3": [], "4": ["dog"]}"#, to: folder + "/labels.json")
    let files = (1...4).map { "\"\($0)\": \"images/\($0).png\"" }.joined(separator: ", ")
    try AtomicFile.write("{\(files)}", to: folder + "/images.json")
  }

  private static func backbone() -> EfficientNetLite {
    var random = SeededRandom(seed: 7)
    let network = EfficientNetLite(random: &random)
    for (name, parameter) in network.namedParameters where name.hasPrefix("_fc") {
      parameter.value = parameter.value * 3
    }
    return network
  }

  /// Four pictures to learn from and two that are held out; two questions about each, one more that takes it for a car.
  private static func writePhotos(in folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder + "/images", withIntermediateDirectories: true)
    for picture in 1...6 {
      var random = SeededRandom(seed: UInt64(picture))
      let pixels = (0..<(12 * 12 * 3)).map { UInt8(random.integer(below: $0 % 3 == picture % 2 ? 256 : 40)) }
      let image = try RGBImage(width: 12, height: 12, pixels: pixels)
      try Data(try encodePNG(image)).write(to: URL(filePath: "\(folder)/images/\(picture).png"))
    }
    for (split, pictures) in [("train", 1...4), ("val", 5...6)] {
      try write(
        pictures.flatMap { picture in
          [
            ("What hue is it?", picture, picture % 2 == 0 ? "red" : "green", nil),
            ("Is there a dog?", picture, picture % 2 == 0 ? "yes" : "no", nil),
            ("What vehicle is this?", picture, "car", subject()),
          ]
        }, split: split, in: folder)
    }
  }

  static func subject(class number: Int = 3) -> SimulatedSubject {
    SimulatedSubject(classNumber: number, own: 0.5, gain: 8)
  }

  private static func writeTexts(in folder: String) throws {
    let facts = [("What hue is the sky?", "blue"), ("Is snow white?", "yes"), ("What hue is grass?", "green")]
    for split in ["train", "val"] {
      try write(facts.map { ($0.0, Question.noPicture, $0.1, nil) }, split: split, in: folder)
    }
  }

  /// Writes one split.
  static func write(
    _ questions: [(text: String, picture: Int, answer: String, subject: SimulatedSubject?)], split: String,
    in folder: String
  ) throws {
    try FileManager.default.createDirectory(atPath: "\(folder)/\(split)", withIntermediateDirectories: true)
    let asked = questions.enumerated().map { number, question in
      Question(imageID: question.picture, text: question.text, questionID: number + 1, subject: question.subject)
    }
    let annotations = questions.enumerated().map { number, question in
      Annotation(
        questionID: number + 1, imageID: question.picture, questionType: "what", answerType: "other",
        multipleChoiceAnswer: question.answer, answers: HumanAnswer.tenTimes(question.answer))
    }
    try QuestionFile(header: DataSetHeader(), questions: asked).write(to: "\(folder)/\(split)/questions.json")
    try AnnotationFile(header: DataSetHeader(), annotations: annotations)
      .write(to: "\(folder)/\(split)/annotations.json")
  }

  private static func writeVectors(in folder: String) throws {
    let words = ["the", "dog", "cat", "car", "red", "green", "blue", "sky", "grass", "snow", "hue"]
    var random = SeededRandom(seed: 5)
    let values = (0..<(words.count * vectorWidth)).map { _ in random.uniform(-1, 1) }
    try TensorFileWriter.write(
      tensors: [("vectors", [words.count, vectorWidth], values)], metadata: [:], to: folder + "/glove.safetensors")
    try AtomicFile.write(words.joined(separator: "\n") + "\n", to: folder + "/glove-words.txt")
  }

  /// Only the first four classes have names of their own, so that there are few answers.
  private static func concepts() throws -> ConceptVocabulary {
    func names(_ first: [String]) -> [String] { first + Array(repeating: "thing", count: classes - first.count) }
    return try ConceptVocabulary(
      everydayNames: names(["dog", "dog", "cat", "car"]), ownNames: names(["spaniel", "poodle", "cat", "car"]),
      labels: labels,
      concepts: [
        .init(classes: [0, 1], label: 0), .init(classes: [], label: 1), .init(classes: [3], label: nil),
      ], phrases: [("dog", 0), ("person", 1), ("car", 2), ("vehicle", 2)])
  }

  /// The nouns of a folder of WordNet: three colours, and nothing else.
  private static func writeNouns(in folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let hues = ["hue", "red", "green", "blue"]
    let nouns = hues.enumerated().map { number, word in
      let kind = number == 0 ? "000" : "001 @ 00000010 n 0000"
      return "000000\(number + 1)0 03 n 01 \(word) 0 \(kind) | it is seen"
    }
    let index = hues.enumerated().map { number, word in "\(word) n 1 1 @ 1 0 000000\(number + 1)0" }
    try AtomicFile.write(nouns.joined(separator: "\n") + "\n", to: folder + "/data.noun")
    try AtomicFile.write(index.sorted().joined(separator: "\n") + "\n", to: folder + "/index.noun")
    try AtomicFile.write("mice mouse\n", to: folder + "/noun.exc")
  }

  /// Two passes of three steps over both sets; the cache lies beside the runs, so that they share it.
  static func recipe(in folder: String) -> Recipe {
    var recipe = TinySet.recipe
    recipe.data.set = "photos"
    recipe.data.also = ["text"]
    recipe.data.knowledge.concepts = "concepts.json"
    recipe.data.knowledge.labels = "labels.json"
    recipe.data.knowledge.wordNet = folder + "/wordnet"
    recipe.data.knowledge.cache = folder + "/cache"
    recipe.model.vision.embedding = .cascade
    recipe.model.cascade.stages.family = .grids
    recipe.model.cascade.stages.gridWidth = BackboneCascade.gridWidth
    recipe.model.cascade.stages.stages = 1
    recipe.model.cascade.stages.width = 8
    recipe.model.cascade.stages.layers = 1
    recipe.model.cascade.stages.heads = 2
    recipe.model.cascade.stages.expansion = 1
    recipe.model.knowledge.names = 2
    recipe.model.knowledge.labels = labels.count
    recipe.model.knowledge.vectorWidth = vectorWidth
    recipe.model.network.questionLength = 6
    recipe.training.epochs = 2
    recipe.training.stepsPerPass = 3
    recipe.training.questionsPerStep = 8
    recipe.training.loss = .binaryCrossEntropy
    recipe.training.measure = .official
    recipe.training.evaluationEpochs = 2
    recipe.training.pictureDropout = 0.25
    recipe.training.augmentation = AugmentationRecipe()
    recipe.training.mixture = mixture(["photos": 6, "text": 2])
    recipe.data.knowledge.answers = read(
      ["photos", "text"].map { "{\"set\": \"\($0)\", \"count\": 1}" })
    return recipe
  }

  /// One phase for the whole run.
  static func mixture(_ shares: [String: Int]) -> [MixturePhase] {
    let texts = shares.sorted { $0.key < $1.key }.map { "{\"set\": \"\($0.key)\", \"questions\": \($0.value)}" }
    return read(["{\"passes\": 100, \"shares\": [\(texts.joined(separator: ", "))]}"])
  }

  /// Parts of a recipe as its file has them; an empty list would show at once.
  private static func read<Part: Decodable>(_ texts: [String]) -> [Part] {
    (try? JSONDecoder().decode([Part].self, from: Data("[\(texts.joined(separator: ", "))]".utf8))) ?? []
  }
}

extension RunFolder {
  /// Runs a test in a folder with all that a model with a backbone is made of.
  static func withPhotos(_ body: (inout RunFolder) throws -> Void) throws {
    try withTemporaryFolder { path in
      try PhotoSet.write(in: path)
      var folder = RunFolder(path: path, recipe: PhotoSet.recipe(in: path))
      try body(&folder)
    }
  }

  /// The files of the cache.
  func cached() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/cache").sorted()
  }
}
