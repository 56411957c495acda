// PythonLiteral.swift - the few Python literals that the header of an .npy file is made of; text is read, never run.

import SafeFiles

/// A literal of Python.
public indirect enum PythonLiteral: Sendable, Equatable {
  /// `None`.
  case none
  /// `True` or `False`.
  case boolean(Bool)
  /// A whole number; the `L` of Python 2 behind it is passed over.
  case integer(Int64)
  /// A text in single or double quotes without a backslash.
  case text(String)
  /// `(…)` with a comma, or `[…]`.
  case sequence([PythonLiteral])
  /// `{…}` with texts as keys, each once.
  case dictionary([(key: String, value: PythonLiteral)])

  /// Compares like from like, in order.
  public static func == (one: PythonLiteral, other: PythonLiteral) -> Bool {
    switch (one, other) {
    case (.none, .none): true
    case (.boolean(let one), .boolean(let other)): one == other
    case (.integer(let one), .integer(let other)): one == other
    case (.text(let one), .text(let other)): ScalarText(one) == ScalarText(other)
    case (.sequence(let one), .sequence(let other)): one == other
    case (.dictionary(let one), .dictionary(let other)):
      one.count == other.count
        && zip(one, other).allSatisfy { ScalarText($0.key) == ScalarText($1.key) && $0.value == $1.value }
    default: false
    }
  }
}

/// Why a text is no Python literal that is understood.
public enum PythonLiteralFailure: Error, Equatable, Sendable {
  /// The text ends inside a literal.
  case unexpectedEnd(offset: Int)
  /// A byte that cannot stand here.
  case unexpectedByte(offset: Int, byte: UInt8)
  /// A name other than `None`, `True` and `False`.
  case name(offset: Int, name: String)
  /// A whole number beyond 64 bits.
  case integerTooLarge(offset: Int)
  /// A text that is not UTF-8.
  case invalidUTF8(offset: Int)
  /// A key that stands twice.
  case duplicateKey(offset: Int, key: String)
  /// Literals nested too deep.
  case tooDeep(offset: Int)

  /// The byte of the text.
  public var offset: Int {
    switch self {
    case .unexpectedEnd(let offset), .unexpectedByte(let offset, _), .name(let offset, _), .integerTooLarge(let offset),
      .invalidUTF8(let offset), .duplicateKey(let offset, _), .tooDeep(let offset):
      offset
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .unexpectedEnd: "the text ends too early"
    case .unexpectedByte(_, let byte): "byte 0x\(String(byte, radix: 16, uppercase: true)) cannot stand here"
    case .name(_, let name): "the name \(visibleText(name, limit: 40)) is not known"
    case .integerTooLarge: "the number does not fit 64 bits"
    case .invalidUTF8: "the text is not UTF-8"
    case .duplicateKey(_, let key): "the key \"\(visibleText(key, limit: 40))\" stands twice"
    case .tooDeep: "brackets nest too deep"
    }
  }
}
