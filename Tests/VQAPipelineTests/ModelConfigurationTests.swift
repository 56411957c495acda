// ModelConfigurationTests.swift - impossible sizes are found before anything is made of them.

import Routing
import TRAR
import Testing
import VQAPipeline

@Suite struct ModelConfigurationTests {
  typealias Change = @Sendable (inout ModelConfiguration) -> Void

  static let impossible: [(name: String, change: Change)] = [
    ("network.vocabularySize", { $0.network.vocabularySize = 0 }), ("network.wordWidth", { $0.network.wordWidth = 0 }),
    ("network.questionLength", { $0.network.questionLength = -1 }),
    ("network.featureWidth", { $0.network.featureWidth = 0 }), ("network.hidden", { $0.network.hidden = 0 }),
    ("network.hidden", { $0.network.hidden = .max }), ("network.feedForward", { $0.network.feedForward = 0 }),
    ("network.heads", { $0.network.heads = 0 }), ("network.heads", { $0.network.heads = 3 }),
    ("network.flatHidden", { $0.network.flatHidden = 0 }), ("network.glimpses", { $0.network.glimpses = 0 }),
    ("network.flatOutput", { $0.network.flatOutput = 0 }), ("network.answers", { $0.network.answers = 0 }),
    ("network.encoderLayers", { $0.network.encoderLayers = -1 }),
    ("network.decoderLayers", { $0.network.decoderLayers = 257 }), ("network.orders", { $0.network.orders = [] }),
    ("network.orders", { $0.network.orders = [0, -1] }), ("network.orders", { $0.network.orders = [0, 4] }),
    ("network.dropout", { $0.network.dropout = 1 }), ("network.dropout", { $0.network.dropout = .nan }),
    ("network.temperature", { $0.network.temperature = 0 }), ("network.temperature", { $0.network.temperature = .nan }),
    ("mean", { $0.mean = [0.5] }), ("mean", { $0.mean = [0.5, .nan, 0.5] }), ("deviation", { $0.deviation = [1, 1] }),
    ("deviation", { $0.deviation = [1, 0, 1] }), ("deviation", { $0.deviation = [1, .nan, 1] }),
    ("temperature", { $0.temperature = 0 }), ("temperature", { $0.temperature = .nan }),
    ("temperature", { $0.temperature = .infinity }),
    ("vision: pictureSize", { $0.vision.pictureSize = 4 }), ("vision: pictureSize", { $0.vision.pictureSize = .max }),
    ("vision: width", { $0.vision.width = 0 }), ("vision: width", { $0.vision.heads = 5 }),
    ("vision: layers", { $0.vision.layers = -1 }), ("vision: layers", { $0.vision.refinements = -1 }),
    ("vision: layers", { $0.vision.expansion = 0 }), ("vision: channels", { $0.vision.channels = [] }),
    ("vision: channels", { $0.vision.channels = [4, 0] }),
    ("vision: patches", { ($0.vision.embedding, $0.vision.patchSize) = (.patches, 5) }),
    ("vision: patches", { ($0.vision.embedding, $0.vision.patchSize) = (.patches, 0) }),
  ]

  @Test func theSmallOnePasses() {
    var patches = Small.configuration
    patches.vision.embedding = .patches
    patches.vision.patchSize = 4
    #expect(Small.configuration.problem == nil)
    #expect(patches.problem == nil)
    #expect(ModelConfiguration().problem == nil)
  }

  @Test(arguments: impossible.indices)
  func impossibleSizesAreNamed(index: Int) throws {
    var configuration = Small.configuration
    Self.impossible[index].change(&configuration)
    let problem = try #require(configuration.problem)
    #expect(problem.hasPrefix(Self.impossible[index].name), "\(problem)")
  }

  /// None of these may be made: the memory would not suffice, or a product of sizes would not fit an integer.
  @Test(
    arguments: [
      { $0.network.hidden = 1 << 24 }, { ($0.network.flatOutput, $0.network.hidden) = (1 << 24, 1 << 12) },
      { $0.vision.width = 1 << 40 }, { $0.vision.layers = .max }, { $0.vision.expansion = .max },
      { $0.vision.refinements = 1 << 30 }, { $0.vision.channels = [1 << 20, 1 << 20] },
      { $0.vision.channels = [.max, 8] }, { ($0.vision.pictureSize, $0.vision.channels) = (2048, [1]) },
      { $0.network.questionLength = 1 << 24 }, { $0.network.glimpses = 1 << 24 },
    ] as [Change])
  func tooLargeSizesAreRefused(change: Change) throws {
    var configuration = Small.configuration
    change(&configuration)
    #expect(configuration.problem != nil)
    #expect(throws: ConfigurationFailure.self) { try Small.model(configuration) }
  }

  @Test func sizesThatFollowAreSetByTheModel() throws {
    let model = try Small.model()
    #expect(model.configuration.network.vocabularySize == Small.words.count)
    #expect(model.configuration.network.answers == 5)
    #expect(model.configuration.network.featureWidth == 12)
  }

  @Test func impossibleModelNamesTheField() throws {
    var configuration = Small.configuration
    configuration.network.heads = 3
    let failure = try #require(throws: ConfigurationFailure.self) { try Small.model(configuration) }
    #expect(failure.place == "model")
    #expect(failure.problem.contains("network.heads"))
  }
}
