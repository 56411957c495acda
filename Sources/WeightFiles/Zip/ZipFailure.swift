// ZipFailure.swift - why a zip archive is refused, with the entry and the offending numbers.

import SafeFiles

/// Why a zip archive is refused, or an entry of it cannot be read.
public enum ZipFailure: Failure, Equatable {
  /// No end record stands at the end of the file.
  case noEnd(fileBytes: Int)
  /// A record does not begin with its mark.
  case wrongMark(offset: Int, record: ZipRecord)
  /// A record is longer than what is left of its part of the file.
  case cutShort(offset: Int, record: ZipRecord)
  /// The records at the end of the file contradict each other.
  case endsDiffer(offset: Int, field: String)
  /// The archive has several files.
  case severalDisks(offset: Int)
  /// The directory does not lie directly before the end records.
  case directoryMisplaced(begin: UInt64, bytes: UInt64, end: Int)
  /// The directory is longer than the limit.
  case directoryTooLong(bytes: Int, limit: Int)
  /// The directory is longer than its entries.
  case directorySize(offset: Int, left: Int)
  /// More entries than the limit.
  case tooManyEntries(count: UInt64, limit: Int)

  /// A name that is empty, not UTF-8, or leads out of its folder.
  case wrongName(offset: Int, name: String)
  /// Two entries have one name.
  case duplicateName(entry: String)
  /// The entry is encrypted.
  case encrypted(entry: String)
  /// A way of compression that is not known.
  case unknownMethod(entry: String, method: UInt16)
  /// A size is given as 64 bits, which are missing.
  case missingSize(entry: String)
  /// A stored entry is not as long as it says, or an entry cannot become so long.
  case wrongSize(entry: String, stored: UInt64, size: UInt64)
  /// The compressed entries become larger together than the limit.
  case tooLarge(entry: String, bytes: UInt64, limit: Int)
  /// An entry begins or ends outside the part of the file before the directory.
  case outsideFile(entry: String, offset: UInt64)
  /// The record before the data contradicts the directory.
  case recordsDiffer(entry: String, offset: Int, field: String)
  /// An entry shares bytes with another one.
  case overlap(entry: String, offset: Int)
  /// The compressed data of an entry is damaged, or becomes other than the size that the directory gives.
  case damaged(entry: String)
  /// The checksum of an entry is not that of the directory.
  case wrongChecksum(entry: String)

  /// Always bad data.
  public var kind: FailureKind { .badData }

  /// The byte or the entry.
  public var place: String? {
    switch self {
    case .noEnd: nil
    case .wrongMark(let offset, _), .cutShort(let offset, _), .endsDiffer(let offset, _), .severalDisks(let offset),
      .directorySize(let offset, _), .wrongName(let offset, _):
      "byte \(offset)"
    case .directoryMisplaced(let begin, _, _): "byte \(begin)"
    case .tooManyEntries, .directoryTooLong: "directory"
    case .recordsDiffer(let entry, let offset, _), .overlap(let entry, let offset):
      "entry \(visibleText(entry)), byte \(offset)"
    case .duplicateName(let entry), .encrypted(let entry), .unknownMethod(let entry, _), .missingSize(let entry),
      .wrongSize(let entry, _, _), .tooLarge(let entry, _, _), .outsideFile(let entry, _), .damaged(let entry),
      .wrongChecksum(let entry):
      "entry \(visibleText(entry))"
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .noEnd(let bytes): "\(bytes) bytes without the end of a zip archive"
    case .wrongMark(_, let record): "no \(record.rawValue) stands here"
    case .cutShort(_, let record): "the \(record.rawValue) is longer than its part of the file"
    case .endsDiffer(_, let field): "the two end records differ in \(field)"
    case .severalDisks: "the archive is cut into several files"
    case .directoryMisplaced(let begin, let bytes, let end):
      "the directory of \(bytes) bytes from \(begin) on does not end at \(end), where the end record begins"
    case .directoryTooLong(let bytes, let limit): "it has \(bytes) bytes, more than the limit of \(limit)"
    case .directorySize(_, let left): "\(left) bytes of the directory belong to no entry"
    case .tooManyEntries(let count, let limit): "there are \(count) entries, more than the limit of \(limit)"
    case .wrongName(_, let name): "\"\(visibleText(name))\" cannot be the name of an entry"
    case .duplicateName: "two entries have this name"
    case .encrypted: "the entry is encrypted"
    case .unknownMethod(_, let method): "compression method \(method) is not known"
    case .missingSize: "a size or an offset of 64 bits is missing"
    case .wrongSize(_, let stored, let size): "\(stored) bytes in the file cannot become \(size)"
    case .tooLarge(_, let bytes, let limit): "the entries become \(bytes) bytes or more, the limit is \(limit)"
    case .outsideFile(_, let offset): "the entry at byte \(offset) does not lie before the directory"
    case .recordsDiffer(_, _, let field): "the record before the data has another \(field) than the directory"
    case .overlap: "the entry shares bytes with another one"
    case .damaged: "the compressed data is damaged or of another size"
    case .wrongChecksum: "the checksum is not that of the directory"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .tooManyEntries, .directoryTooLong, .tooLarge: "check that this is the right file"
    case .severalDisks, .encrypted, .unknownMethod: "make the archive again: whole, open, stored or deflated"
    case .noEnd, .cutShort, .damaged, .wrongChecksum:
      "the file is cut short, damaged or of another format: fetch or make it again"
    default: "make the file again with a writer that keeps to the zip format"
    }
  }
}

/// The records of a zip archive.
public enum ZipRecord: String, Sendable, Equatable {
  /// The last record of the file.
  case end = "end record"
  /// The end record of archives with 64-bit sizes.
  case end64 = "zip64 end record"
  /// Tells where the zip64 end record is.
  case locator = "zip64 locator"
  /// An entry of the directory.
  case directoryEntry = "entry of the directory"
  /// The record in front of the data of an entry.
  case entry = "entry"
}
