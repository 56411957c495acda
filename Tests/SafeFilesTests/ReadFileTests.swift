// ReadFileTests.swift - reading whole files and refusing what is no file.

import SafeFiles
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct ReadFileTests {
  /// The cause of the failure to read a path.
  private func refusal(_ path: String, limit: Int = 1 << 20) -> FileReadFailure? {
    do {
      _ = try readFile(path, limit: limit)
      return nil
    } catch {
      #expect(error.file == path)
      return error.cause as? FileReadFailure
    }
  }

  /// A socket that stands in the file system.
  private func listeningSocket(_ path: String) throws -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    try #require(bytes.count < MemoryLayout.size(ofValue: address.sun_path))
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    #if os(Linux)
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
    #endif
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0)
    return descriptor
  }

  @Test func readsTheBytes() throws {
    try withTemporaryFolder { folder in
      for count in [0, 1, 4095, 4096, 70_000] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try AtomicFile.write(bytes, to: "\(folder)/file")
        #expect(try readFile("\(folder)/file", limit: count) == bytes)
      }
    }
  }

  @Test func refusesAFileAboveTheLimit() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write([1, 2, 3], to: "\(folder)/file")
      #expect(refusal("\(folder)/file", limit: 2) == .tooLarge(bytes: 3, limit: 2))
    }
  }

  @Test func refusesWhatIsNoRegularFile() throws {
    try withTemporaryFolder { folder in
      #expect(refusal(folder) == .notRegular(.folder))
      #expect(refusal("/dev/zero") == .notRegular(.device))
      #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
      #expect(refusal("\(folder)/pipe") == .notRegular(.pipe))
      let descriptor = try listeningSocket("\(folder)/socket")
      defer { close(descriptor) }
      #expect(writeFailure { try AtomicFile.write("x", to: "\(folder)/socket") } == .notRegular(.socket))
      #expect(FileReadFailure.notRegular(.other).problem == "is no regular file")
    }
  }

  @Test func refusesWhatIsNotThere() throws {
    try withTemporaryFolder { folder in
      #expect(refusal("\(folder)/absent") == .notOpened(ENOENT))
      #expect(refusal("") == .notOpened(ENOENT))
      #expect(refusal("/etc/passwd\u{0}.json") == .notOpened(ENOENT))
      #expect(symlink("loop", "\(folder)/loop") == 0)
      #expect(refusal("\(folder)/loop") == .notOpened(ELOOP))
    }
  }

  #if os(Linux)
    @Test func readsFilesThatClaimToBeEmpty() throws {
      #expect(try readFile("/proc/self/status", limit: 1 << 20).starts(with: Array("Name:".utf8)))
      #expect(refusal("/proc/self/status", limit: 10) != nil)
    }

    /// Nothing is mapped at the start of a process's memory: reading there is an error of input and output.
    @Test func aFailingReadIsTold() throws {
      #expect(refusal("/proc/self/mem") == .notRead(EIO))
      #expect(FileReadFailure.notRead(EIO).advice == "check the disk and try again")
    }

    /// Files of /sys claim a page and hold less, and cannot be mapped.
    @Test func readsFilesThatHoldLessThanTheyClaim() throws {
      let path = "/sys/kernel/mm/transparent_hugepage/enabled"
      guard isRegularFile(path) else { return }
      let bytes = try readFile(path, limit: 1 << 20)
      #expect(!bytes.isEmpty && bytes.last == UInt8(ascii: "\n") && bytes.count < 4096)
      let failure = #expect(throws: FileFailure.self) { try MappedFile(path: path, limit: 1 << 20) }
      #expect(failure?.cause as? FileReadFailure == .notRead(ENODEV))
    }
  #endif

  @Test func failuresSayWhatAndWhatNext() throws {
    let cause = FileReadFailure.tooLarge(bytes: 3, limit: 2)
    #expect(
      FileFailure(file: "a\u{1B}b", cause: cause).description
        == "a\\u{1B}b: has 3 bytes, more than the limit of 2; check that this is the right file")
    #expect(cause.kind == .badData)
    #expect(FileReadFailure.notRegular(.folder).kind == .notFound)
    #expect(FileReadFailure.notRegular(.folder).problem == "is a folder, not a regular file")
    #expect(FileReadFailure.notOpened(EACCES).advice.contains("permissions"))
    #expect(FileReadFailure.notRead(EIO).problem.contains("Input/output error"))
  }

  @Test func visibleTextShowsControlCharactersAndIsCut() {
    #expect(visibleText("a\u{1B}[0m\n\u{202E}é\u{61C}") == "a\\u{1B}[0m\\u{A}\\u{202E}é\\u{61C}")
    #expect(visibleText("abcdef", limit: 3) == "abc…")
    #expect(visibleText("abc", limit: 3) == "abc")
  }
}
