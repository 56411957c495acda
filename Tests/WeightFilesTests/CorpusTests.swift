// CorpusTests.swift - the corpora of the fuzz targets, once more: what was found there stays mended.

import Foundation
import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct CorpusTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fuzz/Corpus").path

  /// The files of a target's corpus.
  private func corpus(_ target: String) throws -> [(name: String, bytes: [UInt8])] {
    let folder = "\(Self.folder)/\(target)"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    return try names.map { ($0, try readFile("\(folder)/\($0)", limit: 1 << 20)) }
  }

  /// Reads a corpus; its seeds are good, its finds must only not trap.
  private func replay(_ target: String, _ read: ([UInt8]) throws -> Void) throws {
    let files = try corpus(target)
    #expect(files.contains { !$0.name.hasPrefix("regression-") })
    for (name, bytes) in files {
      if name.hasPrefix("regression-") {
        _ = try? read(bytes)
      } else {
        #expect(throws: Never.self, "\(target)/\(name)") { try read(bytes) }
      }
    }
  }

  @Test func arrays() throws {
    try replay("FuzzNpy") { bytes in
      let array = try ArrayFile(bytes: bytes)
      #expect(array.shape.reduce(1, *) == array.count)
      _ = try array.floats()
    }
  }

  @Test func archives() throws {
    try replay("FuzzZip") { bytes in
      try ZipArchive(bytes: bytes).verify()
      let arrays = try ArrayArchive(bytes: bytes)
      for name in arrays.names { _ = try arrays.array(name).floats() }
      _ = try? TorchCheckpoint(bytes: bytes)
    }
  }

  @Test func pickles() throws {
    try replay("FuzzPickle") { bytes in
      let value = try Pickle.read(bytes) { ["0": 40, "1": 16][$0] }
      #expect(value.tensors(limit: 100).allSatisfy { $0.tensor.count <= $0.tensor.storageCount })
    }
  }

  @Test func weights() throws {
    try replay("FuzzSafetensors") { bytes in
      let file = try TensorFile(bytes: bytes)
      for tensor in file.tensors { _ = try file.floats(tensor.name) }
    }
  }

  @Test func everyTargetHasSeedsAndADictionary() throws {
    let targets = try FileManager.default.contentsOfDirectory(atPath: Self.folder).filter { $0.hasPrefix("Fuzz") }
    #expect(Set(targets).isSuperset(of: ["FuzzNpy", "FuzzZip", "FuzzPickle", "FuzzSafetensors"]))
    for target in targets {
      #expect(try !corpus(target).isEmpty)
      let dictionary = "\(Self.folder)/../Dictionaries/\(target).dict"
      #expect(throws: Never.self) { try readFile(dictionary, limit: 1 << 16) }
    }
  }
}
