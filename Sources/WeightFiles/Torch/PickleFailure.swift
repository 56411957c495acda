// PickleFailure.swift - why a pickle is refused, with the byte and what stands there.

import SafeFiles

/// Why a pickle is refused.
public enum PickleFailure: Error, Equatable, Sendable {
  /// The pickle ends inside a step.
  case cutShort(offset: Int, wanted: Int, left: Int)
  /// A byte that is no step of any pickle.
  case unknownStep(offset: Int, byte: UInt8)
  /// A step that is not read: it is never needed for weights, or could run code.
  case refusedStep(offset: Int, name: String)
  /// A name of Python that is not in the table of those that are understood.
  case refusedName(offset: Int, module: String, name: String)
  /// A call of something that is no function of the table, or that such a function does not understand.
  case refusedCall(offset: Int, name: String)
  /// A step needs a value of another kind.
  case wrongValue(offset: Int, step: String)
  /// A version of the format that is not known.
  case unknownProtocol(offset: Int, version: Int)
  /// A step takes values that are not there.
  case nothingThere(offset: Int, step: String)
  /// A step refers to a value that was not kept.
  case notKept(offset: Int, index: Int)
  /// A whole number beyond 64 bits.
  case integerTooLarge(offset: Int, bytes: Int)
  /// A text longer than the limit.
  case textTooLong(offset: Int, bytes: Int, limit: Int)
  /// A text that is not UTF-8.
  case invalidUTF8(offset: Int)
  /// Values nest deeper than the limit.
  case tooDeep(offset: Int, limit: Int)
  /// More steps than the limit, or values that stand for more than it.
  case tooManySteps(offset: Int, limit: Int)
  /// More lists, tuples and dictionaries, or kept values, than the limit.
  case tooManyKept(offset: Int, limit: Int)
  /// More tensors or storages than the limit.
  case tooManyTensors(offset: Int, limit: Int)
  /// A value contains itself.
  case loop(offset: Int)
  /// A key of a dictionary that is no text and no whole number.
  case wrongKey(offset: Int, kind: String)
  /// A key of a dictionary that stands twice.
  case duplicateKey(offset: Int, key: String)
  /// A function, a class or a storage where a value should be.
  case noValue(offset: Int, name: String)
  /// Bytes or values are left at the end.
  case leftOver(offset: Int, bytes: Int, values: Int)

  /// A reference to a storage that is not of the form ("storage", type, key, location, count).
  case wrongReference(offset: Int)
  /// A storage that the archive has not.
  case noStorage(offset: Int, key: String)
  /// The archive's storage has another size.
  case storageSize(offset: Int, key: String, bytes: Int, expected: UInt64)
  /// A size, a stride or an offset below zero.
  case negativeNumber(offset: Int, key: String, value: Int64)
  /// Sizes and strides that do not fit each other or are more than the limit.
  case wrongDimensions(offset: Int, key: String, sizes: Int, strides: Int)
  /// A tensor lies outside its storage.
  case outsideStorage(offset: Int, key: String, count: Int)
  /// A tensor has more numbers than its storage.
  case largerThanStorage(offset: Int, key: String, count: Int)

  /// The byte at which the refused step begins.
  public var offset: Int {
    switch self {
    case .cutShort(let offset, _, _), .unknownStep(let offset, _), .refusedStep(let offset, _),
      .refusedName(let offset, _, _), .refusedCall(let offset, _), .wrongValue(let offset, _),
      .unknownProtocol(let offset, _), .nothingThere(let offset, _), .notKept(let offset, _),
      .integerTooLarge(let offset, _), .textTooLong(let offset, _, _), .invalidUTF8(let offset),
      .tooDeep(let offset, _),
      .tooManySteps(let offset, _), .tooManyKept(let offset, _), .tooManyTensors(let offset, _), .loop(let offset),
      .wrongKey(let offset, _),
      .duplicateKey(let offset, _), .noValue(let offset, _),
      .leftOver(let offset, _, _), .wrongReference(let offset), .noStorage(let offset, _),
      .storageSize(let offset, _, _, _), .negativeNumber(let offset, _, _), .wrongDimensions(let offset, _, _, _),
      .outsideStorage(let offset, _, _), .largerThanStorage(let offset, _, _):
      offset
    }
  }
}

extension PickleFailure: Failure {
  /// Always bad data.
  public var kind: FailureKind { .badData }

  /// The byte.
  public var place: String? { "byte \(offset)" }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .cutShort(_, let wanted, let left): "\(wanted) bytes are wanted here, \(left) are left"
    case .unknownStep(_, let byte): "byte 0x\(String(byte, radix: 16, uppercase: true)) begins no step of a pickle"
    case .refusedStep(_, let name): "the pickle uses \(visibleText(name)), which no weights need"
    case .refusedName(_, let module, let name):
      "the pickle names \(visibleText(module, limit: 100)).\(visibleText(name, limit: 100)), which is not allowed"
    case .refusedCall(_, let name): "\(visibleText(name)) is called with something else than torch.save writes"
    case .wrongValue(_, let step): "\(step) stands behind a value of the wrong kind"
    case .unknownProtocol(_, let version): "protocol \(version) of pickles is not known"
    case .nothingThere(_, let step): "\(step) takes a value that is not there"
    case .notKept(_, let index): "value \(index) was never kept"
    case .integerTooLarge(_, let bytes): "a whole number of \(bytes) bytes does not fit 64 bits"
    case .textTooLong(_, let bytes, let limit): "a text has \(bytes) bytes, more than the limit of \(limit)"
    case .invalidUTF8: "the text is not UTF-8"
    case .tooDeep(_, let limit): "values nest deeper than \(limit)"
    case .tooManySteps(_, let limit): "the pickle has more than \(limit) steps or values"
    case .tooManyKept(_, let limit): "the pickle makes or keeps more than \(limit) values"
    case .tooManyTensors(_, let limit): "there are more than \(limit) tensors or storages"
    case .loop: "a value contains itself"
    case .wrongKey(_, let kind): "a value of kind \(kind) is no key of a dictionary"
    case .noValue(_, let name): "\(visibleText(name)) stands where a value should be"
    case .duplicateKey(_, let key): "the key \(visibleText(key)) stands twice"
    case .leftOver(_, let bytes, let values): "\(bytes) bytes and \(values) values are left at the end"
    case .wrongReference: "the reference to a storage has another form than torch.save writes"
    case .noStorage(_, let key): "the archive has no storage \(visibleText(key, limit: 40))"
    case .storageSize(_, let key, let bytes, let expected):
      "storage \(visibleText(key, limit: 40)) has \(bytes) bytes, not \(expected)"
    case .negativeNumber(_, let key, let value): "\(value) is below zero, in a tensor of \(shown(key))"
    case .wrongDimensions(_, let key, let sizes, let strides):
      "\(sizes) sizes and \(strides) strides are no tensor of \(shown(key))"
    case .outsideStorage(_, let key, let count): "a tensor lies outside the \(count) numbers of \(shown(key))"
    case .largerThanStorage(_, let key, let count): "a tensor has more numbers than the \(count) of \(shown(key))"
    }
  }

  private func shown(_ key: String) -> String { "storage \(visibleText(key, limit: 40))" }

  /// What to do next.
  public var advice: String {
    switch self {
    case .refusedStep, .refusedName, .refusedCall:
      "the file may try to run code: do not load it with Python; ask for one with weights only"
    case .cutShort, .noStorage, .storageSize, .outsideStorage, .largerThanStorage:
      "the file is cut short, damaged or made to mislead: fetch or make it again"
    case .textTooLong, .tooDeep, .tooManySteps, .tooManyKept, .tooManyTensors: "check that this is the right file"
    default: "save the checkpoint again with torch.save"
    }
  }
}
