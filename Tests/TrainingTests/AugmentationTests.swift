// AugmentationTests.swift - changed pictures keep their size, and the change follows from the seed.

import ImageCodecs
import Tensors
import Testing
import Training

@Suite struct AugmentationTests {
  private let image: RGBImage

  init() throws {
    var random = SeededRandom(seed: 1)
    image = try RGBImage(width: 7, height: 5, pixels: (0..<105).map { _ in UInt8(40 + random.integer(below: 160)) })
  }

  private func changed(_ seed: UInt64, _ change: (inout AugmentationRecipe) -> Void) -> RGBImage {
    var recipe = AugmentationRecipe()
    change(&recipe)
    var random = SeededRandom(seed: seed)
    let result = recipe.apply(image, random: &random)
    #expect((result.width, result.height) == (7, 5))
    return result
  }

  /// The picture with each pixel taken from another place.
  private func moved(_ source: (_ x: Int, _ y: Int) -> (x: Int, y: Int)) throws -> RGBImage {
    var result = try RGBImage(width: 7, height: 5, color: .black)
    for y in 0..<5 {
      for x in 0..<7 {
        let from = source(x, y)
        let color = try #require(image.color(x: min(max(from.x, 0), 6), y: min(max(from.y, 0), 4)))
        result.setColor(color, x: x, y: y)
      }
    }
    return result
  }

  @Test func noChangeGivesThePictureItself() {
    for seed in 0..<8 { #expect(changed(UInt64(seed)) { _ in } == image) }
  }

  @Test func mirrorIsHalfOfTheUses() throws {
    let mirrored = try moved { x, y in (6 - x, y) }
    let results = (0..<64).map { seed in changed(UInt64(seed)) { $0.mirror = true } }
    #expect(results.allSatisfy { $0 == image || $0 == mirrored })
    #expect((16...48).contains(results.filter { $0 == mirrored }.count))
  }

  @Test func shiftRepeatsTheBorder() throws {
    var shifted: [RGBImage] = []
    for dy in -2...2 {
      for dx in -2...2 { shifted.append(try moved { x, y in (x - dx, y - dy) }) }
    }
    let places = (0..<200).compactMap { seed in shifted.firstIndex(of: changed(UInt64(seed)) { $0.shift = 2 }) }
    #expect(places.count == 200)
    #expect(Set(places).count == 25)
  }

  @Test func shiftBeyondThePictureRepeatsItsBorder() {
    for seed in 0..<20 {
      let result = changed(UInt64(seed)) { $0.shift = 1000 }
      #expect(result.pixels.allSatisfy { image.pixels.contains($0) })
    }
  }

  @Test func brightnessIsOneStepForAll() {
    var steps: Set<Int> = []
    for seed in 0..<40 {
      let result = changed(UInt64(seed)) { $0.brightness = 0.1 }
      let differences = Set(zip(result.pixels, image.pixels).map { Int($0) - Int($1) })
      #expect(differences.count == 1)
      steps.formUnion(differences)
    }
    #expect(steps.allSatisfy { (-26...26).contains($0) })
    #expect(steps.contains { $0 < 0 } && steps.contains { $0 > 0 })
  }

  @Test func brightnessStaysWithinTheRange() {
    let results = (0..<40).map { seed in changed(UInt64(seed)) { $0.brightness = 1 } }
    #expect(results.contains { $0.pixels.allSatisfy { $0 == 255 } })
    #expect(results.contains { $0.pixels.allSatisfy { $0 == 0 } })
  }

  @Test func theChangeFollowsFromTheSeed() {
    func all(_ seed: UInt64) -> RGBImage {
      changed(seed) { ($0.mirror, $0.shift, $0.brightness) = (true, 2, 0.2) }
    }
    for seed in 0..<10 { #expect(all(UInt64(seed)) == all(UInt64(seed))) }
    #expect(Set((0..<10).map { all(UInt64($0)).pixels }).count > 5)
  }

  @Test func wordsBecomeUnknown() {
    let words = [5, 3, 9, 4, 0, 0]
    func changed(_ share: Float, seed: UInt64 = 1) -> [Int] {
      var recipe = AugmentationRecipe()
      recipe.unknownWords = share
      var random = SeededRandom(seed: seed)
      return recipe.apply(words, unknown: 1, random: &random)
    }
    #expect(changed(0) == words)
    #expect(changed(1) == [1, 1, 1, 1, 0, 0])
    #expect(changed(0.5, seed: 3) == changed(0.5, seed: 3))
    let results = (0..<100).map { changed(0.25, seed: UInt64($0)) }
    #expect(results.allSatisfy { zip($0, words).allSatisfy { $0 == $1 || $0 == 1 && $1 != 0 } })
    let unknown = results.joined().filter { $0 == 1 }.count
    #expect((60...140).contains(unknown), "\(unknown) of 400 words")
  }
}
