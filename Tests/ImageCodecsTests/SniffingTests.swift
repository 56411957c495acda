// SniffingTests.swift - files that are not JPEG or PNG are refused by their name.

import ImageCodecs
import SafeFiles
import Testing

struct SniffingTests {
  @Test(arguments: [
    ("GIF89a", "GIF"), ("RIFF\0\0\0\0WEBPVP8 ", "WebP"), ("%PDF-1.7", "PDF"), ("BM1234", "BMP"), ("II*\0abcd", "TIFF"),
    ("MM\0*abcd", "TIFF"), ("\0\0\0\u{18}ftypheic", "HEIC"), ("\0\0\0\u{18}ftypavif", "AVIF"),
    ("\0\0\0\u{18}ftypisom", "a video (MP4)"), ("<!DOCTYPE html>", "HTML"), ("<svg xmlns=", "SVG"),
    ("{\"a\": 1}", "JSON"), ("hello, world", "text"), ("PK\u{3}\u{4}", "a ZIP archive"),
  ])
  func otherFormatsAreNamed(_ start: String, _ name: String) {
    #expect(failure(Array(start.utf8)) == .unknownFormat(seen: name))
  }

  @Test func emptyAndUnknownData() {
    #expect(failure([]) == .empty)
    #expect(failure([0xFF, 0x0A]) == .unknownFormat(seen: "JPEG XL"))
    #expect(failure([0, 1, 2, 254]) == .unknownFormat(seen: "unknown data (first bytes 00 01 02 FE)"))
  }

  @Test func theMessageSaysWhatWhereAndWhatNext() {
    let error = ImageFailure.corrupt(format: .png, byte: 41, reason: "IDAT: CRC error")
    let expected =
      "cat.png: byte 41: the PNG data is damaged (IDAT: CRC error); get the file again or save it anew from a picture program"
    #expect(FileFailure(file: "cat.png", cause: error).description == expected)
    let bomb = ImageFailure.tooManyPixels(width: 30_000, height: 30_000, limit: 64_000_000)
    #expect(bomb.problem == "the picture has 30000 x 30000 pixels, more than the 64000000 allowed")
    #expect(bomb.kind == .badData)
  }
}
