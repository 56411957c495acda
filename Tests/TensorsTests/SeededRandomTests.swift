// SeededRandomTests.swift - the generator's sequence, which a seed fixes for ever, and what is made of it.
//
// The numbers of the sequence were computed apart, by the published definitions of SplitMix64 and xoshiro256**.

import Tensors
import Testing

extension TensorTests {
  @Suite struct Random {
    @Test(
      arguments: [
        (0, [0x99EC_5F36_CB75_F2B4, 0xBF6E_1F78_4956_452A, 0x1A5F_849D_4933_E6E0, 0x6AA5_94F1_262D_2D2C]),
        (1, [0xB3F2_AF6D_0FC7_10C5, 0x853B_5596_4736_4CEA, 0x92F8_9756_082A_4514, 0x642E_1C7B_C266_A3A7]),
        (42, [0x1578_0B2E_0C2E_C716, 0x6104_D986_6D11_3A7E, 0xAE17_5332_39E4_99A1, 0xECB8_AD47_03B3_60A1]),
        (.max, [0x8F55_20D5_2A7E_AD08, 0xC476_A018_CAA1_802D, 0x81DE_31C0_D260_469E, 0xBF65_8D7E_065F_3C2F]),
      ] as [(UInt64, [UInt64])])
    func aSeedFixesTheSequence(seed: UInt64, expected: [UInt64]) {
      var random = SeededRandom(seed: seed)
      #expect((0..<4).map { _ in random.next() } == expected)
    }

    @Test func streamsAreMixedIntoTheSeed() {
      #expect(SeededRandom.mix(1, 2) == 0x79F2_DF50_1C4D_2CF7)
      var random = SeededRandom(seed: 1, stream: 2, 3)
      #expect(random.next() == 0x45F0_1B41_BE8B_995E)
      let seeds = (0..<100).flatMap { seed in (0..<100).map { SeededRandom.mix(UInt64(seed), UInt64($0)) } }
      #expect(Set(seeds).count == 10_000)
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    // Bounds on means and shares below are four standard deviations of what 20,000 draws give.

    @Test func uniformNumbersFillTheirRange() {
      var random = SeededRandom(seed: 7)
      let values = (0..<20_000).map { _ in Double(random.uniform()) }
      #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
      #expect(abs(Self.mean(values) - 0.5) < 0.0082)
      for tenth in 0..<10 {
        let share = values.count { Int($0 * 10) == tenth }
        #expect(abs(share - 2000) < 170, "\(tenth)")
      }
    }

    /// Where the grid of floats is coarse, low + (high - low) u would round up to high.
    @Test func uniformNumbersStayBelowTheUpperBound() {
      var random = SeededRandom(seed: 7)
      let low: Float = 1
      let high = low.nextUp
      #expect((0..<100).allSatisfy { _ in random.uniform(low, high) == low })
      #expect((0..<1000).allSatisfy { _ in (-3..<5).contains(random.uniform(-3, 5)) })
      #expect(random.uniform(2, 2) == 2)
    }

    @Test func wholeNumbersFillTheirRange() {
      var random = SeededRandom(seed: 3)
      var counts = [Int](repeating: 0, count: 7)
      for _ in 0..<7000 { counts[random.integer(below: 7)] += 1 }
      #expect(counts.allSatisfy { abs($0 - 1000) < 125 })
      #expect(Set((0..<100).map { _ in random.integer(in: -1...1) }) == [-1, 0, 1])
      #expect(random.integer(below: 1) == 0)
    }

    @Test func aPermutationHoldsEveryNumberOnce() {
      var random = SeededRandom(seed: 3)
      for count in [0, 1, 2, 3, 100] { #expect(random.permutation(count).sorted() == Array(0..<count)) }
      #expect(random.permutation(100) != Array(0..<100))
      // All six orders of three come up about equally often.
      var counts: [[Int]: Int] = [:]
      for _ in 0..<6000 { counts[random.permutation(3), default: 0] += 1 }
      #expect(counts.count == 6)
      #expect(counts.values.allSatisfy { abs($0 - 1000) < 120 })
    }

    @Test func normalNumbersHaveTheirMoments() {
      var random = SeededRandom(seed: 5)
      let values = (0..<20_000).map { _ in Double(random.normal()) }
      #expect(abs(Self.mean(values)) < 0.0283)
      #expect(abs(Self.mean(values.map { $0 * $0 }) - 1) < 0.04)
      let inside = Double(values.count { abs($0) < 1 }) / 20_000
      #expect(abs(inside - 0.6827) < 0.0132)
    }

    @Test func exponentialNumbersHaveTheirMean() {
      var random = SeededRandom(seed: 5)
      let values = (0..<20_000).map { _ in Double(random.exponential()) }
      #expect(values.allSatisfy { $0 >= 0 && $0.isFinite })
      #expect(abs(Self.mean(values) - 1) < 0.0283)
      let beyond = Double(values.count { $0 > 1 }) / 20_000
      #expect(abs(beyond - 0.3679) < 0.0137)
    }
  }
}
