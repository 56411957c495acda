// SoftTargets.swift - what a network is trained towards, from the ten human answers.
//
// As in the original TRAR loader: each answer is normalised and counted; answers outside the vocabulary do not count.

/// How often people gave each answer, as a training target.
public enum SoftTargets {
  /// Which loss the target is for.
  public enum Kind: Sendable, Equatable {
    /// Binary cross-entropy: 0.3, 0.6, 0.9 and 1 for one, two, three, and four or more people.
    case bce
    /// Divergence between distributions: the count divided by ten.
    case kld
  }

  /// An answer's place in the vocabulary and what the network should give it.
  public struct Entry: Sendable, Equatable {
    /// Index of the answer.
    public let index: Int
    /// Target value.
    public let value: Float

    /// A target for one answer.
    public init(index: Int, value: Float) {
      self.index = index
      self.value = value
    }
  }

  /// The targets that are not zero, in order of first occurrence.
  ///
  /// - Parameters:
  ///   - answers: The human answers to one question, normally ten, as written in the annotation file.
  ///   - vocabulary: Answers the network can give, already normalised.
  ///   - kind: The loss they are for.
  /// - Returns: At most one entry an answer; empty when no answer is in the vocabulary.
  public static func entries(answers: [String], vocabulary: AnswerVocabulary, kind: Kind = .bce) -> [Entry] {
    entries(normalised: answers.map(AnswerNormalisation.loader), vocabulary: vocabulary, kind: kind)
  }

  /// The targets that are not zero, of answers that are normalised already.
  ///
  /// - Parameters:
  ///   - answers: What ``AnswerNormalisation/loader(_:)`` gave for the human answers to one question.
  ///   - vocabulary: Answers the network can give, already normalised.
  ///   - kind: The loss they are for.
  /// - Returns: At most one entry an answer, in order of first occurrence.
  public static func entries(normalised answers: [String], vocabulary: AnswerVocabulary, kind: Kind = .bce) -> [Entry] {
    var counts: [Int: Int] = [:]
    var order: [Int] = []
    for answer in answers {
      guard let index = vocabulary.index(of: answer) else { continue }
      let count = counts[index, default: 0]
      if count == 0 { order.append(index) }
      counts[index] = count + 1
    }
    return order.map { Entry(index: $0, value: value(of: counts[$0, default: 0], kind: kind)) }
  }

  /// The whole target, one value for each answer of the vocabulary.
  public static func vector(answers: [String], vocabulary: AnswerVocabulary, kind: Kind = .bce) -> [Float] {
    var result = [Float](repeating: 0, count: vocabulary.count)
    for entry in entries(answers: answers, vocabulary: vocabulary, kind: kind) { result[entry.index] = entry.value }
    return result
  }

  private static func value(of count: Int, kind: Kind) -> Float {
    switch (kind, count) {
    case (.kld, _): Float(count) / 10
    case (.bce, 1): 0.3
    case (.bce, 2): 0.6
    case (.bce, 3): 0.9
    case (.bce, _): 1
    }
  }
}
