// AttentionPeak.swift - the token that got the most attention.

/// The greatest share of a map of attention.
struct AttentionPeak {
  /// Peaks up to this many times the even share are none.
  private static let evenness: Float = 1.05

  /// The token that got it, the first of equals; tokens are numbered row by row.
  let token: Int
  /// Its share; what is not a number counts as 0.
  let share: Float
  /// Whether all tokens got about the same.
  let isEven: Bool

  /// Finds the peak; nil in a map without tokens.
  init?(_ attention: [Float]) {
    guard !attention.isEmpty else { return nil }
    let shares = attention.map { $0.isFinite ? $0 : 0 }
    token = shares.indices.reduce(0) { shares[$1] > shares[$0] ? $1 : $0 }
    share = shares[token]
    isEven = share * Float(shares.count) <= Self.evenness * shares.reduce(0, +)
  }
}
