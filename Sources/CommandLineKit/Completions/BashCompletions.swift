// BashCompletions.swift - the completions of a program for bash.
//
// The script follows the words up to the cursor as Parser does: it finds the command, the number of arguments so far,
// and the option that waits for a value. Bash takes `--option=value` apart into three words.

extension ProgramSpecification {
  func bashCompletions() -> String {
    let everywhere = ["--help"] + sharedOptions.map { "--\($0.name)" }
    let optionRows = commands.flatMap { command in command.options.compactMap { bashRow($0, of: command.name) } }
    let argumentRows = commands.flatMap { command in
      command.arguments.enumerated().map { place, argument in
        "    \(command.name):\(argument.repeats ? "*" : String(place))) \(bashKind(argument.completion)) ;;"
      }
    }
    let listRows = commands.map { command in
      "      \(command.name)) words='\((command.options.map { "--\($0.name)" } + everywhere).joined(separator: " "))' ;;"
    }
    return """
      # Completions of \(name) for bash, made by '\(name) completions bash'.
      # In this shell:  source <(\(name) completions bash)
      # In every shell: put that line into ~/.bashrc

      # What follows the option $2 of the command $1: kind is empty for a flag, list is set where several words follow.
      _\(name)_option() {
        kind= list= words=
        case $1:$2 in
      \((optionRows + sharedOptions.compactMap { bashRow($0, of: "*") }).joined(separator: "\n"))
        esac
      }

      # What the argument number $2, from 0, of the command $1 is.
      _\(name)_argument() {
        kind= words=
        case $1:$2 in
      \(argumentRows.joined(separator: "\n"))
        esac
      }

      # Adds what compgen finds for the word at the cursor.
      _\(name)_add() {
        local found
        while IFS= read -r found; do COMPREPLY+=("$found"); done < <(compgen "$@" -- "$current")
      }

      _\(name)() {
        local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]}
        local command= ended= kind= list= words= place=0 index word
        for ((index = 1; index < COMP_CWORD; index++)); do
          word=${COMP_WORDS[index]}
          if [[ $word == = ]]; then
            continue
          elif [[ -z $ended && $word == -- ]]; then
            ended=yes kind=
          elif [[ -z $ended && $word == -?* ]]; then
            _\(name)_option "$command" "$word"
          elif [[ -n $kind ]]; then
            [[ -n $list ]] || kind=
          elif [[ -z $command ]]; then
            command=$word
          else
            place=$((place + 1))
          fi
        done
        [[ $current == = ]] && current=
        if [[ -z $ended && $current == -* && ( -z $kind || -n $list ) ]]; then
          kind=words
          case $command in
            '') words='\((everywhere + ["--version"]).joined(separator: " "))' ;;
      \(listRows.joined(separator: "\n"))
          esac
        elif [[ -z $kind && -z $command ]]; then
          kind=words words='\(commands.map(\.name).joined(separator: " "))'
        elif [[ -z $kind ]]; then
          _\(name)_argument "$command" "$place"
        fi
        COMPREPLY=()
        case $kind in
          words) _\(name)_add -W "$words" ;;
          folders) _\(name)_add -d ;;
          files) _\(name)_add -f ;;
          names)
            # words is the command line that writes the names, without the program.
            _\(name)_add -W "$("${program/#\\~\\//$HOME/}" $words 2>/dev/null)"
            _\(name)_add -f
            ;;
        esac
        # A folder is to be gone on from, and spaces in names need a backslash.
        [[ $kind == words ]] || compopt -o filenames 2>/dev/null
      }

      complete -F _\(name) \(name)

      """
  }

  /// The line that says what follows an option; nil for a flag.
  private func bashRow(_ option: OptionSpecification, of command: String) -> String? {
    guard option.value != nil else { return nil }
    let short = option.short.map { " | \(command):-\($0)" } ?? ""
    let list = option.isList ? " list=yes" : ""
    return "    \(command):--\(option.name)\(short)) \(bashKind(option.completion))\(list) ;;"
  }

  private func bashKind(_ completion: Completion) -> String {
    switch completion {
    case .nothing: "kind=nothing"
    case .words(let words): "kind=words words='\(words.joined(separator: " "))'"
    case .files: "kind=files"
    case .folders: "kind=folders"
    case .filesOrNames(let command): "kind=names words='\(command.joined(separator: " "))'"
    }
  }
}
