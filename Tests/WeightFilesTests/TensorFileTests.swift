// TensorFileTests.swift - reading tensors.

import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct TensorFileTests {
  @Test func readsTensorsInTheOrderOfTheHeader() throws {
    let header =
      "\n {" + entry("second", "I64", shape: "[1]", offsets: "[4,12]") + ","
      + entry("first", "U8", shape: "[2,2]", offsets: "[0,4]") + ","
      + entry("none", "F32", shape: "[3,0]", offsets: "[4,4]")
      + #","__metadata__":{"format":"pt","é":"ü\n"}} "#
    let bytes = safetensors(header, data: 12)
    let file = try TensorFile(bytes: bytes)
    #expect(file.names == ["second", "first", "none"])
    #expect(file.metadata == ["format": "pt", "é": "ü\n"])
    let start = 8 + header.utf8.count
    #expect(file["first"]?.type == .uint8)
    #expect(file["first"]?.shape == [2, 2])
    #expect(file["first"]?.range == start..<start + 4)
    #expect(file["first"]?.count == 4)
    #expect(try file.floats("first") == [0, 1, 2, 3])
    #expect(try file.int64s("first") == [0, 1, 2, 3])
    #expect(try file.int64s("second") == [0x0B0A_0908_0706_0504])
    #expect(try file.floats("none") == [])
    #expect(file["absent"] == nil)
  }

  @Test func anEmptyFileIsAFile() throws {
    let file = try TensorFile(bytes: safetensors("{}"))
    #expect(file.tensors.isEmpty && file.metadata.isEmpty)
    #expect(try TensorFile(bytes: safetensors(#"{"__metadata__":null}"#)).metadata.isEmpty)
  }

  /// Numbers are read into memory that is there, or used where the file is mapped.
  @Test func numbersAreReadInPlace() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/w.safetensors"
      try TensorFileWriter.write(tensors: [("a", [2], [1, -2.5]), ("b", [1], [3])], to: path)
      let file = try TensorFile(path: path)
      let numbers = try [Float](unsafeUninitializedCapacity: 2) { buffer, count in
        try file.read("a", into: UnsafeMutableBufferPointer(rebasing: buffer[..<2]))
        count = 2
      }
      #expect(numbers == [1, -2.5])
      let place = try #require(try file.mapped("b"))
      #expect(place.file.floats(place.range).map { Array($0) } == [3])
      #expect(throws: SafetensorsFailure.noTensor(name: "c")) { try file.mapped("c") }

      let room = UnsafeMutableBufferPointer<Float>(start: nil, count: 0)
      #expect(throws: SafetensorsFailure.noTensor(name: "c")) { try file.read("c", into: room) }
      let strange = safetensors("{" + entry("a", "F8_E4M3", shape: "[1]", offsets: "[0,1]") + "}", data: 1)
      let failure = SafetensorsFailure.notConvertible(tensor: "a", type: .float8E4M3)
      #expect(throws: failure) { try TensorFile(bytes: strange).read("a", into: room) }
      // Nothing to be used in place: in an array, or of another type.
      #expect(try TensorFile(bytes: strange).mapped("a") == nil)
      try TensorFileWriter.write(tensors: [("a", [1], [1])], storage: .float16, to: path)
      #expect(try TensorFile(path: path).mapped("a") == nil)
    }
  }

  @Test func otherKeysOfAnEntryArePassedOver() throws {
    let file = try TensorFile(
      bytes: safetensors(#"{"a":{"dtype":"U8","note":{"x":[1]},"shape":[],"data_offsets":[0,1]}}"#, data: 1))
    #expect(try file.floats("a") == [0])
  }

  @Test(arguments: TensorDataType.allCases) func readsEveryType(type: TensorDataType) throws {
    let header = "{" + entry("a", type.rawValue, shape: "[2]", offsets: "[0,\(2 * type.width)]") + "}"
    let file = try TensorFile(bytes: safetensors(header, data: 2 * type.width))
    let floats = try? file.floats("a")
    let whole = try? file.int64s("a")
    switch type {
    case .float8E4M3, .float8E5M2, .float8E8M0, .complex64:
      #expect(throws: SafetensorsFailure.notConvertible(tensor: "a", type: type)) { try file.floats("a") }
      #expect(throws: SafetensorsFailure.notWhole(tensor: "a", type: type)) { try file.int64s("a") }
      #expect(throws: SafetensorsFailure.notConvertible(tensor: "a", type: type)) {
        try file.withFloats("a") { $0.count }
      }
    case .float16, .bfloat16, .float32, .float64, .uint64:
      #expect(floats?.count == 2)
      #expect(throws: SafetensorsFailure.notWhole(tensor: "a", type: type)) { try file.int64s("a") }
    default:
      #expect(whole?.count == 2)
      #expect(floats == whole?.map { Float($0) })
    }
    #expect(throws: Never.self) { try file.checkFinite() }
  }

  @Test func lendsFloatsWhereverTheyLie() throws {
    for padding in 0..<4 {
      // The header's length decides where the numbers lie; three of four places are not aligned.
      let bytes = safetensors(
        "{" + entry("a", "F32", shape: "[2]", offsets: "[0,8]") + String(repeating: " ", count: padding) + "}", data: 8)
      let file = try TensorFile(bytes: bytes)
      let lent = try file.withFloats("a") { span in span.indices.map { span[$0] } }
      #expect(lent == [Float(bitPattern: 0x0302_0100), Float(bitPattern: 0x0706_0504)])
      #expect(try file.floats("a") == lent)
    }
    let whole = try TensorFile(bytes: safetensors("{" + entry("a", shape: "[2]", offsets: "[0,2]") + "}", data: 2))
    #expect(try whole.withFloats("a") { $0[1] } == 1)
  }

  @Test func namesDifferByScalars() throws {
    let header =
      "{" + entry("\u{E9}", shape: "[1]", offsets: "[0,1]") + "," + entry("e\u{301}", shape: "[1]", offsets: "[1,2]")
      + "}"
    let file = try TensorFile(bytes: safetensors(header, data: 2))
    #expect(try file.floats("e\u{301}") == [1])
    #expect(try file.floats("\u{E9}") == [0])
  }

  @Test func asksForTensorsThatAreThere() throws {
    let file = try TensorFile(bytes: safetensors("{}"))
    let failure = SafetensorsFailure.noTensor(name: "a.weight")
    #expect(throws: failure) { try file.floats("a.weight") }
    #expect(throws: failure) { try file.int64s("a.weight") }
    #expect(throws: failure) { try file.tensor("a.weight") }
    #expect(throws: failure) { try file.withFloats("a.weight") { $0.count } }
    #expect(failure.advice == "check that the file belongs to this model")
  }

  @Test(arguments: [TensorStorage.float32, .float16, .bfloat16]) func findsWhatIsNotFinite(storage: TensorStorage)
    throws
  {
    for bad in [Float.nan, .infinity, -.infinity] {
      let tensors: [TensorFileWriter.Tensor] = [("good", [2], [1, 2]), ("bad", [3], [0, bad, bad])]
      let file = try TensorFile(bytes: TensorFileWriter.bytes(tensors: tensors, storage: storage))
      #expect(throws: SafetensorsFailure.notFinite(tensor: "bad", index: 1)) { try file.checkFinite() }
      #expect(throws: SafetensorsFailure.notFinite(tensor: "bad", index: 1)) {
        try TensorFileWriter.checkFinite(tensors)
      }
    }
    let good: [TensorFileWriter.Tensor] = [("good", [2], [1, -60000])]
    #expect(throws: Never.self) { try TensorFileWriter.checkFinite(good) }
    #expect(throws: Never.self) {
      try TensorFile(bytes: TensorFileWriter.bytes(tensors: good, storage: storage)).checkFinite()
    }
  }

  @Test func aFailureNamesTheFile() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(safetensors("{}", data: 1), to: "\(folder)/bad.safetensors")
      let failure = #expect(throws: FileFailure.self) { try TensorFile(path: "\(folder)/bad.safetensors") }
      #expect(failure?.file == "\(folder)/bad.safetensors")
      #expect(failure?.cause as? SafetensorsFailure == .trailingBytes(used: 0, dataBytes: 1))
      let absent = #expect(throws: FileFailure.self) { try TensorFile(path: "\(folder)/absent") }
      #expect(absent?.kind == .notFound)
      var limits = LoadLimits()
      limits.weightFileBytes = 10
      let large = #expect(throws: FileFailure.self) {
        try TensorFile(path: "\(folder)/bad.safetensors", limits: limits)
      }
      #expect(large?.cause as? FileReadFailure == .tooLarge(bytes: 11, limit: 10))
    }
  }
}
