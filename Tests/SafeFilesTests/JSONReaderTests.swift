// JSONReaderTests.swift - reading a JSON text one value at a time.

import SafeFiles
import Testing

@Suite struct JSONReaderTests {
  @Test func readsRecordsAndSkipsTheRest() throws {
    let text = """
      { "info": {"deep": [1, {"a": ["x", null, false]}], "text": "\\"}"} ,
        "records" : [ {"id": 1, "score": 0.5, "known": true, "note": null}, {"id": -2, "score": 3} ] }
      """
    var reader = JSONReader(Array(text.utf8))
    var ids: [Int64] = []
    var scores: [Double] = []
    try reader.beginObject()
    while let key = try reader.nextKey() {
      guard key == "records" else {
        try reader.skipValue()
        continue
      }
      #expect(try reader.peek() == .array)
      try reader.beginArray()
      while try reader.nextElement() {
        #expect(reader.depth == 2)
        try reader.beginObject()
        while let field = try reader.nextKey() {
          switch field {
          case "id": ids.append(try reader.integer())
          case "score": scores.append(try reader.number())
          case "known": #expect(try reader.bool())
          default: try reader.null()
          }
        }
      }
    }
    try reader.end()
    #expect(ids == [1, -2])
    #expect(scores == [0.5, 3])
    #expect(reader.depth == 0)
  }

  @Test func tellsWhereAValueOfTheWrongKindStands() {
    #expect(throws: JSONFailure.wrongKind(offset: 1, found: .string, expected: .object)) {
      var reader = JSONReader(Array(" \"a\"".utf8))
      try reader.beginObject()
    }
    #expect(throws: JSONFailure.wrongKind(offset: 2, found: .number, expected: .integer)) {
      var reader = JSONReader(Array("[ 1.0]".utf8))
      try reader.beginArray()
      _ = try reader.nextElement()
      _ = try reader.integer()
    }
    #expect(throws: JSONFailure.wrongKind(offset: 0, found: .bool, expected: .integer)) {
      var reader = JSONReader(Array("true".utf8))
      _ = try reader.integer()
    }
    #expect(throws: JSONFailure.wrongKind(offset: 0, found: .null, expected: .string)) {
      var reader = JSONReader(Array("null".utf8))
      _ = try reader.string()
    }
  }

  @Test func aForgottenValueIsRefused() throws {
    var reader = JSONReader(Array("{\"a\":1,\"b\":2}".utf8))
    try reader.beginObject()
    #expect(try reader.nextKey() == "a")
    #expect(throws: JSONFailure.self) { try reader.nextKey() }
  }

  @Test func skippingManyOpenContainersEndsAtTheRightOne() throws {
    var reader = JSONReader(Array("[[[],[1,[2]],{}],7]".utf8))
    try reader.beginArray()
    #expect(try reader.nextElement())
    try reader.skipValue()
    #expect(try reader.nextElement())
    #expect(reader.offset() == 17)
    #expect(try reader.value() == 7)
    #expect(try reader.nextElement() == false)
    try reader.end()
  }
}
