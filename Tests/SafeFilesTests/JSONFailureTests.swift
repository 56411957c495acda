// JSONFailureTests.swift - every way in which a JSON text is refused, with its place.

import SafeFiles
import Testing

@Suite struct JSONFailureTests {
  static let refusals: [(text: String, failure: JSONFailure)] = [
    ("", .unexpectedEnd(offset: 0)),
    ("  ", .unexpectedEnd(offset: 2)),
    ("[1", .unexpectedEnd(offset: 2)),
    ("{\"a\"", .unexpectedEnd(offset: 4)),
    ("{\"a\":", .unexpectedEnd(offset: 5)),
    ("{\"a\":1,", .unexpectedEnd(offset: 7)),
    ("\"abc", .unexpectedEnd(offset: 4)),
    ("\"\\", .unexpectedEnd(offset: 2)),
    ("\"\\u00", .unexpectedEnd(offset: 5)),
    ("tru", .unexpectedEnd(offset: 3)),
    ("nul]", .unexpectedByte(offset: 3, found: 0x5D, expected: .value)),
    ("x", .unexpectedByte(offset: 0, found: 0x78, expected: .value)),
    ("[1,]", .unexpectedByte(offset: 3, found: 0x5D, expected: .value)),
    ("[,1]", .unexpectedByte(offset: 1, found: 0x2C, expected: .value)),
    ("[1 2]", .unexpectedByte(offset: 3, found: 0x32, expected: .commaOrBracket)),
    ("{\"a\":1 \"b\":2}", .unexpectedByte(offset: 7, found: 0x22, expected: .commaOrBrace)),
    ("{\"a\":1,}", .unexpectedByte(offset: 7, found: 0x7D, expected: .key)),
    ("{1:2}", .unexpectedByte(offset: 1, found: 0x31, expected: .keyOrEnd)),
    ("{\"a\" 1}", .unexpectedByte(offset: 5, found: 0x31, expected: .colon)),
    ("[1}", .unexpectedByte(offset: 2, found: 0x7D, expected: .commaOrBracket)),
    ("1 2", .trailingBytes(offset: 2)),
    ("{} {}", .trailingBytes(offset: 3)),
    ("\"a\u{1}\"", .controlCharacter(offset: 2, found: 1)),
    ("\"plain text and\nmore\"", .controlCharacter(offset: 15, found: 10)),
    ("\"\\x\"", .invalidEscape(offset: 1)),
    ("\"\\u00g0\"", .invalidEscape(offset: 1)),
    ("\"\\ud800\"", .loneSurrogate(offset: 1)),
    ("\"\\udc00\"", .loneSurrogate(offset: 1)),
    ("\"\\ud800\\u0041\"", .loneSurrogate(offset: 1)),
    ("\"\\ud800\\n\"", .loneSurrogate(offset: 1)),
    ("01", .invalidNumber(offset: 0)),
    ("-", .invalidNumber(offset: 0)),
    ("[1.]", .invalidNumber(offset: 1)),
    ("1e", .invalidNumber(offset: 0)),
    ("1e+", .invalidNumber(offset: 0)),
    ("-01", .invalidNumber(offset: 0)),
    (".5", .unexpectedByte(offset: 0, found: 0x2E, expected: .value)),
    ("+1", .unexpectedByte(offset: 0, found: 0x2B, expected: .value)),
    ("NaN", .unexpectedByte(offset: 0, found: 0x4E, expected: .value)),
    ("1e309", .numberOutOfRange(offset: 0)),
    ("-1e99999999999999999999", .numberOutOfRange(offset: 0)),
    ("[" + String(repeating: "1", count: 2000) + "]", .numberOutOfRange(offset: 1)),
    ("{\"a\":1,\"b\":2,\"a\":3}", .duplicateKey(offset: 13, key: "a")),
    ("{\"a\":1,\"\\u0061\":3}", .duplicateKey(offset: 7, key: "a")),
    ("{\"x\":{\"a\":1},\"y\":{\"a\":1,\"a\":2}}", .duplicateKey(offset: 24, key: "a")),
  ]

  @Test(arguments: refusals)
  func refuses(text: String, failure: JSONFailure) {
    #expect(throws: failure) { try json(text) }
    #expect(throws: failure) {
      var reader = JSONReader(Array(text.utf8))
      try reader.skipValue()
      try reader.end()
    }
    #expect(failure.kind == .badData)
    #expect(failure.message.hasPrefix("byte \(failure.offset): "))
    #expect(failure.message.contains("; "))
  }

  @Test(arguments: [
    [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
    [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xC3], [0xF0, 0x9F, 0x98],
    [0xFF],
  ])
  func refusesWhatIsNotUTF8(bytes: [Int]) {
    let text = Array("[\"plain run, \"".utf8).dropLast() + bytes.map { UInt8($0) } + Array("\"]".utf8)
    #expect(throws: JSONFailure.invalidUTF8(offset: 13)) { try JSONValue.parse(text) }
    #expect(throws: JSONFailure.invalidUTF8(offset: 13)) {
      var reader = JSONReader(text)
      try reader.skipValue()
    }
  }

  @Test func findsDuplicatesAmongManyKeys() throws {
    let members = (0..<500).map { "\"key number \($0)\":\($0)" }
    let good = "{" + members.joined(separator: ",") + "}"
    #expect(try json(good).objectValue?.count == 500)
    let bad = "{" + (members + ["\"key number 123\":0"]).joined(separator: ",") + "}"
    #expect(throws: JSONFailure.duplicateKey(offset: bad.utf8.count - 19, key: "key number 123")) { try json(bad) }
  }

  @Test func stopsAtTheDepthLimit() throws {
    let nested = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(throws: Never.self) { try json(nested(64)) }
    #expect(throws: JSONFailure.tooDeep(offset: 64, limit: 64)) { try json(nested(65)) }
    var limits = LoadLimits()
    limits.jsonDepth = 1_000_000
    #expect(throws: JSONFailure.tooDeep(offset: 512, limit: 512)) {
      try JSONValue.parse(Array(repeating: 0x5B, count: 200_000), limits: limits)
    }
  }

  @Test func everyPrefixOfAnObjectIsRefused() throws {
    let text = Array(#"{"a":[1.5e1,"\u00e9\ud83d\ude00é",true,null],"b":{"c":-1}}"#.utf8)
    #expect(throws: Never.self) { try JSONValue.parse(text) }
    for length in 0..<text.count {
      #expect(throws: JSONFailure.self) { try JSONValue.parse(Array(text[..<length])) }
    }
  }

  @Test func namesTheKindItFound() {
    let failure = JSONFailure.wrongKind(offset: 3, found: .string, expected: .integer)
    #expect(
      failure.message == "byte 3: found a string where a whole number of 64 bits must stand; correct the file there")
    #expect(
      JSONFailure.unexpectedByte(offset: 0, found: 0x1B, expected: .value).problem.contains("byte 0x1b"))
  }
}
