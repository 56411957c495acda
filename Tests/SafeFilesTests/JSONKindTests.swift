// JSONKindTests.swift - what a JSON value says of itself: its kind, and nil for every other one.

import SafeFiles
import Testing

@Suite struct JSONKindTests {
  @Test(arguments: [
    ("null", JSONKind.null), ("true", .bool), ("-7", .integer), ("0.5", .number), ("\"a\"", .string), ("[1]", .array),
    ("{\"a\":1}", .object),
  ])
  func aValueIsOfOneKind(text: String, kind: JSONKind) throws {
    let value = try JSONValue.parse(Array(text.utf8))
    #expect(value.kind == kind)
    #expect((value.boolValue != nil) == (kind == .bool))
    #expect((value.integerValue != nil) == (kind == .integer))
    #expect((value.numberValue != nil) == (kind == .integer || kind == .number))
    #expect((value.stringValue != nil) == (kind == .string))
    #expect((value.arrayValue != nil) == (kind == .array))
    #expect((value.objectValue != nil) == (kind == .object))
    #expect((value["a"] != nil) == (kind == .object))
    #expect(value.serialized() == text)
  }

  @Test func anObjectMayBeEmpty() throws {
    #expect(try JSONValue.parse(Array("{}".utf8)).objectValue?.isEmpty == true)
    #expect(try JSONValue.parse(Array("{\"a\":false}".utf8)).objectValue?.isEmpty == false)
    #expect(try JSONValue.parse(Array("[true, false]".utf8)).serialized() == "[true,false]")
  }
}
