// OptionSpecification.swift - one option or argument of a command, declared as data.
//
// Parsing, help, completions and the manual page all read these values, so that they cannot contradict one another.

/// One option of a command: `--top N`, or a flag such as `--json`.
public struct OptionSpecification: Sendable {
  /// Long name without the dashes.
  public let name: String
  /// One-letter form without the dash, where there is one.
  public let short: Character?
  /// How help names the value (`N`, `FILE`, `DIR`); nil makes the option a flag.
  public let value: String?
  /// One sentence on what the option does, without a full stop.
  public let help: String
  /// What holds when the option is not given, as help shows it.
  public let defaultText: String?
  /// The only values the option takes; empty means any.
  public let allowed: [String]
  /// Whether every use adds a value; otherwise the last use holds.
  public let repeats: Bool
  /// Whether one use takes every word up to the next option, as in `--questions A B C`; such an option repeats, too.
  public let isList: Bool
  /// What a shell offers in place of the value.
  public let completion: Completion

  /// Declares an option; see the properties for what each part means.
  ///
  /// Without `completion`, values of a closed set are offered, and what the name of the value promises.
  public init(
    _ name: String, short: Character? = nil, value: String? = nil, help: String, defaultText: String? = nil,
    allowed: [String] = [], repeats: Bool = false, isList: Bool = false, completion: Completion? = nil
  ) {
    self.name = name
    self.short = short
    self.value = value
    self.help = help
    self.defaultText = defaultText
    self.allowed = allowed
    self.repeats = repeats || isList
    self.isList = isList
    self.completion = completion ?? Completion(valueName: value ?? "", allowed: allowed)
  }
}

/// One argument of a command that is known by its position.
public struct ArgumentSpecification: Sendable {
  /// How often an argument may or must stand on the command line.
  public enum Count: Sendable {
    /// Exactly once.
    case required
    /// Once or not at all.
    case optional
    /// Once or more; only the last argument of a command can repeat.
    case oneOrMore
    /// Any number of times, or not at all; only the last argument of a command can repeat.
    case anyNumber
  }

  /// How help and errors name the argument, in capitals.
  public let name: String
  /// One sentence on what the argument stands for, without a full stop.
  public let help: String
  /// How often it may or must stand on the command line.
  public let count: Count
  /// The only words it may be; empty means any.
  public let allowed: [String]
  /// What a shell offers in its place.
  public let completion: Completion

  /// Declares an argument; see the properties for what each part means.
  ///
  /// Without `completion`, words of a closed set are offered, and what its name promises.
  public init(
    _ name: String, help: String, count: Count = .required, allowed: [String] = [], completion: Completion? = nil
  ) {
    self.name = name
    self.help = help
    self.count = count
    self.allowed = allowed
    self.completion = completion ?? Completion(valueName: name, allowed: allowed)
  }

  var repeats: Bool { count == .oneOrMore || count == .anyNumber }
  var isNeeded: Bool { count == .required || count == .oneOrMore }
}
