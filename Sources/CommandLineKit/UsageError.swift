// UsageError.swift - what can be wrong with a command line, and what to do about it.

/// A command line that cannot be understood; carries what was typed and where help is.
public struct UsageError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong.
  ///
  /// Options are named with their dashes, as typed or as help shows them.
  public enum Problem: Sendable, Equatable {
    /// No command of that name.
    case unknownCommand(name: String, suggestion: String?)
    /// The command takes no such option.
    case unknownOption(name: String, suggestion: String?)
    /// The option needs a value and none follows.
    case missingValue(option: String, value: String)
    /// A flag was given a value, as in `--json=yes`.
    case unexpectedValue(option: String, value: String)
    /// The value of an option, or an argument, is not one of those it takes.
    case invalidValue(option: String, value: String, expected: String)
    /// An option this use of the command cannot do without.
    case missingOption(name: String)
    /// Two options that exclude each other.
    case conflict(first: String, second: String)
    /// An option that what the command works on has no use for.
    case impossible(option: String, reason: String)
    /// An argument that must be there is not.
    case missingArgument(name: String)
    /// One argument more than the command takes.
    case unexpectedArgument(value: String)
  }

  /// What is wrong.
  public let problem: Problem
  /// The command line that shows the help to read next, such as `vqa help ask`.
  public let seeAlso: String

  /// Makes an error that points at help.
  public init(_ problem: Problem, seeAlso: String) {
    self.problem = problem
    self.seeAlso = seeAlso
  }

  /// One line: what is wrong, then the next step; control characters in what was typed are escaped.
  public var description: String {
    escapeControls("\(sentence); run '\(seeAlso)'")
  }

  private var sentence: String {
    switch problem {
    case .unknownCommand(let name, let suggestion): "there is no command '\(name)'\(meant(suggestion))"
    case .unknownOption(let name, let suggestion?): "there is no option '\(name)'\(meant(suggestion))"
    case .unknownOption(let name, nil): "there is no option '\(name)'; put '--' before arguments that start with '-'"
    case .missingValue(let option, let value): "option '\(option)' needs a value: \(option) \(value)"
    case .unexpectedValue(let option, let value): "option '\(option)' takes no value, got '\(value)'"
    case .invalidValue(let option, let value, let expected): "'\(option)' expects \(expected), got '\(value)'"
    case .missingOption(let name): "option '\(name)' is needed"
    case .conflict(let first, let second): "'\(first)' and '\(second)' cannot be used together"
    case .impossible(let option, let reason): "'\(option)' cannot be used: \(reason)"
    case .missingArgument(let name): "argument \(name) is missing"
    case .unexpectedArgument(let value): "argument '\(value)' is one too many"
    }
  }

  private func meant(_ suggestion: String?) -> String {
    suggestion.map { ", did you mean '\($0)'?" } ?? ""
  }
}
