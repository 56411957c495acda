// VQAModel.swift - a vision side, an answer network and their words, ready to answer.

import Backbones
import DynamicViT
import Layers
import Routing
import TRAR
import Tensors
import VQAFormats

/// Everything needed to answer a question about a picture.
public struct VQAModel: Layer, Sendable {
  /// Everything that fixes the model but its weights.
  public var configuration: ModelConfiguration
  /// Words of questions.
  public let words: Vocabulary
  /// Answers the model knows.
  public let answers: AnswerVocabulary
  /// Pixels, or features, to tokens.
  public let vision: any VisionSide
  /// Tokens and question to logits.
  public let network: TRARNetwork
  /// The use of what the vision side's backbone knows; nil for a model without.
  public let knowledge: KnowledgeNetwork?
  /// The words of what it knows; nil for a model without.
  public let tables: KnowledgeTables?
  package let lookup: KnowledgeLookup?
  /// The spans of each stage's grid.
  public let spans: [SpanMasks]
  /// Where answers are given by a model with several exits, unless a call says something else.
  public var exitChoice = ExitChoice.stored

  /// Makes a model with fresh weights.
  ///
  /// - Parameters:
  ///   - configuration: Sizes and choices; those that follow from the vocabularies and the vision side are set here.
  ///   - words: Words of questions.
  ///   - answers: Answers to choose from.
  ///   - tables: The words of what a backbone knows, for a configuration that uses it.
  ///   - seed: Seed of the first weights.
  /// - Throws: ``ConfigurationFailure`` when the sizes do not fit together.
  public init(
    _ configuration: ModelConfiguration, words: Vocabulary, answers: AnswerVocabulary, tables: KnowledgeTables? = nil,
    seed: UInt64
  ) throws(ConfigurationFailure) {
    var configuration = configuration
    configuration.network.vocabularySize = words.count
    configuration.network.answers = answers.count
    configuration.network.featureWidth = configuration.tokenWidth
    if let problem = configuration.problem { throw .unusable(path: "model", problem: problem) }
    var random = SeededRandom(seed: seed)
    self.configuration = configuration
    self.words = words
    self.answers = answers
    if configuration.usesBackbone {
      vision = BackboneCascade(
        configuration.cascade.stages, configuration.knowledge, random: &random)
    } else if configuration.isCascade {
      vision = DynamicViTCascade(configuration.cascade.stages, random: &random)
    } else {
      vision = configuration.vision.makeVision(random: &random)
    }
    network = TRARNetwork(configuration.network, random: &random)
    if configuration.knowledge.isUsed {
      guard let tables else {
        throw .unusable(path: "model.knowledge", problem: "the words of what the backbone knows are not there")
      }
      if let problem = configuration.knowledge.problem(with: tables.concepts) {
        throw .unusable(path: "model", problem: problem)
      }
      knowledge = KnowledgeNetwork(configuration.knowledge, configuration.network, random: &random)
      lookup = KnowledgeLookup(tables, configuration.knowledge, words: words, answers: answers)
      self.tables = tables
    } else {
      (knowledge, lookup, self.tables) = (nil, nil, nil)
    }
    do {
      let grids = vision.grids
      let orders =
        configuration.isCascade
        ? configuration.cascade.orders(stages: grids.count, configuration.network.orders)
        : [configuration.network.orders]
      spans = try zip(grids, orders).map { grid, orders throws(SpanMasks.Failure) in
        try SpanMasks(grid: grid, orders: orders)
      }
    } catch {
      throw .unusable(path: "model.network.orders", problem: "\(error)")
    }
  }

  /// All parameters: the answer network's under the original's names, the vision side's below `vision`.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    vision.forEachParameter(at: parameterName(path, "vision"), body)
    network.forEachParameter(at: path, body)
    knowledge?.forEachParameter(at: parameterName(path, "knowledge"), body)
  }

  /// The parameters that belong to a run: all but those of a backbone, which stay as they are.
  public var ownParameters: [(name: String, parameter: Parameter)] {
    guard configuration.usesBackbone else { return namedParameters }
    let prefix = "vision.\(BackboneCascade.backboneName)."
    return namedParameters.filter { !$0.name.hasPrefix(prefix) }
  }

  /// Multiplications with addition of one picture and one question that go to the last exit, by part.
  public var multiplyAdds: (vision: Int, question: Int, answer: Int) {
    let stages = vision.grids.indices
    return (
      stages.reduce(0) { $0 + vision.multiplyAdds(stage: $1) }, questionMultiplyAdds,
      stages.reduce(0) { $0 + answerMultiplyAdds(stage: $1) }
    )
  }

  /// Numbers of parameters by the part that ``multiplyAdds`` counts them to; `backbone` are those of `vision` that a run leaves.
  public var parameterCounts: (vision: Int, backbone: Int, question: Int, answer: Int) {
    var counts = (vision: 0, backbone: 0, question: 0, answer: 0)
    for (name, parameter) in namedParameters where parameter.isTrainable {
      let count = parameter.value.count
      if name.hasPrefix("vision.") {
        counts.vision += count
        if name.hasPrefix("vision.\(BackboneCascade.backboneName).") { counts.backbone += count }
      } else if ["embedding.", "lstm.", "backbone.enc_list.", "attflat_lang."].contains(where: name.hasPrefix) {
        counts.question += count
      } else {
        counts.answer += count
      }
    }
    return counts
  }

  /// Multiplications with addition of one picture and one question that are answered at the last exit only.
  public var fullRunMultiplyAdds: Int {
    let cost = multiplyAdds
    return cost.vision + cost.question + answerMultiplyAdds(stage: exits - 1)
  }

  /// Number of exits, one for each grid.
  public var exits: Int { vision.grids.count }

  /// How many decoder layers answer on the grid of a stage, from 0.
  public func decoderLayers(stage: Int) -> Int {
    let own = configuration.isCascade ? configuration.cascade.decoderLayers : []
    return own.isEmpty ? configuration.network.decoderLayers : own[stage]
  }

  /// Temperature of the softmax over the answers at an exit, by what its best answer is.
  ///
  /// - Parameters:
  ///   - exit: The exit, from 1.
  ///   - logits: Its logits, one for each answer.
  /// - Returns: The temperature.
  public func temperature(exit: Int, of logits: [Float]) -> Float {
    guard configuration.isCascade else { return configuration.temperature }
    let cascade = configuration.cascade
    let yesNo = cascade.yesNoTemperatures
    if !yesNo.isEmpty, yesNoAnswers.contains(LogitAnswer.best(of: logits)) { return yesNo[exit - 1] }
    return cascade.temperatures.isEmpty ? configuration.temperature : cascade.temperatures[exit - 1]
  }

  /// The places of yes and no among the answers.
  public var yesNoAnswers: Set<Int> { Set(["yes", "no"].compactMap(answers.index)) }

  /// The settings of a pass that answers: the stored temperature, no noise.
  public var routingSettings: RoutingSettings {
    RoutingSettings(temperature: configuration.network.temperature, binarize: configuration.network.binarize)
  }

  /// A question as word numbers.
  public func tokenize(_ question: String) -> TokenizedQuestion {
    QuestionTokenizer.tokenize(question, vocabulary: words, length: configuration.network.questionLength)
  }
}
