// JSONKeys.swift - the keys of the objects that are open, so that one that stands twice is found.

/// Remembers the keys of open objects by hash and place; two keys are the same when their scalars are the same.
struct JSONKeys: Sendable {
  private struct Key {
    var hash: Int
    var range: Range<Int>
    var hasEscapes: Bool
  }

  /// Keys of all open objects, those of the innermost last.
  private var keys: [Key] = []
  /// Index of the first key of each open object.
  private var starts: [Int] = []
  /// Hashes of the open objects that have many keys, by depth.
  private var large: [Int: Set<Int>] = [:]
  /// Up to so many keys are compared one by one.
  private static let few = 16

  /// Begins an object.
  mutating func open() {
    starts.append(keys.count)
  }

  /// Ends the innermost object.
  mutating func close() {
    if let start = starts.popLast() { keys.removeSubrange(start...) }
    if !large.isEmpty { large[starts.count] = nil }
  }

  /// Adds a key to the innermost object.
  /// - Parameters:
  ///   - token: The key.
  ///   - lexer: The text in which it stands.
  /// - Throws: ``JSONFailure/duplicateKey(offset:key:)``.
  mutating func insert(_ token: JSONStringToken, in lexer: JSONLexer) throws(JSONFailure) {
    let key = Key(hash: hash(token, in: lexer), range: token.range, hasEscapes: token.hasEscapes)
    let start = starts.last ?? 0
    if mayContain(key.hash, start: start), keys[start...].contains(where: { same($0, key, in: lexer) }) {
      throw .duplicateKey(offset: token.range.lowerBound - 1, key: lexer.text(token))
    }
    keys.append(key)
  }

  /// Whether the innermost object has a key of this hash; adds the hash where a set is kept.
  private mutating func mayContain(_ hash: Int, start: Int) -> Bool {
    let count = keys.count - start
    guard count >= Self.few else {
      for index in start..<keys.count where keys[index].hash == hash { return true }
      return false
    }
    if count == Self.few { large[starts.count - 1] = Set(keys[start...].map(\.hash)) }
    return large[starts.count - 1, default: []].insert(hash).inserted == false
  }

  private func same(_ one: Key, _ other: Key, in lexer: JSONLexer) -> Bool {
    guard one.hash == other.hash else { return false }
    if !one.hasEscapes && !other.hasEscapes { return lexer.bytes(one.range).elementsEqual(lexer.bytes(other.range)) }
    return lexer.unescaped(JSONStringToken(range: one.range, hasEscapes: one.hasEscapes))
      == lexer.unescaped(JSONStringToken(range: other.range, hasEscapes: other.hasEscapes))
  }

  /// A hash with the seed of the process, so that no file can be made of keys that share one.
  private func hash(_ token: JSONStringToken, in lexer: JSONLexer) -> Int {
    var hasher = Hasher()
    if token.hasEscapes {
      lexer.unescaped(token).withUnsafeBytes { hasher.combine(bytes: $0) }
    } else {
      hasher.combine(bytes: lexer.bytes(token.range))
    }
    return hasher.finalize()
  }
}
