// JSONValue.swift - a JSON text as a value: what the small files of the package are read into and written from.

/// A JSON value.
///
/// Whole numbers that fit 64 bits stay exact; all other numbers, `-0` among them, are the nearest `Double`.
public enum JSONValue: Sendable {
  /// The word null.
  case null
  /// True or false.
  case bool(Bool)
  /// A number written without fraction and exponent.
  case integer(Int64)
  /// Any other number.
  case number(Double)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object, its members in the order of the text.
  case object(JSONObject)

  /// Reads a JSON text.
  /// - Parameters:
  ///   - bytes: The whole text in UTF-8.
  ///   - limits: How deep it may nest.
  /// - Returns: Its value.
  /// - Throws: ``JSONFailure`` with the byte at which the text stops being right.
  public static func parse(
    _ bytes: [UInt8], limits: LoadLimits = .default
  ) throws(JSONFailure) -> JSONValue {
    var reader = JSONReader(bytes, limits: limits)
    let value = try reader.value()
    try reader.end()
    return value
  }

  /// The value of a key, when this is an object that has it.
  public subscript(key: String) -> JSONValue? { objectValue?[key] }

  /// The text, when this is a string.
  public var stringValue: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  /// The number, when this is a whole number of 64 bits.
  public var integerValue: Int64? {
    guard case .integer(let value) = self else { return nil }
    return value
  }

  /// The number, when this is one; a whole number above 2⁵³ is rounded.
  public var numberValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// True or false, when this is one of them.
  public var boolValue: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  /// The elements, when this is an array.
  public var arrayValue: [JSONValue]? {
    guard case .array(let value) = self else { return nil }
    return value
  }

  /// The members, when this is an object.
  public var objectValue: JSONObject? {
    guard case .object(let value) = self else { return nil }
    return value
  }

  /// What kind of value this is.
  public var kind: JSONKind {
    switch self {
    case .null: .null
    case .bool: .bool
    case .integer: .integer
    case .number: .number
    case .string: .string
    case .array: .array
    case .object: .object
    }
  }
}

extension JSONReader {
  /// Reads a value of any kind with all that is in it.
  public mutating func value() throws(JSONFailure) -> JSONValue {
    switch try peek() {
    case .null:
      try null()
      return .null
    case .bool: return .bool(try bool())
    case .string: return .string(try string())
    case .number, .integer:
      switch try anyNumber() {
      case .integer(let value): return .integer(value)
      case .number(let value): return .number(value)
      }
    case .array:
      var elements: [JSONValue] = []
      try beginArray()
      while try nextElement() { elements.append(try value()) }
      return .array(elements)
    case .object:
      var object = JSONObject()
      try beginObject()
      while let key = try nextKey() { object.append(key, try value()) }
      return .object(object)
    }
  }
}

extension JSONValue: Equatable {
  /// Compares strings scalar by scalar, and objects whatever the order of their members.
  public static func == (one: Self, other: Self) -> Bool {
    switch (one, other) {
    case (.null, .null): true
    case (.bool(let one), .bool(let other)): one == other
    case (.integer(let one), .integer(let other)): one == other
    case (.number(let one), .number(let other)): one == other
    case (.string(let one), .string(let other)): ScalarText(one) == ScalarText(other)
    case (.array(let one), .array(let other)): one == other
    case (.object(let one), .object(let other)): one == other
    default: false
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// Makes a string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// Makes a whole number.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// Makes a number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// Makes true or false.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Makes null.
  public init(nilLiteral: ()) { self = .null }
  /// Makes an array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// Makes an object; a later member replaces an earlier one of the same key.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(JSONObject(elements.lazy.map { (key: $0.0, value: $0.1) }))
  }
}
