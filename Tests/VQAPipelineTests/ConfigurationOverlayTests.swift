// ConfigurationOverlayTests.swift - settings laid over defaults, and every way in which they are refused.

import SafeFiles
import Testing
import VQAPipeline

/// Settings of every kind of value.
private struct Sample: Codable, Equatable {
  struct Inner: Codable, Equatable {
    enum Choice: String, Codable { case left, right }

    var count = 3
    var share: Float = 0.25
    var choice = Choice.left
  }

  var name = "plain"
  var isOn = false
  var sizes = [1, 2]
  var inner = Inner()
}

@Suite struct ConfigurationOverlayTests {
  private func apply(_ json: String, path: String = "") throws -> Sample {
    try ConfigurationOverlay.apply(try JSONValue.parse(Array(json.utf8)), over: Sample(), path: path)
  }

  private func failure(_ json: String, path: String = "") throws -> ConfigurationFailure {
    try #require(throws: ConfigurationFailure.self) { try apply(json, path: path) }
  }

  @Test func nothingGivenLeavesTheDefaults() throws {
    #expect(try apply("{}") == Sample())
    #expect(try apply("{\"inner\": {}}") == Sample())
  }

  @Test func givenSettingsReplaceOnlyThemselves() throws {
    var wanted = Sample()
    wanted.name = "other"
    wanted.isOn = true
    wanted.inner.share = 2
    wanted.inner.choice = .right
    #expect(try apply(#"{"inner": {"choice": "right", "share": 2}, "isOn": true, "name": "other"}"#) == wanted)
  }

  @Test func listsAreReplacedWhole() throws {
    #expect(try apply("{\"sizes\": [7]}").sizes == [7])
    #expect(try apply("{\"sizes\": []}").sizes == [])
  }

  @Test func unknownKeyIsNamedWithItsPathAndTheKnownOnes() throws {
    let outer = try failure("{\"nme\": 1}")
    #expect(outer == .unknownKey(path: "nme", known: ["inner", "isOn", "name", "sizes"]))
    #expect(outer.place == "nme")
    #expect(outer.advice.contains("inner, isOn, name, sizes"))
    let inner = try failure("{\"inner\": {\"cont\": 1}}", path: "recipe")
    #expect(inner == .unknownKey(path: "recipe.inner.cont", known: ["choice", "count", "share"]))
    #expect(inner.kind == .badData)
  }

  @Test(
    arguments: [
      ("{\"name\": 3}", "name", JSONKind.string, JSONKind.number),
      ("{\"isOn\": 1}", "isOn", .bool, .number),
      ("{\"sizes\": {}}", "sizes", .array, .object),
      ("{\"inner\": []}", "inner", .object, .array),
      ("{\"inner\": {\"count\": \"3\"}}", "inner.count", .number, .string),
      ("{\"inner\": {\"count\": null}}", "inner.count", .number, .null),
      ("[]", "", .object, .array),
    ])
  func wrongKindIsNamed(json: String, path: String, expected: JSONKind, found: JSONKind) throws {
    #expect(try failure(json) == .wrongKind(path: path, expected: expected, found: found))
  }

  @Test(
    arguments: [
      ("{\"inner\": {\"count\": 1.5}}", "inner.count"), ("{\"inner\": {\"choice\": \"up\"}}", "inner.choice"),
      ("{\"inner\": {\"count\": 1e300}}", "inner.count"),
    ])
  func valuesThatCannotBeAreNamed(json: String, path: String) throws {
    #expect(try failure(json).place == path)
    #expect(try failure(json, path: "model").place == "model." + path)
  }

  @Test func wrongElementNamesItsList() throws {
    #expect(try failure("{\"sizes\": [1, \"two\"]}").place?.hasPrefix("sizes") == true)
  }

  @Test func everySettingIsWrittenOut() throws {
    let json = try ConfigurationOverlay.json(of: Sample())
    #expect(
      json
        == #"{"inner": {"choice": "left", "count": 3, "share": 0.25}, "isOn": false, "name": "plain", "sizes": [1, 2]}"#
        .parsed)
  }

  @Test func floatsComeBackToTheBit() throws {
    var sample = Sample()
    for share: Float in [0.1, 1e-9, 1.0000001, 16_777_216, -0.0] {
      sample.inner.share = share
      let back = try ConfigurationOverlay.apply(try ConfigurationOverlay.json(of: sample), over: Sample())
      #expect(back.inner.share.bitPattern == share.bitPattern || share == 0 && back.inner.share == 0)
    }
  }

  @Test(
    arguments: [
      ("inner.count=4", #"{"inner": {"count": 4}}"#), ("isOn=true", #"{"isOn": true}"#),
      ("sizes=[3, 4]", #"{"sizes": [3, 4]}"#), ("name=two words", #"{"name": "two words"}"#),
      ("name=\"4\"", #"{"name": "4"}"#), ("name=a=b", #"{"name": "a=b"}"#), ("name=", #"{"name": ""}"#),
      ("name=\u{301}a", "{\"name\": \"\u{301}a\"}"),
    ])
  func assignments(text: String, json: String) throws {
    #expect(try ConfigurationOverlay.settings(fromAssignment: text) == json.parsed)
    #expect(throws: Never.self) { try apply(json) }
  }

  @Test func badAssignmentsAreRefused() throws {
    let failure = try #require(throws: ConfigurationFailure.self) {
      try ConfigurationOverlay.settings(fromAssignment: "inner.count")
    }
    #expect(failure.place == "inner.count")
    for text in ["=3", "inner..count=3", ".=1", "inner.=1"] {
      #expect(throws: ConfigurationFailure.self, "\(text)") {
        try ConfigurationOverlay.apply(try ConfigurationOverlay.settings(fromAssignment: text), over: Sample())
      }
    }
  }
}

extension String {
  fileprivate var parsed: JSONValue? { try? JSONValue.parse(Array(utf8)) }
}
