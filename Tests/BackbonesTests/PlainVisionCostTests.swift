// PlainVisionCostTests.swift - multiplications counted by hand, and sizes that are refused.

import Backbones
import Tensors
import Testing

@Suite struct PlainVisionCostTests {
  /// One layer over 16 tokens of width 8: four projections, two products of attention, twice the width inside.
  private static let layer = 16 * 4 * 8 * 8 + 2 * 16 * 16 * 8 + 2 * 16 * 8 * 16

  private func cost(_ change: (inout PlainVisionConfiguration) -> Void) -> Int {
    VisionCase("", change).make().multiplyAdds(stage: 0)
  }

  @Test func aStemIsCountedByHand() {
    // 16 x 16 pixels to 8 x 8 and to 4 x 4, 3 to 4 to 6 channels, then 6 to 8.
    let stem = 64 * 9 * 3 * 4 + 16 * 9 * 4 * 6
    #expect(cost { _ in } == stem + 16 * 6 * 8 + Self.layer)
    #expect(cost { $0.layers = 3 } == stem + 16 * 6 * 8 + 3 * Self.layer)
    // No projection where the stem has the width already.
    #expect(cost { $0.channels = [4, 8] } == 64 * 9 * 3 * 4 + 16 * 9 * 4 * 8 + Self.layer)
  }

  @Test func aDeepStemConvolvesOnceMore() {
    let more = 64 * 9 * 4 * 4
    #expect(cost { $0.isDeep = true } - cost { _ in } == more)
  }

  @Test func oddSizesAreRoundedUp() {
    // 13 to 7 to 4.
    let stem = 49 * 9 * 3 * 4 + 16 * 9 * 4 * 6
    #expect(cost { $0.pictureSize = 13 } == stem + 16 * 6 * 8 + Self.layer)
  }

  @Test func patchesAreCountedByHand() {
    #expect(cost { $0.embedding = .patches } == 16 * (4 * 4 * 3 * 8) + Self.layer)
    #expect(
      cost {
        $0.embedding = .patches
        $0.expansion = 4
      } == 16 * (4 * 4 * 3 * 8) + Self.layer + 2 * 16 * 8 * 16)
  }

  @Test func impossibleSizesAreRefused() {
    func problem(_ change: (inout PlainVisionConfiguration) -> Void) -> String? {
      VisionCase("", change).configuration.problem
    }
    #expect(PlainVisionConfiguration().problem == nil)
    #expect(problem { $0.pictureSize = 7 } == "pictureSize 7 is not from 8 to 2048")
    #expect(problem { $0.pictureSize = 4096 } == "pictureSize 4096 is not from 8 to 2048")
    #expect(problem { $0.heads = 3 } == "width 8 cannot be cut into 3 heads")
    #expect(problem { $0.heads = 0 } == "width 8 cannot be cut into 0 heads")
    #expect(problem { $0.width = 0 } == "width 0 cannot be cut into 2 heads")
    #expect(problem { $0.layers = -1 } != nil)
    #expect(problem { $0.expansion = 0 } != nil)
    #expect(problem { $0.channels = [] } == "channels [] are not positive")
    #expect(problem { $0.channels = [4, 0] } == "channels [4, 0] are not positive")
    for size in [0, 3, -4] {
      #expect(
        problem {
          $0.embedding = .patches
          $0.patchSize = size
        } == "patches of \(size) do not fill 16 pixels")
    }
    // The sizes of the other embedding do not matter.
    #expect(problem { $0.patchSize = 0 } == nil)
  }
}
