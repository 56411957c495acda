// Answer.swift - what a model says about a question, how sure it is, and what it cost.

import Routing

/// One possible answer.
public struct AnswerCandidate: Sendable, Equatable {
  /// The answer.
  public var answer: String
  /// Its share of the softmax over all answers at the model's temperature.
  public var probability: Float

  /// An answer with its probability.
  public init(answer: String, probability: Float) {
    self.answer = answer
    self.probability = probability
  }
}

/// A question with its answers, the most probable first.
public struct Answer: Sendable {
  /// The question as it was asked.
  public var question: String
  /// The answers, the most probable first; at least one.
  public var candidates: [AnswerCandidate]
  /// Whether the best answer is as probable as the model wants it to be to be told; nil for a model that tells every answer.
  public var isSure: Bool?
  /// Where the cascade stopped, from 1; always 1 for a vision side with one stage.
  public var exit: Int
  /// Multiplications with addition spent on this answer, the picture's included.
  public var multiplyAdds: Int
  /// The spans of every layer.
  public var trace: RoutingTrace
  /// What each stage of a cascade did; nil for a vision side with one stage.
  public var cascade: CascadeRecord?
  /// Words of the question that the model does not know.
  public var unknownWords: [String]
  /// Words beyond the length the model reads.
  public var droppedWords: Int

  /// Collects an answer.
  ///
  /// - Parameters:
  ///   - question: The question as it was asked.
  ///   - candidates: The answers, the most probable first; at least one.
  ///   - exit: Where the cascade stopped, from 1.
  ///   - multiplyAdds: Multiplications with addition spent.
  ///   - trace: The spans of every layer, for a batch of one.
  ///   - cascade: What each stage of a cascade did.
  ///   - unknownWords: Words of the question that the model does not know.
  ///   - droppedWords: Words beyond the length the model reads.
  public init(
    question: String, candidates: [AnswerCandidate], exit: Int = 1, multiplyAdds: Int, trace: RoutingTrace,
    cascade: CascadeRecord? = nil, unknownWords: [String] = [], droppedWords: Int = 0
  ) {
    self.question = question
    self.candidates = candidates
    self.exit = exit
    self.multiplyAdds = multiplyAdds
    self.trace = trace
    self.cascade = cascade
    self.unknownWords = unknownWords
    self.droppedWords = droppedWords
  }

  /// The most probable answer.
  public var best: AnswerCandidate { candidates[0] }
}
