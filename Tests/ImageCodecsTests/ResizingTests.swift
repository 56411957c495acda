// ResizingTests.swift - resizing equals Pillow's, value for value within one.

import ImageCodecs
import Testing

struct ResizingTests {
  @Test(
    arguments: [ResampleFilter.bilinear, .bicubic], [[20, 11], [53, 9], [7, 37], [64, 64], [1, 1], [53, 74]])
  func equalsPillow(_ filter: ResampleFilter, _ size: [Int]) throws {
    let source = try fixtureImage("resize-source.png")
    let expected = try fixtureImage("resize-\(filter)-\(size[0])x\(size[1]).png")
    let difference = Difference(try source.resized(to: (size[0], size[1]), filter: filter), expected)
    #expect(difference.shareWithinOne >= 0.999 && difference.largest <= 2)
  }

  @Test func sameSizeIsTheSamePicture() throws {
    let source = try fixtureImage("resize-source.png")
    #expect(try source.resized(to: (53, 37), filter: .bicubic) == source)
  }

  @Test func oneColourStaysOneColour() throws {
    let grey = RGBColor(red: 200, green: 3, blue: 255)
    let image = try RGBImage(width: 31, height: 17, color: grey)
    for filter in [ResampleFilter.bilinear, .bicubic] {
      let resized = try image.resized(to: (12, 40), filter: filter)
      #expect(try resized == RGBImage(width: 12, height: 40, color: grey))
    }
  }

  @Test func impossibleSizesAreRefused() throws {
    let image = try RGBImage(width: 3, height: 2, color: .white)
    #expect(throws: ImageFailure.badSize(width: 0, height: 5)) { try image.resized(to: (0, 5), filter: .bilinear) }
    #expect(throws: ImageFailure.tooManyPixels(width: .max, height: 9, limit: 64_000_000)) {
      try image.resized(to: (.max, 9), filter: .bilinear)
    }
    #expect(throws: ImageFailure.self) { try image.resized(to: (60_000_000, 1), filter: .bilinear) }
  }
}
