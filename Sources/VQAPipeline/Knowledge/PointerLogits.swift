// PointerLogits.swift - logits that point at the answers which name what the picture shows, below a kind that the question asks for.
//
// With n, l, c the scores that the picture gives answer j as an everyday name, as a class's own name and as a label, and b how far the answer
// lies below a kind that the question names ("what animal is this?"):
//
//   logit_j = g0 n + g1 l + g2 c + (g3 + g4 n + g5 l + g6 c) b,   b = min(1, sum over words t of sigmoid(gate_t) B[t, j])
//
// With heads for words, w is the score of the answer as such a word, and g7 w + g8 w b is added. The network chooses the factors for every question.

import Foundation
import Tensors

/// What the pointer of one question points by; every answer not listed has a logit of 0.
package struct PointerScores: Sendable {
  /// An answer that the pointer reaches.
  package struct Entry: Sendable {
    package var answer: Int
    /// Its scores as an everyday name, as a class's own name, as a label and as a word.
    package var scores: (Float, Float, Float, Float) = (0, 0, 0, 0)
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
  /// Further ones where words have scores.
  package static let wordFactors = 2

  /// The logits of a batch.
  ///
  /// - Parameters:
  ///   - factors: g, `[B, 7]` or `[B, 9]`.
  ///   - gates: How far each word's kind counts, before the sigmoid, `[B, T]`.
  ///   - scores: One for each question.
  ///   - answers: Number of answers A.
  /// - Returns: `[B, A]`.
  package static func logits(factors: Tensor, gates: Tensor, scores: [PointerScores], answers: Int) -> Tensor {
    let batch = scores.count
    let words = gates.width
    let count = factors.width
    let hasWords = count == Self.factors + Self.wordFactors
    precondition(
      factors.shape == [batch, count] && (hasWords || count == Self.factors) && gates.shape[0] == batch,
      "pointer: \(factors.shape)")
    let opened = gates.elements.map { 1 / (1 + exp(-$0)) }
    let chosen = factors.elements
    let result = Tensor(shape: [batch, answers]) { target in
      target.initialize(repeating: 0)
      for (number, row) in scores.enumerated() {
        let g = Array(chosen[(number * count)..<((number + 1) * count)])
        let open = opened[(number * words)..<((number + 1) * words)]
        for entry in row.entries {
          let (n, l, c, w) = entry.scores
          let outside = g[0] * n + g[1] * l + g[2] * c + (hasWords ? g[7] * w : 0)
          let inside = Self.inside(g, entry.scores)
          target[number * answers + entry.answer] = outside + inside * min(1, entry.below(open))
        }
      }
    }
    return Tape.result(result, of: [factors, gates]) {
      { gradient in
        let factorGradient = factors.node?.addableContribution()
        let gateGradient = gates.node?.addableContribution()
        for (number, row) in scores.enumerated() {
          let g = Array(chosen[(number * count)..<((number + 1) * count)])
          let open = opened[(number * words)..<((number + 1) * words)]
          for entry in row.entries {
            let (n, l, c, w) = entry.scores
            let slope = gradient[number * answers + entry.answer]
            let sum = entry.below(open)
            let below = min(1, sum)
            if let factorGradient {
              let values = [n, l, c, below, n * below, l * below, c * below, w, w * below]
              for place in 0..<count { factorGradient[number * count + place] += slope * values[place] }
            }
            guard let gateGradient, sum > 0, sum < 1 else { continue }
            let inside = Self.inside(g, entry.scores)
            for word in entry.words {
              let share = opened[number * words + word]
              gateGradient[number * words + word] += slope * inside * share * (1 - share)
            }
          }
        }
      }
    }
  }

  /// What being below a kind that is asked for adds.
  private static func inside(_ g: [Float], _ scores: (Float, Float, Float, Float)) -> Float {
    let known = g[3] + g[4] * scores.0 + g[5] * scores.1 + g[6] * scores.2
    return g.count > factors ? known + g[8] * scores.3 : known
  }
}
