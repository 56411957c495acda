// FieldReader.swift - reads JSON front to back and knows the path of the field it is at, for failures.

import SafeFiles

/// A streaming reader whose failures name the field.
struct FieldReader {
  private enum Step {
    case key(String)
    case index(Int)
  }

  private var reader: JSONReader
  private var path: [Step] = []

  init(_ text: FileBytes, limits: LoadLimits = .default) { reader = JSONReader(text, limits: limits) }

  /// Reads one value that is the whole text of a file, which is read as it is needed.
  static func whole<Value>(
    path: String, limits: LoadLimits = .default, _ read: (inout FieldReader) throws(FormatFailure) -> Value
  ) throws(FileFailure) -> Value {
    let text = try FileBytes(path: path, limit: limits.jsonFileBytes)
    do { return try whole(text, limits: limits, read) } catch { throw FileFailure(file: path, cause: error) }
  }

  /// Reads one value that is the whole text.
  static func whole<Value>(
    _ bytes: [UInt8], limits: LoadLimits = .default, _ read: (inout FieldReader) throws(FormatFailure) -> Value
  ) throws(FormatFailure) -> Value {
    try whole(.memory(bytes), limits: limits, read)
  }

  /// Reads one value that is the whole text.
  static func whole<Value>(
    _ text: FileBytes, limits: LoadLimits = .default, _ read: (inout FieldReader) throws(FormatFailure) -> Value
  ) throws(FormatFailure) -> Value {
    var fields = FieldReader(text, limits: limits)
    let value = try read(&fields)
    do { try fields.reader.end() } catch { throw fields.failure(.json(error), offset: error.offset) }
    return value
  }

  /// Reads an object, handing over each key; the body must read or skip its value.
  mutating func object(_ body: (inout FieldReader, String) throws(FormatFailure) -> Void) throws(FormatFailure) {
    try take { reader throws(JSONFailure) in try reader.beginObject() }
    while let key = try take({ reader throws(JSONFailure) in try reader.nextKey() }) {
      path.append(.key(key))
      try body(&self, key)
      path.removeLast()
    }
  }

  /// Reads a list, handing over each index; the body must read or skip the element.
  mutating func list(_ body: (inout FieldReader, Int) throws(FormatFailure) -> Void) throws(FormatFailure) {
    try take { reader throws(JSONFailure) in try reader.beginArray() }
    var index = 0
    while try take({ reader throws(JSONFailure) in try reader.nextElement() }) {
      path.append(.index(index))
      try body(&self, index)
      path.removeLast()
      index += 1
    }
  }

  /// A list of texts, at most so many.
  mutating func strings(limit: Int) throws(FormatFailure) -> [String] {
    var texts: [String] = []
    try list { fields, index throws(FormatFailure) in
      guard index < limit else { throw fields.failure(.tooMany(count: index + 1, limit: limit)) }
      texts.append(try fields.string())
    }
    return texts
  }

  mutating func string() throws(FormatFailure) -> String {
    try take { reader throws(JSONFailure) in try reader.string() }
  }

  mutating func integer() throws(FormatFailure) -> Int {
    Int(try take { reader throws(JSONFailure) in try reader.integer() })
  }

  mutating func number() throws(FormatFailure) -> Double {
    try take { reader throws(JSONFailure) in try reader.number() }
  }

  /// A number that must lie in a range.
  mutating func number(in allowed: ClosedRange<Double>) throws(FormatFailure) -> Double {
    let value = try number()
    guard allowed.contains(value) else { throw failure(.numberOutOfRange(value: value, allowed: allowed)) }
    return value
  }

  /// A whole number that must lie in a range.
  mutating func integer(in allowed: ClosedRange<Int>) throws(FormatFailure) -> Int {
    let value = try integer()
    guard allowed.contains(value) else { throw failure(.outOfRange(value: value, allowed: allowed)) }
    return value
  }

  mutating func value() throws(FormatFailure) -> JSONValue {
    try take { reader throws(JSONFailure) in try reader.value() }
  }

  mutating func kind() throws(FormatFailure) -> JSONKind {
    try take { reader throws(JSONFailure) in try reader.peek() }
  }

  mutating func skip() throws(FormatFailure) {
    try take { reader throws(JSONFailure) in try reader.skipValue() }
  }

  /// The value, or a failure that the field of the innermost object is missing.
  mutating func required<Value>(_ value: Value?, _ key: String) throws(FormatFailure) -> Value {
    guard let value else {
      path.append(.key(key))
      throw failure(.missingField)
    }
    return value
  }

  /// The byte just reached.
  var offset: Int {
    mutating get { reader.offset() }
  }

  /// A failure at the field just reached.
  mutating func failure(_ reason: FormatFailure.Reason) -> FormatFailure { failure(reason, offset: reader.offset()) }

  private func failure(_ reason: FormatFailure.Reason, offset: Int) -> FormatFailure {
    var text = ""
    for step in path {
      switch step {
      case .key(let key): text += text.isEmpty ? key : ".\(key)"
      case .index(let index): text += "[\(index)]"
      }
    }
    return FormatFailure(path: text, reason: reason, offset: offset)
  }

  private mutating func take<Value>(
    _ body: (inout JSONReader) throws(JSONFailure) -> Value
  ) throws(FormatFailure) -> Value {
    do { return try body(&reader) } catch { throw failure(.json(error), offset: error.offset) }
  }
}
