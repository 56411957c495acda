// PicturePreparation.swift - from the bytes of a picture file to the numbers a vision side takes.

import ImageCodecs
import SafeFiles
import Tensors

/// Turns pictures into tensors of the size and range a model was trained with.
public struct PicturePreparation: Sendable {
  /// Height and width in pixels.
  public private(set) var size: Int
  /// What each of the 256 values of a pixel becomes, for red, then green, then blue.
  private let values: [Float]

  /// Takes sizes and colour statistics from a model's configuration.
  public init(_ configuration: ModelConfiguration) {
    size = configuration.pictureSize
    values = zip(configuration.mean, configuration.deviation).flatMap { mean, deviation in
      let (factor, offset) = (1 / (255 * deviation), -mean / deviation)
      return (0..<256).map { Float($0) * factor + offset }
    }
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
      guard let target = target.baseAddress else { return }
      for (index, image) in images.enumerated() {
        precondition(image.pixels.count == count, "tensor: a picture of another size than \(size)")
        image.pixels.withUnsafeBufferPointer { pixels in
          values.withUnsafeBufferPointer { values in
            guard let pixels = pixels.baseAddress, let red = values.baseAddress else { return }
            Self.look(up: pixels, count, in: (red, red + 256, red + 512), into: target + index * count)
          }
        }
      }
    }
  }

  private static func look(
    up pixels: UnsafePointer<UInt8>, _ count: Int,
    in values: (red: UnsafePointer<Float>, green: UnsafePointer<Float>, blue: UnsafePointer<Float>),
    into target: UnsafeMutablePointer<Float>
  ) {
    for place in stride(from: 0, to: count, by: 3) {
      target[place] = values.red[Int(pixels[place])]
      target[place &+ 1] = values.green[Int(pixels[place &+ 1])]
      target[place &+ 2] = values.blue[Int(pixels[place &+ 2])]
    }
  }
}
