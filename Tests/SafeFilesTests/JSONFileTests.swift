// JSONFileTests.swift - JSON texts of files, small ones in memory and large ones mapped, and texts that come again.

import SafeFiles
import TestSupport
import Testing

@Suite struct JSONFileTests {
  /// A list of records, about 60 bytes each.
  private static func text(records: Int) -> [UInt8] {
    var text = #"{"skipped": ["#
    for index in 0..<records { text += (index == 0 ? "" : ", ") + #"{"number": \#(index), "texts": ["a \#(index)"]}"# }
    text += #"], "records": ["#
    for index in 0..<records {
      text += (index == 0 ? "" : ", ") + #"{"id": \#(index), "kind": "the kind of record number \#(index % 7)"}"#
    }
    return Array((text + "]}").utf8)
  }

  /// The records of a text, and where it stops being right.
  private func read(_ text: FileBytes) -> (ids: [Int64], kinds: Set<String>, failure: JSONFailure?) {
    var reader = JSONReader(text)
    var ids: [Int64] = []
    var kinds: Set<String> = []
    do throws(JSONFailure) {
      try reader.beginObject()
      while let key = try reader.nextKey() {
        guard key == "records" else {
          try reader.skipValue()
          continue
        }
        try reader.beginArray()
        while try reader.nextElement() {
          try reader.beginObject()
          while let field = try reader.nextKey() {
            if field == "id" { ids.append(try reader.integer()) } else { kinds.insert(try reader.string()) }
          }
        }
      }
      try reader.end()
    } catch {
      return (ids, kinds, error)
    }
    return (ids, kinds, nil)
  }

  @Test func aLargeFileIsMappedAndReadAlike() throws {
    try withTemporaryFolder { folder in
      let records = 300_000
      let text = Self.text(records: records)
      try AtomicFile.write(text, to: folder + "/large.json")
      let file = try FileBytes(path: folder + "/large.json", limit: 1 << 30)
      guard case .mapped = file else {
        Issue.record("\(text.count) bytes are not mapped")
        return
      }
      let found = read(file)
      #expect(found.failure == nil && found.ids == Array(0..<Int64(records)) && found.kinds.count == 7)
      // A key that stands twice is found though its first place was given back long ago.
      let twice = text.dropLast() + Array(#", "skipped": 1}"#.utf8)
      try AtomicFile.write(Array(twice), to: folder + "/twice.json")
      let failure = read(try FileBytes(path: folder + "/twice.json", limit: 1 << 30)).failure
      #expect(failure == .duplicateKey(offset: text.count + 1, key: "skipped"))
      // An error behind many megabytes has its place.
      var damaged = text
      damaged[text.count - 10] = 1
      try AtomicFile.write(damaged, to: folder + "/damaged.json")
      let place = read(try FileBytes(path: folder + "/damaged.json", limit: 1 << 30)).failure
      #expect(place == .controlCharacter(offset: text.count - 10, found: 1))
      #expect(place == read(.memory(damaged)).failure)
      // Deep nesting ends in arrays that are passed over one by one, too.
      let deep = [UInt8](repeating: UInt8(ascii: "["), count: 17 << 20)
      try AtomicFile.write(deep, to: folder + "/deep.json")
      var reader = JSONReader(try FileBytes(path: folder + "/deep.json", limit: 1 << 30))
      #expect(throws: JSONFailure.tooDeep(offset: 64, limit: 64)) { try reader.skipValue() }
    }
  }

  @Test func smallFilesAreReadAndLimitsHold() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("[1]", to: folder + "/small.json")
      guard case .memory(let bytes) = try FileBytes(path: folder + "/small.json", limit: 3) else {
        Issue.record("a small file is mapped")
        return
      }
      #expect(bytes == Array("[1]".utf8))
      #expect(throws: FileFailure.self) { try FileBytes(path: folder + "/small.json", limit: 2) }
      #expect(throws: FileFailure.self) { try FileBytes(path: folder, limit: 2) }
    }
  }

  @Test func textsThatComeAgainAreThemselves() throws {
    // Many lengths around those that are remembered, many that share a place, some with characters of several bytes.
    var texts: [String] = []
    for index in 0..<4_000 {
      let body = String(repeating: index % 3 == 0 ? "\u{E9}" : "a", count: index % 70)
      texts.append("\(index % 700) \(body) \(index % 5)")
    }
    let text = "[" + texts.map { JSONValue.quoted($0) }.joined(separator: ",") + "]"
    var reader = JSONReader(Array(text.utf8))
    try reader.beginArray()
    var place = 0
    while try reader.nextElement() {
      #expect(try reader.string() == texts[place])
      place += 1
    }
    #expect(place == texts.count)
  }
}
