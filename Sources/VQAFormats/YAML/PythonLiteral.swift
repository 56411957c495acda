// PythonLiteral.swift - the few Python literals that the original's settings hold as texts and evaluates: '(0.9, 0.98)', '1e-9', 'True'.
//
// Nothing is evaluated here: a text is one of these literals or it is refused.

/// Python literals.
package enum PythonLiteral {
  /// A decimal number, with or without point and exponent.
  package static func number(_ text: some StringProtocol) -> Double? {
    let text = trimmed(text)
    guard text.contains(where: \.isWholeNumber),
      text.allSatisfy({ ("0"..."9").contains($0) || ".eE+-".contains($0) }), let value = Double(text), value.isFinite
    else { return nil }
    return value
  }

  /// Numbers in round or square brackets, with commas between them; one alone needs no brackets.
  package static func numbers(_ text: some StringProtocol) -> [Double]? {
    var text = Substring(trimmed(text))
    guard (text.hasPrefix("(") && text.hasSuffix(")")) || (text.hasPrefix("[") && text.hasSuffix("]")) else {
      return number(text).map { [$0] }
    }
    text = text.dropFirst().dropLast()
    var parts = text.split(separator: ",", omittingEmptySubsequences: false)
    // Python allows a comma behind the last one.
    if parts.count > 1, let last = parts.last, trimmed(last).isEmpty { parts.removeLast() }
    var values: [Double] = []
    for part in parts {
      guard let value = number(part) else { return nil }
      values.append(value)
    }
    return values
  }

  /// True or False.
  package static func boolean(_ text: some StringProtocol) -> Bool? {
    switch trimmed(text) {
    case "True": true
    case "False": false
    default: nil
    }
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
