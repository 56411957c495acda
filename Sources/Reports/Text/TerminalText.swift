// TerminalText.swift - text measured, padded and wrapped by the columns it takes on a terminal.
//
// Chinese, Japanese and Korean letters and most emoji take two columns, combining marks none (Unicode Standard Annex 11).

import SafeFiles

/// Columns of the terminal that reports are made for.
let reportColumns = 80

/// Most scalars of a question or answer that are shown.
private let longestText = 1_000

/// Text from outside in one line without control characters; `(empty)` where nothing would be seen.
func shownText(_ text: String) -> String {
  text.allSatisfy(\.isWhitespace) ? "(empty)" : visibleText(text, limit: longestText)
}

/// The columns a text takes.
func columns(of text: String) -> Int {
  text.reduce(0) { $0 + columns(of: $1) }
}

/// The columns a character takes.
func columns(of character: Character) -> Int {
  guard let first = character.unicodeScalars.first else { return 0 }
  if first.properties.isEmojiPresentation || character.unicodeScalars.contains("\u{FE0F}") { return 2 }
  switch first.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format, .control: return 0
  default: break
  }
  switch first.value {
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1B000...0x1B16F, 0x1F200...0x1F2FF, 0x20000...0x3FFFD:
    return 2
  default: return 1
  }
}

/// The text with spaces after it up to a width.
func padded(_ text: String, to width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - columns(of: text)))
}

/// The text with spaces before it up to a width.
func rightAligned(_ text: String, to width: Int) -> String {
  String(repeating: " ", count: max(0, width - columns(of: text))) + text
}

/// The text cut to a width, its last column an ellipsis where something is missing.
func cut(_ text: String, to width: Int) -> String {
  guard columns(of: text) > width else { return text }
  var shown = ""
  var used = 1
  for character in text {
    used += columns(of: character)
    guard used <= width else { break }
    shown.append(character)
  }
  return shown + "…"
}

/// The text in lines of at most so many columns, broken between words, and inside those longer than a line; never before a
/// per cent sign.
func wrapped(_ text: String, to width: Int) -> [String] {
  let width = max(2, width)
  var lines: [String] = []
  var line = "", used = 0
  for word in wordsOfLines(text) {
    let length = columns(of: word)
    if used > 0, used + 1 + length <= width {
      line += " " + word
      used += 1 + length
      continue
    }
    if used > 0 { lines.append(line) }
    (line, used) = ("", 0)
    for character in word {
      let step = columns(of: character)
      if used + step > width {
        lines.append(line)
        (line, used) = ("", 0)
      }
      line.append(character)
      used += step
    }
  }
  if used > 0 || lines.isEmpty { lines.append(line) }
  return lines
}

/// The words of a text, a per cent sign together with its number.
private func wordsOfLines(_ text: String) -> [String] {
  text.split(separator: " ").reduce(into: []) { words, word in
    if word.hasPrefix("%"), let number = words.popLast() {
      words.append("\(number) \(word)")
    } else {
      words.append(String(word))
    }
  }
}

/// A label and a text wrapped beside it, with a line feed after each line.
func labelled(_ label: String, _ text: String, indent: Int) -> String {
  let lines = wrapped(text, to: reportColumns - indent)
  let starts = [padded(label, to: indent)] + Array(repeating: padded("", to: indent), count: lines.count - 1)
  return zip(starts, lines).map { $0 + $1 + "\n" }.joined()
}

/// A bar of `#`, at most so many; a share above 0 shows at least one.
func bar(_ share: Float, width: Int) -> String {
  guard share > 0 else { return "" }
  let marks = Int((min(1, share) * Float(width)).rounded())
  return String(repeating: "#", count: max(1, marks))
}
