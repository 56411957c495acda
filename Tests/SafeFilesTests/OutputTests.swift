// OutputTests.swift - checked writes to a descriptor, and files mapped into memory.

import SafeFiles
import Synchronization
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct CheckedOutputTests {
  @Test func writesAll() throws {
    try withTemporaryFolder { folder in
      let descriptor = open("\(folder)/out", O_WRONLY | O_CREAT, 0o600)
      defer { close(descriptor) }
      let output = CheckedOutput(descriptor: descriptor)
      try output.write("line é\n")
      try output.write([0x61])
      try output.write("")
      #expect(try readFile("\(folder)/out", limit: 100) == Array("line é\na".utf8))
    }
  }

  #if os(Linux)
    @Test func tellsOfAFullDisk() {
      let descriptor = open("/dev/full", O_WRONLY)
      defer { close(descriptor) }
      let failure = #expect(throws: FileFailure.self) {
        try CheckedOutput(descriptor: descriptor, name: "report").write("text")
      }
      #expect(failure?.kind == .writeFailed)
      #expect(failure?.cause as? FileWriteFailure == .notWritten(.write, ENOSPC))
      #expect(failure?.file == "report")
    }
  #endif

  @Test func waitsForAPipeThatIsFull() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let (reading, writing) = (ends[0], ends[1])
    #expect(fcntl(writing, F_SETFL, O_NONBLOCK) == 0)
    let text = String(repeating: "0123456789", count: 50_000)
    let output = CheckedOutput(descriptor: writing)
    let thread = WritingThread {
      let isWritten = (try? output.write(text)) != nil
      close(writing)
      return isWritten
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 10_000)
    while true {
      let count = read(reading, &chunk, chunk.count)
      if count <= 0 { break }
      bytes += chunk[..<count]
    }
    close(reading)
    #expect(thread.wait())
    #expect(bytes == Array(text.utf8))
  }

  @Test func namesTheUsualOutputs() {
    #expect(CheckedOutput(descriptor: 1).name == "standard output")
    #expect(CheckedOutput(descriptor: 2).name == "standard error")
    #expect(CheckedOutput(descriptor: 7).name == "output")
  }
}

@Suite struct MappedFileTests {
  @Test func givesTheBytes() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write([1, 2, 3, 4, 5], to: "\(folder)/file")
      let file = try MappedFile(path: "\(folder)/file", limit: 5)
      #expect(file.count == 5)
      #expect(file.withUnsafeBytes { Array($0) } == [1, 2, 3, 4, 5])
      // The mapping keeps the file that it began with.
      try AtomicFile.write([9], to: "\(folder)/file")
      #expect(file.withUnsafeBytes { Array($0) } == [1, 2, 3, 4, 5])
    }
  }

  @Test func anEmptyFileHasNoBytes() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write([], to: "\(folder)/file")
      let file = try MappedFile(path: "\(folder)/file", limit: 5)
      #expect(file.withUnsafeBytes { $0.count } == 0)
      #expect(FileBytes.mapped(file).withBytes(0..<0) { $0.byteCount } == 0)
      #expect(FileBytes.mapped(file).withBytes(0..<0) { PackedNumbers.floats($0, .float32) } == [])
      #expect(FileBytes.mapped(file).withBytes(0..<0) { PackedNumbers.firstNotFinite($0, .float32) } == nil)
    }
  }

  @Test func refusesLikeAnyReader() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write([1, 2], to: "\(folder)/file")
      let failure = #expect(throws: FileFailure.self) { try MappedFile(path: "\(folder)/file", limit: 1) }
      #expect(failure?.cause as? FileReadFailure == .tooLarge(bytes: 2, limit: 1))
      #expect(throws: FileFailure.self) { try MappedFile(path: folder, limit: 1) }
    }
  }

  /// Numbers of a mapped file are used in place, where they lie at a multiple of four; changing them changes no file.
  @Test func mappedFloatsAreThoseOfTheFile() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/file"
      let bytes = [0, 0, 0, 0] + PackedNumbers.bytes([1, -2.5], .float32) + [0]
      try AtomicFile.write(bytes, to: path)
      let file = try MappedFile(path: path, limit: 100)
      let floats = try #require(file.floats(4..<12))
      #expect(Array(floats) == [1, -2.5])
      floats[0] = 7
      #expect(file.floats(4..<8)?.first == 7)
      #expect(try readFile(path, limit: 100) == bytes)
      #expect(file.floats(5..<9) == nil)
      #expect(file.floats(4..<4) == nil)
      try AtomicFile.write([], to: path)
      #expect(try MappedFile(path: path, limit: 100).floats(0..<0) == nil)
    }
  }

  @Test func floatsAreGivenWhereTheyLie() throws {
    let numbers: [Float] = [1, -2.5, .infinity]
    let bytes = FileBytes.memory([0, 0, 0, 0] + PackedNumbers.bytes(numbers[...], .float32) + [0])
    let read = bytes.withFloats(4..<16) { span in span.indices.map { span[$0] } }
    #expect(read == numbers)
    #expect(bytes.withFloats(5..<17) { _ in 0 } == nil)
    #expect(bytes.withBytes(4..<16) { PackedNumbers.floats($0, .float32) } == numbers)
  }
}
