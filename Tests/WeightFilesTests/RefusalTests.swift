// RefusalTests.swift - every way in which a safetensors file is refused.

import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct RefusalTests {
  private func expect(_ failure: SafetensorsFailure, _ bytes: [UInt8], limits: LoadLimits = .default) {
    #expect(throws: failure) { try TensorFile(bytes: bytes, limits: limits) }
    #expect(failure.kind == .badData)
    #expect(failure.message.contains("; "))
  }

  @Test(arguments: [0, 1, 7]) func aFileWithoutALength(count: Int) {
    expect(.noHeader(fileBytes: count), [UInt8](repeating: 0, count: count))
  }

  @Test func aHeaderAboveTheLimit() {
    expect(.headerTooLong(bytes: 100_000_001, limit: 100_000_000), safetensors("{}", length: 100_000_001))
    expect(.headerTooLong(bytes: .max, limit: 100_000_000), safetensors("{}", length: .max))
    var limits = LoadLimits()
    limits.tensorHeaderBytes = 1
    expect(.headerTooLong(bytes: 2, limit: 1), safetensors("{}"), limits: limits)
  }

  @Test func aHeaderLongerThanTheFile() {
    expect(.headerCutShort(bytes: 3, left: 2), safetensors("{}", length: 3))
    expect(.headerCutShort(bytes: 100_000_000, left: 2), safetensors("{}", length: 100_000_000))
  }

  @Test func aHeaderThatIsNoJSONObject() {
    expect(.header(.unexpectedEnd(offset: 0)), safetensors(""))
    expect(.header(.unexpectedEnd(offset: 1)), safetensors("{"))
    expect(.header(.wrongKind(offset: 0, found: .array, expected: .object)), safetensors("[]"))
    expect(.header(.trailingBytes(offset: 2)), safetensors("{}{}"))
    expect(.header(.trailingBytes(offset: 2)), safetensors([0x7B, 0x7D, 0]))
    expect(.header(.invalidUTF8(offset: 2)), safetensors([0x7B, 0x22, 0xFF, 0x22]))
    #expect(SafetensorsFailure.header(.trailingBytes(offset: 2)).place == "byte 10")
  }

  @Test func deepNesting() {
    let deep = "{\"a\":{\"x\":" + String(repeating: "[", count: 100_000)
    expect(.field(tensor: "a", field: "x", cause: .tooDeep(offset: 72, limit: 64)), safetensors(deep))
  }

  @Test func duplicateKeys() {
    let one = entry("a", shape: "[1]", offsets: "[0,1]")
    let two = entry("a", shape: "[1]", offsets: "[1,2]")
    let at = one.utf8.count + 2
    expect(.header(.duplicateKey(offset: at, key: "a")), safetensors("{\(one),\(two)}", data: 2))
    expect(
      .field(tensor: "a", field: "shape", cause: .duplicateKey(offset: 17, key: "shape")),
      safetensors("{\"a\":{\"shape\":[],\"shape\":[]}}"))
    expect(.header(.duplicateKey(offset: 25, key: "k")), safetensors(#"{"__metadata__":{"k":"", "k":""}}"#))
    expect(.duplicateMetadata(key: "e\u{301}"), safetensors("{\"__metadata__\":{\"\u{E9}\":\"\",\"e\u{301}\":\"\"}}"))
  }

  @Test func metadataThatIsNoText() {
    expect(
      .header(.wrongKind(offset: 21, found: .number, expected: .string)), safetensors(#"{"__metadata__":{"k":1}}"#))
    expect(.header(.wrongKind(offset: 16, found: .array, expected: .object)), safetensors(#"{"__metadata__":[]}"#))
  }

  @Test func missingFields() {
    expect(.missingField(tensor: "a", field: "dtype"), safetensors(#"{"a":{"shape":[],"data_offsets":[0,1]}}"#))
    expect(.missingField(tensor: "a", field: "shape"), safetensors(#"{"a":{"dtype":"U8","data_offsets":[0,1]}}"#))
    expect(.missingField(tensor: "a", field: "data_offsets"), safetensors(#"{"a":{"dtype":"U8","shape":[]}}"#))
  }

  @Test func fieldsOfTheWrongKind() {
    expect(
      .field(tensor: "a", field: "entry", cause: .wrongKind(offset: 5, found: .number, expected: .object)),
      safetensors(#"{"a":1}"#))
    expect(
      .field(tensor: "a", field: "dtype", cause: .wrongKind(offset: 14, found: .number, expected: .string)),
      safetensors(#"{"a":{"dtype":8}}"#))
    expect(
      .field(tensor: "a", field: "shape", cause: .wrongKind(offset: 15, found: .number, expected: .integer)),
      safetensors(#"{"a":{"shape":[1.0]}}"#))
    expect(
      .field(tensor: "a", field: "shape", cause: .wrongKind(offset: 15, found: .number, expected: .integer)),
      safetensors(#"{"a":{"shape":[99999999999999999999]}}"#))
  }

  @Test(arguments: ["F33", "f32", "", "F4"]) func unknownTypes(type: String) {
    expect(.unknownType(tensor: "a", type: type), safetensors("{\(entry("a", type, shape: "[0]", offsets: "[0,0]"))}"))
  }

  @Test func negativeNumbers() {
    expect(
      .negativeNumber(tensor: "a", field: "shape", value: -1),
      safetensors("{\(entry("a", shape: "[-1]", offsets: "[0,1]"))}", data: 1))
    expect(
      .negativeNumber(tensor: "a", field: "data_offsets", value: .min),
      safetensors("{\(entry("a", shape: "[1]", offsets: "[\(Int64.min),1]"))}", data: 1))
  }

  @Test(arguments: [("[]", 0), ("[0]", 1), ("[0,1,1]", 3)]) func otherThanTwoOffsets(offsets: String, count: Int) {
    expect(
      .offsetCount(tensor: "a", count: count), safetensors("{\(entry("a", shape: "[1]", offsets: offsets))}", data: 1))
  }

  @Test func offsetsOutOfOrder() {
    expect(
      .offsetsReversed(tensor: "a", begin: 2, end: 1),
      safetensors("{\(entry("a", shape: "[1]", offsets: "[2,1]"))}", data: 2))
  }

  @Test func offsetsOutsideTheFile() {
    expect(
      .outsideFile(tensor: "a", end: 3, dataBytes: 2),
      safetensors("{\(entry("a", shape: "[3]", offsets: "[0,3]"))}", data: 2))
    expect(
      .outsideFile(tensor: "a", end: .max, dataBytes: 2),
      safetensors("{\(entry("a", shape: "[3]", offsets: "[0,\(Int.max)]"))}", data: 2))
  }

  @Test func shapesTooLarge() {
    let huge = "[4294967296,4294967296]"
    expect(
      .shapeTooLarge(tensor: "a", shape: [4_294_967_296, 4_294_967_296]),
      safetensors("{\(entry("a", shape: huge, offsets: "[0,0]"))}"))
    expect(
      .shapeTooLarge(tensor: "a", shape: [.max]),
      safetensors("{\(entry("a", "F32", shape: "[\(Int.max)]", offsets: "[0,0]"))}"))
  }

  @Test func shapesThatDoNotFitTheOffsets() {
    expect(
      .sizeMismatch(tensor: "a", shapeBytes: 12, offsetBytes: 4),
      safetensors("{\(entry("a", "F32", shape: "[3]", offsets: "[0,4]"))}", data: 4))
    // Eight billion numbers are claimed, four bytes are there: nothing is allocated.
    expect(
      .sizeMismatch(tensor: "a", shapeBytes: 34_359_738_368, offsetBytes: 4),
      safetensors("{\(entry("a", "F32", shape: "[8589934592]", offsets: "[0,4]"))}", data: 4))
  }

  @Test func holes() {
    expect(
      .hole(tensor: "a", begin: 1, expected: 0), safetensors("{\(entry("a", shape: "[1]", offsets: "[1,2]"))}", data: 2)
    )
    let both = entry("b", shape: "[1]", offsets: "[3,4]") + "," + entry("a", shape: "[2]", offsets: "[0,2]")
    expect(.hole(tensor: "b", begin: 3, expected: 2), safetensors("{\(both)}", data: 4))
  }

  @Test func overlaps() {
    let both = entry("a", shape: "[2]", offsets: "[0,2]") + "," + entry("b", shape: "[2]", offsets: "[1,3]")
    expect(.overlap(tensor: "b", begin: 1, expected: 2), safetensors("{\(both)}", data: 3))
    let inside = entry("a", shape: "[0]", offsets: "[1,1]") + "," + entry("b", shape: "[2]", offsets: "[0,2]")
    expect(.overlap(tensor: "a", begin: 1, expected: 2), safetensors("{\(inside)}", data: 2))
  }

  @Test func trailingBytes() {
    expect(
      .trailingBytes(used: 1, dataBytes: 2), safetensors("{\(entry("a", shape: "[1]", offsets: "[0,1]"))}", data: 2))
    expect(.trailingBytes(used: 0, dataBytes: 1), safetensors("{}", data: 1))
  }

  @Test func tooManyTensors() {
    let three = (0..<3).map { entry("t\($0)", shape: "[0]", offsets: "[0,0]") }.joined(separator: ",")
    var limits = LoadLimits()
    limits.tensorCount = 3
    #expect(throws: Never.self) { try TensorFile(bytes: safetensors("{\(three)}"), limits: limits) }
    limits.tensorCount = 2
    expect(.tooManyTensors(limit: 2), safetensors("{\(three)}"), limits: limits)
  }

  @Test func failuresNameTensorAndField() {
    let mismatch = SafetensorsFailure.sizeMismatch(tensor: "a\u{1B}.weight", shapeBytes: 12, offsetBytes: 4)
    #expect(
      mismatch.message
        == "tensor a\\u{1B}.weight, shape: the shape needs 12 bytes, the offsets span 4; "
        + "make the file again with a writer that keeps to the safetensors format")
    for (failure, text) in [
      (.noTensor(name: "a"), "there is no tensor a"), (.reservedName, "__metadata__"),
      (.notConvertible(tensor: "a", type: .complex64), "type C64 cannot"),
      (.notWhole(tensor: "a", type: .float32), "type F32 are"),
      (.notFinite(tensor: "a", index: 3), "NaN"), (.duplicateTensor(name: "a"), "two tensors"),
      (.valueCount(tensor: "a", shape: [2, 3], values: 5), "[2, 3] does not hold 5"),
      (.notRepresentable(tensor: "a", index: 1, value: 70000), "70000.0 is too large"),
    ] as [(SafetensorsFailure, String)] {
      #expect(failure.message.contains(text) && failure.message.contains("; "))
    }
    #expect(SafetensorsFailure.notFinite(tensor: "a", index: 3).place == "tensor a, element 3")
    let long = SafetensorsFailure.shapeTooLarge(tensor: "a", shape: Array(repeating: 9, count: 1000))
    #expect(long.problem.contains("9, …]"))
  }

  @Test func everyPrefixOfAFileIsRefused() throws {
    let bytes = try TensorFileWriter.bytes(tensors: [("a", [2], [1, 2]), ("b", [1], [3])], metadata: ["k": "v"])
    for length in 0..<bytes.count {
      #expect(throws: SafetensorsFailure.self) { try TensorFile(bytes: Array(bytes[..<length])) }
    }
  }

  /// Changes single bytes everywhere: the file is read or refused, and what is read has the size that the shape says.
  @Test func changedBytesNeverTrap() throws {
    let bytes = try TensorFileWriter.bytes(
      tensors: [("a", [2, 2], [1, 2, 3, 4]), ("b", [], [3])], metadata: ["k": "v"])
    var refused = 0
    for place in bytes.indices {
      for change in [0x01, 0x0F, 0x10, 0x80, 0xFF] as [UInt8] {
        var changed = bytes
        changed[place] ^= change
        guard let file = try? TensorFile(bytes: changed) else {
          refused += 1
          continue
        }
        for tensor in file.tensors {
          #expect((try? file.floats(tensor.name).count) ?? tensor.count == tensor.shape.reduce(1, *))
        }
      }
    }
    #expect(refused > bytes.count)
  }
}
