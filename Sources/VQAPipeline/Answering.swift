// Answering.swift - questions about pictures, one at a time or many together.

import ImageCodecs
import Routing
import TRAR
import Tensors
import VQAFormats

/// A picture after the vision side: computed once, whatever is asked about it.
public struct SeenPicture: Sendable {
  /// The picture as the model sees it; nil where it came as features.
  public let image: RGBImage?
  /// Its tokens, `[1, N, D]`.
  public let tokens: VisionTokens
}

extension VQAModel {
  /// Looks at pictures, each of any size.
  ///
  /// - Parameter images: The pictures.
  /// - Returns: Their tokens, in order.
  /// - Throws: ``VisionInputFailure`` when a picture cannot be resized, or the model takes features.
  public func see(_ images: [RGBImage]) throws(VisionInputFailure) -> [SeenPicture] {
    if takesFeatures { throw .needsFeatures(count: vision.grids[0].tokens, width: vision.tokenWidth) }
    let preparation = PicturePreparation(configuration)
    var fitted: [RGBImage] = []
    for image in images {
      do { fitted.append(try preparation.fit(image)) } catch { throw .image(error) }
    }
    let pictures = fitted
    return WorkerPool.shared.map(pictures.count) { index in
      SeenPicture(
        image: pictures[index], tokens: vision.tokens(of: preparation.tensor([pictures[index]]), stage: 0, after: nil))
    }
  }

  /// Answers questions, each about one of the pictures.
  ///
  /// Each is computed by itself, several at a time: an answer does not depend, to the last digit, on what else is asked.
  ///
  /// - Parameters:
  ///   - questions: The questions.
  ///   - pictures: The picture of each question, in the same order.
  ///   - top: How many answers to give for each, at least 1.
  /// - Returns: The answers, in order.
  public func answer(_ questions: [String], about pictures: [SeenPicture], top: Int = 5) -> [Answer] {
    precondition(questions.count == pictures.count, "answer: \(questions.count) questions, \(pictures.count) pictures")
    return WorkerPool.shared.map(questions.count) { index in
      let pass = TRARPass(settings: routingSettings)
      return answer(questions[index], tokenize(questions[index]), about: pictures[index], pass: pass, top: top)
    }
  }

  /// One answer, under the settings and before the eyes of a pass.
  func answer(
    _ question: String, _ tokenized: TokenizedQuestion, about picture: SeenPicture, pass: TRARPass, top: Int
  ) -> Answer {
    let encoded = network.encode(words: tokenized.ids, batch: 1, pass: pass)
    var trace = RoutingTrace()
    let logits = network.decode(
      features: picture.tokens.tokens, question: encoded, spans: spans[0], pass: pass, trace: &trace)
    let probabilities = logits.softened(temperature: configuration.temperature, noise: nil).elements
    let cost = multiplyAdds
    let answerCost = network.answerMultiplyAdds(spans: spans[0], trace: trace)
    return Answer(
      question: question, candidates: candidates(probabilities, top: top), exit: 1,
      multiplyAdds: cost.vision + cost.question + answerCost, trace: trace, unknownWords: tokenized.unknownWords,
      droppedWords: tokenized.droppedWords)
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
