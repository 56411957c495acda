// MakeFolder.swift - folders and links that are made, with the reason of the system where they cannot be.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Makes a folder, with those above it that are not there; one that is there stays as it is.
/// - Parameter path: Path of the folder.
/// - Throws: ``FileFailure`` with a ``FileWriteFailure``.
public func makeFolder(_ path: String) throws(FileFailure) {
  guard !path.isEmpty, !path.utf8.contains(0) else {
    throw FileFailure(file: path, cause: FileWriteFailure.notCreated(ENOENT))
  }
  var code = makeOneFolder(path)
  let above = PathParts(path).folder
  if code == ENOENT, !isFolder(above) {
    try makeFolder(above)
    code = makeOneFolder(path)
  }
  // Another process may have made it since; a file of this name is in the way.
  guard code == 0 || code == EEXIST && isFolder(path) else {
    throw FileFailure(file: path, cause: FileWriteFailure.notCreated(code))
  }
}

private func makeOneFolder(_ path: String) -> Int32 {
  WriteFaults.run(.create) { mkdir(path, 0o777) }.code
}

extension AtomicFile {
  /// Makes a symbolic link, in place of one that is there.
  /// - Parameters:
  ///   - path: Path of the link, in a folder that exists.
  ///   - target: What it leads to, seen from that folder.
  /// - Throws: ``FileFailure`` with a ``FileWriteFailure``; the old link is then untouched.
  public static func link(_ path: String, to target: String) throws(FileFailure) {
    guard !path.utf8.contains(0), !target.utf8.contains(0) else {
      throw FileFailure(file: path, cause: FileWriteFailure.notCreated(ENOENT))
    }
    var code = WriteFaults.run(.create) { symlink(target, path) }.code
    var status = stat()
    if code == EEXIST, lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
      let temporary = TemporaryName(of: path).path
      code = WriteFaults.run(.create) { symlink(target, temporary) }.code
      if code == 0 {
        code = WriteFaults.run(.rename) { rename(temporary, path) }.code
        guard code != 0 else { return }
        _ = unlink(temporary)
        throw FileFailure(file: path, cause: FileWriteFailure.notWritten(.rename, code))
      }
    }
    if code != 0 { throw FileFailure(file: path, cause: FileWriteFailure.notCreated(code)) }
  }
}
