// CommandSpecification.swift - a command, and the program it belongs to, declared as data.

/// One command: its arguments, options, texts and examples.
public struct CommandSpecification: Sendable {
  /// A command line to copy, with what it does.
  public typealias Example = (line: String, explanation: String)

  /// The word that calls it.
  public let name: String
  /// One sentence on what it does, without a full stop.
  public let summary: String
  /// More about it, in paragraphs parted by an empty line; wrapped by help.
  public let discussion: String
  /// Arguments in the order they are typed.
  public let arguments: [ArgumentSpecification]
  /// The options of this command; those of the program come on top.
  public let options: [OptionSpecification]
  /// Lines to copy; at least one.
  public let examples: [Example]

  /// Declares a command; see the properties for what each part means.
  public init(
    _ name: String, summary: String, discussion: String = "", arguments: [ArgumentSpecification] = [],
    options: [OptionSpecification] = [], examples: [Example]
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.arguments = arguments
    self.options = options
    self.examples = examples
  }
}

/// A program made of commands, with the options all of them take.
public struct ProgramSpecification: Sendable {
  /// The word that calls it.
  public let name: String
  /// One line on what it does.
  public let summary: String
  /// Every command, `help` included, in the order help lists them.
  public let commands: [CommandSpecification]
  /// Options every command takes.
  public let sharedOptions: [OptionSpecification]

  /// Declares a program; the command `help` is added to its table.
  public init(
    _ name: String, summary: String, commands: [CommandSpecification], sharedOptions: [OptionSpecification] = []
  ) {
    self.name = name
    self.summary = summary
    self.sharedOptions = sharedOptions
    let help = CommandSpecification(
      "help", summary: "Explains a command, with its options and examples",
      arguments: [
        ArgumentSpecification(
          "COMMAND", help: "The command to explain", count: .optional, completion: .words(commands.map(\.name)))
      ],
      examples: commands.prefix(1).map { ("\(name) help \($0.name)", "Explains '\($0.name)'.") })
    self.commands = commands + [help]
  }

  /// The command of that name, or an error that suggests one.
  public func command(named word: String) throws(UsageError) -> CommandSpecification {
    if let command = commands.first(where: { $0.name == word }) { return command }
    throw UsageError(
      .unknownCommand(name: word, suggestion: suggestion(for: word, among: commands.map(\.name))),
      seeAlso: "\(name) help")
  }

  /// Every option `command` takes: its own, then those of the program.
  public func options(of command: CommandSpecification) -> [OptionSpecification] {
    command.options + sharedOptions
  }
}
