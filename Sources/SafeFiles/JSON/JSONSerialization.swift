// JSONSerialization.swift - a JSON value as text (RFC 8259).

extension JSONValue {
  /// Writes the value as JSON.
  ///
  /// Numbers come back bit for bit when the text is read again. JSON has no NaN and no infinity: both are written as
  /// `null`, so that a report with one bad figure stays readable. Control characters, DEL, C1 and the two line separators
  /// are escaped; all other characters stand as they are.
  /// - Parameter pretty: Whether to begin a line for each member and element, two spaces deeper a level, and to end the
  ///   text with a line feed; otherwise all is one line.
  /// - Returns: The text.
  public func serialized(pretty: Bool = false) -> String {
    var writer = JSONTextWriter(pretty: pretty)
    writer.write(self, level: 0)
    if pretty { writer.text += "\n" }
    return writer.text
  }

  /// Writes a text as a JSON string with its quotes.
  public static func quoted(_ text: String) -> String {
    var writer = JSONTextWriter(pretty: false)
    writer.writeString(text)
    return writer.text
  }
}

/// Collects the text of a value.
private struct JSONTextWriter {
  let pretty: Bool
  var text = ""

  init(pretty: Bool) {
    self.pretty = pretty
  }

  mutating func write(_ value: JSONValue, level: Int) {
    switch value {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? value.description : "null"
    case .string(let value): writeString(value)
    case .array(let elements):
      writeList("[", elements, "]", level: level) { writer, element in writer.write(element, level: level + 1) }
    case .object(let object):
      writeList("{", object.members, "}", level: level) { writer, member in
        writer.writeString(member.key)
        writer.text += writer.pretty ? ": " : ":"
        writer.write(member.value, level: level + 1)
      }
    }
  }

  private mutating func writeList<Element>(
    _ open: String, _ elements: [Element], _ close: String, level: Int,
    _ write: (inout JSONTextWriter, Element) -> Void
  ) {
    text += open
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      beginLine(level: level + 1)
      write(&self, element)
    }
    if !elements.isEmpty { beginLine(level: level) }
    text += close
  }

  private mutating func beginLine(level: Int) {
    guard pretty else { return }
    text += "\n"
    for _ in 0..<level { text += "  " }
  }

  mutating func writeString(_ value: String) {
    text += "\""
    // Runs without an escape are taken whole.
    var rest = value.unicodeScalars[...]
    while let place = rest.firstIndex(where: Self.mustBeEscaped) {
      text.unicodeScalars.append(contentsOf: rest[..<place])
      text += Self.escape(rest[place])
      rest = rest[rest.index(after: place)...]
    }
    text.unicodeScalars.append(contentsOf: rest)
    text += "\""
  }

  private static func mustBeEscaped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x22, 0x5C, 0x7F..<0xA0, 0x2028, 0x2029: true
    default: false
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default:
      let digits = String(scalar.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
  }
}
