// FailedPictures.swift - pictures of a run that could not be read, and how many questions that cost.

import SafeFiles

/// The pictures that could not be read; each is kept once, however many questions ask about it.
struct FailedPictures {
  private(set) var failures: [FileFailure] = []
  /// Questions without an answer.
  private(set) var questions = 0
  private var seen: Set<Int> = []
  /// Failed pictures told by name; the others only by number.
  private static let mostNamed = 20

  /// Adds a question whose picture failed.
  mutating func add(_ failure: FileFailure, imageID: Int) {
    questions += 1
    if seen.insert(imageID).inserted { failures.append(failure) }
  }

  /// Names the pictures on standard error.
  func tell(_ console: Console) {
    for failure in failures.prefix(Self.mostNamed) { console.say(failure.description) }
    let rest = failures.count - Self.mostNamed
    if rest > 0 { console.say("and \(rest) more pictures that cannot be read") }
  }
}
