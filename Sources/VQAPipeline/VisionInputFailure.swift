// VisionInputFailure.swift - why a model cannot look at what it was given.

import ImageCodecs
import SafeFiles

/// Why a model cannot look at pictures or features.
public enum VisionInputFailure: Failure, Equatable {
  /// A picture cannot be brought to the model's size.
  case image(ImageFailure)
  /// The model takes features, and was given a picture.
  case needsFeatures(count: Int, width: Int)
  /// The model takes pictures, and was given features.
  case needsPictures(size: Int)
  /// Features are not one row of numbers for each cell.
  case notRows(shape: [Int])
  /// Features are wider or narrower than the model's.
  case wrongWidth(found: Int, expected: Int)
  /// Features are numbers of a type that none has.
  case wrongType(String)
  /// A feature is not a finite number.
  case notFinite(row: Int, column: Int)

  /// Bad data.
  public var kind: FailureKind { .badData }

  /// The place.
  public var place: String? {
    switch self {
    case .image(let failure): failure.place
    case .notFinite(let row, let column): "row \(row), column \(column)"
    default: nil
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .image(let failure): failure.problem
    case .needsFeatures(let count, let width):
      "the model takes features (\(count) rows of \(width) numbers), not pictures"
    case .needsPictures(let size): "the model takes pictures (it sees them at \(size) x \(size) pixels), not features"
    case .notRows(let shape): "the shape of the features is \(shape), not [rows, width]"
    case .wrongWidth(let found, let expected):
      "a row of the features holds \(found) numbers, the model needs \(expected)"
    case .wrongType(let type): "the numbers are of type \(type), not floating-point numbers"
    case .notFinite: "the feature is not a finite number"
    }
  }

  /// What to do.
  public var advice: String {
    switch self {
    case .image(let failure): failure.advice
    case .needsFeatures: "give --features DIR in place of --images, or a .npy or .npz file as the picture"
    case .needsPictures: "give --images DIR in place of --features, or a JPEG or PNG file as the picture"
    case .wrongType: "save them again as array.astype(\"float32\")"
    case .notRows, .wrongWidth, .notFinite:
      "give the features that the model was trained with, or extract them again"
    }
  }
}
