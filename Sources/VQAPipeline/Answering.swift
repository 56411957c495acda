// Answering.swift - questions about pictures, one at a time or many together.

import ImageCodecs
import Routing
import TRAR
import Tensors
import VQAFormats

/// A picture after the vision side: computed once, whatever is asked about it.
public struct SeenPicture: Sendable {
  /// The picture as the model sees it.
  public let image: RGBImage
  /// Its tokens, `[1, N, D]`.
  public let tokens: VisionTokens
}

extension VQAModel {
  /// Questions computed together by one thread; fixed, so that the result does not depend on the number of threads.
  private static let group = 16

  /// Looks at pictures, each of any size.
  ///
  /// - Parameter images: The pictures.
  /// - Returns: Their tokens, in order.
  /// - Throws: `ImageFailure` when a picture cannot be resized.
  public func see(_ images: [RGBImage]) throws(ImageFailure) -> [SeenPicture] {
    let preparation = PicturePreparation(configuration)
    var fitted: [RGBImage] = []
    for image in images { fitted.append(try preparation.fit(image)) }
    let pictures = fitted
    return inGroups(of: pictures.count, size: Self.group) { range in
      let tokens = vision.tokens(of: preparation.tensor(Array(pictures[range])), stage: 0, after: nil)
      return range.enumerated().map { offset, index in
        SeenPicture(
          image: pictures[index],
          tokens: VisionTokens(tokens: tokens.tokens.samples([offset]), grid: tokens.grid))
      }
    }
  }

  /// Answers questions, each about one of the pictures.
  ///
  /// - Parameters:
  ///   - questions: The questions.
  ///   - pictures: The picture of each question, in the same order.
  ///   - top: How many answers to give for each, at least 1.
  /// - Returns: The answers, in order.
  public func answer(_ questions: [String], about pictures: [SeenPicture], top: Int = 5) -> [Answer] {
    precondition(questions.count == pictures.count, "answer: \(questions.count) questions, \(pictures.count) pictures")
    return inGroups(of: questions.count, size: Self.group) { range in
      answerGroup(Array(questions[range]), about: Array(pictures[range]), top: top)
    }
  }

  private func answerGroup(_ questions: [String], about pictures: [SeenPicture], top: Int) -> [Answer] {
    let tokenized = questions.map { tokenize($0) }
    let encoded = network.encode(words: tokenized.flatMap(\.ids), batch: questions.count)
    let tokens = Tensor.joiningSamples(pictures.map(\.tokens.tokens))
    var trace = RoutingTrace()
    let pass = TRARPass(settings: routingSettings)
    let logits = network.decode(features: tokens, question: encoded, spans: spans[0], pass: pass, trace: &trace)
    return makeAnswers(questions, tokenized, logits: logits, trace: trace, top: top)
  }

  /// The answers that logits `[B, A]` say.
  func makeAnswers(
    _ questions: [String], _ tokenized: [TokenizedQuestion], logits: Tensor, trace: RoutingTrace, top: Int
  ) -> [Answer] {
    let probabilities = probabilities(of: logits)
    let cost = multiplyAdds
    return questions.indices.map { index in
      Answer(
        question: questions[index], candidates: candidates(probabilities[index], top: top), exit: 1,
        multiplyAdds: cost.vision + cost.question + cost.answer, trace: trace.picture(index),
        unknownWords: tokenized[index].unknownWords, droppedWords: tokenized[index].droppedWords)
    }
  }

  /// The softmax of logits `[B, A]` at the model's temperature, row by row.
  private func probabilities(of logits: Tensor) -> [[Float]] {
    let values = logits.softened(temperature: configuration.temperature, noise: nil).elements
    let width = logits.width
    return (0..<logits.rows).map { Array(values[($0 * width)..<(($0 + 1) * width)]) }
  }

  /// The most probable answers, the first of equals first.
  private func candidates(_ probabilities: [Float], top: Int) -> [AnswerCandidate] {
    let order = probabilities.indices.sorted {
      (probabilities[$0], -$0) > (probabilities[$1], -$1)
    }
    return order.prefix(max(1, top)).map {
      AnswerCandidate(answer: answers.answer($0) ?? "", probability: probabilities[$0])
    }
  }
}

extension RoutingTrace {
  /// The decisions about one picture of the batch, as a batch of one.
  public func picture(_ index: Int) -> RoutingTrace {
    var single = RoutingTrace()
    single.spans = spans.map {
      SpanDecision(layer: $0.layer, orders: $0.orders, weights: [$0.weights[index]])
    }
    if exits.indices.contains(index) { single.exits = [exits[index]] }
    return single
  }
}

/// Runs consecutive groups over the pool's threads and joins their results in order.
private func inGroups<Result: Sendable>(
  of count: Int, size: Int, _ body: @escaping (Range<Int>) -> [Result]
) -> [Result] {
  WorkerPool.shared.map((count + size - 1) / size) { group in
    body((group * size)..<min(count, (group + 1) * size))
  }.flatMap { $0 }
}
