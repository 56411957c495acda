// ZipDirectory.swift - finds the directory of a zip archive and holds its entries against the file.
//
// A zip archive is read from its end: end record (APPNOTE 4.3.16), for 64-bit sizes a zip64 end record with its locator in
// front of it (4.3.14, 4.3.15), in front of them the directory (4.3.12), in front of that the entries, each with a record
// of its own (4.3.7). Stricter than most readers: nothing lies between directory and end records or behind them.

import SafeFiles

/// The entries of an archive, checked.
struct ZipDirectory {
  /// The entries in the order of the directory, folders left out.
  let entries: [ZipEntry]

  /// Reads the directory of an archive.
  /// - Parameters:
  ///   - file: The whole archive.
  ///   - limits: Number of entries, bytes they become.
  /// - Throws: ``ZipFailure``.
  init(_ file: FileBytes, limits: LoadLimits) throws(ZipFailure) {
    let end = try ZipEnd(file)
    guard end.entryCount <= UInt64(max(0, limits.archiveEntries)) else {
      throw .tooManyEntries(count: end.entryCount, limit: limits.archiveEntries)
    }
    guard end.directory.count <= limits.tensorHeaderBytes else {
      throw .directoryTooLong(bytes: end.directory.count, limit: limits.tensorHeaderBytes)
    }
    var reader = ByteReader(file.copy(end.directory))
    var records: [ZipDirectoryEntry] = []
    for _ in 0..<end.entryCount {
      let offset = end.directory.lowerBound + reader.offset
      records.append(try ZipDirectoryEntry(&reader, offset: offset))
    }
    guard reader.remaining == 0 else {
      throw .directorySize(offset: end.directory.lowerBound + reader.offset, left: reader.remaining)
    }
    try Self.checkSizes(records, limits: limits)
    entries = try Self.place(records, in: file, before: end.directory.lowerBound)
  }

  /// Checks what the entries become against what they are, before any is inflated.
  private static func checkSizes(_ records: [ZipDirectoryEntry], limits: LoadLimits) throws(ZipFailure) {
    var inflated: UInt64 = 0
    for record in records {
      let (stored, size) = (record.storedSize, record.size)
      switch record.method {
      case .stored:
        guard stored == size else { throw .wrongSize(entry: record.name, stored: stored, size: size) }
      case .deflated:
        let (most, overflow) = stored.multipliedReportingOverflow(by: Inflater.largestRatio)
        guard overflow || size <= most else { throw .wrongSize(entry: record.name, stored: stored, size: size) }
        let (sum, beyond) = inflated.addingReportingOverflow(size)
        inflated = beyond ? .max : sum
        guard inflated <= UInt64(max(0, limits.inflatedBytes)) else {
          throw .tooLarge(entry: record.name, bytes: inflated, limit: limits.inflatedBytes)
        }
      }
    }
  }

  /// Finds the bytes of the entries; none share a byte.
  private static func place(
    _ records: [ZipDirectoryEntry], in file: FileBytes, before end: Int
  ) throws(ZipFailure) -> [ZipEntry] {
    var entries: [ZipEntry] = []
    var used: [(begin: Int, end: Int, name: String)] = []
    for record in records {
      let (begin, data) = try record.place(in: file, before: end)
      used.append((begin, data.upperBound, record.name))
      // A folder is no entry that could be read.
      if record.name.hasSuffix("/") {
        guard data.isEmpty else { throw .wrongName(offset: begin, name: record.name) }
        continue
      }
      entries.append(
        ZipEntry(
          name: record.name, method: record.method, size: Int(record.size), checksum: record.checksum, range: data,
          index: entries.count))
    }
    used.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    for (one, next) in zip(used, used.dropFirst()) where next.begin < one.end {
      throw .overlap(entry: next.name, offset: next.begin)
    }
    return entries
  }
}
