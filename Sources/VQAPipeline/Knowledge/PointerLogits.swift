// PointerLogits.swift - logits that point at the answers which name what the picture shows, below a kind that the question asks for.
//
// With n, l, c the scores that the picture gives answer j as an everyday name, as a class's own name and as a label, and b how far the answer
// lies below a kind that the question names ("what animal is this?"):
//
//   logit_j = g0 n + g1 l + g2 c + (g3 + g4 n + g5 l + g6 c) b,   b = min(1, sum over words t of sigmoid(gate_t) B[t, j])
//
// The network chooses the seven factors for every question.

import Foundation
import Tensors

/// What the pointer of one question points by; every answer not listed has a logit of 0.
package struct PointerScores: Sendable {
  /// An answer that the pointer reaches.
  package struct Entry: Sendable {
    package var answer: Int
    /// Its scores as an everyday name, as a class's own name and as a label.
    package var scores: (Float, Float, Float) = (0, 0, 0)
    /// The words of the question that name a kind of it.
    package var words: [Int] = []

    /// b for words that are opened so far.
    func below(_ opened: ArraySlice<Float>) -> Float {
      words.reduce(0) { $0 + opened[opened.startIndex + $1] }
    }
  }

  /// The answers, each once.
  package private(set) var entries: [Entry] = []
  private var places: [Int: Int] = [:]

  /// No answer.
  package init() {}

  /// The entry of an answer.
  package subscript(answer: Int) -> Entry {
    get { places[answer].map { entries[$0] } ?? Entry(answer: answer) }
    set {
      if let place = places[answer] {
        entries[place] = newValue
      } else {
        places[answer] = entries.count
        entries.append(newValue)
      }
    }
  }
}

/// The part of the logits that the pointer gives.
package enum PointerLogits {
  /// Factors that are chosen for every question.
  package static let factors = 7

  /// The logits of a batch.
  ///
  /// - Parameters:
  ///   - factors: g, `[B, 7]`.
  ///   - gates: How far each word's kind counts, before the sigmoid, `[B, T]`.
  ///   - scores: One for each question.
  ///   - answers: Number of answers A.
  /// - Returns: `[B, A]`.
  package static func logits(factors: Tensor, gates: Tensor, scores: [PointerScores], answers: Int) -> Tensor {
    let batch = scores.count
    let words = gates.width
    precondition(factors.shape == [batch, Self.factors] && gates.shape[0] == batch, "pointer: \(factors.shape)")
    let opened = gates.elements.map { 1 / (1 + exp(-$0)) }
    let chosen = factors.elements
    let result = Tensor(shape: [batch, answers]) { target in
      target.initialize(repeating: 0)
      for (number, row) in scores.enumerated() {
        let g = Array(chosen[(number * Self.factors)..<((number + 1) * Self.factors)])
        let open = opened[(number * words)..<((number + 1) * words)]
        for entry in row.entries {
          let (n, l, c) = entry.scores
          let inside = g[3] + g[4] * n + g[5] * l + g[6] * c
          target[number * answers + entry.answer] = g[0] * n + g[1] * l + g[2] * c + inside * min(1, entry.below(open))
        }
      }
    }
    return Tape.result(result, of: [factors, gates]) {
      { gradient in
        let factorGradient = factors.node?.addableContribution()
        let gateGradient = gates.node?.addableContribution()
        for (number, row) in scores.enumerated() {
          let g = Array(chosen[(number * Self.factors)..<((number + 1) * Self.factors)])
          let open = opened[(number * words)..<((number + 1) * words)]
          for entry in row.entries {
            let (n, l, c) = entry.scores
            let slope = gradient[number * answers + entry.answer]
            let sum = entry.below(open)
            let below = min(1, sum)
            if let factorGradient {
              for (place, value) in [n, l, c, below, n * below, l * below, c * below].enumerated() {
                factorGradient[number * Self.factors + place] += slope * value
              }
            }
            guard let gateGradient, sum > 0, sum < 1 else { continue }
            let inside = g[3] + g[4] * n + g[5] * l + g[6] * c
            for word in entry.words {
              let share = opened[number * words + word]
              gateGradient[number * words + word] += slope * inside * share * (1 - share)
            }
          }
        }
      }
    }
  }
}
