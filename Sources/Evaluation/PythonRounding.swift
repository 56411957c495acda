// PythonRounding.swift - Python's `round(x, n)`: the decimal nearest to the exact binary value, ties to even.

/// Rounds as the official evaluator does.
package enum PythonRounding {
  /// The double nearest to the decimal of so many places that is nearest to the value.
  ///
  /// `value * 10^places` is rounded once, and its rounding error, which a fused multiplication gives exactly, decides
  /// the cases that only look like ties: 2.675 lies below its tie and becomes 2.67, 0.125 lies on it and becomes 0.12.
  package static func round(_ value: Double, places: Int) -> Double {
    let scale = (0..<min(max(places, 0), 15)).reduce(1.0) { power, _ in power * 10 }
    let product = value * scale
    guard product.isFinite, product.magnitude < 0x1p52 else { return value }
    let error = (-product).addingProduct(value, scale)
    let down = product.rounded(.down)
    guard product - down == 0.5, error != 0 else { return product.rounded(.toNearestOrEven) / scale }
    return (error > 0 ? down + 1 : down) / scale
  }
}
