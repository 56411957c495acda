// SafetensorsFailure.swift - why a weight file is refused, with the tensor, the field and the offending numbers.

import SafeFiles

/// Why a safetensors file is refused, or a tensor of it cannot be used as asked.
public enum SafetensorsFailure: Failure, Equatable {
  /// The file is too short for the length of a header.
  case noHeader(fileBytes: Int)
  /// The header is longer than the limit.
  case headerTooLong(bytes: UInt64, limit: Int)
  /// The header is longer than the rest of the file.
  case headerCutShort(bytes: UInt64, left: Int)
  /// The header is no JSON object of the right form.
  case header(JSONFailure)
  /// The field of a tensor has the wrong form.
  case field(tensor: String, field: String, cause: JSONFailure)
  /// The field of a tensor is missing.
  case missingField(tensor: String, field: String)
  /// A type that is not known.
  case unknownType(tensor: String, type: String)
  /// A size or an offset below zero.
  case negativeNumber(tensor: String, field: String, value: Int64)
  /// Not exactly two offsets.
  case offsetCount(tensor: String, count: Int)
  /// The number of bytes of a shape does not fit 64 bits.
  case shapeTooLarge(tensor: String, shape: [Int])
  /// The end of a tensor comes before its begin.
  case offsetsReversed(tensor: String, begin: Int, end: Int)
  /// A tensor ends behind the end of the file.
  case outsideFile(tensor: String, end: Int, dataBytes: Int)
  /// The offsets do not span the bytes of the shape.
  case sizeMismatch(tensor: String, shapeBytes: Int, offsetBytes: Int)
  /// Bytes before a tensor belong to none.
  case hole(tensor: String, begin: Int, expected: Int)
  /// A tensor shares bytes with another one.
  case overlap(tensor: String, begin: Int, expected: Int)
  /// Bytes after the last tensor belong to none.
  case trailingBytes(used: Int, dataBytes: Int)
  /// More tensors than the limit.
  case tooManyTensors(limit: Int)
  /// Two keys of the metadata that text comparison takes for the same.
  case duplicateMetadata(key: String)

  /// No tensor of this name is in the file.
  case noTensor(name: String)
  /// The numbers of a tensor cannot be taken as `Float`.
  case notConvertible(tensor: String, type: TensorDataType)
  /// The numbers of a tensor are not whole numbers of 64 bits.
  case notWhole(tensor: String, type: TensorDataType)
  /// A NaN or an infinity.
  case notFinite(tensor: String, index: Int)

  /// Two tensors to be written have one name.
  case duplicateTensor(name: String)
  /// A tensor to be written has the name of the metadata.
  case reservedName
  /// The shape of a tensor to be written does not hold its numbers.
  case valueCount(tensor: String, shape: [Int], values: Int)
  /// A number to be written becomes infinite in 16 bits.
  case notRepresentable(tensor: String, index: Int, value: Float)

  /// Always bad data.
  public var kind: FailureKind { .badData }

  /// The tensor, the field or the byte.
  public var place: String? {
    switch self {
    case .noHeader, .headerTooLong, .headerCutShort: "byte 0"
    // Offsets inside the header become those of the file.
    case .header(let cause): "byte \(cause.offset + 8)"
    case .field(let tensor, let field, _), .missingField(let tensor, let field),
      .negativeNumber(let tensor, let field, _):
      "tensor \(visibleText(tensor)), \(field)"
    case .offsetCount(let tensor, _), .offsetsReversed(let tensor, _, _), .outsideFile(let tensor, _, _),
      .hole(let tensor, _, _), .overlap(let tensor, _, _):
      "tensor \(visibleText(tensor)), data_offsets"
    case .unknownType(let tensor, _): "tensor \(visibleText(tensor)), dtype"
    case .shapeTooLarge(let tensor, _), .sizeMismatch(let tensor, _, _), .valueCount(let tensor, _, _):
      "tensor \(visibleText(tensor)), shape"
    case .notConvertible(let tensor, _), .notWhole(let tensor, _), .duplicateTensor(let tensor):
      "tensor \(visibleText(tensor))"
    case .notFinite(let tensor, let index), .notRepresentable(let tensor, let index, _):
      "tensor \(visibleText(tensor)), element \(index)"
    case .duplicateMetadata: "__metadata__"
    case .trailingBytes, .tooManyTensors, .noTensor, .reservedName: nil
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .noHeader(let bytes): "\(bytes) bytes are no safetensors file"
    case .headerTooLong(let bytes, let limit): "the header has \(bytes) bytes, more than the limit of \(limit)"
    case .headerCutShort(let bytes, let left): "the header has \(bytes) bytes, the file only \(left) more"
    case .header(let cause): cause.problem
    case .field(_, _, let cause): "\(cause.problem) (byte \(cause.offset + 8))"
    case .missingField: "the field is missing"
    case .unknownType(_, let type): "\"\(visibleText(type))\" is no known type"
    case .negativeNumber(_, _, let value): "\(value) is below zero"
    case .offsetCount(_, let count): "there are \(count) offsets, not two"
    case .shapeTooLarge(_, let shape): "the number of bytes of \(shownShape(shape)) does not fit 64 bits"
    case .offsetsReversed(_, let begin, let end): "the end \(end) comes before the begin \(begin)"
    case .outsideFile(_, let end, let bytes): "the end \(end) lies behind the \(bytes) bytes of data"
    case .sizeMismatch(_, let shape, let offsets): "the shape needs \(shape) bytes, the offsets span \(offsets)"
    case .hole(_, let begin, let expected): "the begin \(begin) leaves bytes from \(expected) on unused"
    case .overlap(_, let begin, let expected): "the begin \(begin) lies before \(expected), the end of another tensor"
    case .trailingBytes(let used, let bytes): "the tensors use \(used) of \(bytes) bytes of data"
    case .tooManyTensors(let limit): "there are more than \(limit) tensors"
    case .duplicateMetadata(let key): "the key \"\(visibleText(key))\" stands twice"
    case .noTensor(let name): "there is no tensor \(visibleText(name))"
    case .notConvertible(_, let type): "numbers of type \(type.rawValue) cannot be converted"
    case .notWhole(_, let type): "numbers of type \(type.rawValue) are not whole numbers of 64 bits"
    case .notFinite: "the number is NaN or infinite"
    case .duplicateTensor: "two tensors have this name"
    case .reservedName: "no tensor can be called __metadata__"
    case .valueCount(_, let shape, let values): "the shape \(shownShape(shape)) does not hold \(values) numbers"
    case .notRepresentable(_, _, let value): "\(value) is too large for 16 bits"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .header(let cause), .field(_, _, let cause): cause.advice
    case .noHeader, .headerCutShort, .outsideFile, .trailingBytes:
      "the file is cut short, damaged or of another format: fetch or make it again"
    case .headerTooLong, .tooManyTensors: "check that this is the right file"
    case .noTensor: "check that the file belongs to this model"
    case .notFinite: "these weights cannot be used: take an earlier checkpoint"
    case .notRepresentable: "store the tensors as float32 or bfloat16"
    case .duplicateTensor, .reservedName, .valueCount: "correct the list of tensors"
    default: "make the file again with a writer that keeps to the safetensors format"
    }
  }
}
