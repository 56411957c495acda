// LentPictures.swift - photos for questions whose own photo nobody has: each borrows one that what it says is true of.
//
// Tens of thousands of everyday questions come without their photos. Asked without any picture they teach how people ask and answer, but not that
// the same holds with a picture before one's eyes: a network that met pictures only with a few thousand questions learns those by heart. "What
// color is the bus?", answered "red", may as well be asked about another photo with a bus and something red in it. Which photo that is, what the
// backbone knows says: a question draws one with the probability that its words are true of it.

import Foundation
import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline

/// Lends photos to questions without one.
package struct LentPictures {
  private let concepts: ConceptVocabulary
  /// The photos to lend.
  private let pictures: [Int]
  /// For each concept the log-odds that each photo gives to it.
  private let evidence: [[Float]]

  /// One concept says at most so much for a photo or against it.
  private static let greatest: Float = 5
  /// How a question begins that asks whether something is there, or what something is: a "no" denies all that it names.
  private static let asksForBeing = [
    "is there", "are there", "do you see", "can you see", "is this a", "is this an", "are these", "are those",
    "is that a", "is that an", "was there", "were there",
  ].map { $0.split(separator: " ").map(String.init) }

  /// Prepares photos.
  ///
  /// - Parameters:
  ///   - pictures: The places of the photos to lend.
  ///   - known: What the backbone knows of each of them.
  ///   - lookup: The concepts of the model.
  package init(_ pictures: [Int], known: [PictureKnowledge], lookup: KnowledgeLookup) {
    let seen = known.map { lookup.seen($0) }
    concepts = lookup.concepts
    self.pictures = pictures
    evidence = lookup.concepts.concepts.map { concept in
      seen.map { seen in min(max(lookup.odds(of: concept, in: seen), -Self.greatest), Self.greatest) }
    }
  }

  /// The questions with a photo each.
  ///
  /// - Parameters:
  ///   - questions: Questions without a photo.
  ///   - set: The name of the set that they belong to with it.
  ///   - seed: Of the draw.
  /// - Returns: As many questions, in their order.
  package func lend(to questions: [AskedQuestion], set: String, seed: UInt64) -> [AskedQuestion] {
    guard !pictures.isEmpty else { return [] }
    return WorkerPool.shared.map(questions.count) { place in
      var question = questions[place]
      var random = SeededRandom(seed: seed, stream: 0x1E47, UInt64(place))
      question.picture = pictures[draw(said(by: question), random: &random)]
      question.set = set
      return question
    }
  }

  /// The concepts that a question and its answer say are there (true), or are not.
  package func said(by question: AskedQuestion) -> [Int: Bool] {
    let words = QuestionTokenizer.words(of: question.text)
    var asked: [Int] = []
    for concept in concepts.concepts(of: words) { if let concept, asked.last != concept { asked.append(concept) } }
    var said: [Int: Bool] = [:]
    guard question.common == "no" else {
      for concept in asked { said[concept] = true }
      if question.common != "yes" {
        for concept in concepts.concepts(of: QuestionTokenizer.words(of: question.common)) {
          if let concept { said[concept] = true }
        }
      }
      return said
    }
    if Self.asksForBeing.contains(where: { words.starts(with: $0) }) {
      for concept in asked { said[concept] = false }
    } else {
      // "is the man wearing a hat?": there is a man; of the last thing one cannot tell whether it is not there or not so.
      for concept in asked.count > 1 ? asked.dropLast() : asked { said[concept] = true }
    }
    return said
  }

  /// Draws a photo with the probability that what is said is true of it.
  private func draw(_ said: [Int: Bool], random: inout SeededRandom) -> Int {
    var sums = [Float](repeating: 0, count: pictures.count)
    for (concept, isThere) in said.sorted(by: { $0.key < $1.key }) {
      let sign: Float = isThere ? 1 : -1
      for (place, value) in evidence[concept].enumerated() { sums[place] += sign * value }
    }
    let greatest = sums.max() ?? 0
    var total: Float = 0
    let upTo = sums.map { value -> Float in
      total += exp(value - greatest)
      return total
    }
    let drawn = random.uniform() * total
    return min(upTo.firstIndex { $0 > drawn } ?? pictures.count - 1, pictures.count - 1)
  }
}
