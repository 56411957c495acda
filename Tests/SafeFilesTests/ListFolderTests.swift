// ListFolderTests.swift - the names in a folder, without touching the files.

import Foundation
import SafeFiles
import TestSupport
import Testing

@Suite struct ListFolderTests {
  @Test func namesWithTheirKinds() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("a", to: folder + "/a.npy")
      try AtomicFile.write("b", to: folder + "/grün \u{1F98A}")
      try FileManager.default.createDirectory(atPath: folder + "/inner", withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "inner")
      #expect(mkfifo(folder + "/pipe", 0o600) == 0)
      let entries = try listFolder(folder).sorted { $0.name < $1.name }
      #expect(entries.map(\.name) == ["a.npy", "grün \u{1F98A}", "inner", "link", "pipe"])
      #expect(entries.map(\.kind) == [.file, .file, .folder, .unknown, .unknown])
      #expect(isFolder(folder + "/inner") && isFolder(folder + "/link"))
      #expect(!isFolder(folder + "/a.npy") && !isFolder(folder + "/none") && !isFolder(""))
      #expect(isRegularFile(folder + "/a.npy") && !isRegularFile(folder + "/inner") && !isRegularFile(""))
      #expect(!isRegularFile(folder + "/a.npy\0"))
      #expect(try listFolder(folder + "/link").isEmpty)
    }
  }

  @Test(arguments: ["none", "file", "nul\0"])
  func whatIsNoFolderIsRefused(_ name: String) throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("x", to: folder + "/file")
      let failure = try #require(throws: FileFailure.self) { try listFolder("\(folder)/\(name)") }
      #expect(failure.kind == .notFound)
      #expect(!isFolder("\(folder)/\(name)"))
    }
  }
}
