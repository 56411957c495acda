// SceneFailure.swift - why a set of scenes cannot be written.

import SafeFiles

/// Why a set of scenes cannot be written.
public enum SceneFailure: Failure, Equatable {
  /// A folder cannot be made.
  case folderNotMade(reason: String)
  /// A picture cannot be written.
  case pictureNotWritten(reason: String)

  /// The kind of failure, for the exit code.
  public var kind: FailureKind {
    switch self {
    case .folderNotMade: .cannotCreate
    case .pictureNotWritten: .writeFailed
    }
  }

  /// The file says it all.
  public var place: String? { nil }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .folderNotMade(let reason): "the folder cannot be made (\(visibleText(reason)))"
    case .pictureNotWritten(let reason): "the picture cannot be written (\(visibleText(reason)))"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .folderNotMade: "give a folder you may write to"
    case .pictureNotWritten: "make room on the disk and run again"
    }
  }
}
