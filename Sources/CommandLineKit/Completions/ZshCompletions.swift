// ZshCompletions.swift - the completions of a program for the Z shell, as specifications of its function _arguments.

extension ProgramSpecification {
  func zshCompletions() -> String {
    let described = commands.map { "    '\($0.name):\(quoted(shortHelp($0.summary)))'" }
    let cases = commands.map { command in
      let specifications = (options(of: command).map(zshOption) + [zshHelp] + command.arguments.map(zshArgument))
      return "        \(command.name))\n" + zshCall(specifications, indent: 10) + " && status_of=0\n          ;;"
    }
    let everywhere = sharedOptions.map(zshOption) + [zshHelp, "'(- *)--version[Tells the version]'"]
    let top = everywhere + ["'(-): :->command'", "'(-)*:: :->arguments'"]
    return """
      #compdef \(name)
      # Completions of \(name) for zsh, made by '\(name) completions zsh'.
      # In this shell:  source <(\(name) completions zsh)
      # In every shell: write them into a folder of $fpath as _\(name), before compinit runs.

      # Files, and the names that the program writes when it is called with these words.
      _\(name)_names() {
        local -a names
        names=(${(f)"$(${~program} "$@" 2>/dev/null)"})
        compadd -a names
        _files
      }

      _\(name)() {
        local program=$words[1] curcontext=$curcontext state status_of=1
        local -a commands line
        local -A opt_args
        commands=(
      \(described.joined(separator: "\n"))
        )
      \(zshCall(top, indent: 2, flags: "-C -s -S")) && status_of=0
        case $state in
          command) _describe -t commands command commands && status_of=0 ;;
          arguments)
            curcontext=${curcontext%:*:*}:\(name)-$words[1]:
            case $words[1] in
      \(cases.joined(separator: "\n"))
            esac
            ;;
        esac
        return status_of
      }

      if [[ $funcstack[1] == _\(name) ]]; then _\(name) "$@"; else compdef _\(name) \(name); fi

      """
  }

  private var zshHelp: String { "'(- *)'{-h,--help}'[Explains the command]'" }

  private func zshCall(_ specifications: [String], indent: Int, flags: String = "-s -S") -> String {
    let space = String(repeating: " ", count: indent)
    return ([space + "_arguments \(flags) :"] + specifications.map { "\(space)  \($0)" }).joined(separator: " \\\n")
  }

  /// One option, such as `'(-t --top)'{-t+,--top=}'[Answers to show]:N: '`.
  private func zshOption(_ option: OptionSpecification) -> String {
    let hasValue = option.value != nil
    let long = "--\(option.name)" + (hasValue ? "=" : "")
    let value = option.value.map { ":\(option.isList ? "*-*:" : "")\(bracketed($0)):\(zshAction(option.completion))" }
    let text = "[\(bracketed(shortHelp(option.help)))]\(value ?? "")"
    guard let short = option.short else { return "'\(option.repeats ? "*" : "")\(long)\(text)'" }
    let start = option.repeats ? "'*'" : "'(-\(short) --\(option.name))'"
    return "\(start){-\(short)\(hasValue ? "+" : ""),\(long)}'\(text)'"
  }

  private func zshArgument(_ argument: ArgumentSpecification) -> String {
    let start = argument.repeats ? "*:" : argument.isNeeded ? ":" : "::"
    return "'\(start)\(bracketed(argument.name)):\(zshAction(argument.completion))'"
  }

  private func zshAction(_ completion: Completion) -> String {
    switch completion {
    case .nothing: " "
    case .words(let words): "(\(words.joined(separator: " ")))"
    case .files: "_files"
    case .folders: "_files -/"
    case .filesOrNames(let command): "{_\(name)_names \(command.joined(separator: " "))}"
    }
  }
}

/// A text for a list of words with explanations, inside single quotes.
private func quoted(_ text: String) -> String {
  text.map { $0 == "'" ? "'\\''" : String($0) }.joined()
}

/// A text for a part of a specification of _arguments, inside single quotes.
private func bracketed(_ text: String) -> String {
  text.map { $0 == "'" ? "'\\''" : "[]:\\".contains($0) ? "\\\($0)" : String($0) }.joined()
}
