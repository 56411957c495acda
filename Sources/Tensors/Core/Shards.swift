// Shards.swift - a training batch cut into a fixed number of parts, each computed by one thread from end to end.
//
// The number of shards belongs to the recipe, the number of threads to the machine. Each shard has its own tape; gradients are summed
// in shard order. Batch normalisation is the one place where shards meet: all wait until the sums of all are there. A waiting shard
// gives its place to another, so two threads carry any number of shards.

/// The shards of one step and their meeting place.
public final class ShardGroup: Sendable {
  private final class Shared: @unchecked Sendable {
    let monitor = Monitor()
    var places: Int
    var deposits: [[Float]?]
    var waiting = 0
    var results: [[Float]] = []
    var generation = 0
    /// Whether some shards can only run one after the other, for want of threads.
    var isShortOfThreads = false

    init(count: Int, threads: Int) {
      places = threads
      deposits = Array(repeating: nil, count: count)
    }
  }

  /// Number of shards.
  public let count: Int
  private let shared: Shared

  /// Makes a group of `count` shards of which at most `threads` compute at a time.
  public init(count: Int, threads: Int) {
    self.count = count
    shared = Shared(count: count, threads: max(1, threads))
  }

  /// Runs `body` for every shard and returns when all have ended.
  public func run(_ body: @escaping @Sendable (_ shard: Int) -> Void) {
    var threads: [NativeThread] = []
    var withoutThread: [Int] = []
    for shard in 0..<count {
      if let thread = NativeThread({ [self] in compute(shard, body) }) {
        threads.append(thread)
      } else {
        withoutThread.append(shard)
      }
    }
    // When the system has no thread left, the caller's computes the shard; the others have started, so that one can meet them.
    shared.monitor.locked { shared.isShortOfThreads = withoutThread.count > 1 }
    for shard in withoutThread { compute(shard, body) }
    for thread in threads { thread.join() }
  }

  private func compute(_ shard: Int, _ body: (_ shard: Int) -> Void) {
    takePlace()
    WorkerPool.inline { body(shard) }
    leavePlace()
  }

  private func takePlace() {
    shared.monitor.locked {
      while shared.places == 0 { shared.monitor.wait() }
      shared.places -= 1
    }
  }

  private func leavePlace() {
    shared.monitor.locked {
      shared.places += 1
      shared.monitor.broadcast()
    }
  }

  /// The values of all shards in shard order; returns when the last shard has brought its own.
  package func gather(_ values: [Float], shard: Int) -> [[Float]] {
    leavePlace()
    let all = shared.monitor.locked { () -> [[Float]] in
      // Waiting would have no end.
      precondition(!shared.isShortOfThreads, "the system has too few threads left for \(count) shards to meet")
      shared.deposits[shard] = values
      shared.waiting += 1
      let generation = shared.generation
      if shared.waiting == count {
        shared.results = shared.deposits.map { $0 ?? [] }
        shared.deposits = Array(repeating: nil, count: count)
        shared.waiting = 0
        shared.generation += 1
        shared.monitor.broadcast()
      }
      while shared.generation == generation { shared.monitor.wait() }
      return shared.results
    }
    takePlace()
    return all
  }
}

/// One shard's seat at the meeting place of its group.
public struct ShardExchange: Sendable {
  package let group: ShardGroup
  package let shard: Int

  /// The seat of a shard in its group.
  public init(group: ShardGroup, shard: Int) {
    self.group = group
    self.shard = shard
  }

  /// The values of all shards, summed in shard order.
  package func sum(_ values: [Float]) -> [Float] {
    let all = group.gather(values, shard: shard)
    var total = [Double](repeating: 0, count: values.count)
    for part in all {
      for index in part.indices { total[index] += Double(part[index]) }
    }
    return total.map { Float($0) }
  }
}
