// WorkerPoolTests.swift - the pool runs every piece once, whoever calls it and however often.

import Synchronization
import Tensors
import Testing

/// Counts how often each piece was run.
private final class Tally: Sendable {
  private let counts: Mutex<[Int]>

  init(_ pieces: Int) { counts = Mutex(Array(repeating: 0, count: pieces)) }

  func add(_ piece: Int) { counts.withLock { $0[piece] += 1 } }

  var isOnceEach: Bool { counts.withLock { $0.allSatisfy { $0 == 1 } } }
}

/// A number that several threads add to.
private final class Counter: Sendable {
  private let number = Atomic<Int>(0)

  var value: Int { number.load(ordering: .acquiring) }

  func add(_ addend: Int) { number.add(addend, ordering: .acquiringAndReleasing) }
}

extension TensorTests {
  @Suite(.timeLimit(.minutes(1))) struct Pool {
    /// Threads of a pool never end, so all tests share one that is not the program's.
    private static let pool = WorkerPool()

    private static func with(_ threads: Int, _ body: () -> Void) {
      let before = pool.threads
      pool.threads = threads
      defer { pool.threads = before }
      body()
    }

    @Test(arguments: [1, 2, 3, 8])
    func everyPieceRunsOnce(threads: Int) {
      Self.with(threads) {
        for count in [0, 1, 2, 3, 7, 64, 257] {
          let tally = Tally(count)
          Self.pool.run(count) { tally.add($0) }
          #expect(tally.isOnceEach, "\(count) pieces")
        }
      }
    }

    @Test(arguments: [1, 3])
    func resultsComeInOrder(threads: Int) {
      Self.with(threads) {
        #expect(Self.pool.map(100) { $0 * $0 } == (0..<100).map { $0 * $0 })
        #expect(Self.pool.map(0) { $0 }.isEmpty)
      }
    }

    @Test func thereIsAlwaysOneThread() {
      Self.with(0) { #expect(Self.pool.threads == 1) }
      Self.with(-5) { #expect(Self.pool.threads == 1) }
      #expect(processorCount() >= 1)
    }

    /// The pieces really run on several threads: two of them wait for each other.
    @Test func piecesRunAtTheSameTime() {
      Self.with(2) {
        let arrived = Counter()
        Self.pool.run(2) { _ in
          arrived.add(1)
          while arrived.value < 2 {}
        }
        #expect(arrived.value == 2)
      }
    }

    @Test func aRunInsideAPieceStaysOnItsThread() {
      Self.with(3) {
        let outer = Tally(6)
        let inner = Tally(30)
        Self.pool.run(6) { piece in
          outer.add(piece)
          Self.pool.run(5) { inner.add(piece * 5 + $0) }
        }
        #expect(outer.isOnceEach)
        #expect(inner.isOnceEach)
      }
    }

    @Test func callersDoNotDisturbEachOther() async {
      let before = Self.pool.threads
      Self.pool.threads = 3
      defer { Self.pool.threads = before }
      let areRight = await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<6 {
          group.addTask {
            (0..<100).allSatisfy { round in
              let tally = Tally(1 + round % 9)
              Self.pool.run(1 + round % 9) { tally.add($0) }
              return tally.isOnceEach
            }
          }
        }
        return await group.allSatisfy { $0 }
      }
      #expect(areRight)
    }

    /// The number of threads changes between runs, up and down.
    @Test func threadsCanBeAddedAndPaused() {
      for threads in [2, 5, 1, 3, 2, 5] {
        Self.with(threads) {
          let tally = Tally(40)
          Self.pool.run(40) { tally.add($0) }
          #expect(tally.isOnceEach)
        }
      }
    }

    @Test func manyShortRunsDoNotHang() {
      Self.with(2) {
        let sum = Counter()
        for _ in 0..<10_000 { Self.pool.run(3) { sum.add($0) } }
        #expect(sum.value == 30_000)
      }
    }
  }
}
