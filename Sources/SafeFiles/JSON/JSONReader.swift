// JSONReader.swift - reads a JSON text from front to back, one value at a time (RFC 8259), for files of any size.
//
// Stricter than the RFC asks: a key that stands twice in an object is refused, as are half surrogate pairs, numbers
// beyond Double, and nesting beyond a limit. What is skipped is checked like what is read.

/// Reads a JSON text from front to back without building a tree.
///
/// ```swift
/// var reader = JSONReader(bytes)
/// try reader.beginObject()
/// while let key = try reader.nextKey() {
///   if key == "id" { id = try reader.integer() } else { try reader.skipValue() }
/// }
/// try reader.end()
/// ```
public struct JSONReader: Sendable {
  /// Deepest nesting that any limit can allow; it keeps recursive readers inside their stack.
  public static let deepest = 512

  private struct Container {
    var isObject: Bool
    var isEmpty = true
  }

  /// So many bytes behind the reader are given back to the system at once, where the text is a mapped file.
  private static let kept = 8 << 20

  private let memory: JSONMemory
  /// Looks at the memory, which is there as long as this reader.
  private let lexer: JSONLexer
  /// Bytes in front of this one are given back.
  private var givenBack = 0
  private let depthLimit: Int
  /// Index of the next byte.
  private var position = 0
  private var containers: [Container] = []
  private var keys = JSONKeys()
  private var texts = JSONTexts()

  /// Starts at the first byte; nothing is read yet.
  /// - Parameters:
  ///   - bytes: A JSON text in UTF-8; a byte-order mark in front is passed over.
  ///   - limits: Only the depth is used.
  public init(_ bytes: [UInt8], limits: LoadLimits = .default) {
    self.init(.memory(bytes), limits: limits)
  }

  /// Starts at the first byte of a file in memory or mapped; of a mapped one, what was read is given back to the system.
  /// - Parameters:
  ///   - text: A JSON text in UTF-8; a byte-order mark in front is passed over.
  ///   - limits: Only the depth is used.
  public init(_ text: FileBytes, limits: LoadLimits = .default) {
    memory = JSONMemory(text)
    lexer = JSONLexer(memory.bytes)
    depthLimit = min(limits.jsonDepth, Self.deepest)
    if memory.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Number of arrays and objects that are open.
  public var depth: Int { containers.count }

  /// Offset of the next value, for a failure of the caller's own.
  public mutating func offset() -> Int {
    defer { keepMemory() }
    position = lexer.skipWhitespace(from: position)
    return position
  }

  /// Tells the kind of the next value without reading it; a number is `number` even when it is whole.
  public mutating func peek() throws(JSONFailure) -> JSONKind {
    defer { keepMemory() }
    let start = offset()
    guard let first = lexer.byte(at: start) else { throw .unexpectedEnd(offset: start) }
    switch first {
    case 0x7B: return .object
    case 0x5B: return .array
    case 0x22: return .string
    case 0x74, 0x66: return .bool
    case 0x6E: return .null
    case 0x2D, 0x30...0x39: return .number
    case let found: throw .unexpectedByte(offset: start, found: found, expected: .value)
    }
  }

  /// Enters the object that comes next.
  public mutating func beginObject() throws(JSONFailure) {
    try begin(.object)
    keys.open()
  }

  /// Reads the next key of the innermost object, or leaves the object at its end.
  /// - Returns: The key, after which its value must be read or skipped; nil at the end.
  /// - Throws: ``JSONFailure``.
  public mutating func nextKey() throws(JSONFailure) -> String? {
    defer { keepMemory() }
    guard let token = try nextKeyToken() else { return nil }
    return texts.text(token, in: lexer)
  }

  /// Enters the array that comes next.
  public mutating func beginArray() throws(JSONFailure) {
    try begin(.array)
  }

  /// Goes to the next element of the innermost array, or leaves the array at its end.
  /// - Returns: Whether there is an element, which must be read or skipped.
  /// - Throws: ``JSONFailure``.
  public mutating func nextElement() throws(JSONFailure) -> Bool {
    precondition(containers.last?.isObject == false, "nextElement() outside an array")
    return try advance(close: 0x5D, expected: .commaOrBracket)
  }

  /// Reads a string.
  public mutating func string() throws(JSONFailure) -> String {
    defer { keepMemory() }
    try expect(.string)
    let start = position + 1
    let token = try lexer.string(from: start)
    position = token.range.upperBound + 1
    return texts.text(token, in: lexer)
  }

  /// Reads a whole number of 64 bits; `1.0` and `1e3` are not written as one and are refused.
  public mutating func integer() throws(JSONFailure) -> Int64 {
    let start = offset()
    guard case .integer(let value) = try numberValue(expected: .integer) else {
      throw .wrongKind(offset: start, found: .number, expected: .integer)
    }
    return value
  }

  /// Reads a number, whole or not.
  public mutating func number() throws(JSONFailure) -> Double {
    switch try numberValue(expected: .number) {
    case .integer(let value): Double(value)
    case .number(let value): value
    }
  }

  /// Reads true or false.
  public mutating func bool() throws(JSONFailure) -> Bool {
    defer { keepMemory() }
    try expect(.bool)
    let value = lexer.byte(at: position) == 0x74
    try literal(value ? "true" : "false")
    return value
  }

  /// Reads null.
  public mutating func null() throws(JSONFailure) {
    try expect(.null)
    try literal("null")
  }

  /// Passes over a value of any kind, checking all of it.
  public mutating func skipValue() throws(JSONFailure) {
    defer { keepMemory() }
    // Arrays element by element, so that those of a mapped file are given back.
    if memory.mapped != nil, containers.count < depthLimit, try peek() == .array {
      try beginArray()
      while try nextElement() { try skipValue() }
      return
    }
    position = try lexer.skipValue(
      from: position, depth: depthLimit - containers.count, limit: depthLimit, keys: &keys)
  }

  /// Checks that nothing but white space follows.
  public mutating func end() throws(JSONFailure) {
    defer { keepMemory() }
    let rest = offset()
    guard rest == lexer.count else { throw .trailingBytes(offset: rest) }
  }
}

// MARK: - Steps

extension JSONReader {
  private mutating func expect(_ kind: JSONKind) throws(JSONFailure) {
    let found = try peek()
    guard found == kind else { throw .wrongKind(offset: position, found: found, expected: kind) }
  }

  /// Ends whatever uses ``lexer``: without it the memory could go as soon as nothing else asks for it.
  @inline(__always)
  private func keepMemory() {
    withExtendedLifetime(memory) {}
  }

  private mutating func giveBack(_ end: Int) {
    memory.mapped?.giveBack(givenBack..<end)
    givenBack = end
  }

  private mutating func begin(_ kind: JSONKind) throws(JSONFailure) {
    try expect(kind)
    guard containers.count < depthLimit else { throw .tooDeep(offset: position, limit: depthLimit) }
    containers.append(Container(isObject: kind == .object))
    position += 1
  }

  /// Goes past the comma to the next member of the innermost container, or past its end.
  private mutating func advance(close: UInt8, expected: JSONExpectation) throws(JSONFailure) -> Bool {
    defer { keepMemory() }
    let start = offset()
    guard let found = lexer.byte(at: start) else { throw .unexpectedEnd(offset: start) }
    if start &- givenBack >= Self.kept { giveBack(start) }
    let last = containers.count - 1
    if found == close {
      containers.removeLast()
      position += 1
      return false
    }
    if containers[last].isEmpty {
      containers[last].isEmpty = false
      return true
    }
    guard found == 0x2C else { throw .unexpectedByte(offset: start, found: found, expected: expected) }
    position += 1
    return true
  }

  private mutating func nextKeyToken() throws(JSONFailure) -> JSONStringToken? {
    defer { keepMemory() }
    precondition(containers.last?.isObject == true, "nextKey() outside an object")
    let isFirst = containers.last?.isEmpty == true
    guard try advance(close: 0x7D, expected: .commaOrBrace) else {
      keys.close()
      return nil
    }
    let found = try lexer.key(at: position, expected: isFirst ? .keyOrEnd : .key)
    try keys.insert(found.token, in: lexer)
    position = found.end
    return found.token
  }

  /// Reads a number as it is written.
  mutating func anyNumber() throws(JSONFailure) -> JSONNumber {
    try numberValue(expected: .number)
  }

  private mutating func numberValue(expected: JSONKind) throws(JSONFailure) -> JSONNumber {
    defer { keepMemory() }
    let found = try peek()
    guard found == .number else { throw .wrongKind(offset: position, found: found, expected: expected) }
    let (value, end) = try lexer.number(from: position)
    position = end
    return value
  }

  private mutating func literal(_ word: StaticString) throws(JSONFailure) {
    defer { keepMemory() }
    position = try lexer.skipWord(word, from: position)
  }
}

/// The bytes of a text at one place, for as long as this object is held.
private final class JSONMemory: @unchecked Sendable {
  // Sendable without a check of the compiler: nobody writes to the bytes.
  let bytes: UnsafeBufferPointer<UInt8>
  /// The file, where the text is a mapped one.
  let mapped: MappedFile?

  /// An array is copied, since it may move; large files are mapped and are not.
  init(_ text: FileBytes) {
    switch text {
    case .memory(let array):
      let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: array.count)
      _ = copy.initialize(from: array)
      (bytes, mapped) = (UnsafeBufferPointer(copy), nil)
    case .mapped(let file):
      (bytes, mapped) = (file.withUnsafeBytes { $0.bindMemory(to: UInt8.self) }, file)
    }
  }

  deinit {
    if mapped == nil { bytes.deallocate() }
  }
}
