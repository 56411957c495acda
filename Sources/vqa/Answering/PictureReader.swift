// PictureReader.swift - picture files at the size that a model sees.

import CommandLineKit
import ImageCodecs
import SafeFiles
import VQAFormats
import VQAPipeline

/// Reads pictures for one model under the limits of a call.
struct PictureReader: Sendable {
  let preparation: PicturePreparation
  let limits: ImageLimits

  init(_ model: VQAModel, _ arguments: Arguments) throws(UsageError) {
    preparation = PicturePreparation(model.configuration)
    limits = try SharedOptions.imageLimits(arguments)
  }

  /// Reads a picture of a command line, where `-` stands for standard input.
  func picture(_ argument: String) throws(FileFailure) -> RGBImage {
    let (name, bytes) = try Self.bytes(argument, limits: limits)
    return try fit(bytes, name: name)
  }

  /// Turns the bytes of a picture file into the picture that the model sees.
  func fit(_ bytes: [UInt8], name: String) throws(FileFailure) -> RGBImage {
    do { return try preparation.load(bytes, limits: limits) } catch { throw FileFailure(file: name, cause: error) }
  }

  /// The bytes of a picture of a command line, and what it is called in failures.
  static func bytes(_ argument: String, limits: ImageLimits) throws(FileFailure) -> (name: String, bytes: [UInt8]) {
    if argument == "-" { return (StandardInput.name, try StandardInput.readAll(limit: limits.fileBytes)) }
    return (argument, try readFile(argument, limit: limits.fileBytes))
  }
}
