// InTurn.swift - tests of different targets that must not run at the same time.
//
// The back end and the number of threads belong to the process, and all test targets run in one process. A suite's own trait
// `.serialized` keeps its tests apart from each other only, not from those of another suite.

import Testing

/// Runs tests one at a time, whatever suite they are in.
///
/// For tests that set the back end, and for tests that compare results to the bit while others might set it.
public struct InTurn: SuiteTrait, TestTrait, TestScoping {
  /// The tests within a suite take their turns, not the suite as a whole.
  public var isRecursive: Bool { true }

  /// Waits for the turn, runs a test and lets the next one go.
  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    await Turns.shared.take()
    do {
      try await function()
    } catch {
      await Turns.shared.pass()
      throw error
    }
    await Turns.shared.pass()
  }
}

extension Trait where Self == InTurn {
  /// Runs tests one at a time, whatever suite they are in; no suite inside such a suite may have it again.
  public static var inTurn: InTurn { InTurn() }
}

/// The one turn that all tests share, handed on in the order of arrival.
private actor Turns {
  static let shared = Turns()

  private var isTaken = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func take() async {
    guard isTaken else {
      isTaken = true
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  func pass() {
    if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
  }
}
