// ZipEnd.swift - the end records of a zip archive: where its directory is and how many entries it has.

import SafeFiles

/// What the end records say, checked against each other and against the file.
struct ZipEnd {
  /// Where the directory is.
  let directory: Range<Int>
  let entryCount: UInt64

  private static let endBytes = 22
  private static let locatorBytes = 20
  private static let end64Bytes = 56
  /// Most bytes of the comment behind the end record.
  private static let commentBytes = 0xFFFF

  /// Finds the end records.
  /// - Parameter file: The whole archive.
  /// - Throws: ``ZipFailure``.
  init(_ file: FileBytes) throws(ZipFailure) {
    let (start, record) = try Self.endRecord(file)
    // Number of this disk, of that of the directory, entries on this disk, entries, size and offset of the directory.
    let fields = try Self.fields(record, at: start, widths: [2, 2, 2, 2, 4, 4], record: .end)
    var (disks, counts, size, offset) = ((fields[0], fields[1]), (fields[2], fields[3]), fields[4], fields[5])
    var end = start
    if let (start64, fields64) = try Self.end64(file, before: start) {
      // The old record has the same values, or all bits where a value does not fit.
      let names = ["disks", "disks", "number of entries", "number of entries", "directory size", "directory offset"]
      let widths: [UInt64] = [0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF]
      for (index, name) in names.enumerated() where fields[index] != widths[index] {
        guard fields[index] == fields64[index] else { throw .endsDiffer(offset: start, field: name) }
      }
      (disks, counts) = ((fields64[0], fields64[1]), (fields64[2], fields64[3]))
      (size, offset, end) = (fields64[4], fields64[5], start64)
    }
    guard disks == (0, 0), counts.0 == counts.1 else { throw .severalDisks(offset: start) }
    let (sum, overflow) = offset.addingReportingOverflow(size)
    guard !overflow, sum == UInt64(end) else { throw .directoryMisplaced(begin: offset, bytes: size, end: end) }
    directory = Int(offset)..<end
    entryCount = counts.1
  }

  /// The last record whose comment ends with the file.
  private static func endRecord(_ file: FileBytes) throws(ZipFailure) -> (start: Int, record: ArraySlice<UInt8>) {
    let from = max(0, file.count - endBytes - commentBytes)
    let tail = file.copy(from..<file.count)
    guard tail.count >= endBytes else { throw .noEnd(fileBytes: file.count) }
    for start in (0...tail.count - endBytes).reversed() where tail[start...].starts(with: [0x50, 0x4B, 0x05, 0x06]) {
      let comment = Int(tail[start + 20]) | Int(tail[start + 21]) << 8
      if start + endBytes + comment == tail.count { return (from + start, tail[start + 4..<start + endBytes]) }
    }
    throw .noEnd(fileBytes: file.count)
  }

  /// The zip64 end record in front of the end record, or nil when there is none.
  private static func end64(_ file: FileBytes, before end: Int) throws(ZipFailure) -> (start: Int, fields: [UInt64])? {
    let locator = end - locatorBytes
    guard locator >= 0, file.copy(locator..<locator + 4) == [0x50, 0x4B, 0x06, 0x07] else { return nil }
    // Disk of the zip64 end record, its offset, number of disks.
    let found = try fields(
      file.copy(locator + 4..<end)[...], at: locator, widths: [4, 8, 4], record: .locator)
    guard found[0] == 0, found[2] <= 1 else { throw .severalDisks(offset: locator) }
    guard found[1] <= UInt64(locator), locator - Int(found[1]) >= end64Bytes else {
      throw .cutShort(offset: locator, record: .end64)
    }
    let start = Int(found[1])
    let record = file.copy(start..<start + end64Bytes)
    guard record.starts(with: [0x50, 0x4B, 0x06, 0x06]) else { throw .wrongMark(offset: start, record: .end64) }
    // Size of the rest of the record, versions, then the fields of the end record, wider.
    let fields = try fields(record[4...], at: start, widths: [8, 2, 2, 4, 4, 8, 8, 8, 8], record: .end64)
    guard fields[0] == UInt64(locator - start - 12) else { throw .cutShort(offset: start, record: .end64) }
    return (start, Array(fields[3...]))
  }

  /// Whole numbers of some bytes each, one behind the other.
  private static func fields(
    _ bytes: ArraySlice<UInt8>, at offset: Int, widths: [Int], record: ZipRecord
  ) throws(ZipFailure) -> [UInt64] {
    var rest = bytes
    var fields: [UInt64] = []
    for width in widths {
      guard rest.count >= width else { throw .cutShort(offset: offset, record: record) }
      fields.append(rest.prefix(width).reversed().reduce(0) { $0 << 8 | UInt64($1) })
      rest = rest.dropFirst(width)
    }
    return fields
  }
}
