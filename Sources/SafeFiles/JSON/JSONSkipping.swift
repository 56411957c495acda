// JSONSkipping.swift - passes over a value in one go, checking it like one that is read; most of a large file is skipped.

extension JSONLexer {
  /// Passes over a value.
  /// - Parameters:
  ///   - start: Index before the value, perhaps of white space.
  ///   - depth: How many more arrays and objects may open.
  ///   - limit: The limit that a failure names.
  ///   - keys: Finds keys that stand twice.
  /// - Returns: Index after the value.
  /// - Throws: ``JSONFailure``.
  func skipValue(
    from start: Int, depth: Int, limit: Int, keys: inout JSONKeys
  ) throws(JSONFailure) -> Int {
    let index = skipWhitespace(from: start)
    guard let first = byte(at: index) else { throw .unexpectedEnd(offset: index) }
    switch first {
    case 0x22: return try string(from: index &+ 1).range.upperBound &+ 1
    case 0x2D, 0x30...0x39: return try skipNumber(from: index)
    case 0x7B, 0x5B:
      guard depth > 0 else { throw .tooDeep(offset: index, limit: limit) }
      return first == 0x7B
        ? try skipObject(from: index &+ 1, depth: depth &- 1, limit: limit, keys: &keys)
        : try skipArray(from: index &+ 1, depth: depth &- 1, limit: limit, keys: &keys)
    case 0x74: return try skipWord("true", from: index)
    case 0x66: return try skipWord("false", from: index)
    case 0x6E: return try skipWord("null", from: index)
    default: throw .unexpectedByte(offset: index, found: first, expected: .value)
    }
  }

  private func skipArray(
    from start: Int, depth: Int, limit: Int, keys: inout JSONKeys
  ) throws(JSONFailure) -> Int {
    var index = skipWhitespace(from: start)
    if byte(at: index) == 0x5D { return index &+ 1 }
    while true {
      index = try skipValue(from: index, depth: depth, limit: limit, keys: &keys)
      guard try skipComma(at: &index, close: 0x5D, expected: .commaOrBracket) else { return index }
    }
  }

  private func skipObject(
    from start: Int, depth: Int, limit: Int, keys: inout JSONKeys
  ) throws(JSONFailure) -> Int {
    var index = skipWhitespace(from: start)
    if byte(at: index) == 0x7D { return index &+ 1 }
    keys.open()
    var expected = JSONExpectation.keyOrEnd
    while true {
      let (token, value) = try key(at: index, expected: expected)
      try keys.insert(token, in: self)
      index = try skipValue(from: value, depth: depth, limit: limit, keys: &keys)
      expected = .key
      guard try skipComma(at: &index, close: 0x7D, expected: .commaOrBrace) else {
        keys.close()
        return index
      }
    }
  }

  /// Reads a key and its colon.
  /// - Parameters:
  ///   - start: Index before the key, perhaps of white space.
  ///   - expected: What a failure names.
  /// - Returns: The key and the index after the colon.
  /// - Throws: ``JSONFailure``.
  func key(
    at start: Int, expected: JSONExpectation
  ) throws(JSONFailure) -> (token: JSONStringToken, end: Int) {
    let quote = skipWhitespace(from: start)
    try require(0x22, at: quote, expected: expected)
    let token = try string(from: quote &+ 1)
    let colon = skipWhitespace(from: token.range.upperBound &+ 1)
    try require(0x3A, at: colon, expected: .colon)
    return (token, colon &+ 1)
  }

  /// Goes past the comma after a value, or past the end of the container.
  /// - Returns: Whether another value follows.
  private func skipComma(
    at index: inout Int, close: UInt8, expected: JSONExpectation
  ) throws(JSONFailure) -> Bool {
    index = skipWhitespace(from: index)
    if byte(at: index) == close {
      index &+= 1
      return false
    }
    try require(0x2C, at: index, expected: expected)
    index &+= 1
    return true
  }

  private func require(_ wanted: UInt8, at index: Int, expected: JSONExpectation) throws(JSONFailure) {
    guard let found = byte(at: index) else { throw .unexpectedEnd(offset: index) }
    guard found == wanted else { throw .unexpectedByte(offset: index, found: found, expected: expected) }
  }

  /// Passes over a word.
  /// - Parameters:
  ///   - word: The word, in ASCII.
  ///   - start: Index of its first letter.
  /// - Returns: Index after it.
  /// - Throws: ``JSONFailure`` at the first letter that differs.
  func skipWord(_ word: StaticString, from start: Int) throws(JSONFailure) -> Int {
    for offset in 0..<word.utf8CodeUnitCount {
      try require(word.utf8Start[offset], at: start &+ offset, expected: .value)
    }
    return start &+ word.utf8CodeUnitCount
  }
}
