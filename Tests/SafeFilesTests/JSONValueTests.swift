// JSONValueTests.swift - JSON texts as values and back.

import SafeFiles
import Testing

/// Reads a JSON text given as a string.
func json(_ text: String) throws(JSONFailure) -> JSONValue {
  try JSONValue.parse(Array(text.utf8))
}

@Suite struct JSONValueTests {
  @Test func readsEveryKindOfValue() throws {
    let value = try json(
      #" {"null":null, "yes":true,"no":false,"whole":-12,"part":1.5e1,"text":"a\"\\\/\b\f\n\r\té","list":[1,[],{}]} "#)
    #expect(
      value == [
        "null": nil, "yes": true, "no": false, "whole": -12, "part": 15.0, "text": "a\"\\/\u{8}\u{C}\n\r\té",
        "list": [1, [], [:]],
      ])
    #expect(value.objectValue?.keys == ["null", "yes", "no", "whole", "part", "text", "list"])
    #expect(value["yes"]?.boolValue == true)
    #expect(value["whole"]?.integerValue == -12)
    #expect(value["whole"]?.numberValue == -12)
    #expect(value["part"]?.numberValue == 15)
    #expect(value["part"]?.integerValue == nil)
    #expect(value["text"]?.stringValue?.hasPrefix("a\"") == true)
    #expect(value["list"]?.arrayValue?.count == 3)
    #expect(value["absent"] == nil)
    #expect(try json("[]")["key"] == nil)
  }

  @Test(arguments: [
    ("0", 0), ("7", 7), ("9007199254740993", 9_007_199_254_740_993),
    ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
  ])
  func keepsWholeNumbersExact(text: String, expected: Int64) throws {
    #expect(try json(text) == .integer(expected))
  }

  @Test(arguments: [
    ("9223372036854775808", 9_223_372_036_854_775_808.0), ("-9223372036854775809", -9_223_372_036_854_775_809.0),
    ("100000000000000000000", 1e20), ("1.0", 1.0), ("0.1", 0.1), ("-2.5E-3", -0.0025), ("1e22", 1e22), ("1e23", 1e23),
    ("1e-22", 1e-22), ("2.2250738585072011e-308", Double.leastNormalMagnitude.nextDown),
    ("5e-324", Double.leastNonzeroMagnitude),
    ("1e-400", 0.0),
    ("123456789012345678901234567890.5", 123456789012345678901234567890.5), ("0.000001", 1e-6), ("0e5", 0.0),
    ("1.7976931348623157e308", Double.greatestFiniteMagnitude), ("8.41e21", 8.41e21), ("-0.0", -0.0), ("-0", -0.0),
  ])
  func readsOtherNumbersAsTheNearestDouble(text: String, expected: Double) throws {
    guard case .number(let value) = try json(text) else {
      Issue.record("\(text) is not read as a Double")
      return
    }
    #expect(value.bitPattern == expected.bitPattern)
  }

  @Test func numbersComeBackBitForBit() throws {
    var state: UInt64 = 7
    for _ in 0..<2000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Double(bitPattern: state)
      guard value.isFinite else { continue }
      let back = try json(JSONValue.number(value).serialized())
      guard case .number(let read) = back else {
        Issue.record("\(value) came back as \(back)")
        return
      }
      #expect(read.bitPattern == value.bitPattern)
    }
  }

  @Test func readsEscapesOfEveryPlane() throws {
    #expect(try json(#""\u0041\u00e9\u20AC\ud83d\ude00""#) == "Aé€😀")
    #expect(try json("\"é€😀 and a long plain run of text\"") == "é€😀 and a long plain run of text")
  }

  @Test func passesOverAByteOrderMark() throws {
    #expect(try JSONValue.parse([0xEF, 0xBB, 0xBF, 0x31]) == 1)
  }

  @Test func comparesTextsByScalars() throws {
    let composed = try json(#"{"\u00e9": 1, "e\u0301": 2}"#)
    #expect(composed.objectValue?.count == 2)
    #expect(composed["e\u{301}"] == 2)
    #expect(JSONValue.string("\u{E9}") != JSONValue.string("e\u{301}"))
    #expect(try json(#"{"a":1,"b":2}"#) == json(#"{"b":2,"a":1}"#))
    #expect(try json(#"{"a":1,"b":2}"#) != json(#"{"a":1,"b":3}"#))
    #expect(try json("1") != json("1.0"))
  }

  @Test func largeObjectsKeepOrderAndFindKeys() throws {
    var object = JSONObject((0..<100).map { (key: "key\($0)", value: .integer(Int64($0))) })
    #expect(object["key57"] == 57)
    object["key57"] = nil
    object["key3"] = "three"
    #expect(object.count == 99)
    #expect(object["key57"] == nil)
    #expect(object["key99"] == 99)
    #expect(object.map(\.key).prefix(5) == ["key0", "key1", "key2", "key3", "key4"])
    #expect(try json(JSONValue.object(object).serialized()) == .object(object))
  }

  @Test func writesOneLineOrMany() throws {
    let value: JSONValue = ["list": [1, 2.0, "a"], "empty": [:], "none": []]
    #expect(value.serialized() == #"{"list":[1,2.0,"a"],"empty":{},"none":[]}"#)
    #expect(
      value.serialized(pretty: true) == """
        {
          "list": [
            1,
            2.0,
            "a"
          ],
          "empty": {},
          "none": []
        }

        """)
  }

  @Test func escapesWhatSteersATerminal() throws {
    let text = "\u{1B}[31m\"\\\n\r\t\u{0}\u{7F}\u{9B}\u{2028}é😀"
    let written = JSONValue.string(text).serialized()
    #expect(written == #""\u001b[31m\"\\\n\r\t\u0000\u007f\u009b\u2028é😀""#)
    #expect(JSONValue.quoted(text) == written)
    #expect(try json(written) == .string(text))
  }

  /// The neighbours of what is escaped share bytes with it and stand as they are.
  @Test func escapesNoMoreThanItMust() throws {
    let plain = " !#[]^~\u{A0}\u{C0}\u{2027}\u{202A}\u{20A8}\u{E028}é€😀"
    #expect(JSONValue.string(plain).serialized() == "\"\(plain)\"")
    let mixed = "\u{80}a\u{9F}\u{A0}\u{2028}\u{2029}\u{202A}\u{7F}"
    let written = JSONValue.string(mixed).serialized()
    #expect(written == #""\u0080a\u009f"# + "\u{A0}" + #"\u2028\u2029"# + "\u{202A}" + #"\u007f""#)
    #expect(try json(written) == .string(mixed))
    #expect(JSONValue.string("").serialized() == "\"\"")
  }

  @Test func writesNullForWhatJSONCannotSay() {
    #expect(
      JSONValue.array([.number(.nan), .number(.infinity), .number(-.infinity)]).serialized() == "[null,null,null]")
  }
}
