// JSONTexts.swift - texts that stand in a file again and again, kept once.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Remembers texts just read, so that one that comes again takes neither time nor memory; which are remembered is left to chance.
struct JSONTexts: Sendable {
  /// A text of at most 16 bytes, which are compared as two numbers.
  private struct Short {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var length = -1
    var text = ""
  }

  private static let places = 512
  private static let longest = 64
  private var short: [Short] = []
  private var long: [String] = []

  /// The text of a checked string.
  mutating func text(_ token: JSONStringToken, in lexer: JSONLexer) -> String {
    let length = token.range.count
    guard !token.hasEscapes, length <= Self.longest else { return lexer.text(token) }
    if length <= 16, let words = lexer.words(token.range) { return shortText(words, token, in: lexer) }
    return length > 16 ? longText(token, in: lexer) : lexer.text(token)
  }

  private mutating func shortText(
    _ words: (low: UInt64, high: UInt64), _ token: JSONStringToken, in lexer: JSONLexer
  ) -> String {
    if short.isEmpty { short = [Short](repeating: Short(), count: Self.places) }
    let length = token.range.count
    let place = Self.place(words.low, words.high, length)
    let known = short[place].length == length && short[place].low == words.low && short[place].high == words.high
    if known { return short[place].text }
    let text = lexer.text(token)
    short[place] = Short(low: words.low, high: words.high, length: length, text: text)
    return text
  }

  private mutating func longText(_ token: JSONStringToken, in lexer: JSONLexer) -> String {
    if long.isEmpty { long = [String](repeating: "", count: Self.places) }
    let bytes = lexer.bytes(token.range)
    let first = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
    let last = bytes.loadUnaligned(fromByteOffset: bytes.count &- 8, as: UInt64.self)
    let place = Self.place(first, last, bytes.count)
    let known = long[place].utf8.withContiguousStorageIfAvailable { old in
      guard old.count == bytes.count, let one = old.baseAddress, let other = bytes.baseAddress else { return false }
      return memcmp(one, other, bytes.count) == 0
    }
    if known == true { return long[place] }
    let text = lexer.text(token)
    long[place] = text
    return text
  }

  private static func place(_ first: UInt64, _ last: UInt64, _ length: Int) -> Int {
    let mixed = (first ^ last &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(length)) &* 0xD6E8_FEB8_6659_FD93
    return Int(mixed >> 55)
  }
}

extension JSONLexer {
  /// At most 16 bytes as two numbers, zeros behind a shorter text; nil where fewer than eight bytes follow its beginning, at the end of a file.
  @inline(__always)
  fileprivate func words(_ range: Range<Int>) -> (low: UInt64, high: UInt64)? {
    guard let low = word(at: range.lowerBound) else { return nil }
    let length = range.count
    if length <= 8 { return (length == 8 ? low : low & Self.mask(length), 0) }
    guard let high = word(at: range.lowerBound &+ 8) else { return nil }
    return (low, length == 16 ? high : high & Self.mask(length &- 8))
  }

  /// The lowest bytes of a number, fewer than eight.
  @inline(__always)
  private static func mask(_ bytes: Int) -> UInt64 { (1 as UInt64) << (UInt64(bytes) &* 8) &- 1 }
}
