// OriginalNetwork.swift - sizes and choices of the original's network, and of the features it reads.

/// How a router's logits become weights.
public enum OriginalRouting: String, Sendable, CaseIterable {
  /// Softmax.
  case soft
  /// Gumbel-softmax.
  case hard
}

/// How a router sums a picture up.
public enum OriginalPooling: String, Sendable, CaseIterable {
  /// The mean.
  case average = "avg"
  /// An attention pooling of its own.
  case attention
  /// A softmax over one learned score for each token.
  case scored = "fc"
}

/// Sizes and choices of the network; the defaults are the original's for VQA.
public struct OriginalNetwork: Sendable, Equatable {
  /// LAYER: encoder layers, and decoder layers.
  public var layers = 6
  /// HIDDEN_SIZE: width of every layer.
  public var hidden = 512
  /// FF_SIZE: width inside the feed-forward parts.
  public var feedForward = 2048
  /// MULTI_HEAD: heads of every attention.
  public var heads = 8
  /// DROPOUT_R: probability of dropping in training.
  public var dropout = 0.1
  /// FLAT_MLP_SIZE: width inside the final poolings.
  public var flatHidden = 512
  /// FLAT_GLIMPSES: glimpses of the final poolings.
  public var glimpses = 1
  /// FLAT_OUT_SIZE: width of what they give.
  public var flatOutput = 1024
  /// WORD_EMBED_SIZE: width of a word's embedding.
  public var wordWidth = 300
  /// BBOXFEAT_EMB_SIZE: width of embedded boxes, which nothing uses.
  public var boxWidth = 2048
  /// USE_AUX_FEAT: the original gives no such features; always false.
  public var usesAuxiliaryFeatures = false
  /// USE_BBOX_FEAT: the original's loader gives no boxes; always false.
  public var usesBoxes = false
  /// BBOX_NORMALIZE: whether boxes would be divided by the picture's size.
  public var normalisesBoxes = true
  /// ORDERS: radius of each span; 0 stands for the whole picture.
  public var orders = [0, 1, 2, 3]
  /// IMG_SCALE: cells on one side of the grid.
  public var gridSide = 8
  /// ROUTING: how a router's logits become weights.
  public var routing = OriginalRouting.soft
  /// POOLING: how a router sums a picture up.
  public var pooling = OriginalPooling.average
  /// TAU_POLICY: how the temperature of hard routing falls: 0 slow, 1 fast, 2 fine-tuning.
  public var temperaturePolicy = 1
  /// TAU_MAX: the temperature to start from, and at which the original evaluates.
  public var greatestTemperature = 10.0
  /// TAU_MIN: the temperature to end at; only policy 0 heeds it.
  public var leastTemperature = 0.1
  /// BINARIZE: use only the span of greatest weight when answering.
  public var binarize = false

  /// The original's choices for a data set.
  public init(dataSet: OriginalConfiguration.DataSet = .vqa) {
    guard dataSet == .clevr else { return }
    orders = [0, 1, 3]
    gridSide = 14
    routing = .hard
    pooling = .scored
    temperaturePolicy = 0
    binarize = true
  }
}

/// FEAT_SIZE: rows and width of features.
public struct OriginalFeatures: Sendable, Equatable {
  /// Rows and width of one kind of features.
  public struct Size: Sendable, Equatable {
    /// Rows of a picture.
    public var rows: Int
    /// Width of a row.
    public var width: Int

    /// A size.
    public init(rows: Int, width: Int) {
      self.rows = rows
      self.width = width
    }
  }

  /// FRCN_FEAT_SIZE: features of regions, VQA's.
  public var regions = Size(rows: 64, width: 2048)
  /// BBOX_FEAT_SIZE: boxes of regions.
  public var boxes = Size(rows: 100, width: 5)
  /// GRID_FEAT_SIZE: features of a grid, CLEVR's.
  public var grid = Size(rows: 196, width: 1024)

  /// The data sets whose main features have a size in the file.
  package var given: Set<OriginalConfiguration.DataSet> = []

  /// The original's sizes.
  public init() {}

  /// The size that a data set uses.
  public subscript(dataSet: OriginalConfiguration.DataSet) -> Size { dataSet == .vqa ? regions : grid }
}
