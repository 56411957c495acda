// ZipRefusalTests.swift - every way in which a zip archive is refused.

import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct ZipRefusalTests {
  private let text = ZipArchiveTests.text

  private func expect(_ failure: ZipFailure, _ builder: ZipBuilder, limits: LoadLimits = .default) {
    expect(failure, bytes: builder.bytes(), limits: limits)
  }

  private func expect(_ failure: ZipFailure, bytes: [UInt8], limits: LoadLimits = .default) {
    #expect(throws: failure) { try ZipArchive(bytes: bytes, limits: limits) }
    #expect(failure.message.contains("; ") && failure.kind == .badData)
  }

  /// An archive of one entry that is changed first.
  private func archive(_ change: (inout ZipBuilderEntry) -> Void) -> ZipBuilder {
    var entry = ZipBuilderEntry("a", text)
    change(&entry)
    return ZipBuilder([entry])
  }

  // MARK: The end

  @Test func filesWithoutAnEnd() {
    expect(.noEnd(fileBytes: 0), bytes: [])
    expect(.noEnd(fileBytes: 21), bytes: Array(ZipBuilder().bytes().dropLast()))
    expect(.noEnd(fileBytes: 100), bytes: [UInt8](repeating: 0x50, count: 100))
    // Nothing may stand behind the end: another reader could see another archive there.
    let trailing = ZipBuilder([ZipBuilderEntry("a", text)]).bytes() + [0]
    expect(.noEnd(fileBytes: trailing.count), bytes: trailing)
  }

  @Test func endsThatContradictEachOther() {
    for (field, range) in [
      ("disks", 80..<82), ("number of entries", 84..<86), ("directory size", 88..<92), ("directory offset", 92..<96),
    ] {
      var builder = ZipBuilder()
      builder.isZip64 = true
      builder.changeEnd = { $0.replaceSubrange(range, with: [UInt8](repeating: 1, count: range.count)) }
      expect(.endsDiffer(offset: 76, field: field), builder)
    }
  }

  @Test func locatorsThatLie() {
    func changed(_ range: Range<Int>, _ bytes: [UInt8]) -> ZipBuilder {
      var builder = ZipBuilder([ZipBuilderEntry("a", text)])
      builder.isZip64 = true
      builder.changeEnd = { $0.replaceSubrange(range, with: bytes) }
      return builder
    }
    let end = 30 + 1 + text.count + 47
    expect(.wrongMark(offset: end, record: .end64), changed(0..<4, [0, 0, 0, 0]))
    expect(.cutShort(offset: end, record: .end64), changed(4..<12, littleEndian(45 as UInt64)))
    expect(.wrongMark(offset: 0, record: .end64), changed(64..<72, littleEndian(0 as UInt64)))
    expect(.cutShort(offset: end + 56, record: .end64), changed(64..<72, littleEndian(UInt64(end + 1))))
    expect(.cutShort(offset: end + 56, record: .end64), changed(64..<72, littleEndian(UInt64.max)))
    expect(.severalDisks(offset: end + 56), changed(60..<64, [1, 0, 0, 0]))
    expect(.endsDiffer(offset: end + 76, field: "disks"), changed(16..<20, [1, 0, 0, 0]))
    expect(
      .directoryMisplaced(begin: .max, bytes: 47, end: end), changed(48..<56, littleEndian(UInt64.max)))
    expect(
      .tooManyEntries(count: .max, limit: 100_000),
      changed(24..<40, littleEndian(UInt64.max) + littleEndian(UInt64.max)))
  }

  @Test func directoriesThatLie() {
    var builder = ZipBuilder([ZipBuilderEntry("a", text)])
    let (start, size) = (30 + 1 + text.count, 47)
    builder.entryCount = 2
    expect(.cutShort(offset: start + size, record: .directoryEntry), builder)
    builder.entryCount = 0
    expect(.directorySize(offset: start, left: size), builder)
    builder.entryCount = nil
    builder.directorySize = 46
    expect(.directoryMisplaced(begin: UInt64(start), bytes: 46, end: start + size), builder)
    builder.directorySize = nil
    builder.gap = [0]
    expect(.directoryMisplaced(begin: UInt64(start), bytes: UInt64(size), end: start + size + 1), builder)
    builder.gap = []
    var bytes = builder.bytes()
    bytes[start] ^= 1
    expect(.wrongMark(offset: start, record: .directoryEntry), bytes: bytes)
    bytes = builder.bytes()
    bytes[start + 28] = 2  // a longer name
    expect(.cutShort(offset: start, record: .directoryEntry), bytes: bytes)
    bytes = builder.bytes()
    bytes[bytes.count - 18] = 1  // this is disk 1
    expect(.severalDisks(offset: start + size), bytes: bytes)
    var limits = LoadLimits()
    limits.archiveEntries = 0
    expect(.tooManyEntries(count: 1, limit: 0), builder, limits: limits)
    limits = LoadLimits()
    limits.tensorHeaderBytes = 46
    expect(.directoryTooLong(bytes: 47, limit: 46), builder, limits: limits)
  }

  // MARK: Entries

  @Test(arguments: ["", "/a", "../a", "a/../b", "..", "a/..", "C:a", "a\\b", "..\\a", "a\0b"])
  func namesThatLeadOut(name: String) {
    let builder = archive { $0.name = Array(name.utf8) }
    expect(.wrongName(offset: 30 + name.utf8.count + text.count, name: name), builder)
  }

  @Test func namesThatAreNoText() {
    expect(.wrongName(offset: 31 + text.count, name: "\u{FFFD}"), archive { $0.name = [0xFF] })
  }

  @Test func foldersWithBytes() {
    expect(.wrongName(offset: 0, name: "a/"), archive { $0.name = Array("a/".utf8) })
  }

  @Test func twoEntriesOfOneName() {
    expect(.duplicateName(entry: "a"), ZipBuilder([ZipBuilderEntry("a", text), ZipBuilderEntry("a", [])]))
  }

  @Test(arguments: [0x0001, 0x0041, 0x2000] as [UInt16]) func encryptedEntries(flags: UInt16) {
    expect(.encrypted(entry: "a"), archive { $0.flags = flags })
    expect(.encrypted(entry: "a"), archive { $0.changeRecord = { $0[6] |= 1 } })
  }

  @Test(arguments: [1, 9, 12, 14, 93, 99] as [UInt16]) func unknownMethods(method: UInt16) {
    expect(.unknownMethod(entry: "a", method: method), archive { $0.method = method })
  }

  @Test func recordsThatContradictTheDirectory() {
    for (field, place) in [("name", 30), ("method", 8), ("checksum", 14), ("stored size", 18), ("size", 22)] {
      let builder = archive { $0.changeRecord = { $0[place] ^= 8 } }
      expect(.recordsDiffer(entry: "a", offset: 0, field: field), builder)
    }
    expect(.wrongMark(offset: 0, record: .entry), archive { $0.changeRecord = { $0[0] = 0 } })
    // The extra field of the record has other sizes than that of the directory.
    let lie = archive {
      $0.isZip64 = true
      $0.changeRecord = { $0[35] ^= 1 }
    }
    expect(.recordsDiffer(entry: "a", offset: 0, field: "size"), lie)
  }

  @Test func sizesThatAreMissing() {
    expect(.missingSize(entry: "a"), archive { $0.storedSize = UInt64(UInt32.max) })
    let lost = archive {
      $0.isZip64 = true
      $0.changeRecord = { $0[31] = 2 }
    }
    expect(.missingSize(entry: "a"), lost)
  }

  @Test func entriesOutsideTheFile() {
    let end = UInt64(31 + text.count)
    expect(.outsideFile(entry: "a", offset: end), archive { $0.offset = end })
    expect(.outsideFile(entry: "a", offset: 1 << 40), archive { ($0.isZip64, $0.offset) = (true, 1 << 40) })
    let long = archive { ($0.storedSize, $0.size) = (UInt64(text.count + 1), UInt64(text.count + 1)) }
    expect(.outsideFile(entry: "a", offset: 0), long)
    let padded = archive { $0.changeRecord = { $0[29] = 0xFF } }
    expect(.outsideFile(entry: "a", offset: 0), padded)
  }

  @Test func entriesThatOverlap() {
    // Two names for the same bytes; the record can agree with one of them only.
    var second = ZipBuilderEntry("b", [])
    second.offset = 0
    expect(
      .recordsDiffer(entry: "b", offset: 0, field: "name"), ZipBuilder([ZipBuilderEntry("a", text), second]))
    // The second entry lies inside the data of the first.
    let inner = ZipBuilder([ZipBuilderEntry("b", text)]).bytes()
    let outer = ZipBuilderEntry("a", Array(inner.prefix(31 + text.count)))
    var hidden = ZipBuilderEntry("b", text)
    hidden.offset = 31
    expect(.overlap(entry: "b", offset: 31), ZipBuilder([outer, hidden]))
  }

  @Test func sizesThatNothingCanHave() {
    expect(.wrongSize(entry: "a", stored: 34, size: 35), archive { $0.size += 1 })
    var bomb = ZipBuilderEntry(deflating: text, as: "a")
    bomb.size = UInt64(bomb.data.count) * 1032 + 1
    expect(.wrongSize(entry: "a", stored: bomb.storedSize, size: bomb.size), ZipBuilder([bomb]))
    var limits = LoadLimits()
    limits.inflatedBytes = 2 * text.count - 1
    let both = ZipBuilder([ZipBuilderEntry(deflating: text, as: "a"), ZipBuilderEntry(deflating: text, as: "b")])
    expect(.tooLarge(entry: "b", bytes: 68, limit: 67), both, limits: limits)
    limits.inflatedBytes += 1
    #expect(throws: Never.self) { try ZipArchive(bytes: both.bytes(), limits: limits) }
  }

  // MARK: Data

  private func expectUnreadable(_ failure: ZipFailure, _ entry: ZipBuilderEntry) throws {
    let archive = try ZipArchive(bytes: ZipBuilder([entry]).bytes())
    for _ in 0..<2 { #expect(throws: failure) { try archive.bytes(of: archive.entries[0]) } }
  }

  @Test func dataThatIsDamaged() throws {
    var entry = ZipBuilderEntry("a", text)
    entry.data[3] ^= 1
    try expectUnreadable(.wrongChecksum(entry: "a"), entry)
    entry = ZipBuilderEntry(deflating: text, as: "a")
    entry.data[8] ^= 1
    try expectUnreadable(.wrongChecksum(entry: "a"), entry)
    entry.data[0] = 7  // a kind of block that there is not
    try expectUnreadable(.damaged(entry: "a"), entry)
    for size in [-1, 1] {
      entry = ZipBuilderEntry(deflating: text, as: "a")
      entry.size = UInt64(text.count + size)
      try expectUnreadable(.damaged(entry: "a"), entry)
    }
    entry = ZipBuilderEntry(deflating: text, as: "a")
    entry.data.removeLast()
    entry.storedSize -= 1
    try expectUnreadable(.damaged(entry: "a"), entry)
    entry = ZipBuilderEntry(deflating: text, as: "a")
    entry.data.append(0)
    entry.storedSize += 1
    try expectUnreadable(.damaged(entry: "a"), entry)
  }

  @Test func everyPrefixIsRefused() {
    let bytes = ZipBuilder([ZipBuilderEntry("a", text), ZipBuilderEntry(deflating: text, as: "b")]).bytes()
    for length in 0..<bytes.count {
      #expect(throws: ZipFailure.self) { try ZipArchive(bytes: Array(bytes[..<length])) }
    }
  }
}
