// ByteReaderTests.swift - bounded reads of bytes.

import SafeFiles
import Testing

@Suite struct ByteReaderTests {
  @Test func readsNumbersInBothOrders() throws {
    var reader = ByteReader([1, 2, 3, 4, 0xFE, 0xFF, 0x80, 9])
    #expect(try reader.integer(UInt16.self) == 0x0201)
    #expect(try reader.integer(UInt16.self, order: .big) == 0x0304)
    #expect(try reader.integer(Int16.self) == -2)
    #expect(try reader.integer(Int8.self) == -128)
    #expect(try reader.byte() == 9)
    #expect(reader.remaining == 0)
    var long = ByteReader([1, 0, 0, 0, 0, 0, 0, 0x80])
    #expect(try long.integer(Int64.self) == Int64.min + 1)
  }

  @Test func readsTextAndRuns() throws {
    var reader = ByteReader(Array("abécd".utf8))
    #expect(try reader.text(4) == "abé")
    #expect(try Array(reader.bytes(1)) == [0x63])
    try reader.seek(to: 0)
    try reader.skip(2)
    #expect(reader.offset == 2)
    #expect(throws: ByteReaderFailure.invalidUTF8(offset: 2)) { try reader.text(1) }
  }

  @Test func refusesWhatIsNotThere() {
    var reader = ByteReader([1, 2, 3])
    #expect(throws: ByteReaderFailure.endOfData(offset: 0, wanted: 4, left: 3)) { try reader.integer(UInt32.self) }
    #expect(throws: ByteReaderFailure.endOfData(offset: 0, wanted: -1, left: 3)) { try reader.bytes(-1) }
    #expect(throws: ByteReaderFailure.endOfData(offset: 0, wanted: .max, left: 3)) { try reader.skip(.max) }
    #expect(throws: ByteReaderFailure.endOfData(offset: 0, wanted: 4, left: 3)) { try reader.seek(to: 4) }
    #expect(throws: ByteReaderFailure.endOfData(offset: 0, wanted: 9, left: 3)) { try reader.text(9) }
    #expect(reader.offset == 0)
  }

  @Test func failuresSayWhere() {
    let failure = ByteReaderFailure.endOfData(offset: 7, wanted: 4, left: 1)
    #expect(failure.place == "byte 7")
    #expect(failure.problem == "4 bytes are wanted here, 1 are left")
    #expect(ByteReaderFailure.invalidUTF8(offset: 2).problem == "the text is not UTF-8")
    #expect(failure.kind == .badData)
    #expect(failure.advice.contains("fetch"))
  }
}
