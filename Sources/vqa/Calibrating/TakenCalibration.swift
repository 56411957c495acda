// TakenCalibration.swift - the temperatures and thresholds of one model for another.
//
// A model that learned all questions there are has none left to be calibrated on. One that learned all but a part has the same stages and
// nearly the same confidence.

import CommandLineKit
import SafeFiles
import VQAPipeline

/// Gives a model the calibration of another.
struct TakenCalibration {
  private let call: Call
  private let other: String

  init(_ call: Call, from other: String) throws(UsageError) {
    for option in ["questions", "annotations", "images", "budget", "target-accuracy-loss"] {
      try call.arguments.refuse("settings-of", with: option)
    }
    (self.call, self.other) = (call, other)
  }

  func run() throws -> ExitCode {
    let arguments = call.arguments
    if let output = arguments.string("output") {
      try OutputFile.check(output, isForced: arguments.flag("force"))
    }
    var loaded = try LoadedModel(call)
    let source = try LoadedModel(call, named: other)
    let (own, taken) = (loaded.model.configuration, source.model.configuration)
    guard own.isCascade, taken.isCascade, own.cascade.stages == taken.cascade.stages, !taken.cascade.thresholds.isEmpty
    else {
      throw FileFailure(file: source.path, cause: OtherStages(model: own.name))
    }
    var cascade = own.cascade
    cascade.temperatures = taken.cascade.temperatures
    cascade.yesNoTemperatures = taken.cascade.yesNoTemperatures
    cascade.thresholds = taken.cascade.thresholds
    cascade.points = taken.cascade.points
    loaded.model.configuration.cascade = cascade
    loaded.model.configuration.sureFrom = taken.sureFrom
    try Calibration.setSure(&loaded.model, arguments)
    let path = arguments.string("output") ?? loaded.path
    var record = loaded.metadata.filter { !ModelFile.ownKeys.contains($0.key) }
    for (key, value) in source.metadata where key.hasPrefix("calibration.") { record[key] = value }
    try ModelFile.save(loaded.model, record: record, storage: try ModelFile.storage(of: loaded.path), to: path)
    call.console.inform("temperatures and thresholds of \(source.path) are in \(path)")
    return .success
  }
}

/// Two models do not stop alike.
struct OtherStages: Failure, Equatable {
  let model: String
  var kind: FailureKind { .badData }
  var place: String? { nil }
  var problem: String {
    "it is not calibrated, or its stages are not those of the model '\(visibleText(model, limit: 60))'"
  }
  var advice: String { "give a calibrated model of the same stages with --settings-of" }
}
