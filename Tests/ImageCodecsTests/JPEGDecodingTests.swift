// JPEGDecodingTests.swift - the kinds of JPEG against what Pillow makes of them; scaled decoding; refusals by name.

import ImageCodecs
import Testing

struct JPEGDecodingTests {
  @Test(arguments: [
    "baseline", "full-colour", "progressive", "restarts", "grey", "cmyk-adobe", "cmyk-unmarked", "ycck",
  ])
  func decodesAsPillowDoes(_ name: String) throws {
    let difference = Difference(try decodeImage(fixture("\(name).jpg")), try fixtureImage("\(name).png"))
    #expect(difference.largest <= 1)
  }

  @Test func decodesAtTheSmallestScaleThatCovers() throws {
    let bytes = try fixture("large.jpg")  // 200 x 144
    let sizes: [(wanted: (width: Int, height: Int), result: [Int])] = [
      ((25, 18), [25, 18]), ((26, 18), [50, 36]), ((25, 19), [50, 36]), ((50, 36), [50, 36]), ((51, 1), [100, 72]),
      ((100, 73), [200, 144]), ((1000, 1000), [200, 144]), ((0, -3), [25, 18]),
    ]
    for (wanted, result) in sizes {
      let image = try decodeImage(bytes, atLeast: wanted)
      #expect([image.width, image.height] == result, "wanted \(wanted)")
    }
  }

  @Test func scaledDecodingEqualsPillowsDraft() throws {
    let image = try decodeImage(fixture("large.jpg"), atLeast: (width: 50, height: 36))
    #expect(Difference(image, try fixtureImage("large-quarter.png")).largest <= 1)
  }

  @Test func otherCodingsAreRefusedByName() throws {
    var bytes = try fixture("baseline.jpg")
    let frame = try #require(JPEGParts(bytes).offset(ofMarker: 0xC0))
    bytes[frame + 1] = 0xC9
    guard case .unsupported(.jpeg, _, "arithmetic coding") = failure(bytes) else {
      Issue.record("arithmetic coding: \(String(describing: failure(bytes)))")
      return
    }
    bytes[frame + 1] = 0xC3
    guard case .unsupported(.jpeg, _, "lossless or hierarchical coding") = failure(bytes) else {
      Issue.record("lossless: \(String(describing: failure(bytes)))")
      return
    }
    bytes[frame + 1] = 0xC1
    bytes[frame + 4] = 12
    guard case .unsupported(.jpeg, _, "samples of other than 8 bits") = failure(bytes) else {
      Issue.record("12 bits: \(String(describing: failure(bytes)))")
      return
    }
  }

  @Test func lostRestartIntervalIsAnErrorNotGreyFiller() throws {
    var bytes = try fixture("restarts.jpg")
    let scan = try #require(JPEGParts(bytes).offset(ofMarker: 0xDA))
    let marker = try #require((scan..<bytes.count - 1).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xD1 })
    let previous = try #require((scan..<marker).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xD0 })
    bytes.removeSubrange(previous..<marker)
    guard case .corrupt(.jpeg, _, _) = failure(bytes) else {
      Issue.record("accepted: \(String(describing: failure(bytes)))")
      return
    }
  }
}

/// The segments of a JPEG file up to the first scan.
struct JPEGParts {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Where the first segment with this marker starts.
  func offset(ofMarker wanted: UInt8) -> Int? {
    var offset = 2
    while offset + 4 <= bytes.count, bytes[offset] == 0xFF {
      if bytes[offset + 1] == wanted { return offset }
      if bytes[offset + 1] == 0xDA { return nil }
      offset += 2 + Int(bytes[offset + 2]) << 8 + Int(bytes[offset + 3])
    }
    return nil
  }
}
