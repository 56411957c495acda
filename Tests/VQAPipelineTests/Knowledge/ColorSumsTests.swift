// ColorSumsTests.swift - colours of a picture as shares of 27 points.

import Backbones
import Tensors
import Testing
import VQAPipeline

@Suite struct ColorSumsTests {
  /// Sums of pictures whose cells all have these four colours in their quarters.
  private static func sums(_ quarters: [[Float]]) -> (whole: [Float], greatest: [Float]) {
    let cell = [Float](repeating: 9, count: BackboneCascade.gridWidth - 12) + quarters.joined()
    let cells = cell + cell
    let found = cells.withUnsafeBufferPointer { BackboneCascade.sums([1, 2], $0) }
    #expect(Array(found[..<2]) == [1, 2] && found.count == 2 + 2 * 27)
    return (Array(found[2..<29]), Array(found[29...]))
  }

  @Test func pureColoursArePoints() {
    let red: [Float] = [1, -1, -1]
    let found = Self.sums([red, red, red, red])
    for point in 0..<27 {
      #expect(found.whole[point] == (point == 18 ? 1 : 0) && found.greatest[point] == (point == 18 ? 1 : 0))
    }
  }

  @Test func greyIsNoDarkWhite() {
    let found = Self.sums([[0, 0, 0], [0, 0, 0], [-1, -1, -1], [1, 1, 1]])
    #expect(abs(found.whole[13] * found.whole[13] - 0.5) < 1e-6)
    #expect(abs(found.whole[0] - 0.5) < 1e-6 && abs(found.whole[26] - 0.5) < 1e-6)
    #expect([found.greatest[0], found.greatest[13], found.greatest[26]] == [1, 1, 1])
  }

  /// Between points the shares add up to one; beyond the ends the end counts.
  @Test func sharesAddUpToOne() {
    var random = SeededRandom(seed: 3)
    for _ in 0..<100 {
      let found = Self.sums((0..<4).map { _ in (0..<3).map { _ in random.uniform(-1.5, 1.5) } })
      #expect(abs(found.whole.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    }
    #expect(Self.sums(Array(repeating: [-7, 0, 7], count: 4)).whole[5] == 1)
    #expect(Self.sums(Array(repeating: [.nan, 0, 0], count: 4)).whole.count == 27)
  }
}
