// PicturePromises.swift - what holds for any bytes as a picture; the tests and the fuzz targets of pictures ask it.

import ImageCodecs

/// Decodes a picture whole and for a small size, and writes a small one again.
/// - Parameters:
///   - bytes: Any bytes.
///   - limits: What the picture may cost.
/// - Returns: The promise that is broken, or nil; and whether the picture was accepted.
func brokenPromise(ofPicture bytes: [UInt8], limits: ImageLimits) -> (broken: String?, isAccepted: Bool) {
  do throws(ImageFailure) {
    let image = try decodeImage(bytes, limits: limits)
    if image.width < 1 || image.height < 1 || image.width * image.height > limits.pixels {
      return ("a picture has a size within the limits", true)
    }
    // The sum reads every value: one that was never written is seen by the tools that look for such.
    if image.pixels.count != image.width * image.height * 3 || sum(image) > 255 * image.pixels.count {
      return ("a picture has all of its values", true)
    }
    if let small = try? decodeImage(bytes, limits: limits, atLeast: (width: 8, height: 8)) {
      if small.width > image.width || small.height > image.height {
        return ("a wanted size makes nothing larger", true)
      }
      if small.pixels.count != small.width * small.height * 3 || sum(small) > 255 * small.pixels.count {
        return ("a smaller picture has all of its values", true)
      }
    }
    if image.pixels.count <= 4096 {
      guard let file = try? encodePNG(image), try decodeImage(file) == image else {
        return ("a picture comes back from its file", true)
      }
    }
    return (nil, true)
  } catch {
    return (error.problem.isEmpty || error.advice.isEmpty ? "a refusal says what and what to do" : nil, false)
  }
}

private func sum(_ image: RGBImage) -> Int { image.pixels.reduce(0) { $0 &+ Int($1) } }

/// Puts a block of Exif into a JPEG and into a PNG file of six pixels, and sets both upright.
/// - Parameter block: Any bytes as the TIFF part of the block.
/// - Returns: The promise that is broken, or nil.
func brokenPromise(ofExif block: [UInt8]) -> String? {
  guard block.count <= 60_000 else { return nil }
  let segment = Array("Exif\0\0".utf8) + block
  let length = segment.count + 2
  let jpeg =
    sixGreys.jpeg[..<2] + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + segment + sixGreys.jpeg[2...]
  let png = sixGreys.png[..<33] + PNGBuilder.chunk("eXIf", block) + sixGreys.png[33...]
  guard let ofJPEG = try? decodeImage(Array(jpeg)), let ofPNG = try? decodeImage(Array(png)) else {
    return "a broken note about the camera breaks no picture"
  }
  guard let turn = turnings.firstIndex(of: levels(ofPNG)) else { return "a picture stands in one of eight ways" }
  return turnings[turn] == levels(ofJPEG) ? nil : "both formats are set upright alike"
}

/// Files of the greys 0 to 5 in two rows, in steps that are far apart.
private let sixGreys: (jpeg: [UInt8], png: [UInt8]) = {
  let png = PNGBuilder(width: 3, height: 2, colorType: .gray, depth: 8) { x, y, _ in 20 + 40 * (x + 3 * y) }.bytes
  guard let image = try? decodeImage(png), let jpeg = try? encodeJPEG(image, quality: 100) else { return ([], png) }
  return (jpeg, png)
}()

/// The rows of the six greys after each of the eight orientations.
private let turnings: [[[Int]]] = [
  [[0, 1, 2], [3, 4, 5]], [[2, 1, 0], [5, 4, 3]], [[5, 4, 3], [2, 1, 0]], [[3, 4, 5], [0, 1, 2]],
  [[0, 3], [1, 4], [2, 5]], [[3, 0], [4, 1], [5, 2]], [[5, 2], [4, 1], [3, 0]], [[2, 5], [1, 4], [0, 3]],
]

private func levels(_ image: RGBImage) -> [[Int]] {
  (0..<image.height).map { y in (0..<image.width).map { x in Int(image.color(x: x, y: y)?.green ?? 0) / 40 } }
}
