// ShortestNumber.swift - single-precision numbers in JSON with the digits they need and no more.

import SafeFiles

extension JSONValue {
  /// A number with the fewest digits that tell it from its neighbours: 0.1, not 0.10000000149011612.
  static func shortest(_ value: Float) -> JSONValue {
    .number(Double(value.description) ?? Double(value))
  }
}
