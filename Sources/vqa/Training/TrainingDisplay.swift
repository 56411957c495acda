// TrainingDisplay.swift - what a person sees of a run: one line of progress, and a line for each pass.
//
// A run takes hours and is often looked at in a file afterwards: there a line of progress is written now and then.

import CommandLineKit
import Foundation
import SafeFiles
import Training

/// The line of progress of a run; it begins with the first step, whose number a resumed run decides.
final class TrainingDisplay {
  private let console: Console
  private var line: ProgressLine?

  init(_ console: Console) {
    self.console = console
  }

  /// How often a file gets a line of progress.
  private static let logged = Duration.seconds(60)

  func update(_ progress: TrainingProgress) {
    if line == nil {
      line = console.progress(
        "training", total: progress.steps, first: progress.step - 1, logged: Self.logged)
    }
    var fields: [ProgressLine.Field] = [
      ("loss", String(format: "%.4f", progress.loss)), ("rate", String(format: "%.2e", progress.rate)),
    ]
    if let accuracy = progress.accuracy { fields.append(("held-out", Columns.percent(accuracy))) }
    line?.update(progress.step, fields)
  }

  /// One line for each pass, above the progress.
  func pass(_ pass: TrainingPass) {
    var parts = [
      "pass \(pass.number) of \(pass.passes)", "loss \(String(format: "%.4f", pass.loss)) a question",
      "rate \(String(format: "%.3g", pass.rate))",
    ]
    if let temperature = pass.temperature { parts.append("temperature \(String(format: "%.4g", temperature))") }
    parts.append(durationText(.seconds(pass.seconds)))
    if let accuracy = pass.accuracy { parts.append("held-out \(Columns.percent(accuracy.overall))") }
    tell(parts.joined(separator: ", "))
    for group in pass.accuracy?.groups ?? [] {
      tell("  \(group.name): \(Columns.percent(group.accuracy)) of \(Columns.grouped(group.count))")
    }
  }

  private func tell(_ text: String) {
    guard !console.isQuiet else { return }
    if line == nil { console.inform(text) } else { line?.note("\(Program.name): \(text)") }
  }

  func note(_ text: String) {
    if line == nil { console.note(text) } else { line?.note("\(Program.name): note: \(text)") }
  }

  func finish() { line?.finish() }
}
