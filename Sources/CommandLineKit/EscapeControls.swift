// EscapeControls.swift - text from outside made safe to show on a terminal.

/// The text with every control character written as `\u{1B}`.
///
/// Covers what a terminal obeys (C0, DEL and C1 controls, line and paragraph separators) and what reorders the letters
/// around it (bidirectional marks, embeddings, overrides and isolates), so that a file name or an answer can neither
/// move the cursor nor pose as something else.
///
/// - Parameter text: Text from outside: a file name, a question, an answer.
/// - Returns: The same text, without a control character.
public func escapeControls(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: isControl) else { return text }
  var escaped = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if isControl(scalar) {
      escaped.append(contentsOf: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars)
    } else {
      escaped.append(scalar)
    }
  }
  return String(escaped)
}

private func isControl(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
  default: false
  }
}
