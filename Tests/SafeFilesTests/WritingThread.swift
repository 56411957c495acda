// WritingThread.swift - a thread that writes while the test reads.

import Dispatch
import Synchronization

/// Runs a closure on a thread of its own.
final class WritingThread: Sendable {
  private let result = Mutex(false)
  private let done = DispatchSemaphore(value: 0)

  init(_ body: @escaping @Sendable () -> Bool) {
    DispatchQueue.global().async { [self] in
      let answer = body()
      result.withLock { $0 = answer }
      done.signal()
    }
  }

  /// Waits for the end of the closure and tells what it answered.
  func wait() -> Bool {
    done.wait()
    return result.withLock { $0 }
  }
}
