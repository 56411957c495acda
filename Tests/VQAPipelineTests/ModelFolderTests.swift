// ModelFolderTests.swift - models are found by name in the first folder that has them, or by path.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAPipeline

@Suite struct ModelFolderTests {
  /// Runs a test with folders `a` and `b`; `b` has `shared` and `other`, `a` has `shared` alone.
  private func withModels(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for part in ["a/models", "b/models"] {
        try FileManager.default.createDirectory(atPath: folder + "/" + part, withIntermediateDirectories: true)
      }
      for file in ["a/models/shared", "b/models/shared", "b/models/other", "b/models/photos"] {
        try AtomicFile.write(Array(file.utf8), to: folder + "/" + file + ".safetensors")
      }
      try body(folder)
    }
  }

  private func find(_ name: String?, dataFolders: [String]) throws -> String {
    try ModelFolder.find(name, dataFolders: dataFolders)
  }

  @Test func firstFolderThatHasItWins() throws {
    try withModels { folder in
      let (a, b) = (folder + "/a", folder + "/b")
      let (ofA, ofB) = (a + "/models/shared.safetensors", b + "/models/shared.safetensors")
      #expect(try find("shared", dataFolders: [a, b]) == ofA)
      #expect(try find("shared", dataFolders: [b, a]) == ofB)
      let other = try find("other", dataFolders: [a, b])
      #expect(other == b + "/models/other.safetensors")
    }
  }

  @Test func noNameMeansTheDefault() throws {
    try withModels { folder in
      let found = try find(nil, dataFolders: [folder + "/a", folder + "/b"])
      #expect(found == folder + "/b/models/photos.safetensors")
    }
  }

  @Test func pathsAreTakenAsTheyAre() throws {
    try withModels { folder in
      let path = folder + "/b/models/other.safetensors"
      #expect(try find(path, dataFolders: []) == path)
      let failure = try #require(throws: FileFailure.self) {
        try ModelFolder.find(folder + "/models/shared.safetensors", dataFolders: [folder + "/a"])
      }
      let cause = try #require(failure.cause as? ModelNotFound)
      #expect(cause.name == folder + "/models/shared.safetensors")
      #expect(cause.tried == [folder + "/models/shared.safetensors"])
    }
  }

  @Test func allModelsAreListedOnce() throws {
    try withModels { folder in
      let (a, b) = (folder + "/a", folder + "/b")
      for name in [".hidden.safetensors", ".safetensors", "notes.txt"] {
        try AtomicFile.write("x", to: "\(a)/models/\(name)")
      }
      let all = ModelFolder.all(dataFolders: [a, folder + "/none", b])
      #expect(all.map(\.name) == ["other", "photos", "shared"])
      for (name, path) in all { #expect(try find(name, dataFolders: [a, b]) == path) }
      #expect(ModelFolder.all(dataFolders: [folder]).isEmpty)
    }
  }

  @Test func missingModelListsWhereItWasLookedFor() throws {
    try withModels { folder in
      let failure = try #require(throws: FileFailure.self) {
        try ModelFolder.find("none", dataFolders: [folder + "/a", folder + "/b"])
      }
      #expect(failure.kind == .missing)
      #expect(failure.description.contains(folder + "/a/models/none.safetensors"))
      #expect(failure.description.contains(folder + "/b/models/none.safetensors"))
      let known = (failure.cause as? ModelNotFound)?.known
      #expect(known == ["other", "photos", "shared"])
      #expect(failure.description.contains("; choose one of other, photos, shared, give a file with --model FILE"))
      #expect(throws: FileFailure.self) { try ModelFolder.find("shared", dataFolders: []) }
    }
  }
}
