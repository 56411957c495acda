// FeatureVisionTests.swift - features are the tokens, to the bit, and cost nothing.

import Backbones
import Layers
import Routing
import Tensors
import Testing

@Suite struct FeatureVisionTests {
  private var configuration: PlainVisionConfiguration {
    var configuration = PlainVisionConfiguration()
    configuration.embedding = .features
    configuration.featureGrid = 3
    configuration.width = 5
    return configuration
  }

  @Test func featuresAreTheTokens() {
    var random = SeededRandom(seed: 1)
    let vision = configuration.makeVision(random: &random)
    let features = Tensor((0..<90).map { _ in random.uniform(-1, 1) }, shape: [2, 9, 5])
    let seen = vision.tokens(of: features, stage: 0, after: nil)
    #expect(seen.tokens.shape == [2, 9, 5])
    #expect(seen.tokens.elements == features.elements)
    #expect(seen.grid == GridSize(rows: 3, columns: 3))
    #expect(seen.carried.isEmpty)
    #expect(vision.grids == [seen.grid])
    #expect(vision.tokenWidth == 5)
    #expect(vision.pictureSize == 0)
  }

  @Test func nothingIsLearnedOrComputed() {
    var random = SeededRandom(seed: 1)
    let vision = configuration.makeVision(random: &random)
    #expect(vision.namedParameters.isEmpty)
    #expect(vision.multiplyAdds(stage: 0) == 0)
    // No random number is drawn: what is made after it has the same first weights as without it.
    var untouched = SeededRandom(seed: 1)
    let (next, expected) = (random.uniform(), untouched.uniform())
    #expect(next == expected)
  }

  @Test func onlyItsOwnSizesCount() {
    var configuration = configuration
    configuration.heads = 3
    configuration.pictureSize = 1
    configuration.channels = []
    #expect(configuration.problem == nil)
    #expect(configuration.gridSide == 3)
    for (grid, width, name) in [(0, 5, "featureGrid"), (-1, 5, "featureGrid"), (3, 0, "width"), (3, 1 << 17, "width")] {
      (configuration.featureGrid, configuration.width) = (grid, width)
      #expect(configuration.problem?.hasPrefix(name) == true, "\(grid), \(width)")
    }
  }

  @Test func othersStayPlain() {
    var random = SeededRandom(seed: 1)
    #expect(PlainVisionConfiguration().makeVision(random: &random) is PlainVision)
  }
}
