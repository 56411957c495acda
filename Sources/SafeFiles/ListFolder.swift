// ListFolder.swift - the names in a folder, without a look at the files themselves.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One name in a folder.
public struct FolderEntry: Sendable, Equatable {
  /// What the folder says that stands there.
  public enum Kind: Sendable, Equatable {
    /// A regular file.
    case file
    /// A folder.
    case folder
    /// A symbolic link, something else, or nothing is said: only opening it tells.
    case unknown
  }

  /// The name, without the folder.
  public var name: String
  /// What stands there.
  public var kind: Kind
}

/// Lists a folder in the order of the file system, `.` and `..` left out; the files are not touched.
/// - Parameter path: Path of the folder.
/// - Returns: What the folder holds; names that are not UTF-8 are left out.
/// - Throws: ``FileFailure`` with a ``FileReadFailure``.
public func listFolder(_ path: String) throws(FileFailure) -> [FolderEntry] {
  guard !path.isEmpty, !path.utf8.contains(0) else {
    throw FileFailure(file: path, cause: FileReadFailure.notOpened(ENOENT))
  }
  guard let folder = opendir(path) else { throw FileFailure(file: path, cause: FileReadFailure.notOpened(errno)) }
  defer { closedir(folder) }
  var entries: [FolderEntry] = []
  while true {
    errno = 0
    guard let entry = readdir(folder) else {
      if errno != 0 { throw FileFailure(file: path, cause: FileReadFailure.notRead(errno)) }
      return entries
    }
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) {
        String(validatingCString: $0)
      }
    }
    guard let name, name != ".", name != ".." else { continue }
    let kind: FolderEntry.Kind =
      switch Int(entry.pointee.d_type) {
      case Int(DT_REG): .file
      case Int(DT_DIR): .folder
      default: .unknown
      }
    entries.append(FolderEntry(name: name, kind: kind))
  }
}

/// Whether a path leads to a folder, links followed.
public func isFolder(_ path: String) -> Bool {
  guard !path.isEmpty, !path.utf8.contains(0) else { return false }
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Whether a path leads to a regular file, links followed.
public func isRegularFile(_ path: String) -> Bool {
  guard !path.isEmpty, !path.utf8.contains(0) else { return false }
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}
