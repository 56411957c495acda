// PythonLiteralReader.swift - reads one Python literal (Python reference, 2.4 "Literals", and displays of literals).

import SafeFiles

/// Reads a literal; bytes are compared, nothing is evaluated.
struct PythonLiteralReader {
  private let bytes: [UInt8]
  private var position = 0
  /// Brackets that may be open at once; a header of numbers has two.
  private static let deepest = 8

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Reads a text that is one literal with white space around it.
  /// - Parameter bytes: The text.
  /// - Returns: The literal.
  /// - Throws: ``PythonLiteralFailure``.
  static func read(_ bytes: [UInt8]) throws(PythonLiteralFailure) -> PythonLiteral {
    var reader = PythonLiteralReader(bytes)
    let literal = try reader.literal(depth: 0)
    reader.skipSpace()
    guard reader.next == nil else { throw reader.unexpected() }
    return literal
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func unexpected() -> PythonLiteralFailure {
    next.map { .unexpectedByte(offset: position, byte: $0) } ?? .unexpectedEnd(offset: position)
  }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  /// Passes over a byte after white space; answers whether it was there.
  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func literal(depth: Int) throws(PythonLiteralFailure) -> PythonLiteral {
    skipSpace()
    guard depth < Self.deepest else { throw .tooDeep(offset: position) }
    guard let next else { throw unexpected() }
    switch next {
    case UInt8(ascii: "{"): return try dictionary(depth: depth)
    case UInt8(ascii: "("): return try sequence(until: ")", depth: depth)
    case UInt8(ascii: "["): return try sequence(until: "]", depth: depth)
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"): return .integer(try integer())
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
      return try constant()
    default: throw unexpected()
    }
  }

  private mutating func sequence(
    until end: Unicode.Scalar, depth: Int
  ) throws(PythonLiteralFailure) -> PythonLiteral {
    position += 1
    var elements: [PythonLiteral] = []
    while !take(end) {
      elements.append(try literal(depth: depth + 1))
      if take(",") { continue }
      guard take(end) else { throw unexpected() }
      // A single value in parentheses is that value.
      return end == ")" && elements.count == 1 ? elements[0] : .sequence(elements)
    }
    return .sequence(elements)
  }

  private mutating func dictionary(depth: Int) throws(PythonLiteralFailure) -> PythonLiteral {
    position += 1
    var members: [(key: String, value: PythonLiteral)] = []
    while !take("}") {
      skipSpace()
      let start = position
      guard next == UInt8(ascii: "'") || next == UInt8(ascii: "\"") else { throw unexpected() }
      let key = try text()
      guard !members.contains(where: { ScalarText($0.key) == ScalarText(key) }) else {
        throw .duplicateKey(offset: start, key: key)
      }
      guard take(":") else { throw unexpected() }
      members.append((key, try literal(depth: depth + 1)))
      if take(",") { continue }
      guard take("}") else { throw unexpected() }
      break
    }
    return .dictionary(members)
  }

  private mutating func text() throws(PythonLiteralFailure) -> String {
    let (start, quote) = (position, bytes[position])
    position += 1
    while let byte = next, byte != quote {
      // Escapes and texts over several lines have no place in a header.
      guard byte != UInt8(ascii: "\\"), byte >= 0x20 else { throw unexpected() }
      position += 1
    }
    guard next != nil else { throw unexpected() }
    defer { position += 1 }
    guard let text = String(validating: bytes[start + 1..<position], as: UTF8.self) else {
      throw .invalidUTF8(offset: start)
    }
    return text
  }

  private mutating func integer() throws(PythonLiteralFailure) -> Int64 {
    let start = position
    let isNegative = next == UInt8(ascii: "-")
    if isNegative || next == UInt8(ascii: "+") { position += 1 }
    var value: Int64 = 0
    let digits = position
    while let byte = next, let digit = Self.digit(byte) {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, beyond) = isNegative ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
      guard !overflow, !beyond else { throw .integerTooLarge(offset: start) }
      value = sum
      position += 1
    }
    guard position > digits else { throw unexpected() }
    if next == UInt8(ascii: "L") { position += 1 }
    return value
  }

  private static func digit(_ byte: UInt8) -> Int64? {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int64(byte - UInt8(ascii: "0")) : nil
  }

  private mutating func constant() throws(PythonLiteralFailure) -> PythonLiteral {
    let start = position
    while let byte = next, Self.isName(byte) { position += 1 }
    let name = String(decoding: bytes[start..<position], as: UTF8.self)
    switch name {
    case "None": return .none
    case "True": return .boolean(true)
    case "False": return .boolean(false)
    default: throw .name(offset: start, name: name)
    }
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
    default: digit(byte) != nil
    }
  }
}
