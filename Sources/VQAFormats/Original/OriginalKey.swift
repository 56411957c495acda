// OriginalKey.swift - every key of the original's settings: how its value is read, and how it is shown.

import SafeFiles

/// A setting under its name in the original's files.
struct OriginalKey: Sendable {
  typealias Read = @Sendable (inout OriginalConfiguration, YAMLNode) throws(YAMLFailure) -> Void
  typealias Path<Value> = WritableKeyPath<OriginalConfiguration, Value> & Sendable

  let name: String
  /// Whether this is a second name of a setting.
  var isAlias = false
  let read: Read
  let show: @Sendable (OriginalConfiguration) -> JSONValue

  /// Whole numbers that a size may be.
  static let sizes = 1...(1 << 24)
  /// Whole numbers that a count may be, 0 included.
  static let counts = 0...1_000_000
  /// Epochs, layers and orders that a list may have.
  private static let longestList = 64

  /// A whole number.
  static func integer(_ name: String, _ path: Path<Int>, _ range: ClosedRange<Int>) -> OriginalKey {
    OriginalKey(
      name: name,
      read: { settings, node throws(YAMLFailure) in settings[keyPath: path] = try node.integer(in: range) },
      show: { .integer(Int64($0[keyPath: path])) })
  }

  /// A list of whole numbers.
  static func integers(
    _ name: String, _ path: Path<[Int]>, _ range: ClosedRange<Int>, allowsEmpty: Bool
  ) -> OriginalKey {
    OriginalKey(
      name: name,
      read: { settings, node throws(YAMLFailure) in
        settings[keyPath: path] = try node.integers(in: range, count: (allowsEmpty ? 0 : 1)...longestList)
      },
      show: { .array($0[keyPath: path].map { .integer(Int64($0)) }) })
  }

  /// A number; `allowed` says in words what `isAllowed` tests.
  static func number(
    _ name: String, _ path: Path<Double>, _ allowed: String, _ isAllowed: @escaping @Sendable (Double) -> Bool
  ) -> OriginalKey {
    OriginalKey(
      name: name,
      read: { settings, node throws(YAMLFailure) in
        let number = try node.number()
        guard isAllowed(number) else {
          throw YAMLFailure(.outOfRange(found: node.shown, allowed: allowed), at: node.mark)
        }
        settings[keyPath: path] = number
      },
      show: { .number($0[keyPath: path]) })
  }

  /// True or False.
  static func boolean(_ name: String, _ path: Path<Bool>) -> OriginalKey {
    OriginalKey(
      name: name, read: { settings, node throws(YAMLFailure) in settings[keyPath: path] = try node.boolean() },
      show: { .bool($0[keyPath: path]) })
  }

  /// A text, or a number taken as one.
  static func text(_ name: String, _ path: Path<String>) -> OriginalKey {
    OriginalKey(
      name: name, read: { settings, node throws(YAMLFailure) in settings[keyPath: path] = try node.text() },
      show: { .string($0[keyPath: path]) })
  }

  /// A text or nothing.
  static func optionalText(_ name: String, _ path: Path<String?>) -> OriginalKey {
    OriginalKey(
      name: name,
      read: { settings, node throws(YAMLFailure) in
        settings[keyPath: path] = node.scalar == .null ? nil : try node.text()
      },
      show: { $0[keyPath: path].map { .string($0) } ?? .null })
  }

  /// One of several words.
  static func word<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: Path<Value>
  ) -> OriginalKey {
    OriginalKey(
      name: name,
      read: { settings, node throws(YAMLFailure) in
        settings[keyPath: path] = try node.word(Value.allCases.map(\.rawValue), Value.init)
      },
      show: { .string($0[keyPath: path].rawValue) })
  }

  /// The names that a failure lists.
  static let names = list.filter { !$0.isAlias }.map(\.name)

  /// Every key by name.
  static let all = Dictionary(list.map { (ScalarText($0.name), $0) }) { first, _ in first }
}
