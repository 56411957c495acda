// SafetensorsEntry.swift - one tensor of a safetensors header: read as it is, then checked.

import SafeFiles

/// The fields of one tensor as the header gives them.
struct SafetensorsEntry {
  let name: String
  private var type: String?
  private var shape: [Int64]?
  private var offsets: [Int64]?

  init(name: String) {
    self.name = name
  }

  /// Reads the fields.
  /// - Parameter reader: Stands before the object of the tensor; afterwards behind it.
  /// - Throws: ``SafetensorsFailure``.
  mutating func read(_ reader: inout JSONReader) throws(SafetensorsFailure) {
    var field = "entry"
    do {
      try reader.beginObject()
      while let key = try reader.nextKey() {
        field = key
        switch key {
        case "dtype": type = try reader.string()
        case "shape": shape = try Self.wholeNumbers(&reader)
        case "data_offsets": offsets = try Self.wholeNumbers(&reader)
        default: try reader.skipValue()
        }
      }
    } catch {
      if case .duplicateKey(_, let key) = error { field = key }
      throw .field(tensor: name, field: visibleText(field), cause: error)
    }
  }

  private static func wholeNumbers(_ reader: inout JSONReader) throws(JSONFailure) -> [Int64] {
    var numbers: [Int64] = []
    try reader.beginArray()
    while try reader.nextElement() { numbers.append(try reader.integer()) }
    return numbers
  }

  /// Checks the fields against each other and against the file.
  /// - Parameters:
  ///   - dataStart: Where the data begins in the file.
  ///   - dataBytes: How many bytes of data the file has.
  /// - Returns: The tensor, its range counted from the begin of the file.
  /// - Throws: ``SafetensorsFailure``.
  func checked(dataStart: Int, dataBytes: Int) throws(SafetensorsFailure) -> TensorEntry {
    guard let type else { throw .missingField(tensor: name, field: "dtype") }
    guard let known = TensorDataType(rawValue: type) else { throw .unknownType(tensor: name, type: type) }
    let shape = try natural(shape, field: "shape")
    let offsets = try natural(offsets, field: "data_offsets")
    guard offsets.count == 2 else { throw .offsetCount(tensor: name, count: offsets.count) }
    let (begin, end) = (offsets[0], offsets[1])
    guard begin <= end else { throw .offsetsReversed(tensor: name, begin: begin, end: end) }
    guard end <= dataBytes else { throw .outsideFile(tensor: name, end: end, dataBytes: dataBytes) }
    guard let bytes = elementCount(shape + [known.width]) else { throw .shapeTooLarge(tensor: name, shape: shape) }
    guard bytes == end - begin else {
      throw .sizeMismatch(tensor: name, shapeBytes: bytes, offsetBytes: end - begin)
    }
    return TensorEntry(name: name, type: known, shape: shape, range: dataStart + begin..<dataStart + end)
  }

  /// The numbers of a field that must be there and not below zero.
  private func natural(_ numbers: [Int64]?, field: String) throws(SafetensorsFailure) -> [Int] {
    guard let numbers else { throw .missingField(tensor: name, field: field) }
    var result: [Int] = []
    for number in numbers {
      guard number >= 0 else { throw .negativeNumber(tensor: name, field: field, value: number) }
      result.append(Int(number))
    }
    return result
  }
}
