// Program.swift - the table of all commands, and the way from the words of a command line to an exit code.

import CommandLineKit

/// One command: how it is called, and what it does.
struct Command: Sendable {
  /// Arguments, options and texts.
  let specification: CommandSpecification
  /// Shared options that change nothing for this command.
  var withoutEffect: [String] = []
  /// Does the work.
  let run: @Sendable (Call) throws -> ExitCode
}

/// What a command gets: its arguments, where to write, and the environment.
struct Call: Sendable {
  let arguments: Arguments
  let console: Console
  let environment: [String: String]
}

/// The program.
enum Program {
  /// The word that calls it.
  static let name = "vqa"

  /// Every command, in the order help lists them.
  static let commands: [Command] = [
    .ask, .batch, .evaluate, .spans, .calibrate, .features, .train, .convert, .data, .inspect, .doctor,
    .completions,
  ]

  /// The program as one table, from which it is parsed and explained.
  static let specification = ProgramSpecification(
    name, summary: "ask questions about pictures, and see every choice the network made",
    commands: commands.map(\.specification), sharedOptions: SharedOptions.all)

  /// Runs one command line.
  static func run(_ words: [String], environment: [String: String]) -> ExitCode {
    StandardDescriptors.keep()
    Interruption.restorePipes()
    Interruption.refuseGrowth()
    var console = Console(isQuiet: false)
    do {
      switch try specification.parse(words) {
      case .help(nil): try console.write(specification.overview())
      case .help(let command?): try console.write(specification.help(on: command))
      case .version: try console.write(Version.text + "\n")
      case .run(let arguments):
        console = Console(isQuiet: arguments.flag(SharedOptions.quiet.name))
        return try run(arguments, console, environment)
      }
      return .success
    } catch {
      return console.report(error)
    }
  }

  private static func run(
    _ arguments: Arguments, _ console: Console, _ environment: [String: String]
  ) throws -> ExitCode {
    guard let command = commands.first(where: { $0.specification.name == arguments.command.name }) else {
      throw arguments.failure(.unknownCommand(name: arguments.command.name, suggestion: nil))
    }
    for option in command.withoutEffect where arguments.flag(option) {
      console.note("'--\(option)' has no effect on '\(arguments.command.name)'")
    }
    try SharedOptions.setThreads(arguments)
    return try command.run(Call(arguments: arguments, console: console, environment: environment))
  }
}
