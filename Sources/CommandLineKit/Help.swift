// Help.swift - the table of a program as text of 80 columns.

/// The width help is wrapped to.
private let columns = 80

extension ProgramSpecification {
  /// The overview: every command with its summary, and the options all of them take.
  public func overview() -> String {
    var sections = ["\(name) - \(summary)", "Usage: \(name) COMMAND [ARGUMENTS] [OPTIONS]"]
    sections.append(section("Commands", rows: commands.map { ($0.name, $0.summary) }))
    sections.append(section("Everywhere", rows: sharedOptions.map(row)))
    let hint = "Run '\(name) help COMMAND' for options and examples, '\(name) --version' for the version."
    sections.append(wrap(hint, indent: 0))
    return sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  /// All about one command: how it is called, its arguments and options with their defaults, and examples.
  public func help(on command: CommandSpecification) -> String {
    var sections = [wrap(command.summary + ".", indent: 0), usage(of: command)]
    for paragraph in command.discussion.split(separator: "\n\n") {
      sections.append(wrap(String(paragraph), indent: 0))
    }
    sections.append(section("Arguments", rows: command.arguments.map(row)))
    sections.append(section("Options", rows: command.options.map(row)))
    sections.append(section("Everywhere", rows: sharedOptions.map(row)))
    let examples = command.examples.map { "  \($0.line)\n" + wrap($0.explanation, indent: 6) }
    if !examples.isEmpty { sections.append((["Examples:"] + examples).joined(separator: "\n")) }
    return sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  /// How the command is called, on one line: `Usage: vqa ask PICTURE QUESTION... [OPTIONS]`.
  func usage(of command: CommandSpecification) -> String {
    let arguments = command.arguments.map { argument in
      let name = argument.repeats ? "\(argument.name)..." : argument.name
      return argument.isNeeded ? name : "[\(name)]"
    }
    let options = command.options.isEmpty && sharedOptions.isEmpty ? [] : ["[OPTIONS]"]
    return wrap("Usage: " + ([name, command.name] + arguments + options).joined(separator: " "), indent: 0, hanging: 7)
  }

  /// Name and text of an argument, with the words it may be.
  private func row(_ argument: ArgumentSpecification) -> (label: String, text: String) {
    let note = argument.allowed.isEmpty ? "" : " (\(choice(of: argument.allowed)))"
    return (argument.name, argument.help + note)
  }

  /// Label and text of an option: `-t, --top N`, and its help with the values it takes and its default.
  private func row(_ option: OptionSpecification) -> (label: String, text: String) {
    let short = option.short.map { "-\($0), " } ?? "    "
    let value = option.value.map { " \($0)" + (option.isList ? "..." : "") } ?? ""
    var notes: [String] = []
    if !option.allowed.isEmpty { notes.append(choice(of: option.allowed)) }
    if option.repeats, !option.isList { notes.append("may be repeated") }
    if let text = option.defaultText { notes.append("default: \(text)") }
    let note = notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"
    return ("\(short)--\(option.name)\(value)", option.help + note)
  }
}

/// A heading with rows of two columns; nothing when there are no rows.
private func section(_ heading: String, rows: [(label: String, text: String)]) -> String {
  guard !rows.isEmpty else { return "" }
  let gap = (rows.map(\.label.count).filter { $0 <= 26 }.max() ?? 0) + 4
  let lines = rows.map { label, text in
    let wrapped = wrap(text, indent: gap)
    let start = "  \(label)"
    if start.count + 2 > gap { return "\(start)\n\(wrapped)" }
    return start + wrapped.dropFirst(start.count)
  }
  return (["\(heading):"] + lines).joined(separator: "\n")
}

/// Fills lines with the words of a text.
///
/// - Parameters:
///   - text: Words parted by white space.
///   - indent: Spaces before each line.
///   - hanging: Spaces more before each line but the first.
/// - Returns: Lines of at most 80 columns, where no single word is longer.
private func wrap(_ text: String, indent: Int, hanging: Int = 0) -> String {
  var lines: [String] = []
  var line = String(repeating: " ", count: indent)
  var isEmpty = true
  for word in text.split(whereSeparator: \.isWhitespace) {
    if !isEmpty, line.count + 1 + word.count > columns {
      lines.append(line)
      line = String(repeating: " ", count: indent + hanging)
      isEmpty = true
    }
    line += (isEmpty ? "" : " ") + word
    isEmpty = false
  }
  return (lines + [line]).joined(separator: "\n")
}
