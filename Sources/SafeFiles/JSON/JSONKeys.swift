// JSONKeys.swift - the keys of the objects that are open, so that one that stands twice is found.

/// Remembers the keys of open objects by their place; two keys are the same when their scalars are the same.
struct JSONKeys: Sendable {
  private struct Key {
    /// The first eight bytes, so that most keys differ without a look at the text.
    var head: UInt64
    var token: JSONStringToken
  }

  /// Keys of all open objects, those of the innermost last; those from `count` on are left from closed ones.
  private var keys: [Key] = []
  private var count = 0
  /// Index of the first key of each open object.
  private var starts: [Int] = []
  /// Keys of the open objects that have many, by depth; hashed with the seed of the process, so that no file can be made
  /// whose keys all collide.
  private var large: [Int: Set<[UInt8]>] = [:]
  /// Up to so many keys are compared one by one.
  private static let few = 16

  /// Begins an object.
  mutating func open() {
    starts.append(count)
  }

  /// Ends the innermost object.
  mutating func close() {
    guard let start = starts.popLast() else { return }
    count = start
    if !large.isEmpty { large[starts.count] = nil }
  }

  /// Adds a key to the innermost object.
  /// - Parameters:
  ///   - token: The key.
  ///   - lexer: The text in which it stands.
  /// - Throws: ``JSONFailure/duplicateKey(offset:key:)``.
  mutating func insert(_ token: JSONStringToken, in lexer: JSONLexer) throws(JSONFailure) {
    let start = starts.last ?? 0
    let key = Key(head: lexer.head(token), token: token)
    guard isNew(key, start: start, in: lexer) else {
      throw .duplicateKey(offset: token.range.lowerBound - 1, key: lexer.text(token))
    }
    if count < keys.count { keys[count] = key } else { keys.append(key) }
    count += 1
  }

  private mutating func isNew(_ key: Key, start: Int, in lexer: JSONLexer) -> Bool {
    let members = count - start
    guard members >= Self.few else {
      for index in start..<count where keys[index].head == key.head {
        if lexer.isSame(keys[index].token, key.token) { return false }
      }
      return true
    }
    let depth = starts.count - 1
    if members == Self.few { large[depth] = Set(keys[start..<count].map { lexer.unescaped($0.token) }) }
    return large[depth, default: []].insert(lexer.unescaped(key.token)).inserted
  }
}

extension JSONLexer {
  /// The first eight bytes of a key after its escapes are resolved, zeros behind a shorter one.
  fileprivate func head(_ token: JSONStringToken) -> UInt64 {
    if token.hasEscapes { return unescaped(token).prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    let length = token.range.count
    guard length < 8, let word = word(at: token.range.lowerBound) else {
      return length < 8
        ? bytes(token.range).reversed().reduce(0) { $0 << 8 | UInt64($1) } : word(at: token.range.lowerBound) ?? 0
    }
    return word & ((1 as UInt64) << (UInt64(length) &* 8) &- 1)
  }

  /// Whether two keys are the same after their escapes are resolved.
  fileprivate func isSame(_ one: JSONStringToken, _ other: JSONStringToken) -> Bool {
    if one.hasEscapes || other.hasEscapes { return unescaped(one) == unescaped(other) }
    return one.range.count == other.range.count && bytes(one.range).elementsEqual(bytes(other.range))
  }
}
