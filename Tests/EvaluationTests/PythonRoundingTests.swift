// PythonRoundingTests.swift - rounding as Python's `round(x, n)`; the expected values are Python's.

import Evaluation
import Testing

@Suite struct PythonRoundingTests {
  @Test(arguments: [
    (2.675, 2, 2.67), (1.005, 2, 1.0), (0.125, 2, 0.12), (0.375, 2, 0.38), (0.135, 2, 0.14), (65.345, 2, 65.34),
    (62.5, 0, 62.0), (63.5, 0, 64.0), (2.5, 0, 2.0), (100.0 / 3, 2, 33.33), (-0.125, 2, -0.12), (-2.675, 2, -2.67),
    (99.999999, 2, 100.0), (0.0000005, 6, 0.0), (0.0000015, 6, 0.000001), (61.1, 6, 61.1), (1e300, 2, 1e300), (0, 2, 0),
    (4503599627370497.5, 1, 4503599627370497.5), (1.15, 1, 1.1), (1.25, 1, 1.2), (1.35, 1, 1.4), (5e-324, 2, 0),
  ])
  func roundsTheExactValue(_ value: Double, _ places: Int, _ expected: Double) {
    #expect(PythonRounding.round(value, places: places) == expected)
  }

  @Test func whatIsNoNumberStays() {
    #expect(PythonRounding.round(.infinity, places: 2) == .infinity)
    #expect(PythonRounding.round(.nan, places: 2).isNaN)
  }
}
