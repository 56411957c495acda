// TRARConfiguration.swift - sizes and choices that fix a TRAR network, with the original's values as defaults.

import Routing

/// How a router sums a picture up before it chooses spans.
public enum RouterPooling: String, Sendable, Codable, CaseIterable {
  /// The plain mean over all tokens, padded ones included.
  case average = "avg"
  /// An attention pooling of its own, then a layer norm.
  case attention
  /// A softmax over one learned score for each token.
  case scored = "fc"
}

/// Sizes and choices that fix a TRAR network.
public struct TRARConfiguration: Sendable, Equatable, Codable {
  /// Entries of the word embedding, padding and unknown word included.
  public var vocabularySize = 3
  /// Width of a word's embedding.
  public var wordWidth = 300
  /// Words of a question; longer ones are cut.
  public var questionLength = 14
  /// Width of a picture token as the vision side gives it.
  public var featureWidth = 2048
  /// Width D of every layer; divisible by `heads`.
  public var hidden = 512
  /// Width inside the feed-forward parts.
  public var feedForward = 2048
  /// Number of heads of every attention.
  public var heads = 8
  /// Encoder layers, over the question.
  public var encoderLayers = 6
  /// Decoder layers, over the picture.
  public var decoderLayers = 6
  /// Probability of dropping in training.
  public var dropout: Float = 0.1
  /// Width inside the final attention poolings.
  public var flatHidden = 512
  /// Glimpses of the final attention poolings.
  public var glimpses = 1
  /// Width of the pooled question and picture.
  public var flatOutput = 1024
  /// Number of answers.
  public var answers = 3129
  /// Radius of each span; 0 stands for the whole picture.
  public var orders = [0, 1, 2, 3]
  /// How the router's logits become weights.
  public var routing = RoutingKind.soft
  /// How the router sums a picture up.
  public var pooling = RouterPooling.average
  /// Use only the span of greatest weight when answering.
  public var binarize = false
  /// Temperature of hard routing when answering.
  public var temperature: Float = 10
  /// Name of the projection of picture tokens in checkpoints: `frcn_linear` for VQA, `grid_linear` for CLEVR.
  public var projectionName = "frcn_linear"

  /// The original's VQA configuration.
  public init() {}
}
