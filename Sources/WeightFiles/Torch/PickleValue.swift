// PickleValue.swift - what a pickle stands for: a tree of plain values and tensors.

import SafeFiles

/// A value of a pickle.
public indirect enum PickleValue: Sendable {
  /// Key and value of a dictionary.
  public typealias Member = (key: PickleValue, value: PickleValue)

  /// `None`.
  case none
  /// `True` or `False`.
  case boolean(Bool)
  /// A whole number.
  case integer(Int64)
  /// A floating-point number.
  case number(Double)
  /// A text.
  case text(String)
  /// A list.
  case list([PickleValue])
  /// A tuple, or a `torch.Size`.
  case tuple([PickleValue])
  /// A dictionary or an ordered dictionary, in the order of the pickle; its keys are texts and whole numbers, each once.
  case dictionary([Member])
  /// A tensor or a parameter; its numbers are outside the pickle.
  case tensor(TorchTensor)
  /// A type of numbers, such as `torch.float32`.
  case dataType(TensorDataType)

  /// The value a dictionary has for a text, compared scalar by scalar; nil when there is none or this is no dictionary.
  public subscript(key: String) -> PickleValue? {
    dictionaryValue?.first { $0.key.textValue.map { ScalarText($0) == ScalarText(key) } ?? false }?.value
  }

  /// The value a dictionary has for a whole number; nil when there is none or this is no dictionary.
  public subscript(key: Int64) -> PickleValue? {
    dictionaryValue?.first { $0.key.integerValue == key }?.value
  }

  /// The truth value, or nil when this is none.
  public var booleanValue: Bool? { if case .boolean(let value) = self { value } else { nil } }
  /// The whole number, or nil when this is none.
  public var integerValue: Int64? { if case .integer(let value) = self { value } else { nil } }
  /// The number, whole or not, or nil when this is none.
  public var numberValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
  /// The text, or nil when this is none.
  public var textValue: String? { if case .text(let value) = self { value } else { nil } }
  /// The elements of a list or a tuple, or nil when this is neither.
  public var elements: [PickleValue]? {
    switch self {
    case .list(let elements), .tuple(let elements): elements
    default: nil
    }
  }
  /// The members of a dictionary, or nil when this is none.
  public var dictionaryValue: [Member]? { if case .dictionary(let members) = self { members } else { nil } }
  /// The tensor, or nil when this is none.
  public var tensorValue: TorchTensor? { if case .tensor(let value) = self { value } else { nil } }

  /// What kind of value this is, as Python calls it.
  public var kindName: String {
    switch self {
    case .none: "None"
    case .boolean: "bool"
    case .integer: "int"
    case .number: "float"
    case .text: "str"
    case .list: "list"
    case .tuple: "tuple"
    case .dictionary: "dict"
    case .tensor: "tensor"
    case .dataType: "dtype"
    }
  }
}

extension PickleValue: Equatable {
  /// Compares like with like: members in order, texts scalar by scalar, numbers by their bits.
  public static func == (one: PickleValue, other: PickleValue) -> Bool {
    switch (one, other) {
    case (.none, .none): true
    case (.boolean(let one), .boolean(let other)): one == other
    case (.integer(let one), .integer(let other)): one == other
    case (.number(let one), .number(let other)): one.bitPattern == other.bitPattern
    case (.text(let one), .text(let other)): ScalarText(one) == ScalarText(other)
    case (.list(let one), .list(let other)), (.tuple(let one), .tuple(let other)): one == other
    case (.dictionary(let one), .dictionary(let other)):
      one.count == other.count && zip(one, other).allSatisfy { $0.key == $1.key && $0.value == $1.value }
    case (.tensor(let one), .tensor(let other)): one == other
    case (.dataType(let one), .dataType(let other)): one == other
    default: false
    }
  }
}
