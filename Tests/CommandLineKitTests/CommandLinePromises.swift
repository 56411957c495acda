// CommandLinePromises.swift - what holds for any words typed; the tests and the fuzz target FuzzCommandLine ask it.

import CommandLineKit

/// The words of a command line, parted by NUL as the system hands them over.
func commandLine(_ bytes: [UInt8]) -> [String] {
  bytes.isEmpty
    ? [] : bytes.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
}

/// Reads words by the table of the toy kitchen, which has one of everything.
/// - Parameter words: Any words.
/// - Returns: The promise that is broken, or nil.
func brokenPromise(ofCommandLine words: [String]) -> String? {
  do throws(UsageError) {
    switch try toy.parse(words) {
    case .version: return nil
    case .help(let command):
      let text = command.map { toy.help(on: $0) } ?? toy.overview()
      return text.contains("toy") ? nil : "help explains"
    case .run(let arguments): return brokenPromise(of: arguments)
    }
  } catch {
    return brokenPromise(of: error)
  }
}

/// A refusal is one line without anything a terminal obeys, and suggests what there is.
private func brokenPromise(of error: UsageError) -> String? {
  let text = error.description
  if text.isEmpty || escapeControls(text) != text { return "a refusal is one safe line" }
  if !error.seeAlso.hasPrefix("toy help") { return "a refusal points at help" }
  let known =
    toy.commands.map(\.name) + (toy.commands.flatMap(\.options) + toy.sharedOptions).map { "--\($0.name)" }
    + ["--help", "--version"]
  switch error.problem {
  case .unknownCommand(_, let suggestion?), .unknownOption(_, let suggestion?):
    return known.contains(suggestion) ? nil : "what is suggested is there"
  default: return nil
  }
}

/// Values are as declared, and the same line in its longest spelling gives the same.
private func brokenPromise(of arguments: Arguments) -> String? {
  let command = arguments.command
  let options = toy.options(of: command)
  var line = [command.name]
  for option in options {
    let values = arguments.strings(option.name)
    if arguments.flag(option.name) != !values.isEmpty { return "what was given is there" }
    if !option.repeats, values.count > 1 { return "one value unless an option repeats" }
    if !option.allowed.isEmpty, !values.allSatisfy(option.allowed.contains) { return "only allowed values" }
    if let number = try? arguments.integer(option.name, in: -5...5), !(-5...5).contains(number) {
      return "a range holds"
    }
    if let number = try? arguments.number(option.name), !number.isFinite { return "numbers are finite" }
    line += values.map { option.value == nil ? "--\(option.name)" : "--\(option.name)=\($0)" }
  }
  line.append("--")
  for argument in command.arguments {
    let given = arguments.arguments(argument.name)
    if !argument.allowed.isEmpty, !given.allSatisfy(argument.allowed.contains) { return "only allowed words" }
    switch argument.count {
    case .required where given.count != 1: return "a required argument is there once"
    case .optional where given.count > 1: return "an optional argument is there at most once"
    case .oneOrMore where given.isEmpty: return "an argument that must be there is there"
    default: line += given
    }
  }
  guard case .run(let again)? = try? toy.parse(line) else { return "the longest spelling is taken: \(line)" }
  let isSame =
    options.allSatisfy { again.strings($0.name) == arguments.strings($0.name) }
    && command.arguments.allSatisfy { again.arguments($0.name) == arguments.arguments($0.name) }
  return isSame ? nil : "the longest spelling gives the same: \(line)"
}

/// Makes a program whose names and texts are the words, and explains it.
/// - Parameter words: Any words.
/// - Returns: The promise that is broken, or nil.
func brokenPromise(ofTexts words: [String]) -> String? {
  func word(_ index: Int) -> String { words.isEmpty ? "" : words[index % words.count] }
  let options = words.indices.prefix(4).map { index in
    OptionSpecification(
      word(index), short: word(index + 1).first, value: index % 2 == 0 ? word(index + 2) : nil, help: word(index + 3),
      defaultText: word(index + 4), allowed: index % 3 == 0 ? [word(index), word(index + 1)] : [],
      isList: index % 4 == 0)
  }
  let argument = ArgumentSpecification(word(0), help: word(1), count: .anyNumber, completion: .words(words))
  let command = CommandSpecification(
    word(2), summary: word(3), discussion: words.joined(separator: "\n\n"), arguments: [argument], options: options,
    examples: [(word(4), word(5))])
  let program = ProgramSpecification(word(6), summary: word(7), commands: [command], sharedOptions: options)
  let texts =
    [program.overview(), program.help(on: command)] + Shell.allCases.map { program.completions(for: $0) }
  return texts.allSatisfy { $0.utf8.last == 0x0A } ? nil : "every text ends its last line"
}
