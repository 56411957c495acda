// Parser.swift - the words of a command line held against the table of a program.

/// What a command line asks for.
public enum Invocation: Sendable {
  /// Help on one command, or on the whole program.
  case help(CommandSpecification?)
  /// The program's version (`--version` in place of a command).
  case version
  /// A command to run.
  case run(Arguments)
}

extension ProgramSpecification {
  /// Reads a command line.
  ///
  /// `--name value` and `--name=value` are the same; one-letter options may be joined (`-qt 5`); `--` ends the options;
  /// `-` alone and negative numbers are no options. Shared options may come before the command. Of an option given
  /// twice the last use holds, unless it repeats; one that is a list takes every word up to the next option. `--help` or
  /// `-h` anywhere asks for help, whatever else is wrong with the options.
  ///
  /// - Parameter words: The words after the program's name.
  /// - Returns: What to do; no words at all ask for help.
  /// - Throws: `UsageError` when the line does not fit the table.
  public func parse(_ words: [String]) throws(UsageError) -> Invocation {
    var parser = Parser(program: self)
    return try parser.parse(words)
  }
}

/// The state of one reading: the command once it is known, the options so far, the words left.
private struct Parser {
  let program: ProgramSpecification
  var command: CommandSpecification?
  var values: [String: [String]] = [:]
  var positionals: [String] = []
  var words: ArraySlice<String> = []

  mutating func parse(_ line: [String]) throws(UsageError) -> Invocation {
    let beforeDashes = line.prefix { $0 != "--" }
    if beforeDashes.contains(where: { $0 == "--help" || $0 == "-h" }) {
      let topics = beforeDashes.compactMap { word in program.commands.first { $0.name == word } }
      if topics.isEmpty, let word = line.first, !word.hasPrefix("-") { _ = try program.command(named: word) }
      return .help(topics.first)
    }
    if line.first == "--version" { return .version }
    words = ArraySlice(line)
    while let word = words.popFirst() {
      if word == "--" {
        for rest in words { try takeArgument(rest) }
        words = []
      } else if word.hasPrefix("--") {
        try takeLongOption(word)
      } else if word.hasPrefix("-"), word != "-", !isNegativeNumber(word) {
        try takeShortOptions(word)
      } else {
        try takeArgument(word)
      }
    }
    guard let command else { return .help(nil) }
    let assigned = try assign(positionals, to: command)
    if command.name == "help" {
      guard let topic = assigned["COMMAND"]?.first else { return .help(nil) }
      return .help(try program.command(named: topic))
    }
    let options = program.options(of: command)
    return .run(
      Arguments(command: command, seeAlso: seeAlso, options: options, values: values, positionals: assigned))
  }

  /// The help to read after an error: that of the command, once it is known.
  private var seeAlso: String {
    [program.name, "help", command?.name].compactMap { $0 }.joined(separator: " ")
  }

  private var options: [OptionSpecification] {
    command.map { program.options(of: $0) } ?? program.sharedOptions
  }

  private func failure(_ problem: UsageError.Problem) -> UsageError {
    UsageError(problem, seeAlso: seeAlso)
  }

  private mutating func takeArgument(_ word: String) throws(UsageError) {
    if command == nil {
      command = try program.command(named: word)
    } else {
      positionals.append(word)
    }
  }

  /// Takes `--name`, `--name=value` or `--name value`.
  private mutating func takeLongOption(_ word: String) throws(UsageError) {
    // Cut between bytes: a value that begins with an accent makes one letter with the sign before it.
    let parts = word.utf8.dropFirst(2).split(
      separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(Substring(parts[0]))
    guard let option = options.first(where: { $0.name == name }) else {
      throw failure(.unknownOption(name: "--\(name)", suggestion: longOption(near: name)))
    }
    let joined = parts.count == 2 ? String(Substring(parts[1])) : nil
    try take(option, written: "--\(name)", joined: joined)
  }

  /// The long option that a mistyped name stands for, those that are no entry of the table among them.
  private func longOption(near name: String) -> String? {
    let known = options.map(\.name) + ["help"] + (command == nil ? ["version"] : [])
    return suggestion(for: name, among: known).map { "--\($0)" }
  }

  /// Takes `-q`, `-qt 5`, `-t5` or `-t=5`.
  private mutating func takeShortOptions(_ word: String) throws(UsageError) {
    var letters = word.unicodeScalars.dropFirst()
    while let letter = letters.popFirst() {
      guard let option = options.first(where: { $0.short == Character(letter) }) else {
        // `-json` with a dash too few; a single letter is near to nothing.
        let name = word.dropFirst().prefix { $0 != "=" }
        let near = name.count > 2 ? longOption(near: String(name)) : nil
        throw failure(.unknownOption(name: near == nil ? "-\(letter)" : "-\(name)", suggestion: near))
      }
      var joined: String?
      if letters.first == "=" || (option.value != nil && !letters.isEmpty) {
        joined = String(letters.first == "=" ? letters.dropFirst() : letters)
        letters = letters[letters.endIndex...]
      }
      try take(option, written: "-\(letter)", joined: joined)
    }
  }

  /// Stores one use of an option, with the value joined to it or the next word.
  private mutating func take(_ option: OptionSpecification, written: String, joined: String?) throws(UsageError) {
    guard let valueName = option.value else {
      if let joined { throw failure(.unexpectedValue(option: written, value: joined)) }
      values[option.name] = [""]
      return
    }
    var given = joined.map { [$0] } ?? []
    while given.isEmpty || option.isList && joined == nil, let next = words.first, isValue(next) {
      given.append(next)
      words = words.dropFirst()
    }
    if given.isEmpty { throw failure(.missingValue(option: written, value: valueName)) }
    for value in given where !option.allowed.isEmpty && !option.allowed.contains(value) {
      throw failure(.invalidValue(option: written, value: value, expected: choice(of: option.allowed)))
    }
    values[option.name] = (option.repeats ? values[option.name] ?? [] : []) + given
  }

  /// Whether a word can be the value of the option before it.
  private func isValue(_ word: String) -> Bool { !word.hasPrefix("-") || word == "-" || isNegativeNumber(word) }

  /// Gives each argument of the command its words, from left to right; one that repeats takes what is left.
  private func assign(_ words: [String], to command: CommandSpecification) throws(UsageError) -> [String: [String]] {
    var left = ArraySlice(words)
    var assigned: [String: [String]] = [:]
    for argument in command.arguments {
      let taken = left.prefix(argument.repeats ? left.count : 1)
      if taken.isEmpty, argument.isNeeded { throw failure(.missingArgument(name: argument.name)) }
      for word in taken where !argument.allowed.isEmpty && !argument.allowed.contains(word) {
        throw failure(.invalidValue(option: argument.name, value: word, expected: choice(of: argument.allowed)))
      }
      assigned[argument.name] = Array(taken)
      left = left.dropFirst(taken.count)
    }
    if let extra = left.first { throw failure(.unexpectedArgument(value: extra)) }
    return assigned
  }
}

/// Whether a word that starts with a dash is a number, such as `-1` or `-.5`, and not an option.
private func isNegativeNumber(_ word: String) -> Bool {
  guard let first = word.dropFirst().first, first.isASCII, first.isNumber || first == "." else { return false }
  return word.hasPrefix("-") && Double(word) != nil
}

/// `a`, `a or b`, `a, b or c`.
func choice(of words: [String]) -> String {
  guard words.count > 1, let last = words.last else { return words.joined() }
  return words.dropLast().joined(separator: ", ") + " or " + last
}
