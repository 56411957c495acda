// SeededDraws.swift - draws that one seed fixes for ever, for the data sets that are made here: splitmix64 (Steele, Lea, Flood 2014).

/// A sequence of draws.
struct SeededDraws {
  private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var state: UInt64

  /// Starts the sequence of a seed and a stream.
  init(seed: UInt64, stream: UInt64 = 0) { state = Self.mixed(seed &+ Self.mixed(stream)) }

  /// One number well mixed from another.
  static func mixed(_ value: UInt64) -> UInt64 {
    var bits = value &+ step
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }

  /// A number that a seed gives to an id, evenly over all 64 bits.
  static func hash(_ id: Int, seed: UInt64) -> UInt64 { mixed(seed &+ mixed(UInt64(bitPattern: Int64(id)))) }

  /// A whole number from 0 below a bound.
  mutating func below(_ bound: Int) -> Int {
    defer { state &+= Self.step }
    return Int(Self.mixed(state).multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Yes with a chance.
  mutating func chance(_ share: Double) -> Bool { Double(below(1 << 53)) < share * 0x1p53 }

  /// One of a list that is not empty.
  mutating func one<Element>(of list: [Element]) -> Element { list[below(list.count)] }

  /// Puts a list in any order.
  mutating func shuffle<Element>(_ list: inout [Element]) {
    for place in list.indices.dropFirst().reversed() { list.swapAt(place, below(place + 1)) }
  }
}
