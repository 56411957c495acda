// EncodingTests.swift - pictures to JPEG and back; PNG is held by the tests of drawing and decoding.

import ImageCodecs
import Testing

@Suite struct JPEGEncodingTests {
  @Test func librariesTellTheirVersions() {
    #expect(CodecLibraries.jpeg.wholeMatch(of: #/libjpeg(-turbo)? [0-9][0-9.]*/#) != nil, "\(CodecLibraries.jpeg)")
    #expect(CodecLibraries.png.wholeMatch(of: #/[0-9]+\.[0-9]+\.[0-9]+/#) != nil, "\(CodecLibraries.png)")
  }

  /// A smooth slope of colours, with grain as a photograph has it.
  private func slope(width: Int, height: Int, grain: UInt64 = 1) throws -> RGBImage {
    var pixels: [UInt8] = []
    var state: UInt64 = 1
    for y in 0..<height {
      for x in 0..<width {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let noise = UInt8(truncatingIfNeeded: (state >> 40) % grain)
        pixels += [UInt8(40 + 150 * x / width) + noise, UInt8(60 + 120 * y / height) + noise, 128 + noise]
      }
    }
    return try RGBImage(width: width, height: height, pixels: pixels)
  }

  @Test(arguments: [(1, 1), (7, 3), (1, 300), (64, 48), (257, 129), (640, 400)])
  func aPictureComesBackMuchTheSame(width: Int, height: Int) throws {
    let image = try slope(width: width, height: height)
    let decoded = try decodeImage(encodeJPEG(image, quality: 90))
    #expect(decoded.width == width && decoded.height == height)
    let furthest = zip(image.pixels, decoded.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
    #expect(furthest <= 24)
  }

  @Test func qualityCostsBytes() throws {
    let image = try slope(width: 200, height: 200, grain: 24)
    let sizes = try [10, 50, 80, 95].map { try encodeJPEG(image, quality: $0).count }
    #expect(sizes == sizes.sorted() && Set(sizes).count == 4)
    #expect(try encodeJPEG(image, quality: -5) == encodeJPEG(image, quality: 1))
    #expect(try encodeJPEG(image, quality: 1_000) == encodeJPEG(image, quality: 100))
    #expect(try encodeJPEG(image, quality: 80).count < encodePNG(image).count)
  }

  @Test func sidesBeyondTheFormatAreRefused() throws {
    let image = try RGBImage(width: 65_536, height: 1, color: .white)
    #expect(throws: ImageFailure.self) { try encodeJPEG(image) }
    #expect(try decodeImage(encodeJPEG(RGBImage(width: 65_500, height: 1, color: .black))).width == 65_500)
  }
}
