// Augmentation.swift - small changes of a picture that keep every answer true.

import ImageCodecs
import Tensors

extension AugmentationRecipe {
  /// A changed copy of a picture.
  ///
  /// - Parameters:
  ///   - image: The picture.
  ///   - random: Source of the change.
  /// - Returns: A picture of the same size.
  package func apply(_ image: RGBImage, random: inout SeededRandom) -> RGBImage {
    let isMirrored = mirror && random.integer(below: 2) == 1
    let shiftX = shift > 0 ? random.integer(in: -shift...shift) : 0
    let shiftY = shift > 0 ? random.integer(in: -shift...shift) : 0
    let light = brightness > 0 ? Int((random.uniform(-brightness, brightness) * 255).rounded()) : 0
    guard isMirrored || shiftX != 0 || shiftY != 0 || light != 0 else { return image }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(image.pixels.count)
    for row in 0..<image.height {
      let sourceRow = min(max(row - shiftY, 0), image.height - 1)
      for column in 0..<image.width {
        let moved = min(max(column - shiftX, 0), image.width - 1)
        let sourceColumn = isMirrored ? image.width - 1 - moved : moved
        let place = (sourceRow * image.width + sourceColumn) * 3
        for channel in 0..<3 { pixels.append(UInt8(clamping: Int(image.pixels[place + channel]) + light)) }
      }
    }
    return (try? RGBImage(width: image.width, height: image.height, pixels: pixels)) ?? image
  }

  /// Replaces some words by the unknown word.
  package func apply(_ words: [Int], unknown: Int, random: inout SeededRandom) -> [Int] {
    guard unknownWords > 0 else { return words }
    return words.map { $0 != 0 && random.uniform() < unknownWords ? unknown : $0 }
  }
}
