// MakeFolderTests.swift - folders and links: made, left alone, or refused with the reason.

import Foundation
import SafeFiles
import Synchronization
import TestSupport
import Testing

@Suite struct MakeFolderTests {
  /// Where a link leads.
  private func target(_ path: String) -> String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: path)
  }

  /// Fails each step of writing in turn until none fails, and gives the failures.
  private func failures(_ code: Int32, _ body: () throws -> Void, after: (Int) throws -> Void) throws
    -> [FileWriteFailure]
  {
    var found: [FileWriteFailure] = []
    while true {
      let left = Mutex(found.count)
      let failure = writeFailure {
        try WriteFaults.withCheck({ _ in
          left.withLock { left in
            left -= 1
            return left == -1 ? code : 0
          }
        }) { try body() }
      }
      try after(found.count)
      guard let failure else { return found }
      found.append(failure)
    }
  }

  @Test func makesWhatIsMissing() throws {
    try withTemporaryFolder { folder in
      for path in ["\(folder)/a", "\(folder)/a/b/c/d", "\(folder)/x//y/", "\(folder)/a/b/../e/.", folder, "/", "."] {
        try makeFolder(path)
        #expect(isFolder(path), "\(path)")
      }
      #expect(names(in: folder) == ["a", "x"] && names(in: "\(folder)/a") == ["b", "e"])
      #expect(symlink("a", "\(folder)/link") == 0)
      try makeFolder("\(folder)/link/f")
      #expect(names(in: "\(folder)/a").contains("f"))
    }
  }

  @Test func whatIsInTheWayIsRefused() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("x", to: "\(folder)/file")
      #expect(symlink("gone", "\(folder)/link") == 0)
      #expect(writeFailure { try makeFolder("\(folder)/file") } == .notCreated(EEXIST))
      #expect(writeFailure { try makeFolder("\(folder)/file/under") } == .notCreated(ENOTDIR))
      #expect(writeFailure { try makeFolder("\(folder)/link") } == .notCreated(EEXIST))
      #expect(writeFailure { try makeFolder("") } == .notCreated(ENOENT))
      #expect(writeFailure { try makeFolder("\(folder)/a\u{0}b") } == .notCreated(ENOENT))
      #expect(
        writeFailure { try makeFolder(folder + String(repeating: "/a", count: 3000)) } == .notCreated(ENAMETOOLONG))
      #expect(names(in: folder) == ["file", "link"])
      let failure = FileFailure(file: "data", cause: FileWriteFailure.notCreated(EEXIST))
      #expect(failure.kind == .cannotCreate)
      #expect(
        failure.description == "data: cannot be created (File exists); something else stands there: give another path")
    }
  }

  @Test func aFullDiskIsTold() throws {
    try withTemporaryFolder { folder in
      let found = try failures(ENOSPC, { try makeFolder("\(folder)/a/b") }) { _ in }
      // The folder, the one above it, the folder again.
      #expect(found == [.notCreated(ENOSPC), .notCreated(ENOSPC), .notCreated(ENOSPC)])
      #expect(found.allSatisfy { $0.kind == .writeFailed && $0.advice == "make room on the disk and run again" })
      #expect(isFolder("\(folder)/a/b"))
    }
  }

  @Test func linksAreMadeAndReplaced() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/link"
      try AtomicFile.link(path, to: "one")
      #expect(target(path) == "one")
      try AtomicFile.link(path, to: "two")
      try AtomicFile.link(path, to: "two")
      #expect(target(path) == "two")
      #expect(names(in: folder) == ["link"])
      try AtomicFile.write("mine", to: "\(folder)/file")
      #expect(writeFailure { try AtomicFile.link("\(folder)/file", to: "one") } == .notCreated(EEXIST))
      #expect(writeFailure { try AtomicFile.link("\(folder)/none/link", to: "one") } == .notCreated(ENOENT))
      #expect(writeFailure { try AtomicFile.link("\(folder)/a\u{0}b", to: "one") } == .notCreated(ENOENT))
      #expect(writeFailure { try AtomicFile.link(path, to: "a\u{0}b") } == .notCreated(ENOENT))
      #expect(try readFile("\(folder)/file", limit: 9) == Array("mine".utf8))
      #expect(target(path) == "two")
    }
  }

  @Test func aLinkThatCannotBeReplacedStays() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/link"
      try AtomicFile.link(path, to: "old")
      let found = try failures(EIO, { try AtomicFile.link(path, to: "new") }) { failed in
        #expect(names(in: folder) == ["link"])
        #expect(target(path) == (failed == 3 ? "new" : "old"))
      }
      #expect(found == [.notCreated(EIO), .notCreated(EIO), .notWritten(.rename, EIO)])
      #expect(found.allSatisfy { $0.kind == .writeFailed && $0.advice == "check the disk and run again" })
    }
  }

  /// A picture of thousands is whole or not there, and nobody waits for the disk.
  @Test func filesThatNeedNotWait() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/file"
      let steps = Mutex<[WriteStep]>([])
      try WriteFaults.withCheck({ step in
        steps.withLock { $0.append(step) }
        return 0
      }) { try AtomicFile.write([1], to: path, waitsForDisk: false) }
      #expect(steps.withLock { $0 } == [.create, .write, .rename])
      let found = try failures(ENOSPC, { try AtomicFile.write([2], to: path, waitsForDisk: false) }) { failed in
        #expect(names(in: folder) == ["file"])
        let bytes = try readFile(path, limit: 9)
        #expect(bytes == (failed == 3 ? [2] : [1]))
      }
      #expect(found == [.notCreated(ENOSPC), .notWritten(.write, ENOSPC), .notWritten(.rename, ENOSPC)])
    }
  }
}
