// PNGDecodingTests.swift - every colour type, depth and interlace of PNG, with and without transparency.

import ImageCodecs
import Testing

struct PNGDecodingTests {
  /// A kind of PNG file.
  struct Kind: CustomTestStringConvertible {
    var colorType: PNGBuilder.ColorType
    var depth: Int
    var isInterlaced: Bool
    var hasTransparentColor: Bool
    var testDescription: String {
      "\(colorType) \(depth)\(isInterlaced ? " interlaced" : "")\(hasTransparentColor ? " tRNS" : "")"
    }

    static let all = PNGBuilder.ColorType.allCases.flatMap { type in
      type.depths.flatMap { depth in
        [false, true].flatMap { interlaced in
          (type == .grayAlpha || type == .rgbAlpha ? [false] : [false, true]).map { transparent in
            Kind(colorType: type, depth: depth, isInterlaced: interlaced, hasTransparentColor: transparent)
          }
        }
      }
    }
  }

  static let palette = (0..<256).map { index in [index * 7 % 256, index * 29 % 256, 255 - index] }
  static let paletteAlphas = [0, 128, 255, 77]

  /// A value that uses the whole range of the depth.
  static func sample(_ kind: Kind, _ x: Int, _ y: Int, _ channel: Int) -> Int {
    (x * 2_711 + y * 4_513 + channel * 1_237 + x * y) % (1 << kind.depth)
  }

  static func builder(_ kind: Kind, width: Int, height: Int) -> PNGBuilder {
    var builder = PNGBuilder(
      width: width, height: height, colorType: kind.colorType, depth: kind.depth, isInterlaced: kind.isInterlaced
    ) { sample(kind, $0, $1, $2) }
    if kind.colorType == .palette {
      let entries = palette.prefix(1 << kind.depth).joined().map { UInt8($0) }
      builder.extraChunks.append(PNGBuilder.chunk("PLTE", entries))
    }
    if kind.hasTransparentColor {
      let data: [UInt8] =
        if kind.colorType == .palette {
          paletteAlphas.prefix(1 << kind.depth).map { UInt8($0) }
        } else {
          // the colour of the pixel at (1, 1)
          (0..<kind.colorType.channels).flatMap { PNGBuilder.bigEndian(sample(kind, 1, 1, $0)).suffix(2) }
        }
      builder.extraChunks.append(PNGBuilder.chunk("tRNS", data))
    }
    return builder
  }

  /// What the standard says the pixel looks like over white.
  static func expected(_ kind: Kind, _ x: Int, _ y: Int) -> RGBColor {
    let samples = (0..<kind.colorType.channels).map { sample(kind, x, y, $0) }
    let full = (1 << kind.depth) - 1
    let scaled = samples.map { ($0 * 255 * 2 + full) / (full * 2) }
    var alpha = 255
    if kind.hasTransparentColor, kind.colorType != .palette {
      alpha = samples == (0..<samples.count).map { sample(kind, 1, 1, $0) } ? 0 : 255
    }
    let color: [Int]
    switch kind.colorType {
    case .gray: color = [scaled[0], scaled[0], scaled[0]]
    case .rgb: color = scaled
    case .palette:
      color = palette[samples[0]]
      if kind.hasTransparentColor, samples[0] < paletteAlphas.count { alpha = paletteAlphas[samples[0]] }
    case .grayAlpha:
      color = [scaled[0], scaled[0], scaled[0]]
      alpha = scaled[1]
    case .rgbAlpha:
      color = Array(scaled.prefix(3))
      alpha = scaled[3]
    }
    let parts = color.map { UInt8(($0 * alpha + 255 * (255 - alpha) + 127) / 255) }
    return RGBColor(red: parts[0], green: parts[1], blue: parts[2])
  }

  @Test(arguments: Kind.all)
  func everyKindDecodesToItsPixels(_ kind: Kind) throws {
    for (width, height) in [(11, 9), (1, 1), (3, 2)] {
      let image = try decodeImage(Self.builder(kind, width: width, height: height).bytes)
      #expect(image.width == width && image.height == height)
      for y in 0..<height {
        for x in 0..<width { #expect(image.color(x: x, y: y) == Self.expected(kind, x, y), "at \(x), \(y)") }
      }
    }
  }

  @Test func gammaAndProfilesAreNotApplied() throws {
    let kind = Kind(colorType: .rgbAlpha, depth: 8, isInterlaced: false, hasTransparentColor: false)
    var builder = Self.builder(kind, width: 5, height: 4)
    let plain = try decodeImage(builder.bytes)
    builder.extraChunks = [
      PNGBuilder.chunk("gAMA", PNGBuilder.bigEndian(100_000)),
      PNGBuilder.chunk("bKGD", [0, 0, 0, 255, 0, 0]),
      PNGBuilder.chunk("tEXt", Array("Comment\0text".utf8)),
    ]
    #expect(try decodeImage(builder.bytes) == plain)
  }

  @Test func wrongChecksumOfPictureDataIsAnError() throws {
    var bytes = Self.builder(Kind.all[0], width: 8, height: 8).bytes
    bytes[bytes.count - 13] ^= 1  // the checksum of IDAT ends before the 12 bytes of IEND
    guard case .corrupt(.png, _, let reason) = failure(bytes) else {
      Issue.record("not refused as damaged: \(String(describing: failure(bytes)))")
      return
    }
    #expect(reason.contains("CRC"))
  }

  @Test func paletteIsNeededAndHeaderComesFirst() {
    let kind = Kind(colorType: .palette, depth: 4, isInterlaced: false, hasTransparentColor: false)
    var builder = Self.builder(kind, width: 4, height: 4)
    builder.extraChunks = []
    if case .corrupt(.png, _, _) = failure(builder.bytes) {} else { Issue.record("read without a palette") }
    var bytes = builder.bytes
    bytes[12] = UInt8(ascii: "J")
    #expect(failure(bytes) == .corrupt(format: .png, byte: 8, reason: "the first chunk is not the header"))
    bytes[6] = 0
    #expect(failure(bytes) == .corrupt(format: .png, byte: 0, reason: "the signature is damaged"))
  }

  @Test func picturesWithoutPixelsAreDamaged() {
    for (width, height) in [(0, 3), (3, 0)] {
      let builder = PNGBuilder(width: width, height: height, colorType: .rgb, depth: 8) { _, _, _ in 0 }
      #expect(failure(builder.bytes) == .corrupt(format: .png, byte: 24, reason: "the picture has no pixels"))
    }
  }
}
