// CurveAxis.swift - a range of numbers on one side of a drawing, with marks at round numbers.

/// One axis.
struct CurveAxis: Equatable {
  /// The numbers at its ends.
  let range: ClosedRange<Double>
  /// Round numbers inside.
  let marks: [Double]
  /// Decimals that tell the marks apart.
  let places: Int

  /// An axis over numbers, with room at its ends.
  ///
  /// - Parameters:
  ///   - values: Finite numbers that are to be inside.
  ///   - least: The narrowest range.
  ///   - limits: Beyond these it never reaches.
  ///   - wanted: About how many marks.
  init(_ values: [Double], least: Double, limits: ClosedRange<Double>, wanted: Int) {
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    let missing = max(0, least - (high - low)) / 2
    let room = 0.06 * max(least, high - low)
    let lower = max(limits.lowerBound, low - missing - room)
    let upper = max(lower + least / 2, min(limits.upperBound, high + missing + room))
    range = lower...upper
    let raw = (upper - lower) / Double(max(1, wanted))
    var step = 1.0, decimals = 0
    while step > raw, decimals < 6 {
      step /= 10
      decimals += 1
    }
    while step * 10 <= raw { step *= 10 }
    let factor = [1.0, 2, 5, 10].min { ($0 * step - raw).magnitude < ($1 * step - raw).magnitude } ?? 1
    step *= factor
    if factor == 10, decimals > 0 { decimals -= 1 }
    places = decimals
    let (first, last) = (Int((lower / step).rounded(.up)), Int((upper / step).rounded(.down)))
    marks = first <= last ? (first...last).map { Double($0) * step } : []
  }

  /// Where a number lies, from 0 to 1.
  func share(_ value: Double) -> Double { (value - range.lowerBound) / (range.upperBound - range.lowerBound) }
}
