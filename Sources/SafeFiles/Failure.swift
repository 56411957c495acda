// Failure.swift - what every error of the package can say: what happened, where, and what to do next.

/// What kind of failure it is; the command turns it into an exit code.
public enum FailureKind: Sendable, Equatable {
  /// The data of a file is not what it should be (65).
  case badData
  /// An input is not there or cannot be read (66).
  case notFound
  /// A library or a model is missing (69).
  case missing
  /// An output cannot be created (73).
  case cannotCreate
  /// Writing failed on the way, as on a full disk (74).
  case writeFailed
}

/// A failure that says what happened, where, and what to do next.
public protocol Failure: Error, Sendable {
  /// What kind of failure it is.
  var kind: FailureKind { get }
  /// Where in the file: "byte 120", "questions[3].image_id", "tensor a.weight".
  var place: String? { get }
  /// What is wrong, with the offending value.
  var problem: String { get }
  /// What to do next.
  var advice: String { get }
}

extension Failure {
  /// The failure in one line: "PLACE: PROBLEM; ADVICE".
  public var message: String {
    let text = "\(problem); \(advice)"
    guard let place else { return text }
    return "\(place): \(text)"
  }
}

/// A failure with the file it happened in.
public struct FileFailure: Error, Sendable, CustomStringConvertible {
  /// Path of the file as the user gave it.
  public let file: String
  /// What happened inside the file.
  public let cause: any Failure

  /// Names the file in which a failure happened.
  public init(file: String, cause: any Failure) {
    self.file = file
    self.cause = cause
  }

  /// What kind of failure the cause is.
  public var kind: FailureKind { cause.kind }

  /// The failure in one line: "FILE: PLACE: PROBLEM; ADVICE".
  public var description: String { "\(visibleText(file)): \(cause.message)" }
}
