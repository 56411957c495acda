// TensorFileWriterTests.swift - writing tensors.

import Foundation
import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct TensorFileWriterTests {
  static let tensors: [TensorFileWriter.Tensor] = [
    ("b.weight", [2, 2], [1, -2.5, .leastNonzeroMagnitude, .greatestFiniteMagnitude]), ("a\"é", [], [7]),
    ("none", [0, 3], []),
  ]

  @Test func writesTheFormatByteForByte() throws {
    let bytes = try TensorFileWriter.bytes(tensors: [("w", [1], [1])], metadata: ["z": "1", "a": "\"\n"])
    let header =
      #"{"__metadata__":{"a":"\"\n","z":"1"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    #expect(bytes == safetensors(padded) + [0, 0, 0x80, 0x3F])
    #expect(padded.utf8.count % 8 == 0)
  }

  @Test func comesBackAsItWas() throws {
    let bytes = try TensorFileWriter.bytes(tensors: Self.tensors, metadata: ["config": "{\"a\":1}"])
    let file = try TensorFile(bytes: bytes)
    #expect(file.names == Self.tensors.map(\.name))
    #expect(file.metadata == ["config": "{\"a\":1}"])
    for (name, shape, values) in Self.tensors {
      #expect(file[name]?.shape == shape)
      #expect(try file.floats(name) == values)
    }
    #expect(try TensorFile(bytes: TensorFileWriter.bytes(tensors: [])).tensors.isEmpty)
  }

  @Test func theFileHasTheSameBytes() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/w.safetensors"
      let large = (0..<600_000).map { Float($0 % 1000) }
      let tensors: [TensorFileWriter.Tensor] = [("large", [600, 1000], large), ("small", [1], [0.5])]
      for storage in [TensorStorage.float32, .float16, .bfloat16] {
        try TensorFileWriter.write(tensors: tensors, metadata: ["k": "v"], storage: storage, to: path)
        let bytes = try TensorFileWriter.bytes(tensors: tensors, metadata: ["k": "v"], storage: storage)
        #expect(try readFile(path, limit: 1 << 24) == bytes)
      }
      try TensorFileWriter.write(tensors: tensors, to: path)
      let file = try TensorFile(path: path)
      #expect(try file.withFloats("large") { span in span.count == large.count && span[599_999] == large[599_999] })
      #expect(try file.floats("small") == [0.5])
    }
  }

  /// Weights of more than one write: the old file stays whole until the new one is.
  @Test func everyStepOfWritingMayFail() throws {
    let tensors: [TensorFileWriter.Tensor] = [("large", [100_000], [Float](repeating: 0.5, count: 100_000))]
    for code in [ENOSPC, EIO] {
      let failed = try failEveryStep(
        code, old: { try TensorFileWriter.write(tensors: Self.tensors, to: $0 + "/w.safetensors") },
        write: { try TensorFileWriter.write(tensors: tensors, to: $0 + "/w.safetensors") })
      #expect(failed >= 6)
    }
  }

  @Test func storesSixteenBits() throws {
    let tensors: [TensorFileWriter.Tensor] = [("a", [4], [1, -0.333333, 65504, 1e-7])]
    let half = try TensorFile(bytes: TensorFileWriter.bytes(tensors: tensors, storage: .float16))
    #expect(half["a"]?.type == .float16)
    #expect(try half.floats("a") == [1, -0.33325195, 65504, 1.1920929e-07])
    let brain = try TensorFile(bytes: TensorFileWriter.bytes(tensors: tensors, storage: .bfloat16))
    #expect(brain["a"]?.type == .bfloat16)
    #expect(try brain.floats("a") == [1, -0.33398438, 65536, 1.0011718e-07])
  }

  @Test func refusesNumbersTooLargeForSixteenBits() throws {
    func refused(_ value: Float, _ storage: TensorStorage) -> SafetensorsFailure? {
      do throws(SafetensorsFailure) {
        _ = try TensorFileWriter.bytes(tensors: [("a", [2], [0, value])], storage: storage)
        return nil
      } catch {
        return error
      }
    }
    #expect(refused(65519, .float16) == nil)
    #expect(refused(65520, .float16) == .notRepresentable(tensor: "a", index: 1, value: 65520))
    #expect(refused(-1e9, .float16) == .notRepresentable(tensor: "a", index: 1, value: -1e9))
    #expect(refused(0x1.FEFFFEp127, .bfloat16) == nil)
    #expect(refused(.greatestFiniteMagnitude, .bfloat16) != nil)
    #expect(refused(.greatestFiniteMagnitude, .float32) == nil)
    #expect(refused(.infinity, .float16) == nil)
  }

  @Test func refusesTensorsThatMakeNoFile() throws {
    #expect(throws: SafetensorsFailure.duplicateTensor(name: "a")) {
      try TensorFileWriter.bytes(tensors: [("a", [1], [1]), ("a", [1], [1])])
    }
    #expect(throws: SafetensorsFailure.reservedName) {
      try TensorFileWriter.bytes(tensors: [("__metadata__", [1], [1])])
    }
    #expect(throws: SafetensorsFailure.valueCount(tensor: "a", shape: [2, 2], values: 3)) {
      try TensorFileWriter.bytes(tensors: [("a", [2, 2], [1, 2, 3])])
    }
    #expect(throws: SafetensorsFailure.valueCount(tensor: "a", shape: [-1, -1], values: 1)) {
      try TensorFileWriter.bytes(tensors: [("a", [-1, -1], [1])])
    }
    #expect(throws: SafetensorsFailure.valueCount(tensor: "a", shape: [.max, .max], values: 1)) {
      try TensorFileWriter.bytes(tensors: [("a", [.max, .max], [1])])
    }
  }

  @Test func aFailureLeavesTheOldFile() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/w.safetensors"
      try AtomicFile.write("old", to: path)
      let many = [Float](repeating: 1, count: 1_000_000)
      let failure = #expect(throws: FileFailure.self) {
        try TensorFileWriter.write(tensors: [("a", [1_000_000], many), ("b", [1], [1e9])], storage: .float16, to: path)
      }
      #expect(failure?.cause as? SafetensorsFailure == .notRepresentable(tensor: "b", index: 0, value: 1e9))
      #expect(throws: FileFailure.self) {
        try TensorFileWriter.write(tensors: [("a", [2], [1])], to: path)
      }
      #expect(try readFile(path, limit: 100) == Array("old".utf8))
      let nowhere = #expect(throws: FileFailure.self) {
        try TensorFileWriter.write(tensors: [], to: "\(folder)/absent/w.safetensors")
      }
      #expect(nowhere?.kind == .cannotCreate)
    }
  }
}
