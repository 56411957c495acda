// ZipArchive.swift - reads a zip archive in place (PKWARE, "APPNOTE.TXT - .ZIP File Format Specification").

import SafeFiles
import Synchronization

/// The entries of a zip archive; their bytes stay in the file until they are asked for, and are never written to disk.
///
/// The directory, the records in front of the data and the sizes are checked against each other and against the file when
/// it is opened, so that two readers cannot see two archives in it; checksums are checked when an entry is read.
public struct ZipArchive: Sendable {
  /// The entries in the order of the directory, folders left out.
  public let entries: [ZipEntry]

  private let file: FileBytes
  private let places: [ScalarText: Int]
  private let verified = VerifiedEntries()

  /// Maps a file and checks its directory.
  /// - Parameters:
  ///   - path: Path of the file.
  ///   - limits: Size of the file, number of entries, bytes they become.
  /// - Throws: ``FileFailure`` with a ``FileReadFailure`` or a ``ZipFailure``.
  public init(path: String, limits: LoadLimits = .default) throws(FileFailure) {
    let file = FileBytes.mapped(try MappedFile(path: path, limit: limits.weightFileBytes))
    do { try self.init(file, limits: limits) } catch { throw FileFailure(file: path, cause: error) }
  }

  /// Checks the directory of an archive that is in memory.
  /// - Parameters:
  ///   - bytes: The whole archive.
  ///   - limits: Number of entries, bytes they become.
  /// - Throws: ``ZipFailure``.
  public init(bytes: [UInt8], limits: LoadLimits = .default) throws(ZipFailure) {
    try self.init(.memory(bytes), limits: limits)
  }

  /// Checks the directory of an archive wherever it is.
  init(_ file: FileBytes, limits: LoadLimits) throws(ZipFailure) {
    self.file = file
    entries = try ZipDirectory(file, limits: limits).entries
    var places: [ScalarText: Int] = [:]
    for (place, entry) in entries.enumerated() {
      guard places.updateValue(place, forKey: ScalarText(entry.name)) == nil else {
        throw .duplicateName(entry: entry.name)
      }
    }
    self.places = places
  }

  /// An entry by name, or nil when the archive has none of that name.
  public subscript(name: String) -> ZipEntry? {
    places[ScalarText(name)].map { entries[$0] }
  }

  /// Reads the bytes of an entry.
  /// - Parameter entry: An entry of this archive.
  /// - Returns: Its bytes, inflated.
  /// - Throws: ``ZipFailure``.
  public func bytes(of entry: ZipEntry) throws(ZipFailure) -> [UInt8] {
    try contents(of: entry).copy()
  }

  /// Reads every entry and checks its checksum; nothing is kept.
  /// - Throws: ``ZipFailure`` for the first entry that is damaged.
  public func verify() throws(ZipFailure) {
    for entry in entries { _ = try contents(of: entry) }
  }

  /// The bytes of an entry: where they lie in the file when they are stored, in memory when they are inflated.
  func contents(of entry: ZipEntry) throws(ZipFailure) -> FilePart {
    guard entries.indices.contains(entry.index), entries[entry.index] == entry else {
      throw .damaged(entry: entry.name)
    }
    let part = FilePart(file, entry.range)
    switch entry.method {
    case .stored:
      if verified.contains(entry.index) { return part }
      try check(part, of: entry)
      verified.insert(entry.index)
      return part
    case .deflated:
      guard let bytes = part.withBytes({ Inflater.inflate($0, size: entry.size) }) else {
        throw .damaged(entry: entry.name)
      }
      let inflated = FilePart(.memory(bytes))
      try check(inflated, of: entry)
      return inflated
    }
  }

  private func check(_ part: FilePart, of entry: ZipEntry) throws(ZipFailure) {
    guard part.withBytes({ Inflater.checksum($0) }) == entry.checksum else { throw .wrongChecksum(entry: entry.name) }
  }
}

/// The stored entries whose checksum was found right, so that many reads of a large one take one look.
private final class VerifiedEntries: Sendable {
  private let indexes = Mutex<Set<Int>>([])

  func contains(_ index: Int) -> Bool { indexes.withLock { $0.contains(index) } }

  func insert(_ index: Int) { indexes.withLock { _ = $0.insert(index) } }
}
