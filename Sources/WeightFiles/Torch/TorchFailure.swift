// TorchFailure.swift - why a torch checkpoint is refused, or a tensor of it cannot be read.

import SafeFiles

/// Why a torch checkpoint is refused, or a tensor of it cannot be read.
public enum TorchFailure: Failure, Equatable {
  /// The file is no zip archive, but begins as files of torch before 1.6 or as bare pickles do.
  case legacyFile
  /// A part of a file of torch before 1.6 is not what it must be.
  case legacyPart(offset: Int, part: String)
  /// The archive is damaged.
  case zip(ZipFailure)
  /// No entry, or more than one, is the pickle of a checkpoint.
  case noPickle(found: Int)
  /// The pickle is longer than the limit.
  case pickleTooLong(bytes: Int, limit: Int)
  /// The pickle is refused; it is an entry of the archive, or the whole file.
  case pickle(entry: String?, cause: PickleFailure)
  /// The order of bytes is neither "little" nor "big".
  case unknownByteOrder(String)
  /// The storage of a tensor is not in the archive, or has another size there: the tensor is of another checkpoint.
  case foreignTensor(storage: String)
  /// The numbers of a tensor cannot be taken as `Float`.
  case notConvertible(storage: String, type: TensorDataType)
  /// The numbers of a tensor are not whole numbers of 64 bits.
  case notWhole(storage: String, type: TensorDataType)
  /// A value that should be a whole number, or a tensor of one, is not.
  case noWholeNumber(found: String)

  /// Always bad data.
  public var kind: FailureKind { .badData }

  /// The entry of the archive and the byte in it.
  public var place: String? {
    switch self {
    case .legacyFile: "byte 0"
    case .legacyPart(let offset, _): "byte \(offset)"
    case .zip(let cause): cause.place
    case .pickle(let entry?, let cause): "entry \(visibleText(entry)), byte \(cause.offset)"
    case .pickle(nil, let cause): cause.place
    case .unknownByteOrder: "entry byteorder"
    case .foreignTensor(let key), .notConvertible(let key, _), .notWhole(let key, _): "storage \(visibleText(key))"
    case .noPickle, .pickleTooLong, .noWholeNumber: nil
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .legacyFile: "this is neither a zip archive nor a checkpoint of torch before 1.6, but a bare pickle"
    case .legacyPart(_, let part): "the file is of torch before 1.6, and \(part)"
    case .zip(let cause): cause.problem
    case .noPickle(let found):
      found == 0 ? "the archive has no entry FOLDER/data.pkl" : "the archive has \(found) entries FOLDER/data.pkl"
    case .pickleTooLong(let bytes, let limit): "data.pkl has \(bytes) bytes, more than the limit of \(limit)"
    case .pickle(_, let cause): cause.problem
    case .unknownByteOrder(let order): "\"\(visibleText(order, limit: 40))\" is no order of bytes"
    case .foreignTensor: "the archive has no storage of that size"
    case .notConvertible(_, let type): "numbers of type \(type.rawValue) cannot be converted"
    case .notWhole(_, let type): "numbers of type \(type.rawValue) are not whole numbers of 64 bits"
    case .noWholeNumber(let found): "\(visibleText(found)) is no whole number"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .legacyPart: "get the file again, or save it again with torch.save"
    case .legacyFile: "load it with torch where it is trusted, and save it again with torch.save"
    case .zip(let cause): cause.advice
    case .pickle(_, let cause): cause.advice
    case .pickleTooLong, .noPickle, .noWholeNumber: "check that this is the right file"
    case .unknownByteOrder: "save the checkpoint again with torch.save"
    case .foreignTensor: "read a tensor from the checkpoint it was found in"
    case .notConvertible, .notWhole: "save the checkpoint again with ordinary numbers"
    }
  }
}
