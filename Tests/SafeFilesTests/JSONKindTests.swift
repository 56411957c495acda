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

  /// Blanks of any length, and keys that are the same though they are not written the same, in objects of any size.
  @Test func blanksAndKeysOfAnyForm() throws {
    let blanks = String(repeating: " ", count: 40) + "\n\t\r"
    #expect(try JSONValue.parse(Array("\(blanks)[\(blanks)1,\(blanks)2\(blanks)]\(blanks)".utf8)) == [1, 2])
    for count in [1, 5, 20, 200] {
      let members = (0..<count).map { "\"key\\u0020\($0)\":\($0)" }
      let object = try JSONValue.parse(Array("{\(members.joined(separator: ","))}".utf8))
      #expect(object.objectValue?.keys == (0..<count).map { "key \($0)" })
      let twice = "{\(members.joined(separator: ",")),\"key 0\":1}"
      #expect(throws: JSONFailure.self, "\(count)") { try JSONValue.parse(Array(twice.utf8)) }
      var reader = JSONReader(Array("[\(twice)]".utf8))
      #expect(throws: JSONFailure.self, "\(count)") {
        try reader.beginArray()
        _ = try reader.nextElement()
        try reader.skipValue()
      }
    }
    for number in ["1e999", "1" + String(repeating: "0", count: 400), "-1e400"] {
      #expect(throws: JSONFailure.self, "\(number)") { try JSONValue.parse(Array(number.utf8)) }
      var reader = JSONReader(Array("[\(number)]".utf8))
      #expect(throws: JSONFailure.self, "\(number)") {
        try reader.beginArray()
        _ = try reader.nextElement()
        try reader.skipValue()
      }
    }
  }

  @Test func anObjectMayBeEmpty() throws {
    #expect(try JSONValue.parse(Array("{}".utf8)).objectValue?.isEmpty == true)
    #expect(try JSONValue.parse(Array("{\"a\":false}".utf8)).objectValue?.isEmpty == false)
    #expect(try JSONValue.parse(Array("[true, false]".utf8)).serialized() == "[true,false]")
  }
}
