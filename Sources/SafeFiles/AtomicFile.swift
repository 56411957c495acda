// AtomicFile.swift - a file that is either the old one or the new one, complete, whenever the process or the power ends.
//
// The bytes go to a temporary file in the same folder; it is synchronized, renamed over the old file, and the folder is
// synchronized, which `Data.write(options: .atomic)` omits.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes files that are never seen half written.
public enum AtomicFile {
  /// Writes bytes to a file, in place of the one that is there.
  /// - Parameters:
  ///   - bytes: All bytes of the file.
  ///   - path: Path of the file, in a folder that exists; a symbolic link is followed.
  ///   - waitsForDisk: False for a file that is worth nothing before another one stands beside it, as one of thousands of
  ///     pictures before the list of them: it is whole however the process ends, and the power may take it.
  /// - Throws: ``FileFailure`` with a ``FileWriteFailure``; the old file is then untouched.
  public static func write(_ bytes: [UInt8], to path: String, waitsForDisk: Bool = true) throws(FileFailure) {
    var file = try AtomicFileWriter.open(path)
    file.waitsForDisk = waitsForDisk
    try file.write(bytes)
    try file.finish()
  }

  /// Writes a text in UTF-8 to a file, in place of the one that is there.
  /// - Parameters:
  ///   - text: The whole text.
  ///   - path: Path of the file, in a folder that exists; a symbolic link is followed.
  /// - Throws: ``FileFailure`` with a ``FileWriteFailure``; the old file is then untouched.
  public static func write(_ text: String, to path: String) throws(FileFailure) {
    try write(Array(text.utf8), to: path)
  }

  /// Writes a file part by part, in place of the one that is there.
  /// - Parameters:
  ///   - path: Path of the file, in a folder that exists; a symbolic link is followed.
  ///   - body: Writes the parts; when it throws, the old file stays and the temporary one is removed.
  /// - Throws: What `body` throws, or ``FileFailure`` with a ``FileWriteFailure``.
  public static func write(to path: String, _ body: (inout AtomicFileWriter) throws -> Void) throws {
    var file = try AtomicFileWriter.open(path)
    try body(&file)
    try file.finish()
  }
}

/// The temporary file behind an ``AtomicFile``; it vanishes unless it is finished.
public struct AtomicFileWriter: ~Copyable {
  private let path: String
  private let target: String
  private let temporary: String
  private let descriptor: Descriptor
  private var buffer: [UInt8] = []
  private var isFinished = false
  fileprivate var waitsForDisk = true
  private static let bufferSize = 1 << 16

  private init(path: String, target: String, temporary: String, descriptor: Descriptor) {
    self.path = path
    self.target = target
    self.temporary = temporary
    self.descriptor = descriptor
  }

  /// Makes the temporary file of a path.
  /// - Parameter path: Path of the finished file, in a folder that exists; a symbolic link is followed.
  /// - Returns: The writer, which must be finished.
  /// - Throws: ``FileFailure`` with a ``FileWriteFailure``.
  public static func open(_ path: String) throws(FileFailure) -> AtomicFileWriter {
    func fail(_ cause: FileWriteFailure) -> FileFailure { FileFailure(file: path, cause: cause) }
    guard !path.isEmpty, !path.utf8.contains(0) else { throw fail(.notCreated(ENOENT)) }
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists {
      // Renaming over a device or a pipe would remove it from the system.
      guard status.st_mode & S_IFMT == S_IFREG else { throw fail(.notRegular(FileType(mode: status.st_mode))) }
    } else {
      guard errno == ENOENT else { throw fail(.notCreated(errno)) }
      guard !path.hasSuffix("/") else { throw fail(.notRegular(.folder)) }
    }
    let target = exists ? resolvedPath(path) : path
    let temporary = TemporaryName(of: target).path
    let (number, code) = WriteFaults.run(.create) { createFile(temporary) }
    guard number >= 0 else { throw fail(.notCreated(code)) }
    if exists { _ = fchmod(number, status.st_mode & 0o7777) }
    return AtomicFileWriter(
      path: path, target: target, temporary: temporary, descriptor: Descriptor(owning: number))
  }

  deinit {
    if !isFinished { _ = unlink(temporary) }
  }

  /// Appends bytes.
  public mutating func write(_ bytes: [UInt8]) throws(FileFailure) {
    guard bytes.count < Self.bufferSize else {
      try flush()
      return try check(bytes.withUnsafeBytes { writeAll($0, to: descriptor.number) })
    }
    if buffer.count + bytes.count > Self.bufferSize { try flush() }
    buffer += bytes
  }

  /// Appends a text in UTF-8.
  public mutating func write(_ text: String) throws(FileFailure) {
    try write(Array(text.utf8))
  }

  private mutating func flush() throws(FileFailure) {
    try check(buffer.withUnsafeBytes { writeAll($0, to: descriptor.number) })
    buffer.removeAll(keepingCapacity: true)
  }

  private func check(_ code: Int32?, at step: WriteStep = .write) throws(FileFailure) {
    guard let code, code != 0 else { return }
    throw FileFailure(file: path, cause: FileWriteFailure.notWritten(step, code))
  }

  /// Puts the file in its place.
  public mutating func finish() throws(FileFailure) {
    try flush()
    if waitsForDisk { try check(WriteFaults.run(.synchronize) { fsync(descriptor.number) }.code, at: .synchronize) }
    try check(WriteFaults.run(.rename) { rename(temporary, target) }.code, at: .rename)
    isFinished = true
    guard waitsForDisk else { return }
    let code = WriteFaults.run(.synchronizeFolder) { synchronizeFolder(PathParts(target).folder) }.code
    // A file system that cannot synchronize a folder has nothing to lose there.
    if code != EINVAL { try check(code, at: .synchronizeFolder) }
  }
}

private func createFile(_ path: String) -> Int32 {
  open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
}

/// The path behind symbolic links, or the path itself where that cannot be told.
private func resolvedPath(_ path: String) -> String {
  guard let resolved = realpath(path, nil) else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}

private func synchronizeFolder(_ folder: String) -> Int32 {
  let number = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard number >= 0 else { return -1 }
  let descriptor = Descriptor(owning: number)
  let answer = fsync(descriptor.number)
  let code = errno
  withExtendedLifetime(descriptor) {}
  errno = code
  return answer
}
