// Known.swift - a few classes and labels with words for them, and a model with a backbone that is made in no time.

import Backbones
import Foundation
import Layers
import Tensors
import VQAFormats
import VQAPipeline

/// What the tests of the use of a backbone's knowledge work with.
enum Known {
  static let questions = [
    "Is there a dog?", "What animal is this?", "Is the cocker spaniel beside the person?", "Is it a car?", "",
  ]
  static let answers = ["yes", "no", "dog", "cat", "car", "cocker spaniel", "poodle", "person"]

  /// Names of the first classes and the labels; two classes share an everyday name.
  private static let everyday = ["dog", "dog", "cat", "car"]
  private static let own = ["cocker spaniel", "poodle", "cat", "car"]
  private static let labels = ["dog", "person"]

  /// A vocabulary of so many classes, of which those after the fourth have no name of their own.
  static func concepts(classes: Int = 4, labels: [String] = labels) throws -> ConceptVocabulary {
    func names(_ first: [String]) -> [String] { first + Array(repeating: "thing", count: classes - first.count) }
    return try ConceptVocabulary(
      everydayNames: names(everyday), ownNames: names(own), labels: labels,
      concepts: [
        .init(classes: [0, 1], label: labels.isEmpty ? nil : 0), .init(classes: [0], label: nil),
        .init(classes: [], label: labels.isEmpty ? nil : 1), .init(classes: [3], label: nil),
        .init(classes: [0, 1, 2], label: nil),
      ],
      phrases: [("dog", 0), ("cocker spaniel", 1), ("person", 2), ("car", 3), ("animal", 4)])
  }

  static var words: Vocabulary { Vocabulary.build(fromQuestions: questions, madeFrom: "the tests") }

  static func answerVocabulary() throws -> AnswerVocabulary {
    try AnswerVocabulary(answers: answers, madeFrom: "the tests")
  }

  /// The kind "animal" and three answers below it.
  static func tables(classes: Int = 4, labels: [String] = labels) throws -> KnowledgeTables {
    KnowledgeTables(concepts: try concepts(classes: classes, labels: labels), below: ["animal": [2, 3, 6]])
  }

  static func lookup(_ change: (inout KnowledgeConfiguration) -> Void = { _ in }) throws -> KnowledgeLookup {
    var configuration = KnowledgeConfiguration()
    (configuration.names, configuration.classes, configuration.labels) = (2, 4, labels.count)
    change(&configuration)
    return KnowledgeLookup(try tables(), configuration, words: words, answers: try answerVocabulary())
  }

  /// What a backbone knows whose classes are as probable as this.
  static func knowledge(_ probabilities: [Float], labels: [Float]) -> PictureKnowledge {
    // A softmax is not changed by a number that is added to all logits.
    PictureKnowledge(classLogits: probabilities.map { log($0) + 3 }, labels: labels)
  }

  // MARK: A model

  static func configuration(stages: Int = 2, knowledge: Bool = true) -> ModelConfiguration {
    var configuration = Small.configuration
    configuration.vision.embedding = .cascade
    configuration.cascade.stages.family = .grids
    configuration.cascade.stages.gridWidth = BackboneCascade.gridWidth
    configuration.cascade.stages.stages = stages
    configuration.cascade.stages.width = 12
    configuration.cascade.stages.layers = 1
    configuration.cascade.stages.heads = 2
    configuration.cascade.stages.expansion = 2
    configuration.network.dropout = 0
    configuration.network.questionLength = 8
    configuration.knowledge.names = knowledge ? 2 : 0
    configuration.knowledge.labels = labels.count
    configuration.knowledge.vectorWidth = 6
    return configuration
  }

  /// A model whose backbone, heads of labels and vectors hold numbers of some seed.
  static func model(_ configuration: ModelConfiguration = configuration(), labels: [String] = labels) throws -> VQAModel
  {
    let model = try VQAModel(
      configuration, words: words, answers: try answerVocabulary(), tables: try tables(classes: 1000, labels: labels),
      seed: 3)
    fill(model)
    return model
  }

  /// Sets what a fresh model does not draw: everything that is not trained.
  static func fill(_ model: VQAModel) {
    for (name, parameter) in model.namedParameters {
      if let known = backbone[name] {
        parameter.value = known
      } else if name.hasPrefix("vision.labels") || ["knowledge.words", "knowledge.answers"].contains(name) {
        var random = SeededRandom(seed: 11, stream: UInt64(name.utf8.count))
        let values = (0..<parameter.value.count).map { _ in random.uniform(-0.3, 0.3) }
        parameter.value = Tensor(values, shape: parameter.value.shape)
      }
    }
  }

  /// Weights of a backbone, drawn once for all tests; classes are told apart far more sharply than by fresh weights.
  private static let backbone: [String: Tensor] = {
    var random = SeededRandom(seed: 7)
    let network = EfficientNetLite(random: &random)
    var tensors: [String: Tensor] = [:]
    for (name, parameter) in network.namedParameters {
      let isClassifier = name.hasPrefix("_fc")
      tensors["vision.backbone." + name] = isClassifier ? parameter.value * 3 : parameter.value
    }
    return tensors
  }()
}
