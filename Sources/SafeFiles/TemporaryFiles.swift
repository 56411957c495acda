// TemporaryFiles.swift - the names of temporary files, and what is left of them when a process was killed.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Folder and name of a path.
struct PathParts {
  let folder: String
  let name: String

  init(_ path: String) {
    let slash = path.utf8.lastIndex(of: 0x2F)
    guard let slash else {
      (folder, name) = (".", path)
      return
    }
    folder = slash == path.startIndex ? "/" : String(path[..<slash])
    name = String(path[path.utf8.index(after: slash)...])
  }

  /// A path of another name in the folder.
  func sibling(_ name: String) -> String {
    folder == "/" ? "/\(name)" : "\(folder)/\(name)"
  }
}

/// The name `.NAME.tmp-PID-RANDOM` of a temporary file beside the file NAME.
struct TemporaryName {
  let path: String

  init(of target: String) {
    let parts = PathParts(target)
    let random = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    path = parts.sibling("\(Self.prefix(parts.name))\(getpid())-\(random)")
  }

  /// What the names of all temporary files of a file begin with; a long name is cut, as names have 255 bytes at most.
  static func prefix(_ name: String) -> String {
    var start = ""
    for scalar in name.unicodeScalars where start.utf8.count < 190 { start.unicodeScalars.append(scalar) }
    return ".\(start).tmp-"
  }

  /// The process that wrote a temporary file, or nil when the name is that of something else.
  static func writer(of entry: String, prefix: String) -> pid_t? {
    guard entry.utf8.starts(with: prefix.utf8) else { return nil }
    let parts = entry.dropFirst(prefix.count).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      UInt64(parts[1], radix: 16) != nil
    else { return nil }
    return pid_t(parts[0])
  }
}

extension AtomicFile {
  /// Removes what killed processes left beside a file: its temporary files whose writer no longer runs.
  ///
  /// Processes of other machines on a shared disk are not seen; call this only for files that one machine writes.
  /// - Parameter path: Path of the finished file, there or not.
  /// - Returns: Names of the removed files, in the folder of the file.
  @discardableResult
  public static func removeStrays(of path: String) -> [String] {
    let parts = PathParts(path)
    let prefix = TemporaryName.prefix(parts.name)
    return entries(of: parts.folder).filter { entry in
      guard let writer = TemporaryName.writer(of: entry, prefix: prefix), writer > 0 else { return false }
      // Signal 0 asks only whether the process is there; EPERM means that it is, as another user's.
      guard kill(writer, 0) != 0, errno == ESRCH else { return false }
      return unlink(parts.sibling(entry)) == 0
    }
  }

  private static func entries(of folder: String) -> [String] {
    guard let listing = opendir(folder) else { return [] }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) { name in
          String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names
  }
}
