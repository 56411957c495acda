// GzipFileTests.swift - gzip data of one and of several members, and data that is cut, damaged or too large.

import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct GzipFileTests {
  /// "hello, hello, hello" and a line feed under the name name.txt, as Python's gzip writes it.
  static let bytes: [UInt8] = [
    31, 139, 8, 8, 0, 0, 0, 0, 2, 255, 110, 97, 109, 101, 46, 116, 120, 116, 0, 203, 72, 205, 201, 201, 215, 81, 200,
    64, 162, 184, 0, 231, 66, 110, 82, 20, 0, 0, 0,
  ]
  static let text = Array("hello, hello, hello\n".utf8)

  @Test func zlibTellsItsVersion() {
    #expect(ZlibLibrary.version.prefixMatch(of: #/[0-9]+\.[0-9]+/#) != nil, "\(ZlibLibrary.version)")
  }

  @Test func membersAreReadOneAfterAnother() throws {
    #expect(try GzipFile.inflate(Self.bytes, limit: 20) == Self.text)
    #expect(try GzipFile.inflate(Self.bytes + Self.bytes, limit: 40) == Self.text + Self.text)
    // An extra field, a comment and a checksum of the header.
    var header = Array(Self.bytes[0..<10])
    header[3] = 2 | 4 | 16
    let full = header + [2, 0, 7, 7, 99, 0, 1, 2] + Self.bytes[19...]
    #expect(try GzipFile.inflate(full, limit: 100) == Self.text)
  }

  @Test func otherFilesAreReadAsTheyAre() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(Self.bytes, to: folder + "/a.gz")
      try AtomicFile.write(Self.text, to: folder + "/a")
      #expect(try GzipFile.read(folder + "/a.gz") == Self.text)
      #expect(try GzipFile.read(folder + "/a") == Self.text)
      #expect(throws: FileFailure.self) { try GzipFile.read(folder + "/a.gz", limit: 10) }
    }
  }

  @Test func everyCutIsRefused() {
    for count in 0..<Self.bytes.count {
      #expect(throws: GzipFailure.self, "\(count)") {
        try GzipFile.inflate(Array(Self.bytes[..<count]), limit: 1 << 20)
      }
    }
  }

  @Test(arguments: [
    (0, UInt8(7), GzipFailure.notGzip(offset: 0)), (2, 9, .notGzip(offset: 0)), (3, 0xFF, .notGzip(offset: 0)),
    (31, 1, .wrongChecksum(offset: 31)), (35, 21, .wrongChecksum(offset: 31)), (19, 7, .damaged(offset: 20)),
  ])
  func faultsNameTheByte(place: Int, value: UInt8, failure: GzipFailure) {
    var bytes = Self.bytes
    bytes[place] = value
    #expect(throws: failure) { try GzipFile.inflate(bytes, limit: 1 << 20) }
  }

  @Test func faultsSayWhatAndWhatNext() throws {
    let again = "fetch or make the file again"
    let expected: [(GzipFailure, String)] = [
      (.notGzip(offset: 3), "byte 3: no gzip data begins here; check that this is the right file"),
      (.cutShort(offset: 9), "byte 9: the file ends inside its gzip data; \(again)"),
      (.damaged(offset: 20), "byte 20: the compressed data is damaged; \(again)"),
      (.wrongChecksum(offset: 31), "byte 31: length or checksum are not those of the data; \(again)"),
      (.tooLarge(limit: 8), "the data becomes larger than the limit of 8 bytes; check that this is the right file"),
    ]
    for (failure, text) in expected {
      #expect(failure.message == text)
      #expect(failure.kind == .badData)
    }
    try withTemporaryFolder { folder in
      try AtomicFile.write(Array(Self.bytes.dropLast()), to: folder + "/a.gz")
      let failure = #expect(throws: FileFailure.self) { try GzipFile.read(folder + "/a.gz") }
      #expect(failure?.file == folder + "/a.gz")
      #expect(failure?.cause as? GzipFailure == .cutShort(offset: 38))
    }
  }

  /// Flags that announce more than the file holds.
  @Test(arguments: [[4], [4, 1], [4, 9, 0, 1], [2], [8], [16]] as [[UInt8]])
  func aHeaderThatIsCutIsRefused(_ header: [UInt8]) {
    let bytes = [31, 139, 8, header[0], 0, 0, 0, 0, 2, 255] + header.dropFirst()
    #expect(throws: GzipFailure.cutShort(offset: bytes.count)) { try GzipFile.inflate(bytes, limit: 1 << 20) }
  }

  @Test func limitsHold() {
    #expect(throws: GzipFailure.tooLarge(limit: 19)) { try GzipFile.inflate(Self.bytes, limit: 19) }
    #expect(throws: GzipFailure.tooLarge(limit: 39)) { try GzipFile.inflate(Self.bytes + Self.bytes, limit: 39) }
    #expect(throws: GzipFailure.notGzip(offset: 39)) {
      try GzipFile.inflate(Self.bytes + [UInt8](repeating: 0, count: 12), limit: 99)
    }
  }
}
