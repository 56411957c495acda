// ModelConfiguration.swift - everything that fixes a model but its weights; kept inside its file.

import Backbones
import DynamicViT
import TRAR

/// Everything that fixes a model but its weights and vocabularies.
public struct ModelConfiguration: Sendable, Equatable, Codable {
  /// Name of the model.
  public var name = "untitled"
  /// What it was trained for, in one line.
  public var summary = ""
  /// Under which terms the data were used that the weights come from; empty: no more than the model card says.
  public var terms = ""
  /// The vision side.
  public var vision = PlainVisionConfiguration()
  /// The cascade that takes the place of the vision side where `vision.embedding` is `cascade`.
  public var cascade = CascadeConfiguration()
  /// The use of what a backbone knows of the picture.
  public var knowledge = KnowledgeConfiguration()
  /// The answer network; its sizes of vocabularies and features are set from the vocabularies and the vision side.
  public var network = TRARConfiguration()
  /// Mean of each colour channel, of values from 0 to 1.
  public var mean: [Float] = [0.5, 0.5, 0.5]
  /// Deviation of each colour channel.
  public var deviation: [Float] = [0.5, 0.5, 0.5]
  /// Temperature of the softmax that turns logits into probabilities, fitted on held-out questions.
  public var temperature: Float = 1

  /// The confidence below which an answer is told as not sure; 0: every answer is told as it is.
  public var sureFrom: Float = 0

  private static let greatestGrid = 128
  private static let longestQuestion = 4096
  private static let mostWeights = 0x1p31

  /// The defaults.
  public init() {}

  /// Whether the vision side is a cascade.
  public var isCascade: Bool { vision.embedding == .cascade }

  /// Whether the cascade's grids come from a backbone.
  public var usesBackbone: Bool { isCascade && cascade.stages.family == .grids }

  /// Height and width of the pictures in pixels; of no meaning for a model that takes features.
  public var pictureSize: Int {
    guard usesBackbone else { return isCascade ? cascade.stages.pictureSize : vision.pictureSize }
    return DynamicViTConfiguration.gridSides[cascade.stages.stages - 1] * EfficientNetLite.cell
  }

  /// Width of a picture token.
  var tokenWidth: Int { isCascade ? cascade.stages.width : vision.width }

  /// Side of the coarsest grid.
  var gridSide: Int { isCascade ? DynamicViTConfiguration.gridSides[0] : vision.gridSide }

  /// What makes the configuration impossible, or nil; names the field.
  public var problem: String? {
    if let problem = vision.problem { return "vision: \(problem)" }
    let grid = gridSide
    if grid > Self.greatestGrid { return "vision: a grid of \(grid)x\(grid) tokens is more than can be attended to" }
    let sizes = [
      ("vocabularySize", network.vocabularySize), ("wordWidth", network.wordWidth),
      ("questionLength", network.questionLength), ("featureWidth", network.featureWidth), ("hidden", network.hidden),
      ("feedForward", network.feedForward), ("heads", network.heads), ("flatHidden", network.flatHidden),
      ("glimpses", network.glimpses), ("flatOutput", network.flatOutput), ("answers", network.answers),
    ]
    for (name, size) in sizes where size < 1 || size > 1 << 24 { return "network.\(name): \(size) is not a size" }
    for (name, count) in [("encoderLayers", network.encoderLayers), ("decoderLayers", network.decoderLayers)]
    where count < 0 || count > 256 {
      return "network.\(name): \(count) is not a number of layers"
    }
    if network.questionLength > Self.longestQuestion {
      return "network.questionLength: \(network.questionLength) is more than \(Self.longestQuestion)"
    }
    if network.hidden % network.heads != 0 {
      return "network.heads: \(network.heads) does not divide hidden \(network.hidden)"
    }
    // The router halves the width.
    if network.hidden < 2 { return "network.hidden: \(network.hidden) is less than 2" }
    if network.orders.count > 64 { return "network.orders: \(network.orders.count) spans are more than 64" }
    if network.orders.isEmpty || network.orders.contains(where: { $0 < 0 || $0 >= grid }) {
      return "network.orders: \(network.orders) do not fit a grid of \(grid)x\(grid)"
    }
    if isCascade,
      let problem = cascade.problem(orders: network.orders, decoderLayers: max(1, network.decoderLayers))
    {
      return problem
    }
    if let problem = knowledge.problem { return problem }
    if knowledge.isUsed, !usesBackbone {
      return "knowledge.names: \(knowledge.names) names need a backbone, a cascade of the family grids"
    }
    if knowledge.isUsed, knowledge.classes != EfficientNetLite.classes {
      return "knowledge.classes: \(knowledge.classes) is not \(EfficientNetLite.classes), what the backbone knows"
    }
    if !(0..<1).contains(network.dropout) { return "network.dropout: \(network.dropout) is not from 0 to below 1" }
    if !(network.temperature > 0 && network.temperature.isFinite) {
      return "network.temperature: \(network.temperature) is not above 0"
    }
    if mean.count != 3 || mean.contains(where: { !$0.isFinite }) { return "mean: \(mean) are not three numbers" }
    if deviation.count != 3 || deviation.contains(where: { !($0 > 0 && $0.isFinite) }) {
      return "deviation: \(deviation) are not three numbers above 0"
    }
    if !(0...1).contains(sureFrom) { return "sureFrom: \(sureFrom) is not from 0 to 1" }
    if !(temperature > 0 && temperature.isFinite) { return "temperature: \(temperature) is not above 0" }
    return leastWeights <= Self.mostWeights ? nil : "network: the sizes need more than \(Int(Self.mostWeights)) weights"
  }
}
