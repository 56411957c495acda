// PicturePreparation.swift - from the bytes of a picture file to the numbers a vision side takes.

import ImageCodecs
import SafeFiles
import Tensors

/// Turns pictures into tensors of the size and range a model was trained with.
public struct PicturePreparation: Sendable {
  /// Height and width in pixels.
  public private(set) var size: Int
  private let factors: [Float]
  private let offsets: [Float]

  /// Takes sizes and colour statistics from a model's configuration.
  public init(_ configuration: ModelConfiguration) {
    size = configuration.pictureSize
    factors = configuration.deviation.map { 1 / (255 * $0) }
    offsets = zip(configuration.mean, configuration.deviation).map { -$0 / $1 }
  }

  /// Decodes and resizes a picture file; the whole picture is squeezed into the square.
  public func load(_ bytes: [UInt8], limits: ImageLimits = .default) throws(ImageFailure) -> RGBImage {
    try fit(decodeImage(bytes, limits: limits, atLeast: (size, size)))
  }

  /// Resizes a picture to the square that the model sees.
  public func fit(_ image: RGBImage) throws(ImageFailure) -> RGBImage {
    guard image.width != size || image.height != size else { return image }
    return try image.resized(to: (width: size, height: size), filter: .bicubic)
  }

  /// The constant grey that stands for a blanked picture.
  public func blank() throws(ImageFailure) -> RGBImage {
    try RGBImage(width: size, height: size, color: RGBColor(red: 128, green: 128, blue: 128))
  }

  /// Pictures of the model's size as normalised numbers at the size of one stage, `[B, size, size, 3]`.
  ///
  /// - Parameters:
  ///   - images: Pictures of the model's size.
  ///   - size: Height and width that the stage takes.
  /// - Returns: The numbers.
  public func tensor(_ images: [RGBImage], size: Int) -> Tensor {
    guard size != self.size else { return tensor(images) }
    var preparation = self
    preparation.size = size
    do { return preparation.tensor(try images.map(preparation.fit)) } catch {
      preconditionFailure("a square of \(self.size) pixels cannot be made \(size): \(error)")
    }
  }

  /// Pictures of the model's size as normalised numbers, `[B, size, size, 3]`.
  public func tensor(_ images: [RGBImage]) -> Tensor {
    let count = size * size * 3
    return Tensor(shape: [images.count, size, size, 3]) { target in
      for (index, image) in images.enumerated() {
        precondition(image.pixels.count == count, "tensor: a picture of another size than \(size)")
        image.pixels.withUnsafeBufferPointer { pixels in
          for place in 0..<count {
            target[index &* count &+ place] = Float(pixels[place]) * factors[place % 3] + offsets[place % 3]
          }
        }
      }
    }
  }
}
