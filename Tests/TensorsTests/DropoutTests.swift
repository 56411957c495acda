// DropoutTests.swift - what dropout draws, keeps and hands back.

import Tensors
import Testing

extension TensorTests {
  @Suite struct Dropout {
    private static func dropped(_ input: Tensor, _ probability: Float, seed: UInt64) -> Tensor {
      Tape(training: TrainingMode(seed: seed)).record { input.dropout(probability) }
    }

    @Test func changesNothingOutsideTraining() {
      let input = Tensor.random([4, 5], seed: 1)
      #expect(input.dropout(0.5).elements == input.elements)
      #expect(Tape().record { input.dropout(0.5) }.pointer == input.pointer)
      #expect(Self.dropped(input, 0, seed: 1).pointer == input.pointer)
    }

    @Test(arguments: [0.1, 0.5, 0.9] as [Float])
    func dropsTheShareAndKeepsTheMean(_ probability: Float) {
      let count = 30_000
      let values = Self.dropped(Tensor(repeating: 1, shape: [count]), probability, seed: 3).elements
      let kept = 1 / (1 - probability)
      #expect(values.allSatisfy { $0 == 0 || $0 == kept })
      let share = Double(values.count { $0 == 0 }) / Double(count)
      let deviation = Double(probability * (1 - probability)).squareRoot() / Double(count).squareRoot()
      #expect(abs(share - Double(probability)) < 4 * deviation)
      let mean = values.reduce(0) { $0 + Double($1) } / Double(count)
      #expect(abs(mean - 1) < 4 * deviation * Double(kept))
    }

    @Test func neighboursAreDrawnApart() {
      let values = Self.dropped(Tensor(repeating: 1, shape: [30_000]), 0.5, seed: 4).elements
      for distance in [1, 2, 3, 4, 5, 8, 64] {
        let alike = (0..<(values.count - distance)).count { values[$0] == values[$0 + distance] }
        let share = Double(alike) / Double(values.count - distance)
        #expect(abs(share - 0.5) < 4 * 0.5 / 173, "at distance \(distance)")
      }
    }

    @Test func oneSeedDrawsOneMask() {
      let input = Tensor.random([3, 50], seed: 1)
      #expect(Self.dropped(input, 0.5, seed: 8).elements == Self.dropped(input, 0.5, seed: 8).elements)
      #expect(Self.dropped(input, 0.5, seed: 8).elements != Self.dropped(input, 0.5, seed: 9).elements)
    }

    @Test func everyDrawOfAPassIsItsOwn() {
      let input = Tensor(repeating: 1, shape: [100])
      Tape(training: TrainingMode(seed: 8)).record {
        #expect(input.dropout(0.5).elements != input.dropout(0.5).elements)
      }
    }

    @Test(arguments: [9, 40_001]) func gradientIsTheMask(_ count: Int) throws {
      let tape = Tape(training: TrainingMode(seed: 5))
      let input = tape.watch(Tensor(repeating: 1, shape: [count]))
      let result = tape.record { input.dropout(0.25) }
      let mask = result.elements
      tape.backward(from: result)
      #expect(try #require(tape.gradient(of: input)).elements == mask)
    }

    @Test func gradientAddsToWhatIsThere() throws {
      let tape = Tape(training: TrainingMode(seed: 5))
      let input = tape.watch(Tensor(repeating: 1, shape: [30]))
      let (mask, sum) = tape.record { () -> ([Float], Tensor) in
        let dropped = input.dropout(0.5)
        return (dropped.elements, dropped + input)
      }
      tape.backward(from: sum)
      #expect(try #require(tape.gradient(of: input)).elements == mask.map { $0 + 1 })
    }

    @Test func threadsDoNotMatter() {
      let input = Tensor.random([40_001], seed: 1)
      let results = [1, 2, 4].map { threads in
        withThreads(threads) { Self.dropped(input, 0.1, seed: 2).elements.map(\.bitPattern) }
      }
      #expect(results[0] == results[1])
      #expect(results[0] == results[2])
    }
  }
}
