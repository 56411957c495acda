// ExitCode.swift - how a run ended, as the number that the caller of the program sees; after sysexits.h where it fits.

import CommandLineKit
import SafeFiles

/// The exit codes of every command.
enum ExitCode: Int32, Sendable {
  /// All well.
  case success = 0
  /// Some items failed, the rest is written.
  case someFailed = 1
  /// The command line cannot be understood.
  case usage = 64
  /// A file holds something else than it should.
  case badData = 65
  /// An input is not there.
  case notFound = 66
  /// A library or a model is missing.
  case missing = 69
  /// A mistake of the program.
  case bug = 70
  /// An output cannot be created.
  case cannotCreate = 73
  /// Writing failed, as on a full disk.
  case writeFailed = 74
  /// Stopped with the work saved; run again to go on.
  case stopped = 75
  /// Stopped at once by a second Ctrl-C.
  case killed = 130

  init(_ kind: FailureKind) {
    self =
      switch kind {
      case .badData: .badData
      case .notFound: .notFound
      case .missing: .missing
      case .cannotCreate: .cannotCreate
      case .writeFailed: .writeFailed
      }
  }

  /// The exit code of an error, and its text in one line.
  static func explain(_ error: any Error) -> (code: ExitCode, text: String) {
    switch error {
    case let error as UsageError: (.usage, error.description)
    case let error as FileFailure: (ExitCode(error.kind), error.description)
    case let error as any Failure: (ExitCode(error.kind), error.message)
    default: (.bug, "\(escapeControls("\(error)")); this is a mistake in the program: please report it")
    }
  }
}
