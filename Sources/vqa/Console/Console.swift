// Console.swift - results on standard output, everything else on standard error.
//
// Nothing is coloured, on a terminal or elsewhere: so NO_COLOR is honoured whatever it says.

import CommandLineKit
import Foundation
import SafeFiles

/// Where a command writes.
struct Console: Sendable {
  /// Whether notes and progress are kept back.
  let isQuiet: Bool
  private let output = CheckedOutput(descriptor: 1)
  private let messages = CheckedOutput(descriptor: 2)

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
  }

  /// Writes a result.
  func write(_ text: String) throws(FileFailure) { try output.write(text) }

  /// Writes a value as one line of JSON.
  func write(_ value: JSONValue) throws(FileFailure) { try output.write(value.serialized() + "\n") }

  /// Tells something worth knowing; nobody has to act on it.
  func note(_ text: String) {
    if !isQuiet { say("note: \(text)") }
  }

  /// Tells what was done and what comes next.
  func inform(_ text: String) {
    if !isQuiet { say(text) }
  }

  /// Tells an error and gives its exit code.
  func report(_ error: any Error) -> ExitCode {
    let (code, text) = ExitCode.explain(error)
    say(text)
    return code
  }

  /// Writes one line to standard error; where even that cannot be written, nobody is left to tell.
  func say(_ text: String) { try? messages.write("\(Program.name): \(escapeControls(text))\n") }

  /// A line of progress on standard error, or nil when it is not wanted: progress is for people at a terminal.
  ///
  /// - Parameters:
  ///   - label: What goes on.
  ///   - total: Steps there are.
  ///   - first: Steps that an earlier run did.
  ///   - logged: How often a whole line is written where standard error is a file or a pipe; nil for never.
  /// - Returns: The line.
  func progress(_ label: String, total: Int, first: Int = 0, logged: Duration? = nil) -> ProgressLine? {
    let terminal = Terminal.columns(of: 2).map { ProgressLine.Style.terminal(columns: $0) }
    guard !isQuiet, let style = terminal ?? logged.map({ .lines(every: $0) }) else { return nil }
    return ProgressLine(label, total: total, first: first, style: style) { [messages] in try? messages.write($0) }
  }
}
