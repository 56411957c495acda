// Arguments.swift - what was typed for one command, read by type.

/// The options and arguments given to a command.
///
/// Asking for a name the command does not declare is a mistake in the program and traps.
public struct Arguments: Sendable {
  /// The command that was called.
  public let command: CommandSpecification
  /// The command line that shows this command's help.
  public let seeAlso: String
  let options: [OptionSpecification]
  let values: [String: [String]]
  let positionals: [String: [String]]

  /// Whether the flag was given.
  public func flag(_ name: String) -> Bool {
    !given(name).isEmpty
  }

  /// The value of an option, or nil when it was not given.
  public func string(_ name: String) -> String? {
    given(name).last
  }

  /// The values of an option that repeats, in the order they were given.
  public func strings(_ name: String) -> [String] {
    given(name)
  }

  /// The value of an option this use of the command cannot do without.
  public func required(_ name: String) throws(UsageError) -> String {
    guard let value = string(name) else { throw failure(.missingOption(name: "--\(name)")) }
    return value
  }

  /// The value of an option as a whole number of the range, or nil when it was not given.
  public func integer(_ name: String, in range: ClosedRange<Int> = .min ... .max) throws(UsageError) -> Int? {
    try value(of: name, as: "a whole number", in: range, widest: .min ... .max) { Int($0) }
  }

  /// The value of an option as a finite number of the range, or nil when it was not given.
  public func number(
    _ name: String, in range: ClosedRange<Double> = -.infinity ... .infinity
  ) throws(UsageError) -> Double? {
    try value(of: name, as: "a number", in: range, widest: -.infinity ... .infinity) { text in
      Double(text).flatMap { $0.isFinite ? $0 : nil }
    }
  }

  /// The word given for an argument, or nil for an optional one that was left out.
  public func argument(_ name: String) -> String? {
    arguments(name).first
  }

  /// The words given for an argument that repeats.
  public func arguments(_ name: String) -> [String] {
    guard let words = positionals[name] else { preconditionFailure("'\(command.name)' declares no argument '\(name)'") }
    return words
  }

  /// The word given for an argument this use of the command cannot do without.
  public func requiredArgument(_ name: String) throws(UsageError) -> String {
    guard let word = argument(name) else { throw failure(.missingArgument(name: name)) }
    return word
  }

  /// Refuses two options or flags given together, named without dashes.
  public func refuse(_ first: String, with second: String) throws(UsageError) {
    if flag(first), flag(second) { throw failure(.conflict(first: "--\(first)", second: "--\(second)")) }
  }

  /// An error of this command that points at its help, for checks only the command can make.
  public func failure(_ problem: UsageError.Problem) -> UsageError {
    UsageError(problem, seeAlso: seeAlso)
  }

  /// Reads a value; the error names the ends of `range` that are narrower than those of `widest`.
  private func value<Value: Comparable>(
    of name: String, as kind: String, in range: ClosedRange<Value>, widest: ClosedRange<Value>, read: (String) -> Value?
  ) throws(UsageError) -> Value? {
    guard let text = string(name) else { return nil }
    if let value = read(text), range.contains(value) { return value }
    let limits =
      switch (range.lowerBound == widest.lowerBound, range.upperBound == widest.upperBound) {
      case (true, true): ""
      case (false, true): " of at least \(range.lowerBound)"
      case (true, false): " of at most \(range.upperBound)"
      case (false, false): " from \(range.lowerBound) to \(range.upperBound)"
      }
    throw failure(.invalidValue(option: "--\(name)", value: text, expected: kind + limits))
  }

  private func given(_ name: String) -> [String] {
    precondition(options.contains { $0.name == name }, "'\(command.name)' declares no option '\(name)'")
    return values[name] ?? []
  }
}
