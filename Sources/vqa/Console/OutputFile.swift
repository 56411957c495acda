// OutputFile.swift - output files are never replaced unless the user says so.

import Foundation
import SafeFiles

/// Why an output was refused before any work was done.
enum OutputFailure: Failure, Equatable {
  /// A file of this name is there.
  case exists
  /// The folder holds something that this program did not put there.
  case folderInUse(entry: String)

  var kind: FailureKind { .cannotCreate }
  var place: String? { nil }

  var problem: String {
    switch self {
    case .exists: "the file is there already"
    case .folderInUse(let entry): "the folder is not empty, it holds \(visibleText(entry))"
    }
  }

  var advice: String {
    switch self {
    case .exists: "choose another name, or add --force to replace it"
    case .folderInUse: "choose an empty folder, or add --force to write into this one"
    }
  }
}

/// Output files.
enum OutputFile {
  /// Refuses a file that is there already.
  static func check(_ path: String, isForced: Bool) throws(FileFailure) {
    guard !isForced, FileManager.default.fileExists(atPath: path) else { return }
    throw FileFailure(file: path, cause: OutputFailure.exists)
  }
}
