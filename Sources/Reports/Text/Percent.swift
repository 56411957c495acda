// Percent.swift - shares as per cent, with digits that neither hide nor invent certainty.

/// Shares and figures as text.
enum Percent {
  /// Most decimals a share is shown with.
  private static let mostPlaces = 2

  /// A share as per cent, such as `61.2 %`.
  ///
  /// Only exactly 1 is `100 %` and only exactly 0 is `0 %`. What would be rounded to either gets another decimal, and
  /// beyond the last one `>99.99 %` or `<0.01 %`.
  /// - Parameters:
  ///   - share: From 0 to 1; what lies outside counts as the nearer end.
  ///   - places: Decimals where no more are needed.
  /// - Returns: The text; `? %` for NaN.
  static func text(_ share: Float, places: Int = 1) -> String {
    let percent = Double(share) * 100
    guard !percent.isNaN else { return "? %" }
    guard percent > 0 else { return "0 %" }
    guard percent < 100 else { return "100 %" }
    for places in min(places, mostPlaces)...mostPlaces {
      let text = fixed(percent, places: places)
      if text != fixed(0, places: places), text != fixed(100, places: places) { return text + " %" }
    }
    return percent > 50 ? ">99.99 %" : "<0.01 %"
  }

  /// A number with so many decimals, rounded to the nearest.
  ///
  /// - Parameters:
  ///   - value: Not negative.
  ///   - places: Decimals, 0 to 6.
  /// - Returns: The digits; `?` where the number is not finite or too large to be one of ours.
  static func fixed(_ value: Double, places: Int) -> String {
    let scale = (0..<places).reduce(1) { power, _ in power * 10 }
    let scaled = (value * Double(scale)).rounded()
    guard let number = Int(exactly: scaled), number >= 0 else { return "?" }
    guard places > 0 else { return String(number) }
    let decimals = String(number % scale)
    return "\(number / scale)." + String(repeating: "0", count: places - decimals.count) + decimals
  }
}
