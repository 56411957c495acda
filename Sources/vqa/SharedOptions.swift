// SharedOptions.swift - the options that every command takes, and what they set.

import CommandLineKit
import ImageCodecs
import Tensors
import VQAPipeline

/// The options of the program.
enum SharedOptions {
  static let model = OptionSpecification(
    "model", short: "m", value: "FILE|NAME", help: "The model that answers", defaultText: ModelFolder.defaultName,
    completion: .model)
  static let threads = OptionSpecification(
    "threads", value: "N", help: "Threads that compute; the result does not depend on it",
    defaultText: "one for each processor")
  static let maxPixels = OptionSpecification(
    "max-pixels", value: "N", help: "Pixels above which a picture is refused",
    defaultText: String(ImageLimits.default.pixels))
  static let quiet = OptionSpecification(
    "quiet", short: "q", help: "Keeps progress and notes off standard error; errors are still told")

  /// All of them, as help shows them.
  static let all = [model, threads, maxPixels, quiet]

  /// Sets the number of threads for the whole program.
  static func setThreads(_ arguments: Arguments) throws(UsageError) {
    if let count = try arguments.integer(threads.name, in: 1...1024) { WorkerPool.shared.threads = count }
  }

  /// What a picture may cost; memory follows the pixels where more of them are allowed.
  static func imageLimits(_ arguments: Arguments) throws(UsageError) -> ImageLimits {
    var limits = ImageLimits.default
    guard let pixels = try arguments.integer(maxPixels.name, in: 1...1_000_000_000_000) else { return limits }
    limits.pixels = pixels
    // A picture of so many pixels and its turned copy, three bytes a pixel.
    limits.memory = max(limits.memory, 6 * pixels)
    return limits
  }
}
