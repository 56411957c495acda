// ArrayFailure.swift - why an .npy file is refused, with the offending values.

import SafeFiles

/// Why an `.npy` file is refused, or its numbers cannot be used as asked.
public enum ArrayFailure: Failure, Equatable {
  /// The file does not begin as every `.npy` file does.
  case noArray(fileBytes: Int)
  /// A version of the format that is not known.
  case unknownVersion(major: Int, minor: Int)
  /// The header is longer than the limit.
  case headerTooLong(bytes: Int, limit: Int)
  /// The header is longer than the rest of the file.
  case headerCutShort(bytes: Int, left: Int)
  /// The header is not the text of a Python dictionary.
  case header(PythonLiteralFailure)
  /// A key of the header is missing or has a value of the wrong kind.
  case field(String)
  /// A key that no header has.
  case unknownKey(String)
  /// Numbers of a type that is not read.
  case unknownType(String)
  /// A size below zero.
  case negativeSize(Int64)
  /// More dimensions than the limit.
  case tooManyDimensions(count: Int, limit: Int)
  /// The number of bytes of a shape does not fit 64 bits.
  case shapeTooLarge(shape: [Int])
  /// The data has fewer or more bytes than the shape needs.
  case sizeMismatch(shapeBytes: Int, dataBytes: Int)
  /// The numbers cannot be taken as `Float`.
  case notConvertible(TensorDataType)
  /// The numbers are not whole numbers of 64 bits.
  case notWhole(TensorDataType)

  /// Always bad data.
  public var kind: FailureKind { .badData }

  /// The byte or the field of the header.
  public var place: String? {
    switch self {
    case .noArray: "byte 0"
    case .unknownVersion: "byte 6"
    case .headerTooLong, .headerCutShort: "byte 8"
    case .header(let cause): "header, byte \(cause.offset)"
    case .field(let name): "header, \(name)"
    case .unknownKey: "header"
    case .unknownType, .notConvertible, .notWhole: "header, descr"
    case .negativeSize, .tooManyDimensions, .shapeTooLarge, .sizeMismatch: "header, shape"
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .noArray(let bytes): "\(bytes) bytes without the mark of an .npy file"
    case .unknownVersion(let major, let minor): "version \(major).\(minor) is not known"
    case .headerTooLong(let bytes, let limit): "the header has \(bytes) bytes, more than the limit of \(limit)"
    case .headerCutShort(let bytes, let left): "the header has \(bytes) bytes, the file only \(left) more"
    case .header(let cause): cause.problem
    case .field: "the field is missing or of the wrong kind"
    case .unknownKey(let key): "the key \"\(visibleText(key, limit: 40))\" is not known"
    case .unknownType(let type): "numbers of type \(visibleText(type, limit: 80)) are not read"
    case .negativeSize(let size): "\(size) is below zero"
    case .tooManyDimensions(let count, let limit): "there are \(count) dimensions, more than the limit of \(limit)"
    case .shapeTooLarge(let shape): "the number of bytes of \(shownShape(shape)) does not fit 64 bits"
    case .sizeMismatch(let shape, let data): "the shape needs \(shape) bytes, the file holds \(data)"
    case .notConvertible(let type): "numbers of type \(type.rawValue) cannot be converted"
    case .notWhole(let type): "numbers of type \(type.rawValue) are not whole numbers of 64 bits"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .noArray, .headerCutShort, .sizeMismatch:
      "the file is cut short, damaged or of another format: fetch or make it again"
    case .unknownType, .notConvertible, .notWhole: "save an array of ordinary numbers, as array.astype(\"float32\")"
    case .unknownVersion: "save the array again with numpy.save"
    default: "make the file again with numpy.save"
    }
  }
}
