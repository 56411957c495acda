// VQAPipelineTests.swift - the suite around tests that compare results to the bit.

import Tensors
import TestSupport
import Testing

/// The suite around all tests that compare bits or set the number of threads; they must not run beside those of other targets.
@Suite(.serialized, .inTurn)
enum VQAPipelineTests {}

/// Runs `body` with a number of threads, then sets the number back.
func withThreads<Result>(_ threads: Int, _ body: () throws -> Result) rethrows -> Result {
  let before = WorkerPool.shared.threads
  WorkerPool.shared.threads = threads
  defer { WorkerPool.shared.threads = before }
  return try body()
}
