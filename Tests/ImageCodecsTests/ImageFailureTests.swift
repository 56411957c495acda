// ImageFailureTests.swift - every failure about a picture in the words that a user reads.

import ImageCodecs
import SafeFiles
import Testing

struct ImageFailureTests {
  @Test(arguments: [
    (
      ImageFailure.empty,
      "the picture is empty (0 bytes); get the file again or save it anew from a picture program"
    ),
    (
      .fileTooLarge(bytes: 11, limit: 10),
      "the picture has 11 bytes, more than the 10 allowed; make the picture smaller or save it anew"
    ),
    (
      .unknownFormat(seen: "a GIF picture"),
      "this is not a JPEG or PNG picture, it looks like a GIF picture; save it as a plain JPEG or PNG"
    ),
    (
      .truncated(format: .png, byte: 40),
      "byte 40: the PNG data ends before the picture does; get the file again or save it anew from a picture program"
    ),
    (
      .corrupt(format: .jpeg, byte: 3, reason: "no scan"),
      "byte 3: the JPEG data is damaged (no scan); get the file again or save it anew from a picture program"
    ),
    (
      .unsupported(format: .jpeg, byte: 9, feature: "arithmetic coding"),
      "byte 9: this JPEG picture uses arithmetic coding, which is not read; save it as a plain JPEG or PNG"
    ),
    (
      .tooManyPixels(width: 3, height: 2, limit: 5),
      "the picture has 3 x 2 pixels, more than the 5 allowed; make the picture smaller or raise the limit of pixels"
    ),
    (
      .sideTooLong(width: 3, height: 1, limit: 2),
      "the picture has 3 x 1 pixels, a side longer than the 2 allowed; make the picture smaller or save it anew"
    ),
    (
      .tooMuchMemory(bytes: 9, limit: 8),
      "the picture needs 9 bytes of memory, more than the 8 allowed; make the picture smaller or save it anew"
    ),
    (
      .tooManyScans(limit: 100),
      "the picture has more than the 100 scans allowed; make the picture smaller or save it anew"
    ),
    (
      .tooManyChunks(limit: 7), "the picture has more than the 7 chunks allowed; save it anew without its extra data"
    ),
    (
      .chunkTooLong(byte: 33, bytes: 9, limit: 8),
      "byte 33: a chunk has 9 bytes, more than the 8 allowed; save it anew without its extra data"
    ),
    (
      .badSize(width: 0, height: 4),
      "a size of 0 x 4 is not at least 1 x 1; give a size of at least 1 x 1 and as many values as it holds"
    ),
    (
      .wrongCount(expected: 12, found: 11),
      "11 values were given where the size asks for 12; give a size of at least 1 x 1 and as many values as it holds"
    ),
    (
      .notEncoded(reason: "no memory"),
      "the picture could not be encoded (no memory); give a size of at least 1 x 1 and as many values as it holds"
    ),
  ])
  func saysWhatAndWhatNext(failure: ImageFailure, text: String) {
    #expect(failure.message == text)
    #expect(failure.kind == .badData)
  }

  @Test func theLibrariesTellTheirVersions() {
    #expect(CodecLibraries.jpeg.contains(#/[0-9]+\.[0-9]+/#), "\(CodecLibraries.jpeg)")
    #expect(CodecLibraries.png.contains(#/^[0-9]+\.[0-9]+/#), "\(CodecLibraries.png)")
  }

  @Test func aCanvasMayBeginAsAPicture() throws {
    var image = try RGBImage(width: 2, height: 1, color: .white)
    image.setColor(.black, x: 1, y: 0)
    var canvas = Canvas(image)
    #expect(canvas.image == image)
    canvas.write("", x: 0, y: 0)
    #expect(canvas.image == image)
  }

  /// A map that is zero everywhere is drawn as nothing.
  @Test func anEmptyHeatMapIsCold() throws {
    let map = try HeatMap(rows: 1, columns: 2, values: [0, 0])
    #expect(map.maximum == 0)
    var canvas = try Canvas(width: 4, height: 2)
    canvas.overlay(map, in: PixelRectangle(x: 0, y: 0, width: 4, height: 2))
    var other = try Canvas(width: 4, height: 2)
    other.overlay(
      try HeatMap(rows: 1, columns: 2, values: [0, 1]), in: PixelRectangle(x: 0, y: 0, width: 4, height: 2))
    #expect(canvas.image.color(x: 0, y: 0) == other.image.color(x: 0, y: 0))
    #expect(canvas.image.color(x: 3, y: 1) != other.image.color(x: 3, y: 1))
  }
}
