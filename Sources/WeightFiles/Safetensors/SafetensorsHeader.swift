// SafetensorsHeader.swift - the header of a safetensors file, every number in it checked against the file.
//
// The format: eight bytes length of the header, little-endian; the header, a JSON object of one member for each tensor
// ({"dtype", "shape", "data_offsets"}) and perhaps "__metadata__" (texts by key); the data, to the end of the file. The tensors
// fill the data without holes or overlaps. Stricter than the reference reader: no key of an entry stands twice, and
// types below one byte are not known. Like it: white space around the object and other keys of an entry are passed over.

import SafeFiles

/// What a header says, checked.
struct SafetensorsHeader {
  /// The tensors in the order of the header, their ranges counted from the begin of the file.
  private(set) var entries: [TensorEntry] = []
  private(set) var metadata: [String: String] = [:]

  /// Length of the number in front of the header.
  static let lengthBytes = 8
  /// Key of the metadata.
  static let metadataKey = "__metadata__"

  /// Reads the header of a file.
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - limits: Size of the header, number of tensors and depth.
  /// - Throws: ``SafetensorsFailure``.
  init(_ bytes: FileBytes, limits: LoadLimits) throws(SafetensorsFailure) {
    let header = try Self.headerBytes(bytes, limits: limits)
    let start = Self.lengthBytes + header.count
    var reader = JSONReader(header, limits: limits)
    try Self.header { () throws(JSONFailure) in try reader.beginObject() }
    while let name = try Self.header({ () throws(JSONFailure) in try reader.nextKey() }) {
      if name == Self.metadataKey {
        try readMetadata(&reader)
        continue
      }
      guard entries.count < limits.tensorCount else { throw .tooManyTensors(limit: limits.tensorCount) }
      var entry = SafetensorsEntry(name: name)
      try entry.read(&reader)
      entries.append(try entry.checked(dataStart: start, dataBytes: bytes.count - start))
    }
    try Self.header { () throws(JSONFailure) in try reader.end() }
    try checkCoverage(dataStart: start, fileBytes: bytes.count)
  }

  private static func headerBytes(_ bytes: FileBytes, limits: LoadLimits) throws(SafetensorsFailure) -> [UInt8] {
    guard bytes.count >= lengthBytes else { throw .noHeader(fileBytes: bytes.count) }
    let left = bytes.count - lengthBytes
    let length = bytes.copy(0..<lengthBytes).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(max(0, limits.tensorHeaderBytes)) else {
      throw .headerTooLong(bytes: length, limit: limits.tensorHeaderBytes)
    }
    guard length <= UInt64(left) else { throw .headerCutShort(bytes: length, left: left) }
    return bytes.copy(lengthBytes..<lengthBytes + Int(length))
  }

  /// Turns a failure of the JSON text into one of the header.
  private static func header<Result>(
    _ read: () throws(JSONFailure) -> Result
  ) throws(SafetensorsFailure) -> Result {
    do { return try read() } catch { throw .header(error) }
  }

  private mutating func readMetadata(_ reader: inout JSONReader) throws(SafetensorsFailure) {
    var texts: [(key: String, text: String)] = []
    do {
      guard try reader.peek() != .null else { return try reader.null() }
      try reader.beginObject()
      while let key = try reader.nextKey() { texts.append((key, try reader.string())) }
    } catch {
      throw .header(error)
    }
    for (key, text) in texts where metadata.updateValue(text, forKey: key) != nil {
      throw .duplicateMetadata(key: key)
    }
  }

  /// Checks that the tensors fill the data, each byte once.
  private func checkCoverage(dataStart: Int, fileBytes: Int) throws(SafetensorsFailure) {
    var end = dataStart
    let sorted = entries.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    for entry in sorted {
      let (begin, expected) = (entry.range.lowerBound - dataStart, end - dataStart)
      if begin > expected { throw .hole(tensor: entry.name, begin: begin, expected: expected) }
      if begin < expected { throw .overlap(tensor: entry.name, begin: begin, expected: expected) }
      end = entry.range.upperBound
    }
    guard end == fileBytes else { throw .trailingBytes(used: end - dataStart, dataBytes: fileBytes - dataStart) }
  }
}
