// AtomicFileTests.swift - files are the old ones or the new ones, whatever step fails.

import SafeFiles
import Synchronization
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Names in a folder, hidden ones too, sorted.
func names(in folder: String) -> [String] {
  guard let listing = opendir(folder) else { return [] }
  defer { closedir(listing) }
  var names: [String] = []
  while let entry = readdir(listing) {
    let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}

/// The failure of writing that a body throws.
func writeFailure(_ body: () throws -> Void) -> FileWriteFailure? {
  do {
    try body()
    return nil
  } catch {
    return (error as? FileFailure)?.cause as? FileWriteFailure
  }
}

@Suite struct AtomicFileTests {
  @Test func writesAndReplaces() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/file"
      try AtomicFile.write("old é", to: path)
      #expect(try readFile(path, limit: 100) == Array("old é".utf8))
      try AtomicFile.write([1, 2, 3], to: path)
      #expect(try readFile(path, limit: 100) == [1, 2, 3])
      try AtomicFile.write([], to: path)
      #expect(try readFile(path, limit: 100) == [])
      #expect(names(in: folder) == ["file"])
    }
  }

  @Test func writesPartByPart() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/file"
      var expected: [UInt8] = []
      try AtomicFile.write(to: path) { file in
        for size in [10, 70_000, 65_530, 3, 20, 65_536, 0, 1] {
          let part = [UInt8](repeating: UInt8(size % 251), count: size)
          expected += part
          try file.write(part)
        }
        try file.write("end")
        #expect(names(in: folder).count == 1)
        #expect(names(in: folder).first?.hasPrefix(".file.tmp-\(getpid())-") == true)
      }
      #expect(try readFile(path, limit: 1 << 20) == expected + Array("end".utf8))
      #expect(names(in: folder) == ["file"])
    }
  }

  @Test func aBodyThatThrowsLeavesTheOldFile() throws {
    struct Stop: Error {}
    try withTemporaryFolder { folder in
      let path = "\(folder)/file"
      try AtomicFile.write("old", to: path)
      #expect(throws: Stop.self) {
        try AtomicFile.write(to: path) { file in
          try file.write([UInt8](repeating: 7, count: 100_000))
          throw Stop()
        }
      }
      #expect(try readFile(path, limit: 100) == Array("old".utf8))
      #expect(names(in: folder) == ["file"])
    }
  }

  @Test func takesItsStepsInTheSafeOrder() throws {
    try withTemporaryFolder { folder in
      let steps = Mutex<[WriteStep]>([])
      try WriteFaults.withCheck({ step in
        steps.withLock { $0.append(step) }
        return 0
      }) {
        try AtomicFile.write("text", to: "\(folder)/file")
      }
      #expect(steps.withLock { $0 } == [.create, .write, .synchronize, .rename, .synchronizeFolder])
    }
  }

  /// Fails the first, the second, the third … step until none fails.
  @Test func anyFailingStepLeavesTheOldOrTheNewFileAlone() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/file"
      let new = [UInt8](repeating: 9, count: 200_000)
      for failing in 0... {
        try AtomicFile.write("old", to: path)
        let count = Mutex(0)
        let failure = writeFailure {
          try WriteFaults.withCheck({ _ in
            count.withLock { count in
              count += 1
              return count == failing + 1 ? ENOSPC : 0
            }
          }) {
            try AtomicFile.write(to: path) { file in
              for part in 0..<20 { try file.write(Array(new[part * 10_000..<(part + 1) * 10_000])) }
            }
          }
        }
        #expect(names(in: folder) == ["file"])
        let content = try readFile(path, limit: 1 << 20)
        guard let failure else {
          #expect(content == new)
          #expect(failing == 8)
          break
        }
        let isRenamed = failure == .notWritten(.synchronizeFolder, ENOSPC)
        #expect(content == (isRenamed ? new : Array("old".utf8)))
        #expect(failure.kind == .writeFailed)
      }
    }
  }

  @Test func refusesWhatIsNoFile() throws {
    try withTemporaryFolder { folder in
      #expect(writeFailure { try AtomicFile.write("a", to: folder) } == .notRegular(.folder))
      #expect(writeFailure { try AtomicFile.write("a", to: "\(folder)/new/") } == .notRegular(.folder))
      #expect(writeFailure { try AtomicFile.write("a", to: "\(folder)/absent/file") } == .notCreated(ENOENT))
      #expect(writeFailure { try AtomicFile.write("a", to: "") } == .notCreated(ENOENT))
      #expect(writeFailure { try AtomicFile.write("a", to: "\(folder)/a\u{0}b") } == .notCreated(ENOENT))
      #expect(writeFailure { try AtomicFile.write("a", to: "/dev/null") } == .notRegular(.device))
      #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
      #expect(writeFailure { try AtomicFile.write("a", to: "\(folder)/pipe") } == .notRegular(.pipe))
      try AtomicFile.write("a", to: "\(folder)/file")
      #expect(writeFailure { try AtomicFile.write("a", to: "\(folder)/file/under") } == .notCreated(ENOTDIR))
      #expect(names(in: folder) == ["file", "pipe"])
    }
  }

  @Test func followsLinksAndKeepsPermissions() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("old", to: "\(folder)/file")
      #expect(chmod("\(folder)/file", 0o640) == 0)
      #expect(symlink("file", "\(folder)/link") == 0)
      try AtomicFile.write("new", to: "\(folder)/link")
      #expect(try readFile("\(folder)/file", limit: 10) == Array("new".utf8))
      var status = stat()
      #expect(lstat("\(folder)/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
      #expect(stat("\(folder)/file", &status) == 0 && status.st_mode & 0o7777 == 0o640)
    }
  }

  /// Paths without a folder are in the present one, and the root is a folder like others.
  @Test func everyFormOfAPathIsTaken() throws {
    let name = "vqa-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    defer { unlink(name) }
    try AtomicFile.write("here", to: name)
    #expect(try readFile("./\(name)", limit: 9) == Array("here".utf8))
    #expect(AtomicFile.removeStrays(of: name).isEmpty)
    #expect(AtomicFile.removeStrays(of: "/\(name)").isEmpty)
    #expect(throws: FileFailure.self) { try AtomicFile.write("never", to: "/proc/\(name)") }
  }

  @Test func namesOfFullLengthAreTaken() throws {
    try withTemporaryFolder { folder in
      let name = String(repeating: "é", count: 127)
      try AtomicFile.write("a", to: "\(folder)/\(name)")
      #expect(names(in: folder) == [name])
    }
  }

  @Test func removesOnlyWhatDeadWritersLeft() throws {
    try withTemporaryFolder { folder in
      // Process ids end far below 2³¹ - 1, so that no process has this one.
      let dead = [".file.tmp-2147483647-0", ".file.tmp-2147483647-ffffffffffffffff"]
      let kept = [
        ".file.tmp-\(getpid())-1", ".file.tmp-0-1", ".file.tmp-2147483647", ".file.tmp-2147483647-xyz",
        ".file.tmp--1-1",
        ".file.tmp-99999999999999999999-1", ".other.tmp-2147483647-1", "file", "file.tmp-2147483647-1",
      ]
      for name in dead + kept { try AtomicFile.write("x", to: "\(folder)/\(name)") }
      #expect(AtomicFile.removeStrays(of: "\(folder)/file").sorted() == dead)
      #expect(names(in: folder) == kept.sorted())
      #expect(AtomicFile.removeStrays(of: "\(folder)/absent/file").isEmpty)
    }
  }

  @Test func failuresSayWhatAndWhatNext() {
    let full = FileWriteFailure.notWritten(.write, ENOSPC)
    #expect(
      FileFailure(file: "out.json", cause: full).description
        == "out.json: cannot be written (write: No space left on device); make room on the disk and run again")
    #expect(FileWriteFailure.notCreated(ENOENT).advice == "make the folder first")
    #expect(FileWriteFailure.notCreated(EACCES).problem == "cannot be created (Permission denied)")
    #expect(FileWriteFailure.notRegular(.folder).kind == .cannotCreate)
    #expect(FileWriteFailure.notRegular(.folder).advice == "give the path of a file")
    #expect(FileWriteFailure.notWritten(.rename, EIO).advice == "check the disk and run again")
    #expect(FileWriteFailure.notWritten(.write, EFBIG).advice.contains("ulimit -f"))
    #expect(FileWriteFailure.notRegular(.pipe).problem == "is a pipe, which a file cannot replace")
    #expect(FileWriteFailure.notCreated(EACCES).kind == .cannotCreate)
    #expect(FileWriteFailure.notCreated(EACCES).advice == "check the permissions and the path")
    #expect(FileWriteFailure.notCreated(ENOSPC).kind == .writeFailed)
    #expect(FileWriteFailure.notCreated(EDQUOT).advice == full.advice)
  }
}
