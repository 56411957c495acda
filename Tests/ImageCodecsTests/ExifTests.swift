// ExifTests.swift - the eight orientations in both formats, and blocks that are to be ignored.

import ImageCodecs
import Testing

struct ExifTests {
  /// A TIFF block with some entries around the orientation.
  static func tiff(orientation: Int, littleEndian: Bool, type: Int = 3, count: Int = 1) -> [UInt8] {
    func number(_ value: Int, _ size: Int) -> [UInt8] {
      let bytes = PNGBuilder.bigEndian(value).suffix(size)
      return littleEndian ? bytes.reversed() : Array(bytes)
    }
    let resolutionUnit = number(0x0128, 2) + number(3, 2) + number(1, 4) + number(2, 2) + [0, 0]
    let entry = number(0x0112, 2) + number(type, 2) + number(count, 4) + number(orientation, 2) + [0, 0]
    let start = Array((littleEndian ? "II" : "MM").utf8) + number(42, 2) + number(8, 4)
    return start + number(2, 2) + resolutionUnit + entry + number(0, 4)
  }

  /// The file with an Exif segment or chunk that holds this block.
  static func withExif(_ bytes: [UInt8], block: [UInt8]) -> [UInt8] {
    guard bytes[0] == 0xFF else { return Array(bytes[..<33]) + PNGBuilder.chunk("eXIf", block) + bytes[33...] }
    let data = Array("Exif\0\0".utf8) + block
    let length = data.count + 2
    // After another segment, a fill byte before it.
    let comment: [UInt8] = [0xFF, 0xFE, 0, 4, 1, 2]
    return [0xFF, 0xD8] + comment + [0xFF, 0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + data + bytes[2...]
  }

  static func withExif(_ bytes: [UInt8], orientation: Int) -> [UInt8] {
    withExif(bytes, block: tiff(orientation: orientation, littleEndian: orientation % 2 == 0))
  }

  /// A picture of 3 x 2 pixels with the greys 1 2 3 / 4 5 6.
  static let sixPixels = PNGBuilder(width: 3, height: 2, colorType: .gray, depth: 8) { x, y, _ in 1 + x + 3 * y }.bytes

  /// Rows of the upright picture for each orientation, as Pillow's `exif_transpose` gives them.
  static let upright: [Int: [[UInt8]]] = [
    1: [[1, 2, 3], [4, 5, 6]], 2: [[3, 2, 1], [6, 5, 4]], 3: [[6, 5, 4], [3, 2, 1]], 4: [[4, 5, 6], [1, 2, 3]],
    5: [[1, 4], [2, 5], [3, 6]], 6: [[4, 1], [5, 2], [6, 3]], 7: [[6, 3], [5, 2], [4, 1]],
    8: [[3, 6], [2, 5], [1, 4]],
  ]

  @Test(arguments: 1...8)
  func everyOrientationOfPNG(_ orientation: Int) throws {
    for littleEndian in [false, true] {
      let block = Self.tiff(orientation: orientation, littleEndian: littleEndian)
      let image = try decodeImage(Self.withExif(Self.sixPixels, block: block))
      let rows = (0..<image.height).map { y in (0..<image.width).map { x in image.color(x: x, y: y)?.red ?? 0 } }
      #expect(rows == Self.upright[orientation])
    }
  }

  @Test(arguments: 1...8)
  func everyOrientationOfJPEG(_ orientation: Int) throws {
    let bytes = try fixture("baseline.jpg")
    let stored = try decodeImage(bytes)
    let image = try decodeImage(Self.withExif(bytes, orientation: orientation))
    let swaps = orientation >= 5
    #expect(image.width == (swaps ? stored.height : stored.width))
    #expect(image.height == (swaps ? stored.width : stored.height))
    let right = stored.width - 1, bottom = stored.height - 1
    for y in 0..<stored.height {
      for x in 0..<stored.width {
        let place = [
          (x, y), (right - x, y), (right - x, bottom - y), (x, bottom - y), (y, x), (bottom - y, x),
          (bottom - y, right - x), (y, right - x),
        ][orientation - 1]
        #expect(image.color(x: place.0, y: place.1) == stored.color(x: x, y: y))
      }
    }
  }

  @Test func wantedSizeIsThatOfTheUprightPicture() throws {
    let bytes = Self.withExif(try fixture("large.jpg"), orientation: 6)  // 200 x 144 stored, 144 x 200 upright
    let image = try decodeImage(bytes, atLeast: (width: 18, height: 25))
    #expect(image.width == 18 && image.height == 25)
    #expect(try decodeImage(bytes, atLeast: (width: 19, height: 25)).width == 36)
  }

  @Test func oddBlocksAreIgnored() throws {
    let good = Self.tiff(orientation: 6, littleEndian: true)
    var blocks = (0..<good.count - 6).map { Array(good[..<$0]) }  // cut short before the value is complete
    blocks += [0, 9, 65_535].map { Self.tiff(orientation: $0, littleEndian: false) }
    blocks.append(Self.tiff(orientation: 6, littleEndian: true, type: 4))
    blocks.append(Self.tiff(orientation: 6, littleEndian: true, count: 2))
    for (offset, value) in [(0, UInt8(0)), (2, 43), (4, 255), (7, 255), (8, 0)] {
      var block = good
      block[offset] = value
      blocks.append(block)
    }
    let stored = try decodeImage(fixture("baseline.jpg")), six = try decodeImage(Self.sixPixels)
    for block in blocks {
      #expect(try decodeImage(Self.withExif(fixture("baseline.jpg"), block: block)) == stored, "\(block)")
      #expect(try decodeImage(Self.withExif(Self.sixPixels, block: block)) == six, "\(block)")
    }
  }

  @Test func onlyExifSegmentsCount() throws {
    var bytes = Self.withExif(try fixture("baseline.jpg"), orientation: 6)
    let name = try #require(bytes.firstIndex(of: UInt8(ascii: "E")))
    bytes[name] = UInt8(ascii: "e")
    #expect(try decodeImage(bytes) == decodeImage(fixture("baseline.jpg")))
  }
}
