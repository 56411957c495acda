// VisibleText.swift - text from outside, made harmless for a terminal and a log line.

/// Shows text from outside with its control and direction characters as `\u{1B}`, cut to a length.
///
/// File names, keys and tensor names come from files that anyone may have made: printed raw they could move the cursor,
/// recolour the terminal or reverse the line.
/// - Parameters:
///   - text: Any text.
///   - limit: Unicode scalars shown at most; the rest becomes "…".
/// - Returns: Text without a control character.
public func visibleText(_ text: String, limit: Int = 300) -> String {
  var shown = String.UnicodeScalarView()
  var count = 0
  for scalar in text.unicodeScalars {
    guard count < limit else {
      shown.append("…")
      break
    }
    count += 1
    if isControl(scalar) {
      shown.append(contentsOf: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars)
    } else {
      shown.append(scalar)
    }
  }
  return String(shown)
}

/// Whether a scalar steers the terminal or the direction of the text instead of being seen.
func isControl(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0: true  // C0, DEL, C1
  case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true  // direction marks, line separators
  default: false
  }
}
