// PointerLogitsTests.swift - the pointer's logits and gradients, held against its formula and against finite differences.

import Foundation
import Tensors
import Testing
import VQAPipeline

@Suite struct PointerLogitsTests {
  /// Two questions of three words and one without any score; of six answers, 0 and 3 are reached by no question.
  private static let scores: [PointerScores] = {
    var first = PointerScores()
    first[1].scores = (0.7, 0.2, 0.9, 0.4)
    first[1].words = [0, 2]
    first[4].scores.1 = 0.5
    first[5].words = [1]
    var second = PointerScores()
    second[2].scores = (0.1, 0, 0.6, 0.8)
    second[2].words = [1]
    return [first, second, PointerScores()]
  }()
  private static let answers = 6
  private static let factors = random([3, 7], seed: 1)
  private static let factorsOfWords = random([3, 9], seed: 4)
  /// Low enough that no sum of opened words reaches 1.
  private static let gates = random([3, 3], seed: 2) + Tensor(repeating: -1.5, shape: [3, 3])

  private static func random(_ shape: [Int], seed: UInt64) -> Tensor {
    var random = SeededRandom(seed: seed)
    return Tensor((0..<shape.reduce(1, *)).map { _ in random.uniform(-1, 1) }, shape: shape)
  }

  private static func logits(_ factors: Tensor = factors, _ gates: Tensor = gates) -> Tensor {
    PointerLogits.logits(factors: factors, gates: gates, scores: scores, answers: answers)
  }

  /// The formula of the documentation, answer by answer.
  private static func reference(_ factors: Tensor = factors, _ gates: Tensor = gates) -> [Double] {
    scores.enumerated().flatMap { question, row in
      (0..<answers).map { answer in
        let count = factors.width
        let chosen = factors.elements[(question * count)..<(question * count + count)].map { Double($0) }
        let g = chosen + [0, 0].prefix(9 - count)
        let entry = row[answer]
        let (n, l, c) = (Double(entry.scores.0), Double(entry.scores.1), Double(entry.scores.2))
        let w = Double(entry.scores.3)
        let b = min(1, entry.words.reduce(0.0) { $0 + 1 / (1 + exp(-Double(gates.elements[question * 3 + $1]))) })
        let known = g[0] * n + g[1] * l + g[2] * c + g[7] * w
        return known + g[3] * b + (g[4] * n + g[5] * l + g[6] * c + g[8] * w) * b
      }
    }
  }

  private static func distance(_ one: Tensor, _ other: [Double]) -> Double {
    zip(one.elements, other).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
  }

  @Test func valuesAreThoseOfTheFormula() {
    let logits = Self.logits()
    #expect(logits.shape == [3, 6])
    #expect(Self.distance(logits, Self.reference()) < 1e-6)
    // With gates wide open the two words of one answer are more than one.
    let open = Self.gates + Tensor(repeating: 5, shape: [3, 3])
    #expect(Self.distance(Self.logits(Self.factors, open), Self.reference(Self.factors, open)) < 1e-6)
    #expect(Self.distance(Self.logits(), Self.reference(Self.factors, open)) > 0.1)
  }

  @Test func wordsCountWhereTheyHaveFactors() {
    #expect(Self.distance(Self.logits(Self.factorsOfWords), Self.reference(Self.factorsOfWords)) < 1e-6)
  }

  @Test func answersWithoutAScoreAreZero() {
    let values = Self.logits().elements
    for place in [0, 2, 3, 6, 7, 9, 10, 11] + Array(12..<18) { #expect(values[place] == 0, "\(place)") }
    for place in [1, 4, 5, 8] { #expect(values[place] != 0, "\(place)") }
  }

  /// The gradients of the sum of the logits, each weighted, by factors and gates.
  private static func gradients(_ factors: Tensor, _ gates: Tensor, _ weights: Tensor) -> (Tensor?, Tensor?) {
    let tape = Tape()
    let (watched, opened) = (tape.watch(factors), tape.watch(gates))
    let result = tape.record { logits(watched, opened) }
    tape.backward(from: result, seed: weights)
    return (tape.gradient(of: watched), tape.gradient(of: opened))
  }

  @Test(arguments: [7, 9])
  func gradientsAreThoseOfFiniteDifferences(count: Int) throws {
    let weights = Self.random([3, 6], seed: 3)
    let factors = count == 7 ? Self.factors : Self.factorsOfWords
    let (byFactors, byGates) = Self.gradients(factors, Self.gates, weights)
    let found = [try #require(byFactors), try #require(byGates)]
    func value(_ inputs: [Tensor]) -> Double {
      zip(Self.reference(inputs[0], inputs[1]), weights.elements).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    let step: Float = 1e-3
    for input in 0..<2 {
      #expect(found[input].elements.contains { abs($0) > 1e-2 })
      for place in 0..<found[input].count {
        func moved(_ by: Float) -> Double {
          var inputs = [factors, Self.gates]
          var elements = inputs[input].elements
          elements[place] += by
          inputs[input] = Tensor(elements, shape: inputs[input].shape)
          return value(inputs)
        }
        let slope = (moved(step) - moved(-step)) / (2 * Double(step))
        #expect(abs(Double(found[input].elements[place]) - slope) < 1e-3, "input \(input), element \(place)")
      }
    }
  }

  /// An answer that lies below the question's kind as far as it can lie gains nothing by an opener gate.
  @Test func aFullKindHasNoGradient() throws {
    let ones = Tensor(repeating: 1, shape: [3, 6])
    // 1.6 of one, for the words 0 and 2 of the first question; the word 1 of either question is half open.
    let gates = Tensor([1.4, 0, 1.4, 0, 0, 0, 0, 0, 0], shape: [3, 3])
    let factors = Tensor(repeating: 1, shape: [3, 7])
    let found = try #require(Self.gradients(factors, gates, ones).1).elements
    #expect([found[0], found[2]] == [0, 0])
    #expect(abs(found[1] - 0.25) < 1e-6)
    // (g3 + g4 n + g6 c) of the second question's answer.
    #expect(abs(found[4] - 1.7 * 0.25) < 1e-6)
    #expect([found[3], found[5]] + found[6...] == [0, 0, 0, 0, 0])
  }

  @Test func gradientsOfOneInputAlone() throws {
    let weights = Self.random([3, 6], seed: 3)
    let whole = Self.gradients(Self.factors, Self.gates, weights)
    let tape = Tape()
    let watched = tape.watch(Self.gates)
    let result = tape.record { Self.logits(Self.factors, watched) }
    tape.backward(from: result, seed: weights)
    #expect(tape.gradient(of: watched)?.elements == whole.1?.elements)
  }
}
