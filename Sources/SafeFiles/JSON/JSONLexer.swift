// JSONLexer.swift - the words of a JSON text (RFC 8259), found in a buffer of bytes.
//
// The buffer is looked at through an unsafe pointer because a checked subscript for every byte halves the speed. Each
// read below is guarded by a comparison with `count`; nothing else touches the pointer.

/// A string found in the buffer: where it is, and whether it must be unescaped.
struct JSONStringToken {
  /// Bytes between the quotes.
  var range: Range<Int>
  /// Whether a backslash is among them.
  var hasEscapes: Bool
}

/// Finds words in a buffer; holds no position of its own.
struct JSONLexer: @unchecked Sendable {
  // Sendable without a check of the compiler: it only reads.
  private let base: UnsafeRawPointer?
  let count: Int

  init(_ buffer: UnsafeBufferPointer<UInt8>) {
    base = UnsafeRawPointer(buffer.baseAddress)
    count = buffer.count
  }

  /// The byte at an index, or nil at the end.
  @inline(__always)
  func byte(at index: Int) -> UInt8? {
    guard let base, index < count else { return nil }
    return base.load(fromByteOffset: index, as: UInt8.self)
  }

  /// Eight bytes from an index on, the first one lowest, or nil when fewer are left.
  @inline(__always)
  func word(at index: Int) -> UInt64? {
    guard let base, index <= count &- 8 else { return nil }
    return UInt64(littleEndian: base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
  }

  /// The first index from `start` on that holds no white space.
  @inline(__always)
  func skipWhitespace(from start: Int) -> Int {
    var index = start
    while let byte = byte(at: index), byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      index &+= 1
      while word(at: index) == 0x2020_2020_2020_2020 { index &+= 8 }
    }
    return index
  }

  /// Finds the end of a string and checks all of it: UTF-8, control characters, escapes.
  /// - Parameter start: Index after the opening quote.
  /// - Returns: The string; the closing quote is at the end of its range.
  /// - Throws: ``JSONFailure``.
  func string(from start: Int) throws(JSONFailure) -> JSONStringToken {
    var index = start
    var hasEscapes = false
    while true {
      while let word = word(at: index) {
        let special = special(word)
        guard special == 0 else {
          index &+= special.trailingZeroBitCount >> 3
          break
        }
        index &+= 8
      }
      guard let byte = byte(at: index) else { throw .unexpectedEnd(offset: count) }
      switch byte {
      case 0x22: return JSONStringToken(range: start..<index, hasEscapes: hasEscapes)
      case 0x5C:
        hasEscapes = true
        index = try escape(at: index).end
      case ..<0x20: throw .controlCharacter(offset: index, found: byte)
      case ..<0x80: index &+= 1
      default: index = try character(at: index)
      }
    }
  }

  /// Marks in the top bit the lowest of eight bytes that is a quote, a backslash, a control character or a part of a longer
  /// character, and perhaps bytes above it; zero when there is none.
  @inline(__always)
  private func special(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quote = word ^ (ones &* 0x22)
    let backslash = word ^ (ones &* 0x5C)
    // A byte that is zero (or below 0x20) borrows into its top bit; bytes with the top bit set are caught by `word`.
    let found = (quote &- ones) | (backslash &- ones) | (word &- (ones &* 0x20)) | word
    return found & (ones &* 0x80)
  }

  /// Checks a character of two to four bytes (the table of RFC 3629).
  /// - Parameter index: Index of its first byte, which is 0x80 or above.
  /// - Returns: Index after it.
  /// - Throws: ``JSONFailure/invalidUTF8(offset:)``.
  private func character(at index: Int) throws(JSONFailure) -> Int {
    let first = byte(at: index) ?? 0
    let second = byte(at: index &+ 1) ?? 0
    let length: Int
    let seconds: ClosedRange<UInt8>
    switch first {
    case 0xC2...0xDF: (length, seconds) = (2, 0x80...0xBF)
    case 0xE0: (length, seconds) = (3, 0xA0...0xBF)
    case 0xED: (length, seconds) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, seconds) = (3, 0x80...0xBF)
    case 0xF0: (length, seconds) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, seconds) = (4, 0x80...0xBF)
    case 0xF4: (length, seconds) = (4, 0x80...0x8F)
    default: throw .invalidUTF8(offset: index)
    }
    guard seconds.contains(second) else { throw .invalidUTF8(offset: index) }
    var next = index &+ 2
    while next < index &+ length {
      guard let byte = byte(at: next), byte & 0xC0 == 0x80 else { throw .invalidUTF8(offset: index) }
      next &+= 1
    }
    return next
  }

  /// Reads one escape.
  /// - Parameter index: Index of its backslash.
  /// - Returns: The scalar it stands for and the index after it.
  /// - Throws: ``JSONFailure``.
  func escape(at index: Int) throws(JSONFailure) -> (scalar: Unicode.Scalar, end: Int) {
    guard let letter = byte(at: index &+ 1) else { throw .unexpectedEnd(offset: count) }
    let end = index &+ 2
    switch letter {
    case 0x22, 0x5C, 0x2F: return (Unicode.Scalar(letter), end)
    case 0x62: return ("\u{8}", end)
    case 0x66: return ("\u{C}", end)
    case 0x6E: return ("\n", end)
    case 0x72: return ("\r", end)
    case 0x74: return ("\t", end)
    case 0x75: break
    default: throw .invalidEscape(offset: index)
    }
    let unit = try hexadecimal(at: end, escape: index)
    if let scalar = Unicode.Scalar(unit) { return (scalar, end &+ 4) }
    // Half a surrogate pair: the other half must follow as an escape of its own.
    guard unit < 0xDC00, byte(at: end &+ 4) == 0x5C, byte(at: end &+ 5) == 0x75 else {
      throw .loneSurrogate(offset: index)
    }
    let low = try hexadecimal(at: end &+ 6, escape: end &+ 4)
    guard (0xDC00...0xDFFF).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
    else { throw .loneSurrogate(offset: index) }
    return (scalar, end &+ 10)
  }

  private func hexadecimal(at start: Int, escape: Int) throws(JSONFailure) -> UInt16 {
    var unit: UInt16 = 0
    for index in start..<start &+ 4 {
      guard let byte = byte(at: index) else { throw .unexpectedEnd(offset: count) }
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x37
      case 0x61...0x66: digit = byte - 0x57
      default: throw .invalidEscape(offset: escape)
      }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }

  /// The text of a string that ``string(from:)`` has checked.
  func text(_ token: JSONStringToken) -> String {
    guard token.hasEscapes else { return String(decoding: bytes(token.range), as: UTF8.self) }
    return String(decoding: unescaped(token), as: UTF8.self)
  }

  /// The UTF-8 bytes of a checked string after its escapes are resolved.
  func unescaped(_ token: JSONStringToken) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(token.range.count)
    var index = token.range.lowerBound
    while index < token.range.upperBound, let byte = byte(at: index) {
      if byte == 0x5C, let (scalar, end) = try? escape(at: index) {
        result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        index = end
      } else {
        result.append(byte)
        index &+= 1
      }
    }
    return result
  }

  /// The bytes of a range that lies inside the buffer.
  @inline(__always)
  func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base.map { $0 + range.lowerBound }, count: range.count)
  }
}
