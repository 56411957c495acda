// WorkerPool.swift - the threads that share one operation's work.
//
// Work is cut into pieces by its shape alone, never by the number of threads, and no sum is split between pieces: so the result is the
// same to the bit for any number of threads. The operations of a small network follow each other within microseconds, less than it takes
// to wake a thread, so a waiting thread looks on for about that long; then it blocks, since a spinning thread on a busy machine takes the
// core from the one it waits for.

import Synchronization

/// Runs the pieces of one operation on several threads.
public final class WorkerPool: Sendable {
  /// The pool that all operations use.
  public static let shared = WorkerPool()

  @TaskLocal private static var isInside = false

  private struct Job: @unchecked Sendable {
    let count: Int
    let body: (Int) -> Void
  }

  private struct State {
    var threads = processorCount()
    var started = 0
    var job: Job?
    var next = 0
    var unfinished = 0
    var generation = 0
  }

  private final class Shared: @unchecked Sendable {
    let monitor = Monitor()
    var state = State()
    /// The generation and the pieces left, for those who look on without the lock.
    let generation = Atomic(0)
    let unfinished = Atomic(0)

    /// Looks on until something has happened, but not for long.
    func lookOn(until happened: () -> Bool) {
      for _ in 0..<WorkerPool.looks where happened() { return }
    }
  }

  /// Looks before a thread blocks: some 20 microseconds.
  private static let looks = 20_000

  private let shared = Shared()
  private let busy = Mutex(false)

  /// Makes a pool with a thread for each processor; its threads never end, so a program has few pools.
  package init() {}

  /// How many threads work on one operation, the caller's included.
  public var threads: Int {
    get { shared.monitor.locked { shared.state.threads } }
    set { shared.monitor.locked { shared.state.threads = max(1, newValue) } }
  }

  /// Calls `body` for every piece 0 ..< count, several at a time.
  ///
  /// Called from inside a piece, or while another operation holds the pool, it runs all pieces on the calling thread.
  public func run(_ count: Int, _ body: @escaping (Int) -> Void) {
    guard count > 1, !Self.isInside, threads > 1, claim() else {
      for piece in 0..<count { body(piece) }
      return
    }
    defer { busy.withLock { $0 = false } }
    let job = Job(count: count, body: body)
    shared.monitor.locked {
      shared.state.job = job
      shared.state.next = 0
      shared.state.unfinished = count
      shared.state.generation += 1
      shared.unfinished.store(count, ordering: .relaxed)
      shared.generation.store(shared.state.generation, ordering: .releasing)
      startThreads()
      shared.monitor.broadcast()
    }
    work(on: job)
    shared.lookOn { shared.unfinished.load(ordering: .acquiring) == 0 }
    shared.monitor.locked {
      while shared.state.unfinished > 0 { shared.monitor.wait() }
      shared.state.job = nil
    }
  }

  /// The results of `body` for 0 ..< count in order, several computed at a time.
  public func map<Result: Sendable>(_ count: Int, _ body: @escaping (Int) -> Result) -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: count))
    run(count) { piece in
      let result = body(piece)
      results.withLock { $0[piece] = result }
    }
    return results.withLock { $0.compactMap { $0 } }
  }

  /// Runs `body` so that operations inside it stay on the calling thread.
  static func inline<Result>(_ body: () throws -> Result) rethrows -> Result {
    try $isInside.withValue(true, operation: body)
  }

  private func claim() -> Bool {
    busy.withLock { isBusy in
      guard !isBusy else { return false }
      isBusy = true
      return true
    }
  }

  private func startThreads() {
    while shared.state.started < shared.state.threads - 1 {
      let index = shared.state.started + 1
      // Without another thread the work is done by those that are there, at the least by the caller.
      guard NativeThread({ [self] in serve(as: index) }) != nil else { return }
      shared.state.started = index
    }
  }

  private func serve(as index: Int) {
    let shared = shared
    var seen = 0
    while true {
      shared.lookOn { shared.generation.load(ordering: .acquiring) != seen }
      let job = shared.monitor.locked { () -> Job? in
        while shared.state.generation == seen { shared.monitor.wait() }
        seen = shared.state.generation
        return index < shared.state.threads ? shared.state.job : nil
      }
      if let job { work(on: job, generation: seen) }
    }
  }

  private func work(on job: Job, generation: Int? = nil) {
    let shared = shared
    Self.inline {
      while true {
        let piece = shared.monitor.locked { () -> Int? in
          if let generation, shared.state.generation != generation { return nil }
          guard shared.state.next < job.count, shared.state.unfinished > 0 else { return nil }
          shared.state.next += 1
          return shared.state.next - 1
        }
        guard let piece else { return }
        job.body(piece)
        shared.monitor.locked {
          shared.state.unfinished -= 1
          shared.unfinished.store(shared.state.unfinished, ordering: .releasing)
          if shared.state.unfinished == 0 { shared.monitor.broadcast() }
        }
      }
    }
  }
}
