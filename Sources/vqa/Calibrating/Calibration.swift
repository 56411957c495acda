// Calibration.swift - a cascade asked held-out questions at every exit, and given the temperatures and thresholds that follow.

import CommandLineKit
import Evaluation
import Reports
import Routing
import SafeFiles
import VQAFormats
import VQAPipeline

/// Calibrates a model.
struct Calibration {
  private let call: Call
  private let sets: [HeldOutFiles]
  private let goal: ExitCalibration.Goal
  private let solver: BudgetPoint.Solver
  private let reliabilities: [DrawnFile]

  init(_ call: Call) throws(UsageError) {
    let arguments = call.arguments
    self.call = call
    sets = try HeldOutFiles.all(arguments)
    try arguments.refuse("budget", with: "target-accuracy-loss")
    if let budget = try arguments.number("budget", in: 0...1e9) {
      goal = .budget(budget * 1e9)
    } else {
      goal = .loss(points: try arguments.number("target-accuracy-loss", in: 0...100) ?? Command.calibrationLoss)
    }
    solver = arguments.string("rule").flatMap(BudgetPoint.Solver.init) ?? .search
    reliabilities = try DrawnFile.all(ReliabilityFile.option, arguments)
  }

  func run() throws -> ExitCode {
    let arguments = call.arguments
    if let output = arguments.string("output") {
      try OutputFile.check(output, isForced: arguments.flag("force"))
    }
    for file in reliabilities { try OutputFile.check(file.path, isForced: arguments.flag("force")) }
    var loaded = try LoadedModel(call)
    guard loaded.model.exits > 1 else {
      throw FileFailure(file: loaded.path, cause: OneGrid(model: loaded.model.configuration.name))
    }
    let held = try HeldOutReadings(sets, loaded, call)
    let (questions, texts) = (held.asked, loaded.model.answers)
    let calibration = ExitCalibration(
      readings: held.readings,
      yesNo: loaded.model.yesNoAnswers
    ) { number, place in
      questions[number].truth.score(texts.answer(place) ?? "", to: questions[number].question)
    }
    guard let choice = calibration.choice(for: goal, by: solver) else {
      throw FileFailure(file: loaded.path, cause: goalFailure(calibration))
    }
    var cascade = loaded.model.configuration.cascade
    cascade.temperatures = calibration.exits.map(\.temperature)
    let hasYesNo = calibration.exits.contains { $0.yesNoTemperature != nil }
    cascade.yesNoTemperatures = hasYesNo ? calibration.exits.map { $0.yesNoTemperature ?? $0.temperature } : []
    cascade.thresholds = choice.point.thresholds
    cascade.points = calibration.points()
    loaded.model.configuration.cascade = cascade
    try Self.setSure(&loaded.model, arguments)
    let path = arguments.string("output") ?? loaded.path
    try save(loaded, held, to: path)
    let report = CalibrationReport(
      calibration, choice, grids: loaded.model.vision.grids, fullRun: loaded.model.fullRunMultiplyAdds,
      points: cascade.points)
    let reliability = calibration.reliability(by: ExitRule(thresholds: choice.point.thresholds))
    for file in reliabilities {
      let title = "\(loaded.model.configuration.name), the questions it was calibrated on"
      try ReliabilityFile.write(reliability, title: title, to: file, call.console)
    }
    if arguments.flag("json") {
      try call.console.write(report.json)
    } else {
      try call.console.write(report.text)
    }
    call.console.inform("temperatures and thresholds are in \(path)")
    return held.failures.questions == 0 ? .success : .someFailed
  }

  /// Sets the confidence from which on answers are sure, where the call says it.
  static func setSure(_ model: inout VQAModel, _ arguments: Arguments) throws(UsageError) {
    if let share = try arguments.number("sure", in: 0...1) { model.configuration.sureFrom = Float(share) }
  }

  private func goalFailure(_ calibration: ExitCalibration) -> BudgetFailure {
    guard case .budget(let budget) = goal else { return .noPoints }
    return .tooSmall(budget: budget, least: calibration.exits.first?.multiplyAdds ?? 0)
  }

  /// Writes the model with all that its file told of it before, its numbers stored as they were.
  private func save(_ loaded: LoadedModel, _ held: HeldOutReadings, to path: String) throws {
    var record = loaded.metadata.filter { !ModelFile.ownKeys.contains($0.key) }
    record["calibration.questions"] = String(held.asked.count)
    record["calibration.data"] = held.contentHash
    try ModelFile.save(loaded.model, record: record, storage: try ModelFile.storage(of: loaded.path), to: path)
  }
}

/// A model of one grid has nothing to calibrate.
struct OneGrid: Failure, Equatable {
  let model: String
  var kind: FailureKind { .badData }
  var place: String? { nil }
  var problem: String { "the model '\(visibleText(model, limit: 60))' has one grid, so there is nothing to calibrate" }
  var advice: String { "give a model whose vision side is a cascade with --model" }
}
