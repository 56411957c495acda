// RGBImageTests.swift - sizes are checked, places outside are harmless, and PNG gives back what it was given.

import ImageCodecs
import Testing

struct RGBImageTests {
  @Test func sizesAndCountsAreChecked() {
    #expect(throws: ImageFailure.badSize(width: -1, height: 4)) { try RGBImage(width: -1, height: 4, pixels: []) }
    #expect(throws: ImageFailure.wrongCount(expected: 12, found: 11)) {
      try RGBImage(width: 2, height: 2, pixels: [UInt8](repeating: 0, count: 11))
    }
    #expect(throws: ImageFailure.tooManyPixels(width: .max, height: .max, limit: 64_000_000)) {
      try RGBImage(width: .max, height: .max, color: .black)
    }
  }

  @Test func placesOutsideAreNil() throws {
    var image = try RGBImage(width: 2, height: 3, pixels: (0..<18).map { UInt8($0) })
    #expect(image.color(x: 1, y: 2) == RGBColor(red: 15, green: 16, blue: 17))
    let untouched = image
    for (x, y) in [(-1, 0), (2, 0), (0, -1), (0, 3), (.max, .max), (.min, 0)] {
      #expect(image.color(x: x, y: y) == nil)
      image.setColor(.white, x: x, y: y)
    }
    #expect(image == untouched)
    image.setColor(.white, x: 1, y: 0)
    #expect(image.pixels.prefix(7) == [0, 1, 2, 255, 255, 255, 6])
  }

  @Test func pngRoundTrip() throws {
    var generator = SeededGenerator(state: 7)
    for (width, height) in [(1, 1), (300, 2), (7, 120), (64, 64)] {
      let pixels = (0..<width * height * 3).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let image = try RGBImage(width: width, height: height, pixels: pixels)
      #expect(try decodeImage(encodePNG(image)) == image)
    }
    let plain = try encodePNG(RGBImage(width: 200, height: 200, color: .white))
    #expect(plain.count < 2_000, "compressed")
  }

  @Test func sidesThatPNGCannotHoldAreRefused() throws {
    let long = try RGBImage(width: 1_000_001, height: 1, color: .white)
    #expect(throws: ImageFailure.self) { try encodePNG(long) }
  }
}
