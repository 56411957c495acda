// ArrayHeader.swift - the header of an .npy file, every number in it checked against the file.
//
// The format: "\u{93}NUMPY", major and minor version, the length of the header (two bytes in version 1, four in 2 and 3),
// the header: the text of a Python dictionary of 'descr', 'fortran_order' and 'shape'; the numbers, to the end of the file.

import SafeFiles

/// What a header says, checked.
struct ArrayHeader {
  let shape: [Int]
  let dataType: TensorDataType
  let byteOrder: ByteOrder
  let isFortranOrder: Bool
  /// Where the numbers begin.
  let dataStart: Int

  /// What every file begins with.
  static let mark: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads the header of an array.
  /// - Parameters:
  ///   - part: The whole array file.
  ///   - limits: Size of the header, number of dimensions.
  /// - Throws: ``ArrayFailure``.
  init(_ part: FilePart, limits: LoadLimits) throws(ArrayFailure) {
    let text: [UInt8]
    (text, dataStart) = try Self.text(part, limits: limits)
    let literal: PythonLiteral
    do { literal = try PythonLiteralReader.read(text) } catch { throw .header(error) }
    guard case .dictionary(let members) = literal else { throw .field("descr") }
    var (descr, order, sizes): (PythonLiteral?, PythonLiteral?, PythonLiteral?)
    for (key, value) in members {
      switch key {
      case "descr": descr = value
      case "fortran_order": order = value
      case "shape": sizes = value
      default: throw .unknownKey(key)
      }
    }
    (dataType, byteOrder) = try Self.type(descr)
    guard case .boolean(let isFortranOrder) = order else { throw .field("fortran_order") }
    self.isFortranOrder = isFortranOrder
    shape = try Self.shape(sizes, limits: limits)
    guard let bytes = elementCount(shape + [dataType.width]) else { throw .shapeTooLarge(shape: shape) }
    guard bytes == part.count - dataStart else {
      throw .sizeMismatch(shapeBytes: bytes, dataBytes: part.count - dataStart)
    }
  }

  /// The text of the header and where the numbers begin.
  private static func text(_ part: FilePart, limits: LoadLimits) throws(ArrayFailure) -> ([UInt8], Int) {
    let start = part.prefix(12)
    guard start.starts(with: mark), start.count >= 10 else { throw .noArray(fileBytes: part.count) }
    let (major, minor) = (Int(start[6]), Int(start[7]))
    guard (1...3).contains(major), minor == 0 else { throw .unknownVersion(major: major, minor: minor) }
    let lengthEnd = major == 1 ? 10 : 12
    guard start.count >= lengthEnd else { throw .noArray(fileBytes: part.count) }
    let length = start[8..<lengthEnd].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= limits.arrayHeaderBytes else {
      throw .headerTooLong(bytes: length, limit: limits.arrayHeaderBytes)
    }
    let left = part.count - lengthEnd
    guard length <= left else { throw .headerCutShort(bytes: length, left: left) }
    return (part[lengthEnd..<lengthEnd + length].copy(), lengthEnd + length)
  }

  /// The type that NumPy calls so: a mark of the byte order, a letter for the kind, and the number of bytes.
  private static func type(_ descr: PythonLiteral?) throws(ArrayFailure) -> (TensorDataType, ByteOrder) {
    guard let descr else { throw .field("descr") }
    guard case .text(let text) = descr else { throw .unknownType("with fields") }
    var name = Substring(text)
    let mark = name.first.flatMap { "<>=|".contains($0) ? $0 : nil }
    if mark != nil { name.removeFirst() }
    let known: [Substring: TensorDataType] = [
      "f2": .float16, "f4": .float32, "f8": .float64, "c8": .complex64, "b1": .bool, "?": .bool,
      "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64, "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64,
    ]
    guard let type = known[name] else { throw .unknownType("'\(text)'") }
    // "=" is the order of the machine that wrote; every machine this runs on is little-endian.
    return (type, mark == ">" ? .big : .little)
  }

  private static func shape(_ sizes: PythonLiteral?, limits: LoadLimits) throws(ArrayFailure) -> [Int] {
    guard case .sequence(let elements) = sizes else { throw .field("shape") }
    guard elements.count <= limits.dimensions else {
      throw .tooManyDimensions(count: elements.count, limit: limits.dimensions)
    }
    var shape: [Int] = []
    for element in elements {
      guard case .integer(let size) = element else { throw .field("shape") }
      guard size >= 0 else { throw .negativeSize(size) }
      shape.append(Int(size))
    }
    return shape
  }
}
