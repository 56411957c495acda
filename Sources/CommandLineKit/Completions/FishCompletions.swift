// FishCompletions.swift - the completions of a program for fish: one line for each command, option and argument.

extension ProgramSpecification {
  func fishCompletions() -> String {
    let start = "complete -c \(name)"
    // Shared options may come before the command, so that their values are not taken for it.
    let valued = sharedOptions.filter { $0.value != nil }.flatMap { option in
      ["--\(option.name)"] + (option.short.map { ["-\($0)"] } ?? [])
    }
    let skipping = "            case \(valued.joined(separator: " "))\n                set -e words[1]\n"
    var lines = ["\(start) -f"]
    lines += commands.map { "\(start) -n \"\(at(""))\" -a \($0.name) -d '\(quoted(shortHelp($0.summary)))'" }
    lines.append("\(start) -n \"\(at(""))\" -l version -d 'Tells the version'")
    lines.append("\(start) -s h -l help -d 'Explains the command'")
    lines += sharedOptions.map { "\(start) \(fishOption($0))" }
    for command in commands {
      let here = "\(start) -n '\(at(command.name))'"
      lines.append("")
      lines += command.options.map { "\(here) \(fishOption($0))" }
      lines += command.arguments.compactMap { fishValue($0.completion) }.map { "\(here) \($0)" }
    }
    return """
      # Completions of \(name) for fish, made by '\(name) completions fish'.
      # In this shell:  \(name) completions fish | source
      # In every shell: write them to ~/.config/fish/completions/\(name).fish

      # Whether the command before the cursor is this one; '' asks whether there is none yet.
      function __\(name)_at --argument-names wanted
          set -l words (commandline -opc)
          set -e words[1]
          while set -q words[1]
              switch $words[1]
      \(valued.isEmpty ? "" : skipping)            case '-*'
                  case '*'
                      test "$words[1]" = "$wanted"
                      return
              end
              set -e words[1]
          end
          test -z "$wanted"
      end

      # The names that the program writes when it is called with these words.
      function __\(name)_names
          set -l words (commandline -po)
          $words[1] $argv 2>/dev/null
      end

      \(lines.joined(separator: "\n"))

      """
  }

  private func at(_ command: String) -> String { "__\(name)_at \(command.isEmpty ? "''" : command)" }

  private func fishOption(_ option: OptionSpecification) -> String {
    let short = option.short.map { " -s \($0)" } ?? ""
    let value = option.value == nil ? "" : " -r " + (fishValue(option.completion) ?? "-f")
    return "-l \(option.name)\(short)\(value) -d '\(quoted(shortHelp(option.help)))'"
  }

  /// What is offered; nil for nothing.
  private func fishValue(_ completion: Completion) -> String? {
    switch completion {
    case .nothing: nil
    case .words(let words): "-f -a '\(words.joined(separator: " "))'"
    case .files: "-F"
    case .folders: "-f -a '(__fish_complete_directories)'"
    case .filesOrNames(let command): "-F -a '(__\(name)_names \(command.joined(separator: " ")))'"
    }
  }
}

/// A text inside single quotes.
private func quoted(_ text: String) -> String {
  text.map { "'\\".contains($0) ? "\\\($0)" : String($0) }.joined()
}
