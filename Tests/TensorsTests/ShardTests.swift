// ShardTests.swift - shards meet in their order, whatever the number of threads, and training on them gives one result.

import Synchronization
import Tensors
import Testing

extension TensorTests {
  @Suite(.timeLimit(.minutes(1))) struct Shards {
    /// What each shard left behind, in shard order.
    private static func results<Result: Sendable>(
      shards: Int, threads: Int, _ body: @escaping @Sendable (ShardExchange, _ shard: Int) -> Result
    ) -> [Result] {
      let box = Box<Result>()
      let group = ShardGroup(count: shards, threads: threads)
      group.run { shard in box.set(shard, body(ShardExchange(group: group, shard: shard), shard)) }
      return box.inOrder
    }

    private final class Box<Result: Sendable>: Sendable {
      private let collected = Mutex<[Int: Result]>([:])

      func set(_ shard: Int, _ result: Result) { collected.withLock { $0[shard] = result } }

      var inOrder: [Result] { collected.withLock { all in all.keys.sorted().compactMap { all[$0] } } }
    }

    @Test(arguments: [1, 2, 5], [1, 2, 4])
    func everyShardRunsOnce(shards: Int, threads: Int) {
      #expect(Self.results(shards: shards, threads: threads) { _, shard in shard } == Array(0..<shards))
    }

    @Test func noShardsAreNothingToDo() {
      #expect(Self.results(shards: 0, threads: 2) { _, shard in shard }.isEmpty)
    }

    /// No more shards compute at a time than there are threads.
    @Test func placesAreLimited() {
      let load = Load()
      ShardGroup(count: 7, threads: 2).run { _ in
        load.enter()
        var waste = SeededRandom(seed: 1)
        for _ in 0..<2000 { _ = waste.next() }
        load.leave()
      }
      #expect(load.greatest <= 2)
      #expect(load.entries == 7)
    }

    private final class Load: Sendable {
      private let state = Mutex((now: 0, greatest: 0, entries: 0))

      func enter() {
        state.withLock {
          $0.now += 1
          $0.entries += 1
          $0.greatest = max($0.greatest, $0.now)
        }
      }

      func leave() { state.withLock { $0.now -= 1 } }

      var greatest: Int { state.withLock { $0.greatest } }
      var entries: Int { state.withLock { $0.entries } }
    }

    /// Five rounds; in each, every shard sees what all have brought in that round, in shard order.
    @Test(arguments: [1, 2, 3, 6, 9])
    func valuesAreGatheredInShardOrder(threads: Int) {
      let shards = 6
      let seen = Self.results(shards: shards, threads: threads) { exchange, shard in
        (0..<5).map { round in
          exchange.group.gather([Float(round), Float(shard)], shard: shard)
        }
      }
      #expect(seen.count == shards)
      for rounds in seen {
        for (round, values) in rounds.enumerated() {
          #expect(values == (0..<shards).map { [Float(round), Float($0)] })
        }
      }
    }

    /// Numbers whose sum depends on the order: all shards get the same one for any number of threads.
    @Test func sumsDoNotDependOnThreads() {
      let sums = [1, 2, 4].map { threads in
        Self.results(shards: 5, threads: threads) { exchange, shard in
          exchange.sum(Tensor.random([20], seed: UInt64(shard), -1e6, 1e6).elements)
        }
      }
      #expect(sums[0].count == 5)
      for all in sums { #expect(all.allSatisfy { $0 == sums[0][0] }) }
      let exact = (0..<20).map { index in
        (0..<5).reduce(0.0) { $0 + Double(Tensor.random([20], seed: UInt64($1), -1e6, 1e6).elements[index]) }
      }
      expectClose(sums[0][0], exact, within: 1e-6)
    }

    /// A training step: each shard has its own tape and dropout; gradients are added in shard order.
    @Test func aStepDoesNotDependOnThreads() {
      let weight = Parameter(Tensor.random([20, 30], seed: 1))
      let bias = Parameter(Tensor.random([20], seed: 2))
      let steps = [1, 2, 4].map { threads in
        let parts = Self.results(shards: 6, threads: threads) { exchange, shard in
          let tape = Tape(training: TrainingMode(seed: UInt64(shard), exchange: exchange))
          let loss = tape.record {
            let batch = Tensor.random([4, 30], seed: UInt64(100 + shard))
            let hidden = batch.linear(weight.tensor, bias: bias.tensor, activation: .gelu).dropout(0.3)
            return hidden.crossEntropy(classes: [0, 5, 19, -1])
          }
          tape.backward(from: loss)
          return [weight, bias].flatMap { tape.gradient(of: $0)?.elements ?? [] }
        }
        return parts.dropFirst().reduce(parts[0]) { sum, part in zip(sum, part).map { $0 + $1 } }.map(\.bitPattern)
      }
      #expect(steps[0].count == 620)
      #expect(Set(steps[0]).count > 100)
      #expect(steps[0] == steps[1])
      #expect(steps[0] == steps[2])
    }

    /// Inside a shard operations stay on its thread; outside they may use the pool; the result is the same.
    @Test func operationsInsideAShardGiveTheSameBits() {
      let operation = OperationCase.cutLinear[0]
      let inside = Self.results(shards: 2, threads: 2) { _, _ in operation.function(operation.inputs).elements }
      let outside = withThreads(2) { operation.function(operation.inputs).elements }
      #expect(inside == [outside, outside])
    }
  }
}
