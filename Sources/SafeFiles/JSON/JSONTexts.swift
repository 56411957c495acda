// JSONTexts.swift - texts that stand in a file again and again, kept once.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Remembers texts just read, so that one that comes again takes neither time nor memory.
///
/// Only for texts that a String cannot hold in itself (15 bytes); which of them are remembered is left to chance.
struct JSONTexts: Sendable {
  private static let places = 512
  private static let lengths = 16...64
  private var texts: [String] = []

  /// The text of a checked string.
  mutating func text(_ token: JSONStringToken, in lexer: JSONLexer) -> String {
    guard !token.hasEscapes, Self.lengths.contains(token.range.count) else { return lexer.text(token) }
    if texts.isEmpty { texts = [String](repeating: "", count: Self.places) }
    let bytes = lexer.bytes(token.range)
    let place = Self.place(bytes)
    let known = texts[place].utf8.withContiguousStorageIfAvailable { old in
      guard old.count == bytes.count, let one = old.baseAddress, let other = bytes.baseAddress else { return false }
      return memcmp(one, other, bytes.count) == 0
    }
    if known == true { return texts[place] }
    let text = lexer.text(token)
    texts[place] = text
    return text
  }

  /// The place of a text of at least 16 bytes, by its first and last eight and its length.
  private static func place(_ bytes: UnsafeRawBufferPointer) -> Int {
    let first = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
    let last = bytes.loadUnaligned(fromByteOffset: bytes.count &- 8, as: UInt64.self)
    let mixed = (first ^ last &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)) &* 0xD6E8_FEB8_6659_FD93
    return Int(mixed >> 55)
  }
}
