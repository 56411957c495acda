// LeastWeightsTests.swift - the bound by which sizes are refused never refuses a model that exists, and bounds every size.

import Layers
import Testing
import VQAPipeline

@Suite struct LeastWeightsTests {
  typealias Change = @Sendable (inout ModelConfiguration) -> Void

  static let changes: [Change] = [
    { _ in },
    { ($0.vision.embedding, $0.vision.patchSize) = (.patches, 2) },
    {
      ($0.vision.isDeep, $0.vision.refinements, $0.vision.channels) = (true, 3, [3, 12, 12])
      $0.vision.pictureSize = 32
    },
    { ($0.vision.layers, $0.vision.expansion) = (0, 1) },
    { ($0.vision.layers, $0.vision.expansion) = (3, 4) },
    { ($0.network.encoderLayers, $0.network.decoderLayers) = (0, 0) },
    { ($0.network.decoderLayers, $0.network.pooling) = (3, .attention) },
    { ($0.network.decoderLayers, $0.network.pooling) = (3, .scored) },
    { $0.network.orders = [Int](repeating: 1, count: 40) },
    { ($0.network.hidden, $0.network.heads, $0.network.feedForward) = (2, 1, 1) },
    { ($0.network.wordWidth, $0.network.flatHidden, $0.network.glimpses, $0.network.flatOutput) = (1, 1, 1, 1) },
  ]

  @Test(arguments: changes.indices)
  func noMoreThanTheModelHas(index: Int) throws {
    var configuration = Small.configuration
    Self.changes[index](&configuration)
    let model = try Small.model(configuration)
    let least = model.configuration.leastWeights
    let count = Double(model.parameterCount)
    #expect(least <= count, "\(least) of \(count)")
    #expect(least >= count / 6, "\(least) of \(count)")
  }

  /// Each of these sizes alone makes matrices larger, so each must raise the bound.
  @Test(
    arguments: [
      { $0.vision.width *= 100 }, { $0.vision.layers = 100 }, { $0.vision.expansion *= 100 },
      { $0.vision.refinements = 100 }, { $0.vision.channels[0] *= 100 }, { $0.network.wordWidth *= 100 },
      { $0.network.vocabularySize *= 100 }, { $0.network.hidden *= 100 }, { $0.network.feedForward *= 100 },
      { $0.network.encoderLayers *= 100 }, { $0.network.decoderLayers *= 100 }, { $0.network.flatHidden *= 100 },
      { $0.network.glimpses *= 100 }, { $0.network.flatOutput *= 100 }, { $0.network.answers = 312_900 },
    ] as [Change])
  func everySizeCounts(change: Change) {
    var configuration = Small.configuration
    let before = configuration.leastWeights
    change(&configuration)
    #expect(configuration.leastWeights > before + 1000)
  }
}
