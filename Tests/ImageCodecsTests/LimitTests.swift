// LimitTests.swift - bombs are refused from the header, with the size and the limit in the error.

import ImageCodecs
import Testing

struct LimitTests {
  /// The failure, which must come at once.
  func quickFailure(_ bytes: [UInt8], limits: ImageLimits = .default) -> ImageFailure? {
    var found: ImageFailure?
    let time = ContinuousClock().measure { found = failure(bytes, limits: limits) }
    #expect(time < .seconds(1))
    return found
  }

  static func builder(width: Int = 4, height: Int = 4) -> PNGBuilder {
    PNGBuilder(width: width, height: height, colorType: .rgb, depth: 8) { x, y, _ in x + y }
  }

  /// A PNG file whose header tells of another size than its data has.
  static func bomb(width: Int, height: Int, interlaced: Bool = false) -> [UInt8] {
    var bytes = builder().bytes
    bytes.replaceSubrange(16..<24, with: PNGBuilder.bigEndian(width) + PNGBuilder.bigEndian(height))
    bytes[28] = interlaced ? 1 : 0
    return PNGBuilder.withChecksums(bytes)
  }

  @Test func pngBombs() {
    for (width, height) in [(30_000, 30_000), (0x7FFF_FFFF, 0x7FFF_FFFF), (0xFFFF_FFFF, 0xFFFF_FFFF), (1, 64_000_001)] {
      for interlaced in [false, true] {
        let found = quickFailure(Self.bomb(width: width, height: height, interlaced: interlaced))
        #expect(found == .tooManyPixels(width: width, height: height, limit: 64_000_000))
      }
    }
    let long = quickFailure(Self.bomb(width: 1_000_001, height: 1))
    #expect(long == .sideTooLong(width: 1_000_001, height: 1, limit: 1_000_000))
    // Within the limits, but the data is not there.
    let missing = quickFailure(Self.bomb(width: 8_000, height: 8_000))
    if case .corrupt(.png, _, _) = missing {} else { Issue.record("\(String(describing: missing))") }
  }

  @Test func jpegBombs() throws {
    for name in ["baseline", "progressive"] {
      var bytes = try fixture("\(name).jpg")
      let frame = try #require(JPEGParts(bytes).offset(ofMarker: name == "baseline" ? 0xC0 : 0xC2))
      bytes.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])  // 65500 x 65500
      #expect(quickFailure(bytes) == .tooManyPixels(width: 65_500, height: 65_500, limit: 64_000_000))
      bytes.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xFF, 0xFF, 0xFF])  // more than libjpeg reads
      #expect(quickFailure(bytes) == .tooManyPixels(width: 65_535, height: 65_535, limit: 64_000_000))
    }
  }

  @Test func theLimitOfPixelsIsTheLargestAllowed() throws {
    var limits = ImageLimits()
    limits.pixels = 29 * 21
    for name in ["baseline.jpg", "baseline.png"] {
      #expect(failure(try fixture(name), limits: limits) == nil)
    }
    limits.pixels -= 1
    for name in ["baseline.jpg", "baseline.png"] {
      #expect(failure(try fixture(name), limits: limits) == .tooManyPixels(width: 29, height: 21, limit: 29 * 21 - 1))
    }
  }

  @Test func memoryIsReckonedBeforeItIsTaken() throws {
    var limits = ImageLimits()
    limits.memory = 200 * 144 * 3 - 1
    let large = try fixture("large.jpg")
    #expect(failure(large, limits: limits) == .tooMuchMemory(bytes: 200 * 144 * 3, limit: limits.memory))
    #expect(try decodeImage(large, limits: limits, atLeast: (width: 25, height: 18)).width == 25)
    // A progressive file needs its coefficients beside the pixels.
    limits.memory = 29 * 21 * 3
    #expect(failure(try fixture("baseline.jpg"), limits: limits) == nil)
    let progressive = failure(try fixture("progressive.jpg"), limits: limits)
    if case .tooMuchMemory(let bytes, limits.memory) = progressive {
      #expect(bytes > limits.memory)
    } else {
      Issue.record("\(String(describing: progressive))")
    }
    // PNG: the library needs some memory of its own beside the pixels.
    limits.memory = 4 * 4 * 3 + 100
    if case .tooMuchMemory = failure(Self.builder().bytes, limits: limits) {} else { Issue.record("not refused") }
    limits.memory = 4 * 4 * 3 - 1
    #expect(failure(Self.builder().bytes, limits: limits) == .tooMuchMemory(bytes: 48, limit: 47))
  }

  @Test func turningNeedsTheMemoryTwice() throws {
    var limits = ImageLimits()
    let bytes = ExifTests.withExif(try fixture("baseline.jpg"), orientation: 6)
    limits.memory = 2 * 29 * 21 * 3 - 1
    #expect(failure(bytes, limits: limits) == .tooMuchMemory(bytes: 2 * 29 * 21 * 3, limit: limits.memory))
    limits.memory += 1
    #expect(failure(bytes, limits: limits) == nil)
  }

  @Test func scansAreCounted() throws {
    let bytes = try fixture("progressive.jpg")
    var limits = ImageLimits()
    limits.scans = 3
    #expect(failure(bytes, limits: limits) == .tooManyScans(limit: 3))
    // The first scan, over and over.
    let scan = try #require(JPEGParts(bytes).offset(ofMarker: 0xDA))
    let end = try #require(
      (scan + 2..<bytes.count - 1).first { bytes[$0] == 0xFF && bytes[$0 + 1] != 0 && bytes[$0 + 1] != 0xFF })
    let bomb = bytes[..<end] + Array(repeatElement(bytes[scan..<end], count: 101).joined()) + bytes[end...]
    #expect(quickFailure(Array(bomb)) == .tooManyScans(limit: 100))
    let allowed = bytes[..<end] + Array(repeatElement(bytes[scan..<end], count: 20).joined()) + bytes[end...]
    #expect(try decodeImage(Array(allowed)) == decodeImage(bytes))
  }

  @Test func chunksAreCountedAndMeasured() {
    var builder = Self.builder()
    let comment = PNGBuilder.chunk("tEXt", Array("a\0b".utf8))
    builder.extraChunks = Array(repeating: comment, count: 998)  // with header and end: 1000
    #expect(failure(builder.bytes) == nil)
    builder.extraChunks.append(comment)
    #expect(failure(builder.bytes) == .tooManyChunks(limit: 1_000))
    var limits = ImageLimits()
    limits.chunkBytes = 100
    builder.extraChunks = [PNGBuilder.chunk("zTXt", [UInt8](repeating: 65, count: 100))]
    #expect(failure(builder.bytes, limits: limits) == nil)
    builder.extraChunks = [PNGBuilder.chunk("zTXt", [UInt8](repeating: 65, count: 101))]
    #expect(failure(builder.bytes, limits: limits) == .chunkTooLong(byte: 33, bytes: 101, limit: 100))
  }

  @Test func longFilesAreRefusedUnread() {
    var limits = ImageLimits()
    limits.fileBytes = 10
    #expect(failure([UInt8](repeating: 0, count: 11), limits: limits) == .fileTooLarge(bytes: 11, limit: 10))
  }
}
