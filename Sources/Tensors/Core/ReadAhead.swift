// ReadAhead.swift - what comes next is read on a thread of its own while the present is computed.
//
// At most a few results wait at a time, so memory stays the same however many there are. The thread leaves the worker pool alone: whoever
// computes keeps it.

/// Makes values in order on a thread of their own, a few ahead of whoever takes them.
public final class ReadAhead<Value: Sendable>: Sendable {
  private final class Shared: @unchecked Sendable {
    let monitor = Monitor()
    var waiting: [Value] = []
    var isCancelled = false
    /// Nil when the system had none left: values are then made when they are asked for.
    var thread: NativeThread?
    var taken = 0
  }

  private let shared = Shared()
  private let range: Range<Int>
  private let make: @Sendable (Int) -> Value

  /// Starts to make values.
  ///
  /// - Parameters:
  ///   - range: The numbers of the values.
  ///   - depth: How many may wait, at least 1.
  ///   - make: Makes the value of a number.
  public init(_ range: Range<Int>, depth: Int = 1, make: @escaping @Sendable (Int) -> Value) {
    self.range = range
    self.make = make
    let shared = shared
    shared.thread = NativeThread {
      WorkerPool.inline {
        for number in range {
          let value = shared.monitor.locked { shared.isCancelled } ? nil : make(number)
          guard let value else { return }
          let isWanted = shared.monitor.locked { () -> Bool in
            shared.waiting.append(value)
            shared.monitor.broadcast()
            while shared.waiting.count >= max(1, depth), !shared.isCancelled { shared.monitor.wait() }
            return !shared.isCancelled
          }
          guard isWanted else { return }
        }
      }
    }
  }

  deinit {
    let shared = shared
    shared.monitor.locked {
      shared.isCancelled = true
      shared.waiting = []
      shared.monitor.broadcast()
    }
    shared.thread?.join()
  }

  /// The next value; nil after the last one.
  ///
  /// Only one thread takes values.
  public func next() -> Value? {
    let number = range.lowerBound + shared.taken
    guard number < range.upperBound else { return nil }
    shared.taken += 1
    if shared.thread == nil { return make(number) }
    return shared.monitor.locked {
      while shared.waiting.isEmpty { shared.monitor.wait() }
      let value = shared.waiting.removeFirst()
      shared.monitor.broadcast()
      return value
    }
  }
}
