// ZipArchiveTests.swift - zip archives of several writers, read in place.

import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct ZipArchiveTests {
  static let text = Array("many words, many words, many words".utf8)

  @Test func storedAndDeflatedEntries() throws {
    var folder = ZipBuilderEntry("folder/", [])
    folder.padding = 8
    let builder = ZipBuilder([
      ZipBuilderEntry("a", Self.text), folder, ZipBuilderEntry(deflating: Self.text, as: "folder/b"),
      ZipBuilderEntry("empty", []), ZipBuilderEntry(deflating: [], as: "e\u{301}"),
    ])
    let archive = try ZipArchive(bytes: builder.bytes())
    #expect(archive.entries.map(\.name) == ["a", "folder/b", "empty", "e\u{301}"])
    #expect(archive.entries.map(\.method) == [.stored, .deflated, .stored, .deflated])
    for (name, bytes) in [("a", Self.text), ("folder/b", Self.text), ("empty", []), ("e\u{301}", [])] {
      let entry = try #require(archive[name])
      #expect(entry.size == bytes.count)
      #expect(try archive.bytes(of: entry) == bytes)
    }
    // Names are compared by their scalars, and folders are no entries.
    #expect(archive["\u{E9}"] == nil)
    #expect(archive["folder/"] == nil)
  }

  @Test func archivesWithoutEntries() throws {
    #expect(try ZipArchive(bytes: ZipBuilder().bytes()).entries.isEmpty)
    var commented = ZipBuilder()
    commented.comment = Array("PK\u{5}\u{6} is no end".utf8) + [UInt8](repeating: 0, count: 30)
    #expect(try ZipArchive(bytes: commented.bytes()).entries.isEmpty)
  }

  @Test func sizesOf64Bits() throws {
    var entry = ZipBuilderEntry("a", Self.text)
    entry.isZip64 = true
    var deflated = ZipBuilderEntry(deflating: Self.text, as: "b")
    deflated.isZip64 = true
    for isZip64 in [false, true] {
      var builder = ZipBuilder([entry, deflated, ZipBuilderEntry("c", Self.text)])
      builder.isZip64 = isZip64
      let archive = try ZipArchive(bytes: builder.bytes())
      #expect(archive.entries.count == 3)
      for entry in archive.entries { #expect(try archive.bytes(of: entry) == Self.text) }
    }
  }

  @Test func sizesBehindTheData() throws {
    // Bit 3: the record in front of the data has zeros, a record behind it the values.
    var entry = ZipBuilderEntry("a", Self.text)
    entry.flags = 8
    entry.changeRecord = { $0.replaceSubrange(14..<26, with: [UInt8](repeating: 0, count: 12)) }
    let archive = try ZipArchive(bytes: ZipBuilder([entry]).bytes())
    #expect(try archive.bytes(of: archive.entries[0]) == Self.text)
  }

  @Test func filesOfNumPy() throws {
    for name in ["stored", "deflated"] {
      let archive = try ArrayArchive(path: arrayFixtures + "\(name).npz")
      #expect(archive.names == ["x", "ids"])
      let array = try archive.array("x")
      #expect(array.shape == (name == "stored" ? [2, 3] : [64, 32]))
      #expect(try array.floats() == (0..<array.count).map { fixtureNumber($0) })
      #expect(try archive.array("ids").int64s() == [-3, -3, -2, -2])
    }
    #expect(try ArrayArchive(path: arrayFixtures + "zip64.npz").array("x").shape == [2, 3])
  }

  @Test func arraysThatCannotBeHad() throws {
    let array = npy(npyHeader(shape: "(2,)"), data: 8)
    var damaged = ZipBuilderEntry("damaged.npy", array)
    damaged.checksum ^= 1
    let builder = ZipBuilder([
      ZipBuilderEntry("x.npy", array), ZipBuilderEntry("cut.npy", Array(array.dropLast())), damaged,
      ZipBuilderEntry("other.txt", array),
    ])
    let archive = try ArrayArchive(bytes: builder.bytes())
    #expect(archive.names == ["x", "cut", "damaged"])
    #expect(try archive.array("x").count == 2)
    for (name, failure) in [
      ("cut", .array(name: "cut", cause: .sizeMismatch(shapeBytes: 8, dataBytes: 7))),
      ("damaged", .zip(.wrongChecksum(entry: "damaged.npy"))),
      ("y", .noArray(name: "y", known: ["x", "cut", "damaged"])),
      ("other", .noArray(name: "other", known: ["x", "cut", "damaged"])),
    ] as [(String, ArrayArchiveFailure)] {
      #expect(throws: failure) { try archive.array(name) }
      #expect(failure.message.contains("; ") && failure.kind == .badData)
    }
    #expect(
      ArrayArchiveFailure.array(name: "cut", cause: .negativeSize(-1)).place == "array cut, header, shape")
    #expect(ArrayArchiveFailure.noArray(name: "y", known: []).problem == "there is no array y, nor any other")
  }

  @Test func entriesOfAnotherArchiveAreNotRead() throws {
    let archive = try ZipArchive(bytes: ZipBuilder([ZipBuilderEntry("a", Self.text)]).bytes())
    let other = try ZipArchive(
      bytes: ZipBuilder([ZipBuilderEntry("a", [1]), ZipBuilderEntry("b", Self.text)]).bytes())
    for entry in other.entries { #expect(throws: ZipFailure.self) { try archive.bytes(of: entry) } }
  }
}
