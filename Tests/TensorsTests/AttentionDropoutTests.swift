// AttentionDropoutTests.swift - dropout of attention weights in training: one mask for every window, drawn before they are mixed.

import Tensors
import Testing

/// Reads the dropout masks of a routed attention off its results.
///
/// With queries of zero every window is uniform over what it reaches, and with values of one for one key and zero elsewhere, for each
/// head in columns of its own, the result is the map itself; one-hot weights pick the window.
private struct Masks {
  let setting: AttentionSetting
  let batch: Int
  let probability: Float
  let tokens: Int

  init(_ setting: AttentionSetting, batch: Int, probability: Float) {
    self.setting = setting
    self.batch = batch
    self.probability = probability
    tokens = setting.windows.map { $0.rows * $0.columns } ?? 0
  }

  private var windowCount: Int { setting.windows?.orders.count ?? 1 }

  /// The map of windows mixed by weights, `[B, T, heads, N]`.
  func map(weights: [Float], seed: UInt64) -> [Float] {
    let width = setting.heads * tokens
    let zeros = Tensor(repeating: 0, shape: [batch, tokens, width])
    let identity = Tensor(
      (0..<(batch * tokens * width)).map { $0 / width % tokens == $0 % tokens ? 1 : 0 }, shape: zeros.shape)
    let weights = Tensor((0..<batch).flatMap { _ in weights }, shape: [batch, windowCount])
    return Tape(training: TrainingMode(seed: seed)).record {
      setting([zeros, zeros, identity, weights], dropout: probability).elements
    }
  }

  /// One-hot weights.
  func only(_ window: Int) -> [Float] { (0..<windowCount).map { $0 == window ? 1 : 0 } }

  /// The factors of all maps, `[B, S, heads, T, N]`; where a window does not reach they do not matter, and are 1.
  func factors(seed: UInt64) -> Reference {
    let zeros = Reference(Tensor(repeating: 0, shape: [batch, tokens, setting.heads * tokens]))
    var factors = setting.maps([zeros, zeros])
    for window in 0..<windowCount {
      let map = map(weights: only(window), seed: seed)
      for sample in 0..<batch {
        for head in 0..<setting.heads {
          for line in 0..<tokens {
            for key in 0..<tokens {
              let place =
                (((sample * windowCount + window) * setting.heads + head) * tokens + line) * tokens + key
              let share = factors.elements[place]
              let dropped = Double(map[((sample * tokens + line) * setting.heads + head) * tokens + key])
              // Exactly zero or the share scaled up.
              factors.elements[place] = share == 0 || dropped != 0 ? (share == 0 ? 1 : 1 / Double(1 - probability)) : 0
              #expect(abs(dropped - share * (share == 0 ? 1 : factors.elements[place])) < 1e-6)
            }
          }
        }
      }
    }
    return factors
  }
}

extension TensorTests {
  @Suite struct AttentionDropout {
    private static let setting = AttentionSetting(
      heads: 2, windows: .init(rows: 2, columns: 3, orders: [0, 1, 0]), hidden: (0..<12).map { $0 == 1 || $0 > 7 })

    @Test func everyWindowHasAMaskOfItsOwn() {
      let setting = AttentionSetting(windows: .init(rows: 4, columns: 8, orders: [0, 0, 7]))
      let masks = Masks(setting, batch: 2, probability: 0.5)
      let maps = (0..<3).map { masks.map(weights: masks.only($0), seed: 3) }
      for (first, second) in [(0, 1), (0, 2), (1, 2)] {
        let alike = zip(maps[first], maps[second]).count { ($0 == 0) == ($1 == 0) }
        // 2048 pairs, each alike with probability 1/2.
        #expect(abs(alike - 1024) < 4 * 23)
      }
      for map in maps {
        #expect(abs(map.count { $0 == 0 } - 1024) < 4 * 23)
        #expect(map.allSatisfy { $0 == 0 || abs($0 - 2.0 / 32) < 1e-7 })
      }
      // Mixing does not draw anew: the mixed map is that of the single ones.
      let mixed = masks.map(weights: [0.5, 0.25, 1], seed: 3)
      let expected = mixed.indices.map { Double(0.5 * maps[0][$0] + 0.25 * maps[1][$0] + maps[2][$0]) }
      expectClose(mixed, expected, within: 1e-6)
    }

    @Test func oneSeedDrawsOneMask() {
      let masks = Masks(Self.setting, batch: 2, probability: 0.3)
      let weights: [Float] = [0.2, 0.3, 0.5]
      #expect(masks.map(weights: weights, seed: 1) == masks.map(weights: weights, seed: 1))
      #expect(masks.map(weights: weights, seed: 1) != masks.map(weights: weights, seed: 2))
      let results = [1, 2].map { threads in withThreads(threads) { masks.map(weights: weights, seed: 1) } }
      #expect(results[0] == results[1])
    }

    @Test func nothingIsDroppedOutsideTraining() {
      let operands = Self.setting.operands(2, depth: 3)
      #expect(Self.setting(operands, dropout: 0.5).elements == Self.setting(operands).elements)
      #expect(Tape().record { Self.setting(operands, dropout: 0.5).elements } == Self.setting(operands).elements)
    }

    @Test func theMeanOverManySeedsIsTheMapItself() {
      let masks = Masks(Self.setting, batch: 2, probability: 0.25)
      let weights: [Float] = [0.25, 0.25, 0.5]
      let rounds = 200
      var sums = [Double](repeating: 0, count: 2 * 6 * 2 * 6)
      for seed in 0..<rounds {
        for (place, value) in masks.map(weights: weights, seed: UInt64(seed)).enumerated() {
          sums[place] += Double(value)
        }
      }
      let zeros = Tensor(repeating: 0, shape: [2, 6, 12])
      let maps = Self.setting.maps([Reference(zeros), Reference(zeros)]).elements
      for (place, sum) in sums.enumerated() {
        let (line, head, key) = (place / 12, place / 6 % 2, place % 6)
        let (sample, query) = (line / 6, line % 6)
        let expected = (0..<3).reduce(0.0) { total, window in
          total + Double(weights[window]) * maps[(((sample * 3 + window) * 2 + head) * 6 + query) * 6 + key]
        }
        // Each draw deviates by at most 0.58 of its share; the mean of 200 by a fourteenth of that.
        #expect(abs(sum / Double(rounds) - expected) <= 5 * 0.58 / 14 * expected + 1e-7)
      }
    }

    /// Wholly hidden windows, vanished ones and usual ones: the result is that of the reference with the masks drawn.
    @Test(arguments: [false, true])
    func theResultAndItsGradientAreThoseOfTheMasks(_ isVanishing: Bool) throws {
      let factors = Masks(Self.setting, batch: 2, probability: 0.3).factors(seed: 6)
      var operands = Self.setting.operands(2, depth: 3)
      if isVanishing {
        // The keys of the last column score so high or low that the windows of the first column vanish beside them, or they do.
        operands[0] = Tensor.random(operands[0].shape, seed: 8, 0.5, 1)
        var keys = operands[1].elements
        for index in 0..<6 { keys[2 * 6 + index] = 128 }
        operands[1] = Tensor(keys, shape: operands[1].shape)
      }
      let exact = operands.map { Reference($0) }
      let expected = Self.setting.reference(exact, masks: factors)
      let tape = Tape(training: TrainingMode(seed: 6))
      let watched = operands.map(tape.watch)
      let result = tape.record { Self.setting(watched, dropout: 0.3) }
      let tolerance = isVanishing ? 5e-5 : 5e-6
      expectClose(result.elements, expected.elements, within: tolerance)
      let weights = Tensor.random(expected.shape, seed: 9)
      tape.backward(from: result, seed: weights)
      for (place, operand) in watched.enumerated() {
        let gradient = try #require(tape.gradient(of: operand)).elements
        let differences = gradient.indices.map { index in
          var direction = exact.map { [Double](repeating: 0, count: $0.elements.count) }
          direction[place][index] = 1
          return referenceSlope(exact, direction, weights: Reference(weights).elements) {
            Self.setting.reference($0, masks: factors)
          }
        }
        expectClose(gradient, differences, within: tolerance, "operand \(place)")
      }
    }

    @Test func plainAttentionDropsToo() {
      let setting = AttentionSetting(heads: 3)
      let zeros = Tensor(repeating: 0, shape: [2, 4, 24])
      let identity = Tensor((0..<(2 * 8 * 24)).map { $0 / 24 % 8 == $0 % 8 ? 1 : 0 }, shape: [2, 8, 24])
      let keys = Tensor(repeating: 0, shape: [2, 8, 24])
      let map = Tape(training: TrainingMode(seed: 1)).record {
        setting([zeros, keys, identity], dropout: 0.5).elements
      }
      #expect(map.allSatisfy { $0 == 0 || $0 == 0.25 })
      // 192 draws.
      #expect(abs(map.count { $0 == 0 } - 96) < 4 * 7)
    }
  }
}
