// BoundaryTests.swift - the C libraries are known to the C target alone, so that no jump crosses Swift; sample pictures.

import Foundation
import ImageCodecs
import SafeFiles
import Testing

struct BoundaryTests {
  @Test func theLibrariesAreKnownToTheCTargetAlone() throws {
    let sources = "\(packageFolder)/Sources"
    let files = try FileManager.default.subpathsOfDirectory(atPath: sources)
    let code = files.filter { name in [".swift", ".c", ".h"].contains { name.hasSuffix($0) } }
    #expect(code.count > 10)
    for file in code {
      let text = String(decoding: try readFile("\(sources)/\(file)", limit: 1 << 20), as: UTF8.self)
      let found = ["setjmp", "longjmp", "png_", "jpeg_"].filter(text.contains)
      #expect(file.hasPrefix("CImageCodecs/") || found.isEmpty, "\(file) names \(found)")
    }
    let shim = code.filter { $0.hasPrefix("CImageCodecs/include/") }
    for file in shim {
      let text = String(decoding: try readFile("\(sources)/\(file)", limit: 1 << 20), as: UTF8.self)
      #expect(!text.contains("setjmp") && !text.contains("<png.h>") && !text.contains("<jpeglib.h>"))
    }
  }

  @Test(arguments: [
    ("red-circle.png", 255, 0, 0, 64), ("blue-triangle.png", 0, 0, 255, 64), ("yellow-rectangle.png", 255, 255, 0, 64),
    ("teal-triangle.png", 0, 128, 128, 64), ("black-circle.png", 0, 0, 0, 64), ("brown-rectangle.png", 165, 42, 42, 64),
    ("green-circle.jpg", 0, 255, 0, 256),
  ])
  func samplePicturesShowWhatTheirNamesSay(_ name: String, _ red: Int, _ green: Int, _ blue: Int, _ size: Int) throws {
    let image = try decodeImage(readFile("\(packageFolder)/data/samples/\(name)", limit: 1 << 20))
    #expect(image.width == size && image.height == size)
    let share = stride(from: 0, to: image.pixels.count, by: 3).count { offset in
      let distances = [abs(Int(image.pixels[offset]) - red), abs(Int(image.pixels[offset + 1]) - green)]
      return (distances + [abs(Int(image.pixels[offset + 2]) - blue)]).allSatisfy { $0 <= 4 }
    }
    #expect(Double(share) / Double(size * size) > 0.05)
  }
}
