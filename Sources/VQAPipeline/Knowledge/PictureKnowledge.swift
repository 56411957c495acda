// PictureKnowledge.swift - what a backbone knows of one picture: how probable each of its classes is, and each label.

import Foundation
import Tensors

/// What a backbone knows of one picture.
public struct PictureKnowledge: Sendable, Equatable {
  /// Names of the tensors in `PreparedPictures.known` and in the tokens of the first stage.
  static let classesKey = "classes"
  static let labelsKey = "labels"

  /// The logit of each class.
  public var classLogits: [Float]
  /// The log-odds of each label, less those of the label on any picture.
  public var labels: [Float]

  /// Collects logits and log-odds.
  public init(classLogits: [Float], labels: [Float]) {
    (self.classLogits, self.labels) = (classLogits, labels)
  }

  /// The probability of each class.
  ///
  /// - Parameter temperature: Of the softmax, above 0.
  /// - Returns: One for each class; they add up to 1.
  public func probabilities(temperature: Float) -> [Float] {
    let greatest = classLogits.max() ?? 0
    let parts = classLogits.map { exp(($0 - greatest) / temperature) }
    let sum = parts.reduce(0, +)
    return parts.map { $0 / sum }
  }

  /// The logits of a picture that shows one class, on a picture that shows something else.
  ///
  /// Classes whose rows of the classifier are alike rise together, as they do on real pictures.
  ///
  /// - Parameters:
  ///   - number: Number of the class.
  ///   - own: What the picture's own logits are multiplied by.
  ///   - gain: By how much the logit of the class rises.
  ///   - likeness: Products of the classifier's rows, `[classes, classes]`.
  /// - Returns: Knowledge with these logits and the same labels.
  public func showing(class number: Int, own: Float, gain: Float, likeness: Tensor) -> PictureKnowledge {
    var result = self
    let count = classLogits.count
    likeness.withElements { values in
      let row = values[(number * count)..<((number + 1) * count)]
      let scale = gain / max(row[row.startIndex + number], 1e-12)
      for index in 0..<count {
        result.classLogits[index] = own * classLogits[index] + scale * row[row.startIndex + index]
      }
    }
    return result
  }
}
