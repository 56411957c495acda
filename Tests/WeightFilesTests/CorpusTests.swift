// CorpusTests.swift - the corpora of the fuzz targets, once more: what was found there stays mended.

import TestSupport
import Testing
import WeightFiles

@Suite struct CorpusTests {
  /// Reads a corpus; its seeds are good, its finds must only not trap.
  private func replay(_ target: String, _ read: ([UInt8]) throws -> Void) throws {
    let files = try Corpus.inputs(of: target)
    #expect(files.contains { !Corpus.isFind($0.name) })
    for (name, bytes) in files {
      if Corpus.isFind(name) {
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
    let targets = try Corpus.targets
    #expect(targets.count >= 12)
    #expect(try Corpus.targetsWithSeeds == targets)
    for target in targets {
      #expect(try !Corpus.inputs(of: target).isEmpty, "\(target)")
      #expect(try !Corpus.dictionary(of: target).isEmpty, "\(target)")
    }
  }
}
