// MemoryTests.swift - a pass without a tape holds only the tensors that are still in use; with one, only until it is played back.

import Tensors
import Testing

extension TensorTests {
  @Suite struct Memory {
    /// The memory of a tensor, observed without keeping it.
    private struct Observed {
      weak var storage: Storage?
      init(_ tensor: Tensor) { storage = tensor.storage }
    }

    private final class Observations {
      var all: [Observed] = []
      /// How many observed tensors were held at each observation.
      var held: [Int] = []

      func observe(_ tensor: Tensor) -> Tensor {
        all.append(Observed(tensor))
        held.append(live)
        return tensor
      }

      var live: Int { all.count { $0.storage != nil } }
    }

    /// Layers of a network, each result observed as it is made.
    private static func layers(_ input: Tensor, _ count: Int, _ observations: Observations) -> Tensor {
      let weight = Tensor.random([12, 12], seed: 1)
      let ones = Tensor(repeating: 1, shape: [12])
      var tokens = input
      for _ in 0..<count {
        tokens = observations.observe(tokens.linear(weight, bias: ones, activation: .gelu))
        tokens = observations.observe(tokens.layerNorm(scale: ones, shift: ones, kind: .unbiased(epsilon: 1e-6)))
        tokens = observations.observe(tokens * 0.5)
        tokens = observations.observe(tokens.activated(.relu))
        tokens = observations.observe(tokens.softmax())
        tokens = observations.observe(tokens.tokens(0..<tokens.shape[1]))
        tokens = observations.observe(tokens.samples([1, 0]))
      }
      return tokens
    }

    private static let input = Tensor.random([2, 5, 12], seed: 2)

    @Test func aPassWithoutATapeHoldsTwoResultsAtATime() {
      let observations = Observations()
      let result = Self.layers(Self.input, 10, observations)
      #expect(observations.held.count == 70)
      #expect(observations.held.allSatisfy { $0 <= 2 }, "operand and result: \(observations.held)")
      #expect(withExtendedLifetime(result) { observations.live } == 1)
    }

    @Test func aTapeWithoutAWatchedInputHoldsNothing() {
      let observations = Observations()
      let tape = Tape()
      let result = tape.record { Self.layers(Self.input, 10, observations) }
      #expect(observations.held.allSatisfy { $0 <= 2 }, "operand and result: \(observations.held)")
      #expect(withExtendedLifetime((result, tape)) { observations.live } == 1)
    }

    @Test func aPausedTapeHoldsNothing() {
      let observations = Observations()
      let tape = Tape()
      let input = tape.watch(Self.input)
      _ = tape.record { Tape.withoutRecording { Self.layers(input, 10, observations) } }
      #expect(withExtendedLifetime(tape) { observations.live } == 0)
    }

    /// What the gradients need is held from the pass on, and no longer than until they are there.
    @Test func aTapeLetsGoOfWhatItHasPlayed() {
      let observations = Observations()
      let tape = Tape()
      let input = tape.watch(Self.input)
      tape.backward(
        from: tape.record { () -> Tensor in
          let result = Self.layers(input, 10, observations)
          #expect(observations.live > 20)
          return result.weightedSum(Self.input)
        })
      #expect(withExtendedLifetime(tape) { observations.live } == 0)
      #expect(tape.gradient(of: input) != nil)
    }

    /// A tape thrown away without being played lets go of everything too: nothing refers to itself.
    @Test func aTapeThrownAwayLetsGoOfEverything() {
      let observations = Observations()
      do {
        let tape = Tape()
        let input = tape.watch(Self.input)
        _ = tape.record { Self.layers(input, 10, observations) }
      }
      #expect(observations.live == 0)
    }

    /// The blocks of results that are gone come back: a long chain of a size of its own walks over a few addresses.
    @Test func aLongChainUsesFewBlocks() {
      var addresses: Set<UInt> = []
      var value = Tensor(repeating: 1, shape: [1_300_000])
      for _ in 0..<6 {
        value = value.reshaped([1, 1_300_000]).tokensOfOne()
        addresses.insert(UInt(bitPattern: value.pointer))
      }
      #expect(addresses.count <= 2)
    }
  }
}

extension Tensor {
  /// A copy, by an operation that costs little whatever the size.
  fileprivate func tokensOfOne() -> Tensor { reshaped([1, 1, count]).tokens(0..<1) }
}
