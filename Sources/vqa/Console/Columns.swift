// Columns.swift - names and values in two columns, and numbers that people can read.

import CommandLineKit

/// Text in columns.
enum Columns {
  /// One line for each row, the values below one another; control characters are escaped.
  static func text(_ rows: [(name: String, value: String)]) -> String {
    let width = max(14, (rows.map(\.name.count).max() ?? 0) + 2)
    return rows.map { name, value in
      let start = escapeControls(name)
      return start + String(repeating: " ", count: max(1, width - start.count)) + escapeControls(value) + "\n"
    }.joined()
  }

  /// A number with a comma before every three digits: 1,234,567.
  static func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    var text = number < 0 ? "-" : ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// A share as per cent with two decimals: 99.97 %.
  static func percent(_ share: Double) -> String {
    let hundredths = Int((share * 10_000).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) %"
  }
}
