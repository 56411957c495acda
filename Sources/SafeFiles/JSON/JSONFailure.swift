// JSONFailure.swift - why a JSON text is refused, with the byte at which it stops being right.

/// The kinds of value a JSON text is made of.
public enum JSONKind: String, Sendable, Equatable {
  /// The word null.
  case null
  /// The words true and false.
  case bool = "true or false"
  /// A number, whole or not.
  case number = "a number"
  /// A whole number of 64 bits.
  case integer = "a whole number of 64 bits"
  /// A string.
  case string = "a string"
  /// An array.
  case array = "an array"
  /// An object.
  case object = "an object"
}

/// What the grammar allows at a place.
public enum JSONExpectation: String, Sendable, Equatable {
  /// Any value.
  case value = "a value"
  /// A key of an object.
  case key = "a key in double quotes"
  /// A key, or the end of the object.
  case keyOrEnd = "a key in double quotes or '}'"
  /// The colon after a key.
  case colon = "':'"
  /// What follows a value in an array.
  case commaOrBracket = "',' or ']'"
  /// What follows a value in an object.
  case commaOrBrace = "',' or '}'"
}

/// Why a JSON text is refused; every offset is that of a byte.
public enum JSONFailure: Failure, Equatable {
  /// The text ends inside a value.
  case unexpectedEnd(offset: Int)
  /// A byte that the grammar does not allow here.
  case unexpectedByte(offset: Int, found: UInt8, expected: JSONExpectation)
  /// Bytes of a string that are not UTF-8.
  case invalidUTF8(offset: Int)
  /// A raw control character in a string.
  case controlCharacter(offset: Int, found: UInt8)
  /// A backslash that begins no escape.
  case invalidEscape(offset: Int)
  /// Half of a surrogate pair.
  case loneSurrogate(offset: Int)
  /// A number that the grammar does not allow, as `01` or `1.`.
  case invalidNumber(offset: Int)
  /// A number that no 64-bit floating-point value stands for.
  case numberOutOfRange(offset: Int)
  /// A key that the same object has already.
  case duplicateKey(offset: Int, key: String)
  /// Arrays and objects nest deeper than the limit.
  case tooDeep(offset: Int, limit: Int)
  /// Something follows the value of the text.
  case trailingBytes(offset: Int)
  /// A value of another kind than the reader asked for.
  case wrongKind(offset: Int, found: JSONKind, expected: JSONKind)

  /// Byte at which the text stops being right.
  public var offset: Int {
    switch self {
    case .unexpectedEnd(let offset), .unexpectedByte(let offset, _, _), .invalidUTF8(let offset),
      .controlCharacter(let offset, _), .invalidEscape(let offset), .loneSurrogate(let offset),
      .invalidNumber(let offset), .numberOutOfRange(let offset), .duplicateKey(let offset, _),
      .tooDeep(let offset, _), .trailingBytes(let offset), .wrongKind(let offset, _, _):
      offset
    }
  }

  /// Always bad data.
  public var kind: FailureKind { .badData }

  /// The byte.
  public var place: String? { "byte \(offset)" }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .unexpectedEnd: "the JSON text ends too early"
    case .unexpectedByte(_, let found, let expected): "found \(shown(found)) where \(expected.rawValue) must stand"
    case .invalidUTF8: "the string is not UTF-8"
    case .controlCharacter(_, let found): "the string holds the raw control character \(shown(found))"
    case .invalidEscape: "the backslash begins no JSON escape"
    case .loneSurrogate: "the \\u escape is half of a surrogate pair"
    case .invalidNumber: "this is no JSON number"
    case .numberOutOfRange: "the number is too large or too long for 64 bits"
    case .duplicateKey(_, let key): "the key \"\(visibleText(key))\" stands twice in one object"
    case .tooDeep(_, let limit): "arrays and objects nest deeper than \(limit)"
    case .trailingBytes: "something follows the end of the JSON value"
    case .wrongKind(_, let found, let expected): "found \(found.rawValue) where \(expected.rawValue) must stand"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .unexpectedEnd: "the file is cut short: fetch or make it again"
    case .invalidUTF8: "save the file as UTF-8"
    case .controlCharacter, .invalidEscape, .loneSurrogate: "escape the character as JSON asks for"
    case .duplicateKey: "remove one of the two"
    case .tooDeep: "check that this is the right file"
    case .trailingBytes: "keep one JSON value in the file"
    case .unexpectedByte, .invalidNumber, .numberOutOfRange, .wrongKind: "correct the file there"
    }
  }

  private func shown(_ byte: UInt8) -> String {
    byte >= 0x20 && byte < 0x7F ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x\(String(byte, radix: 16))"
  }
}
