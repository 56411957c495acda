// Completion.swift - what a shell can offer for a word of a command line, and the scripts that make it do so.
//
// The scripts come from the same table as parsing and help. What they share is here; each shell has a file of its own.

/// What can stand in place of a value or an argument.
public enum Completion: Sendable, Equatable {
  /// Nothing that could be listed: a number, a question.
  case nothing
  /// One of these words.
  case words([String])
  /// A file.
  case files
  /// A folder.
  case folders
  /// A file, or one of the names that the program writes, one a line, when it is called with these words.
  case filesOrNames(command: [String])

  /// The words of a closed set, or what the name of a value promises: `FILE` and `PATH` are files, `DIR` a folder.
  init(valueName: String, allowed: [String]) {
    self =
      switch valueName {
      case _ where !allowed.isEmpty: .words(allowed)
      case "FILE", "PATH": .files
      case "DIR": .folders
      default: .nothing
      }
  }
}

/// A shell that completions can be made for.
public enum Shell: String, Sendable, CaseIterable {
  /// Bash, 4 or later.
  case bash
  /// The Z shell.
  case zsh
  /// Fish, 3 or later.
  case fish
}

extension ProgramSpecification {
  /// A script that makes a shell complete commands, options, values of closed sets, files and names.
  ///
  /// - Parameter shell: The shell that is to read it.
  /// - Returns: The script; its first lines say how it is put to use.
  public func completions(for shell: Shell) -> String {
    switch shell {
    case .bash: bashCompletions()
    case .zsh: zshCompletions()
    case .fish: fishCompletions()
    }
  }
}

/// The part of a help text that has room in a list: up to the first semicolon.
func shortHelp(_ text: String) -> String { String(text.prefix { $0 != ";" }) }
