// FeatureReaderTests.swift - features from files of every kind, and what is wrong with those that cannot be used.

import Foundation
import SafeFiles
import Tensors
import TestSupport
import Testing
import VQAPipeline
import WeightFiles

@Suite struct FeatureReaderTests {
  private let reader = FeatureReader(rows: 4, width: 3)

  /// Writes an array with a header of one's own.
  private func write(
    _ values: [Float], descr: String = "<f4", order: String = "False", shape: String, to path: String
  ) throws {
    let header = "{'descr': '\(descr)', 'fortran_order': \(order), 'shape': \(shape), }"
    let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8)
    for value in values {
      switch descr {
      case "<f8": withUnsafeBytes(of: Double(value).bitPattern.littleEndian) { bytes += $0 }
      case ">f4": withUnsafeBytes(of: value.bitPattern.bigEndian) { bytes += $0 }
      case "<i4": withUnsafeBytes(of: Int32(value).littleEndian) { bytes += $0 }
      default: withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
      }
    }
    try AtomicFile.write(bytes, to: path)
  }

  private let numbers = (0..<12).map { Float($0) - 5.5 }

  @Test func everyFloatTypeAndOrder() throws {
    try withTemporaryFolder { folder in
      for type in ["<f4", "<f8", ">f4"] {
        try write(numbers, descr: type, shape: "(4, 3)", to: folder + "/a.npy")
        #expect(try reader.load(folder + "/a.npy").elements == numbers, "\(type)")
      }
      let columns = (0..<3).flatMap { column in (0..<4).map { numbers[$0 * 3 + column] } }
      try write(columns, order: "True", shape: "(4, 3)", to: folder + "/a.npy")
      #expect(try reader.load(folder + "/a.npy").elements == numbers)
      try AtomicFile.write(ArrayFileWriter.bytes(numbers, shape: [4, 3], storage: .float16), to: folder + "/a.npy")
      #expect(try reader.load(folder + "/a.npy").elements == numbers)
    }
  }

  @Test func rowsAreCutOrFilled() throws {
    try withTemporaryFolder { folder in
      try write(numbers + [9, 9, 9], shape: "(5, 3)", to: folder + "/a.npy")
      let cut = try reader.load(folder + "/a.npy")
      #expect(cut.shape == [4, 3] && cut.elements == numbers)
      try write(Array(numbers.prefix(6)), shape: "(2, 3)", to: folder + "/a.npy")
      #expect(try reader.load(folder + "/a.npy").elements == Array(numbers.prefix(6)) + [0, 0, 0, 0, 0, 0])
      #expect(try FeatureReader.shape(folder + "/a.npy") == [2, 3])
    }
  }

  @Test func whatDoesNotFitIsNamedWithItsNumbers() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/COCO_val2014_000000000042.jpg.npy"
      func failure(_ values: [Float], descr: String = "<f4", shape: String) throws -> String {
        try write(values, descr: descr, shape: shape, to: path)
        let failure = try #require(throws: FileFailure.self) { try reader.load(path) }
        #expect(failure.file == path)
        #expect(failure.kind == .badData)
        return failure.description
      }
      let wide = try failure(numbers, shape: "(3, 4)")
      #expect(wide.contains("holds 4 numbers") && wide.contains("needs 3"), "\(wide)")
      #expect(try failure(numbers, shape: "(2, 2, 3)").contains("[2, 2, 3]"))
      #expect(try failure(numbers.map { $0.rounded() }, descr: "<i4", shape: "(4, 3)").contains("I32"))
      var lost = numbers
      lost[7] = .nan
      #expect(try failure(lost, shape: "(4, 3)").contains("row 2, column 1"))
      #expect(try failure(numbers, shape: "(1000000, 3)").contains("12000000 bytes"))
    }
  }

  @Test func archivesHoldTheArrayX() throws {
    let folder = ParitySets.fixtures + "/features"
    let expected = (0..<12).map { Float($0) / 4 - 1 }
    for name in ["17.npz", "18.npz"] {
      #expect(try reader.load("\(folder)/\(name)").elements == expected, "\(name)")
    }
    let failure = try #require(throws: FileFailure.self) { try reader.load(folder + "/19.npz") }
    #expect(failure.description.contains("there is no array x, only feature"), "\(failure)")
  }

  @Test func missingAndForeignFiles() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("no array", to: folder + "/1.npy")
      try AtomicFile.write("no archive", to: folder + "/1.npz")
      try FileManager.default.createDirectory(atPath: folder + "/2.npy", withIntermediateDirectories: false)
      for (name, kind) in [
        ("1.npy", FailureKind.badData), ("1.npz", .badData), ("2.npy", .notFound), ("3.npy", .notFound),
      ] {
        let failure = try #require(throws: FileFailure.self) { try reader.load("\(folder)/\(name)") }
        #expect(failure.kind == kind, "\(name)")
      }
    }
  }
}
