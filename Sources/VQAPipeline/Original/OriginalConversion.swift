// OriginalConversion.swift - a checkpoint of the original TRAR and all that belongs to it, as a model that answers by itself.

import SafeFiles
import TRAR
import VQAFormats
import WeightFiles

/// What a checkpoint of the original needs to become a model.
public struct OriginalConversion: Sendable {
  /// The checkpoint.
  public let checkpoint: OriginalCheckpoint
  /// The settings, with the sizes that they leave open taken from the checkpoint.
  public let settings: OriginalConfiguration

  /// Holds settings against a checkpoint.
  ///
  /// The published files do not give the width of words and of features; where these do neither, the checkpoint's are taken.
  /// - Throws: ``OriginalFailure`` when they are for different data sets.
  public init(_ checkpoint: OriginalCheckpoint, settings: OriginalConfiguration) throws(OriginalFailure) {
    var settings = settings
    if let dataSet = checkpoint.dataSet, dataSet != settings.dataSet { throw .otherDataSet(expected: dataSet) }
    if !settings.given.contains("WORD_EMBED_SIZE"), let width = checkpoint.width("embedding.weight") {
      settings.network.wordWidth = width
    }
    let name = settings.dataSet == .vqa ? "adapter.frcn_linear.weight" : "adapter.grid_linear.weight"
    if !settings.features.given.contains(settings.dataSet), let width = checkpoint.width(name) {
      switch settings.dataSet {
      case .vqa: settings.features.regions.width = width
      case .clevr: settings.features.grid.width = width
      }
    }
    self.checkpoint = checkpoint
    self.settings = settings
  }

  /// The model.
  ///
  /// - Parameters:
  ///   - questions: The question files that the original scanned.
  ///   - answers: The answers by index, and where they come from; nil for CLEVR's own.
  ///   - name: Name of the model.
  /// - Returns: The model with the checkpoint's weights.
  /// - Throws: ``OriginalFailure`` when vocabularies, settings and weights do not fit together.
  public func model(
    questions: OriginalQuestions, answers: (vocabulary: AnswerVocabulary, source: String)?, name: String
  ) throws -> VQAModel {
    let words = questions.vocabulary
    if let embedding = checkpoint.words, embedding != words.count {
      throw OriginalFailure.wordCount(
        found: words.count, embedding: embedding, order: questions.order, missing: questions.missing)
    }
    let (vocabulary, source) =
      answers ?? (questions.answers ?? AnswerVocabulary.build(fromAnswers: [], madeFrom: ""), "the question files")
    if let layer = checkpoint.answers, layer != vocabulary.count {
      throw OriginalFailure.answerCount(found: vocabulary.count, layer: layer, source: source)
    }
    let length =
      settings.dataSet == .vqa ? OriginalConfiguration.questionLengthOfVQA : max(1, questions.longestQuestion)
    var configuration = settings.modelConfiguration(questionLength: length, name: name)
    configuration.network.vocabularySize = words.count
    configuration.network.answers = vocabulary.count
    try checkSizes(configuration.network)
    let model = try VQAModel(configuration, words: words, answers: vocabulary, seed: 0)
    try checkpoint.fill(model.namedParameters)
    return model
  }

  /// Holds every size of the settings against a weight that has it, before memory is taken for sizes that only the settings speak of.
  private func checkSizes(_ network: TRARConfiguration) throws(OriginalFailure) {
    let (width, flat) = (network.hidden, network.flatOutput)
    let last = network.encoderLayers - 1
    let shapes: KeyValuePairs = [
      "embedding.weight": [network.vocabularySize, network.wordWidth],
      "lstm.weight_hh_l0": [4 * width, width],
      "adapter.\(network.projectionName).weight": [width, network.featureWidth],
      "backbone.enc_list.\(last).ffn.mlp.fc.linear.weight": [network.feedForward, width],
      "backbone.dec_list.\(last).ffn.mlp.fc.linear.weight": [network.feedForward, width],
      "backbone.dec_list.0.mhatt1.routing_block.mlp.2.weight": [network.orders.count, width / 2],
      "attflat_img.mlp.fc.linear.weight": [network.flatHidden, width],
      "attflat_img.mlp.linear.weight": [network.glimpses, network.flatHidden],
      "attflat_img.linear_merge.weight": [flat, width * network.glimpses],
      "proj.weight": [network.answers, flat],
    ]
    for (name, shape) in shapes {
      guard let tensor = checkpoint[name] else { throw .noTensor(name) }
      guard tensor.shape == shape else { throw .wrongShape(name, expected: shape, found: tensor.shape) }
    }
  }
}
