// MappedFile.swift - a file as memory, read from the disk page by page when it is used.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A regular file mapped into memory; what is written to the memory stays in this process, the file is never changed.
///
/// Fit for files that are replaced by rename, as ``AtomicFile`` does: the mapping keeps the old file. A file that another
/// process cuts short while it is mapped ends this process with SIGBUS, as in every program that maps files.
public final class MappedFile: @unchecked Sendable {
  // Sendable without a check of the compiler: unmapped when nobody holds this object; who writes to it answers for the order of writes.
  private let base: UnsafeMutableRawPointer?
  /// Size of the file in bytes.
  public let count: Int
  /// Path of the file as it was given.
  public let path: String

  /// Maps a file.
  /// - Parameters:
  ///   - path: Path of a regular file.
  ///   - limit: Size above which the file is refused, in bytes.
  /// - Throws: ``FileFailure`` with a ``FileReadFailure``.
  public convenience init(path: String, limit: Int) throws(FileFailure) {
    let (descriptor, size) = try openRegularFile(path, limit: limit)
    try self.init(path: path, descriptor: descriptor, size: size)
  }

  /// Maps an open file.
  init(path: String, descriptor: Descriptor, size: Int) throws(FileFailure) {
    self.path = path
    count = size
    guard size > 0 else {
      base = nil
      return
    }
    let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor.number, 0)
    guard let address, address != MAP_FAILED else {
      throw FileFailure(file: path, cause: FileReadFailure.notRead(errno))
    }
    base = address
  }

  deinit {
    if let base { munmap(base, count) }
  }

  /// 32-bit floating-point numbers of the file where they lie, valid for as long as this object is held.
  ///
  /// - Parameter range: Offsets inside the file, a multiple of four bytes apart; others are a mistake of the program.
  /// - Returns: The numbers, or nil when there are none or they do not lie at a multiple of four in memory.
  package func floats(_ range: Range<Int>) -> UnsafeMutableBufferPointer<Float>? {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside the file")
    let width = MemoryLayout<Float>.stride
    guard let start = base?.advanced(by: range.lowerBound), !range.isEmpty, Int(bitPattern: start) % width == 0 else {
      return nil
    }
    return UnsafeMutableBufferPointer(start: start.assumingMemoryBound(to: Float.self), count: range.count / width)
  }

  /// Gives pages back that are not needed soon; they are read from the file again when they are.
  ///
  /// Only for files to whose memory nothing was written: that would be lost.
  /// - Parameter range: Offsets inside the file; pages that are not wholly inside are kept.
  package func giveBack(_ range: Range<Int>) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    guard page > 0, let base else { return }
    let start = (max(range.lowerBound, 0) + page - 1) / page * page
    let end = min(range.upperBound, count) / page * page
    if start < end { madvise(base + start, end - start, MADV_DONTNEED) }
  }

  /// Gives the bytes of the file, valid inside the closure only.
  public func withUnsafeBytes<Result, Failed: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failed) -> Result
  ) throws(Failed) -> Result {
    try body(UnsafeRawBufferPointer(start: base, count: count))
  }
}
