// MappedFile.swift - a file as memory, read from the disk page by page when it is used.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A regular file mapped into memory, read only.
///
/// Fit for files that are replaced by rename, as ``AtomicFile`` does: the mapping keeps the old file. A file that another
/// process cuts short while it is mapped ends this process with SIGBUS, as in every program that maps files.
public final class MappedFile: @unchecked Sendable {
  // Sendable without a check of the compiler: the memory is never written, and unmapped when nobody holds this object.
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
  public init(path: String, limit: Int) throws(FileFailure) {
    let (descriptor, size) = try openRegularFile(path, limit: limit)
    self.path = path
    count = size
    guard size > 0 else {
      base = nil
      return
    }
    let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor.number, 0)
    guard let address, address != MAP_FAILED else {
      throw FileFailure(file: path, cause: FileReadFailure.notRead(errno))
    }
    base = address
  }

  deinit {
    if let base { munmap(base, count) }
  }

  /// Gives the bytes of the file, valid inside the closure only.
  public func withUnsafeBytes<Result, Failed: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failed) -> Result
  ) throws(Failed) -> Result {
    try body(UnsafeRawBufferPointer(start: base, count: count))
  }
}
