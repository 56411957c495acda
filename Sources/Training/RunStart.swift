// RunStart.swift - where a run began: at nothing, at an original checkpoint, or at another split.

/// The point from which the steps of a run are counted.
struct RunStart: Sendable, Equatable {
  /// Steps before it, which name the checkpoints; they only ever rise.
  var step = 0
  /// Passes before it.
  var epoch = 0
  /// Updates before it, as the schedule counts them.
  var update = 0
  /// The base rate, with all decays of the passes before it; nil: the recipe's.
  var rate: Double?

  /// The start of a run from nothing.
  static let fresh = RunStart()

  /// As the metadata of a checkpoint.
  var metadata: [String: String] {
    guard self != .fresh else { return [:] }
    var values = ["start.step": String(step), "start.epoch": String(epoch), "start.update": String(update)]
    values["start.rate"] = rate.map { String($0) }
    return values
  }

  init(step: Int = 0, epoch: Int = 0, update: Int = 0, rate: Double? = nil) {
    (self.step, self.epoch, self.update, self.rate) = (step, epoch, update, rate)
  }

  /// Reads it from the metadata of a checkpoint; nil when these make no sense.
  init?(metadata: [String: String]) {
    self.init()
    for (key, path) in [
      ("start.step", \RunStart.step), ("start.epoch", \RunStart.epoch), ("start.update", \RunStart.update),
    ] {
      guard let text = metadata[key] else { continue }
      guard let number = Int(text), number >= 0 else { return nil }
      self[keyPath: path] = number
    }
    guard let text = metadata["start.rate"] else { return }
    guard let number = Double(text), number > 0, number.isFinite else { return nil }
    rate = number
  }

  /// Where the original counts on after some passes over so many questions (TRAR, `floor(data_size / BATCH_SIZE * epoch)`).
  static func updates(afterEpochs epochs: Int, questions: Int, perStep: Int) -> Int {
    Int((Double(questions) / Double(max(1, perStep)) * Double(epochs)).rounded(.down))
  }
}
