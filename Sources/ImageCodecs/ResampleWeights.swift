// ResampleWeights.swift - how much each pixel of a row counts for each pixel of the resized row.
//
// Convolution resampling as Pillow does it: the filter is stretched by the factor of reduction, so that every source
// pixel counts (no aliasing); weights are normalised to sum 1, then rounded to 22 bits after the point.

/// Which filter weighs the neighbours.
public enum ResampleFilter: Sendable {
  /// A triangle, one pixel to each side.
  case bilinear
  /// Keys' cubic with a = -0.5, two pixels to each side.
  case bicubic

  /// Pixels to each side that count when the picture is not reduced.
  var support: Double {
    switch self {
    case .bilinear: 1
    case .bicubic: 2
    }
  }

  /// The weight at a distance, in pixels of the result.
  func weight(at distance: Double) -> Double {
    let x = abs(distance)
    switch self {
    case .bilinear: return x < 1 ? 1 - x : 0
    case .bicubic:
      let a = -0.5
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    }
  }
}

/// Weights for one axis, in fixed point.
struct ResampleWeights {
  /// Bits after the point: 32, less 8 for the value and 2 for overshoot and sign.
  static let precision: Int32 = 32 - 8 - 2

  /// First source position of each result position.
  private(set) var starts: [Int] = []
  /// Number of source positions of each result position.
  private(set) var counts: [Int] = []
  /// Weights, `stride` a result position; those past the count are 0.
  private(set) var values: [Int32] = []
  /// Room for the weights of one result position.
  let stride: Int

  /// Weights from `source` positions to `target` positions, both at least 1.
  init(from source: Int, to target: Int, filter: ResampleFilter) {
    let scale = Double(source) / Double(target)
    let stretch = max(1, scale)
    let support = filter.support * stretch
    stride = Int(support.rounded(.up)) * 2 + 1
    starts.reserveCapacity(target)
    counts.reserveCapacity(target)
    values.reserveCapacity(target * stride)
    for position in 0..<target {
      let center = (Double(position) + 0.5) * scale
      let start = max(0, Int(center - support + 0.5))
      let end = min(source, Int(center + support + 0.5))
      let weights = (start..<end).map { filter.weight(at: (Double($0) - center + 0.5) * (1 / stretch)) }
      let sum = weights.reduce(0, +)
      starts.append(start)
      counts.append(weights.count)
      for weight in weights { values.append(Self.fixedPoint(sum == 0 ? weight : weight / sum)) }
      for _ in weights.count..<stride { values.append(0) }
    }
  }

  private static func fixedPoint(_ weight: Double) -> Int32 {
    Int32((weight * Double(1 << precision)).rounded(.toNearestOrAwayFromZero))
  }

  /// Where each sum of weighted values starts: half a unit, so that cutting off the fraction rounds.
  static let half: Int32 = 1 << (precision - 1)

  /// A sum of weighted values back to 0...255.
  static func value(ofSum sum: Int32) -> UInt8 { UInt8(truncatingIfNeeded: min(255, max(0, sum >> precision))) }
}
