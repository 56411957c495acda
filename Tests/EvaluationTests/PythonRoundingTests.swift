// PythonRoundingTests.swift - rounding as Python's `round(x, n)`; the expected values are Python's.

import Evaluation
import Testing

@Suite struct PythonRoundingTests {
  static let percentages: [(value: Double, expected: Double)] = [
    (2.675, 2.67), (1.005, 1.0), (0.125, 0.12), (0.375, 0.38), (0.135, 0.14), (65.345, 65.34),
    (33.333333333333336, 33.33),
    (-0.125, -0.12), (-2.675, -2.67), (99.999999, 100.0), (1e300, 1e300), (0, 0),
  ]

  @Test(arguments: percentages) func twoPlaces(_ value: Double, _ expected: Double) {
    #expect(PythonRounding.round(value, places: 2) == expected)
  }

  static let others: [(value: Double, places: Int, expected: Double)] = [
    (62.5, 0, 62.0), (63.5, 0, 64.0), (2.5, 0, 2.0), (0.0000005, 6, 0.0), (0.0000015, 6, 0.000002), (61.1, 6, 61.1),
    (4503599627370497.5, 1, 4503599627370497.5), (1.15, 1, 1.1), (1.25, 1, 1.2), (1.35, 1, 1.4),
  ]

  @Test(arguments: others) func otherPlaces(_ value: Double, _ places: Int, _ expected: Double) {
    #expect(PythonRounding.round(value, places: places) == expected)
  }

  @Test func whatIsNoNumberStays() {
    #expect(PythonRounding.round(.infinity, places: 2) == .infinity)
    #expect(PythonRounding.round(.nan, places: 2).isNaN)
  }
}
