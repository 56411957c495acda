// PictureReader.swift - picture files as a model takes them: at its size, or as features.

import CommandLineKit
import ImageCodecs
import SafeFiles
import VQAFormats
import VQAPipeline

/// Reads pictures for one model under the limits of a call.
struct PictureReader: Sendable {
  let preparation: PicturePreparation
  let limits: ImageLimits
  /// Reads features, for a model that takes them.
  private let features: FeatureReader?

  init(_ model: VQAModel, _ arguments: Arguments) throws(UsageError) {
    preparation = PicturePreparation(model.configuration)
    limits = try SharedOptions.imageLimits(arguments)
    features = model.takesFeatures ? FeatureReader(model.configuration) : nil
  }

  /// Whether pictures come as features.
  var readsFeatures: Bool { features != nil }

  /// Reads a picture of a command line, where `-` stands for standard input.
  func picture(_ argument: String) throws(FileFailure) -> PictureInput {
    guard argument == "-" else { return try picture(at: argument) }
    let (name, bytes) = try Self.bytes(argument, limits: limits)
    return .image(try fit(bytes, name: name))
  }

  /// Reads a picture file.
  func picture(at path: String) throws(FileFailure) -> PictureInput {
    guard FeatureIndex.isFeatureFile(path) else {
      return .image(try fit(try readFile(path, limit: limits.fileBytes), name: path))
    }
    guard let features else {
      throw FileFailure(file: path, cause: VisionInputFailure.needsPictures(size: preparation.size))
    }
    return .features(try features.load(path))
  }

  /// Turns the bytes of a picture file into the picture that the model sees.
  func fit(_ bytes: [UInt8], name: String) throws(FileFailure) -> RGBImage {
    if let features {
      let cause = VisionInputFailure.needsFeatures(count: features.rows, width: features.width)
      throw FileFailure(file: name, cause: cause)
    }
    do { return try preparation.load(bytes, limits: limits) } catch { throw FileFailure(file: name, cause: error) }
  }

  /// The bytes of a picture of a command line, and what it is called in failures.
  static func bytes(_ argument: String, limits: ImageLimits) throws(FileFailure) -> (name: String, bytes: [UInt8]) {
    if argument == "-" { return (StandardInput.name, try StandardInput.readAll(limit: limits.fileBytes)) }
    return (argument, try readFile(argument, limit: limits.fileBytes))
  }
}
