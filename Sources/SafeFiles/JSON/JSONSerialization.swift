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
    if pretty { writer.append("\n") }
    return writer.text
  }

  /// Writes a text as a JSON string with its quotes.
  public static func quoted(_ text: String) -> String {
    var writer = JSONTextWriter(pretty: false)
    writer.writeString(text)
    return writer.text
  }
}

/// Collects the text of a value, byte by byte: putting strings together scalar by scalar takes many times as long.
private struct JSONTextWriter {
  private let pretty: Bool
  private var bytes: [UInt8] = []

  init(pretty: Bool) {
    self.pretty = pretty
  }

  /// All that was written.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  mutating func append(_ text: String) { bytes += text.utf8 }

  mutating func write(_ value: JSONValue, level: Int) {
    switch value {
    case .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .integer(let value): append(String(value))
    case .number(let value): append(value.isFinite ? value.description : "null")
    case .string(let value): writeString(value)
    case .array(let elements):
      writeList("[", elements, "]", level: level) { writer, element in writer.write(element, level: level + 1) }
    case .object(let object):
      writeList("{", object.members, "}", level: level) { writer, member in
        writer.writeString(member.key)
        writer.append(writer.pretty ? ": " : ":")
        writer.write(member.value, level: level + 1)
      }
    }
  }

  private mutating func writeList<Element>(
    _ open: String, _ elements: [Element], _ close: String, level: Int,
    _ write: (inout JSONTextWriter, Element) -> Void
  ) {
    append(open)
    for (index, element) in elements.enumerated() {
      if index > 0 { append(",") }
      beginLine(level: level + 1)
      write(&self, element)
    }
    if !elements.isEmpty { beginLine(level: level) }
    append(close)
  }

  private mutating func beginLine(level: Int) {
    guard pretty else { return }
    append("\n")
    for _ in 0..<level { append("  ") }
  }

  mutating func writeString(_ value: String) {
    append("\"")
    let source = Array(value.utf8)
    // Runs without an escape are taken whole.
    var start = 0
    var place = 0
    while place < source.count {
      let (length, scalar) = Self.escaped(source, at: place)
      if let scalar {
        bytes += source[start..<place]
        append(Self.escape(scalar))
        start = place + length
      }
      place += length
    }
    bytes += source[start...]
    append("\"")
  }

  /// How many bytes to go on by, and the scalar that these are when it must be escaped.
  @inline(__always)
  private static func escaped(_ source: [UInt8], at place: Int) -> (length: Int, scalar: Unicode.Scalar?) {
    switch source[place] {
    case 0..<0x20, 0x22, 0x5C, 0x7F: (1, Unicode.Scalar(source[place]))
    // C1, U+0080 to U+009F; the text is valid UTF-8, so that the bytes that belong together are there.
    case 0xC2 where source[place + 1] < 0xA0: (2, Unicode.Scalar(source[place + 1]))
    // U+2028 and U+2029, the line separators.
    case 0xE2 where source[place + 1] == 0x80 && source[place + 2] & 0xFE == 0xA8:
      (3, source[place + 2] == 0xA8 ? "\u{2028}" : "\u{2029}")
    default: (1, nil)
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
