// OriginalModel.swift - the settings of the original TRAR as this package's configuration of a model.

import Routing
import TRAR
import VQAFormats

extension OriginalConfiguration {
  /// Words of a question that the original reads for VQA; for CLEVR it is the longest question of its files.
  public static let questionLengthOfVQA = 14

  /// The model that the settings describe: features on a grid, then the answer network.
  ///
  /// The sizes of the vocabularies are set by ``VQAModel``. Hard routing answers at TAU_MAX without noise, so that an answer does not change
  /// from run to run; the original draws noise even then.
  /// - Parameters:
  ///   - questionLength: Words of a question; longer ones are cut.
  ///   - name: Name of the model.
  /// - Returns: The configuration.
  public func modelConfiguration(
    questionLength: Int = Self.questionLengthOfVQA, name: String = "trar"
  ) -> ModelConfiguration {
    var model = ModelConfiguration()
    model.name = name
    model.summary = dataSet == .vqa ? "answers questions of VQA v2 from features" : "answers CLEVR from features"
    model.vision.embedding = .features
    model.vision.featureGrid = network.gridSide
    model.vision.width = features[dataSet].width
    model.network = networkConfiguration
    model.network.featureWidth = features[dataSet].width
    model.network.questionLength = questionLength
    return model
  }

  private var networkConfiguration: TRARConfiguration {
    var sizes = TRARConfiguration()
    sizes.wordWidth = network.wordWidth
    sizes.hidden = network.hidden
    sizes.feedForward = network.feedForward
    sizes.heads = network.heads
    sizes.encoderLayers = network.layers
    sizes.decoderLayers = network.layers
    sizes.dropout = Float(network.dropout)
    sizes.flatHidden = network.flatHidden
    sizes.glimpses = network.glimpses
    sizes.flatOutput = network.flatOutput
    sizes.orders = network.orders
    sizes.routing = network.routing == .soft ? .soft : .hard
    switch network.pooling {
    case .average: sizes.pooling = .average
    case .attention: sizes.pooling = .attention
    case .scored: sizes.pooling = .scored
    }
    sizes.binarize = network.binarize
    sizes.temperature = Float(network.greatestTemperature)
    sizes.projectionName = dataSet == .vqa ? "frcn_linear" : "grid_linear"
    return sizes
  }
}
