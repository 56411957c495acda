// PictureInput.swift - what a picture comes as: pixels or features.

import ImageCodecs
import Tensors

/// A picture as it was read from its file.
public enum PictureInput: Sendable {
  /// Pixels.
  case image(RGBImage)
  /// Features that another network computed, `[n, D]`.
  case features(Tensor)
}

extension VQAModel {
  /// Looks at pictures of the kind that the model takes.
  ///
  /// - Parameter inputs: The pictures.
  /// - Returns: Their tokens, in order.
  /// - Throws: ``VisionInputFailure`` when one is of the other kind, or cannot be brought to the model's size.
  public func see(inputs: [PictureInput]) throws(VisionInputFailure) -> [SeenPicture] {
    var images: [RGBImage] = []
    var seen: [SeenPicture] = []
    for input in inputs {
      switch input {
      case .image(let image): images.append(image)
      case .features(let features): seen.append(try see(features: features))
      }
    }
    return images.isEmpty ? seen : try see(images)
  }
}
