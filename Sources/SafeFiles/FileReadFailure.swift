// FileReadFailure.swift - why a file could not be opened or read.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What stands at a path instead of a regular file.
public enum FileType: String, Sendable, Equatable {
  /// A folder.
  case folder = "a folder"
  /// A named pipe.
  case pipe = "a pipe"
  /// A device such as `/dev/zero`.
  case device = "a device"
  /// A socket.
  case socket = "a socket"
  /// Something else.
  case other = "no regular file"

  /// Reads the type from the mode of `stat`.
  init(mode: mode_t) {
    switch mode & S_IFMT {
    case S_IFDIR: self = .folder
    case S_IFIFO: self = .pipe
    case S_IFCHR, S_IFBLK: self = .device
    case S_IFSOCK: self = .socket
    default: self = .other
    }
  }
}

/// Why a file could not be opened or read.
public enum FileReadFailure: Failure, Equatable {
  /// Opening failed with an error number of the system.
  case notOpened(Int32)
  /// The path leads to something that is not a regular file.
  case notRegular(FileType)
  /// The file is larger than the limit.
  case tooLarge(bytes: Int, limit: Int)
  /// Reading failed with an error number of the system.
  case notRead(Int32)

  /// A file above the limit is bad data; all else counts as not found.
  public var kind: FailureKind {
    if case .tooLarge = self { return .badData }
    return .notFound
  }

  /// The whole file is meant.
  public var place: String? { nil }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .notOpened(let code): "cannot be opened (\(systemText(code)))"
    case .notRegular(.other): "is no regular file"
    case .notRegular(let type): "is \(type.rawValue), not a regular file"
    case .tooLarge(let bytes, let limit): "has \(bytes) bytes, more than the limit of \(limit)"
    case .notRead(let code): "cannot be read (\(systemText(code)))"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .notOpened(EACCES): "check the permissions of the file and of the folders above it"
    case .notOpened, .notRegular: "check the path"
    case .tooLarge: "check that this is the right file"
    case .notRead: "check the disk and try again"
    }
  }
}
