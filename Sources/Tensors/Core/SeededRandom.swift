// SeededRandom.swift - random numbers that one seed fixes for ever.
//
// xoshiro256** (Blackman, Vigna), its state filled by SplitMix64. Streams for steps, shards and rows are made by mixing their numbers
// into the seed, so that a resumed run draws what an unbroken one would have drawn.

/// A generator of random numbers that gives the same sequence for the same seed on every machine.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// Starts the sequence of a seed.
  public init(seed: UInt64) {
    var word = seed
    func next() -> UInt64 {
      word &+= 0x9E37_79B9_7F4A_7C15
      return Self.finalise(word)
    }
    state = (next(), next(), next(), next())
  }

  /// Starts the sequence of a seed and any number of further numbers, such as an epoch and a step.
  public init(seed: UInt64, stream: UInt64...) {
    self.init(seed: stream.reduce(seed) { Self.mix($0, $1) })
  }

  /// One seed from a seed and a stream number.
  public static func mix(_ seed: UInt64, _ stream: UInt64) -> UInt64 {
    finalise(finalise(seed &+ 0x9E37_79B9_7F4A_7C15) ^ (stream &* 0xD1B5_4A32_D192_ED03 &+ 0x8CB9_2BA7_2F3D_8DD7))
  }

  private static func finalise(_ word: UInt64) -> UInt64 {
    var mixed = word
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let product = state.1 &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = (state.3 << 45) | (state.3 >> 19)
    return result
  }

  /// A number at least 0 and below 1, on a grid of 2⁻²⁴.
  public mutating func uniform() -> Float {
    Float(next() >> 40) * 0x1p-24
  }

  /// A number at least `low` and below `high`.
  public mutating func uniform(_ low: Float, _ high: Float) -> Float {
    let value = low + (high - low) * uniform()
    // The sum may round up to `high` itself.
    return value < high ? value : max(low, high.nextDown)
  }

  /// A whole number at least 0 and below `bound`.
  public mutating func integer(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A whole number of a closed range.
  public mutating func integer(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + integer(below: range.count)
  }

  /// The numbers 0 ..< count in random order (Fisher, Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    guard count > 1 else { return order }
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, integer(below: last + 1))
    }
    return order
  }
}
