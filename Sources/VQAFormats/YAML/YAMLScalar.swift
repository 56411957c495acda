// YAMLScalar.swift - what an unquoted YAML text means: the rules of YAML 1.1 as PyYAML's safe loader applies them.
//
// They are narrower than one thinks: a number with an exponent needs a point and a signed exponent (1e-4 is a text, 1.0e-4 a number), a
// leading 0 makes it octal, 1:30 is 90, and yes, no, on and off are truth values. Dates are left as texts: no setting takes one.

/// One value.
package enum YAMLScalar: Sendable, Equatable {
  /// Nothing: `~`, `null` or an empty text.
  case null
  /// True or false.
  case boolean(Bool)
  /// A whole number that fits.
  case integer(Int64)
  /// Any other number.
  case number(Double)
  /// A text.
  case text(String)

  /// Reads an unquoted text.
  package init(plain text: String) {
    if let value = Self.named[text] {
      self = value
    } else if let value = Self.whole(text) ?? Self.real(text) {
      self = value
    } else {
      self = .text(text)
    }
  }

  /// Reads a text under one of YAML's own tags, the part behind `tag:yaml.org,2002:`; nil when it does not fit it.
  package init?(_ text: String, tag: String) {
    let plain = YAMLScalar(plain: text)
    switch (tag, plain) {
    case ("str", _): self = .text(text)
    case ("null", .null), ("bool", .boolean), ("int", .integer), ("float", .number): self = plain
    case ("float", .integer(let number)): self = .number(Double(number))
    case ("float", _):
      guard let number = PythonLiteral.number(text) else { return nil }
      self = .number(number)
    default: return nil
    }
  }

  private static let named: [String: YAMLScalar] = {
    var table: [String: YAMLScalar] = [:]
    for word in ["", "~", "null", "Null", "NULL"] { table[word] = .null }
    for word in ["yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"] { table[word] = .boolean(true) }
    for word in ["no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"] { table[word] = .boolean(false) }
    for sign in ["", "+", "-"] {
      for word in [".inf", ".Inf", ".INF"] { table[sign + word] = .number(sign == "-" ? -.infinity : .infinity) }
    }
    for word in [".nan", ".NaN", ".NAN"] { table[word] = .number(.nan) }
    return table
  }()

  /// A whole number in base 2, 8, 10, 16 or 60.
  private static func whole(_ text: String) -> YAMLScalar? {
    let (isNegative, body) = unsigned(text)
    let digits = body.filter { $0 != "_" }
    let value: YAMLScalar?
    if body.hasPrefix("0b") {
      value = number(digits.dropFirst(2), radix: 2)
    } else if body.hasPrefix("0x") {
      value = number(digits.dropFirst(2), radix: 16)
    } else if body.first == "0", body.count > 1 {
      value = digits == "0" ? .integer(0) : number(Substring(digits), radix: 8)
    } else if body.first.map({ isDigit($0) }) != true {
      value = nil
    } else if body.contains(":") {
      value = sexagesimal(body).flatMap { Int64(exactly: $0).map(YAMLScalar.integer) ?? .number($0) }
    } else {
      value = number(Substring(digits), radix: 10)
    }
    guard isNegative, let value else { return value }
    switch value {
    case .integer(let number): return .integer(-number)
    case .number(let number): return .number(-number)
    default: return value
    }
  }

  /// Digits of one base; a number that does not fit becomes the nearest that a double holds.
  private static func number(_ digits: Substring, radix: Int) -> YAMLScalar? {
    var value: Int64? = 0
    var size = 0.0
    for digit in digits {
      guard digit.isASCII, let worth = digit.hexDigitValue, worth < radix else { return nil }
      size = size * Double(radix) + Double(worth)
      let (shifted, overflowed) = (value ?? 0).multipliedReportingOverflow(by: Int64(radix))
      let (sum, overflowedAgain) = shifted.addingReportingOverflow(Int64(worth))
      value = value == nil || overflowed || overflowedAgain ? nil : sum
    }
    guard !digits.isEmpty else { return nil }
    return value.map(YAMLScalar.integer) ?? .number(radix == 10 ? Double(digits) ?? size : size)
  }

  /// A number with a point; an exponent needs its sign.
  private static func real(_ text: String) -> YAMLScalar? {
    let (isNegative, body) = unsigned(text)
    guard let point = body.firstIndex(of: ".") else { return nil }
    let whole = body[..<point]
    var rest = body[body.index(after: point)...]
    var exponent: Substring = ""
    if let mark = rest.firstIndex(where: { $0 == "e" || $0 == "E" }) {
      exponent = rest[mark...].dropFirst()
      rest = rest[..<mark]
      guard exponent.first == "+" || exponent.first == "-", isDigits(exponent.dropFirst(), underscores: false) else {
        return nil
      }
    }
    guard rest.isEmpty || rest.allSatisfy({ isDigit($0) || $0 == "_" }) else { return nil }
    let fraction = rest.filter { $0 != "_" }
    if whole.contains(":") {
      guard exponent.isEmpty, let minutes = sexagesimal(whole) else { return nil }
      let value = minutes + (Double("0." + fraction + "0") ?? 0)
      return .number(isNegative ? -value : value)
    }
    if whole.isEmpty {
      // Without a digit before the point there is no sign, and a digit right behind it.
      guard body.count == text.count, rest.first.map({ isDigit($0) }) == true else { return nil }
    } else {
      guard whole.first.map({ isDigit($0) }) == true, isDigits(whole, underscores: true) else { return nil }
    }
    let power = exponent.isEmpty ? "" : "e" + exponent
    guard let value = Double("0" + whole.filter { $0 != "_" } + "." + fraction + "0" + power) else { return nil }
    return .number(isNegative ? -value : value)
  }

  /// Groups of base 60, such as 1:30:00; the first may have any number of digits, and does not begin with 0 in whole numbers.
  private static func sexagesimal(_ text: Substring) -> Double? {
    let groups = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let first = groups.first, first.first.map({ isDigit($0) }) == true, isDigits(first, underscores: true),
      let start = Double(String(first.filter { $0 != "_" }))
    else { return nil }
    var value = start
    for group in groups.dropFirst() {
      guard (1...2).contains(group.count), isDigits(group, underscores: false), let worth = Int(group), worth < 60
      else { return nil }
      value = value * 60 + Double(worth)
    }
    return value
  }

  private static func unsigned(_ text: String) -> (isNegative: Bool, body: Substring) {
    guard let sign = text.first, sign == "-" || sign == "+" else { return (false, text[...]) }
    return (sign == "-", text.dropFirst())
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) && character.isASCII }

  private static func isDigits(_ text: Substring, underscores: Bool) -> Bool {
    !text.isEmpty && text.allSatisfy { isDigit($0) || underscores && $0 == "_" }
  }
}
