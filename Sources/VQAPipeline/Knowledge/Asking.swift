// Asking.swift - questions and what pictures say to them, encoded together; shared by answering and training.

import Foundation
import ImageCodecs
import Routing
import TRAR
import Tensors
import VQAFormats

/// One question about one picture, before it is encoded.
public struct AskedWords: Sendable {
  /// Word numbers, 0 for padding.
  public var ids: [Int]
  /// The words as they were written; needed by models that use what a backbone knows.
  public var words: [String]

  /// Collects the words of a question.
  public init(ids: [Int], words: [String]) {
    (self.ids, self.words) = (ids, words)
  }
}

/// Encoded questions, with what the way to the answers needs of them besides.
public struct AskedQuestions: Sendable {
  /// The states of words and names.
  public var encoded: EncodedQuestion
  /// How far each word's kind counts, `[B, T]`, and what the pointer points by; nil for a model without knowledge.
  var pointing: (gates: Tensor, scores: [PointerScores])?
}

extension VQAModel {
  /// Encodes questions.
  ///
  /// - Parameters:
  ///   - questions: The questions, all of one length.
  ///   - knowledge: What is known of the picture of each, nil for no picture; of no meaning for a model without knowledge.
  ///   - pass: Settings and observer.
  /// - Returns: The encoded questions.
  public func encode(
    _ questions: [AskedWords], about knowledge: [PictureKnowledge?], pass: TRARPass
  ) -> AskedQuestions {
    let ids = questions.flatMap(\.ids)
    guard let lookup, let part = self.knowledge else {
      return AskedQuestions(encoded: network.encode(words: ids, batch: questions.count, pass: pass))
    }
    let length = ids.count / max(1, questions.count)
    let seen = knowledge.map { $0.map { lookup.seen($0) } }
    let vectors = part.vectors(ids, shape: [questions.count, length], network)
    let ties = zip(questions, seen).flatMap { lookup.ties($0.words, count: length, $1) }
    let tied = vectors + part.tie(Tensor(ties, shape: [questions.count, length, configuration.knowledge.tieWidth]))
    let names = part.names(seen, count: lookup.nameTokens, network)
    let encoded = network.encode(embedded: tied, hidden: ids.map { $0 == 0 }, further: names, pass: pass)
    let gates = part.gate(vectors).reshaped([questions.count, length])
    let scores = zip(questions, seen).map { lookup.pointer($0.ids, $1) }
    return AskedQuestions(encoded: encoded, pointing: (gates, scores))
  }

  /// The logits of encoded questions on the grid of a stage, `[B, A]`.
  ///
  /// - Parameters:
  ///   - tokens: The picture of each question, `[B, N, D]`.
  ///   - questions: The encoded questions.
  ///   - stage: Number of the stage, from 0.
  ///   - pass: Settings and observer.
  ///   - trace: Receives every layer's choice.
  /// - Returns: The logits.
  public func logits(
    _ tokens: Tensor, _ questions: AskedQuestions, stage: Int, pass: TRARPass, trace: inout RoutingTrace
  ) -> Tensor {
    let joined = network.read(
      features: tokens, question: questions.encoded, spans: spans[stage], layers: decoderLayers(stage: stage),
      pass: pass, trace: &trace)
    let logits = network.classify(joined)
    guard let part = knowledge, let (gates, scores) = questions.pointing else { return logits }
    return logits + part.logits(joined, gates: gates, pointers: scores)
  }

  /// Encodes one question about one picture.
  func encode(
    _ question: String, _ tokenized: TokenizedQuestion, about picture: SeenPicture, pass: TRARPass
  ) -> AskedQuestions {
    let words = lookup == nil ? [] : QuestionTokenizer.words(of: question)
    return encode(
      [AskedWords(ids: tokenized.ids, words: words)], about: [lookup == nil ? nil : picture.knowledge], pass: pass)
  }

  /// Multiplications with addition to encode one question.
  public var questionMultiplyAdds: Int {
    guard let part = knowledge, let lookup else { return network.questionMultiplyAdds }
    let length = configuration.network.questionLength
    return network.questionMultiplyAdds(further: lookup.nameTokens)
      + part.questionMultiplyAdds(words: length, names: lookup.nameTokens)
  }
}

extension SeenPicture {
  /// What the backbone knows of the picture; nil where there is no picture, or the model has no backbone.
  public var knowledge: PictureKnowledge? {
    let known = tokens(stage: 0).carried
    guard let classes = known[PictureKnowledge.classesKey], let labels = known[PictureKnowledge.labelsKey] else {
      return nil
    }
    return PictureKnowledge(classLogits: classes.elements, labels: labels.elements)
  }
}

extension VQAModel {
  /// What the model takes for a picture that nobody shows: of a model with a backbone no picture at all, of others a grey one.
  ///
  /// - Throws: ``VisionInputFailure``.
  public func seeNothing() throws(VisionInputFailure) -> SeenPicture {
    if takesFeatures {
      return try see(features: Tensor(repeating: 0, shape: [vision.grids[0].tokens, vision.tokenWidth]))
    }
    guard configuration.usesBackbone else {
      let grey: RGBImage
      do { grey = try PicturePreparation(configuration).blank() } catch { throw .image(error) }
      return try see([grey])[0]
    }
    let vision = vision
    return SeenPicture(image: nil) { stage, earlier in
      vision.tokens(
        of: Tensor(repeating: 0, shape: [1] + vision.preparedShape(stage: stage)), stage: stage, after: earlier)
    }
  }
}

extension VQAModel {
  /// A hash of the backbone's weights: what it makes of a picture follows from them alone.
  package var backboneHash: String {
    var hash = SHA256()
    guard let vision = vision as? BackboneCascade else { return "" }
    for (_, parameter) in vision.backbone.namedParameters {
      parameter.value.withElements { hash.update(Array(UnsafeRawBufferPointer($0))) }
    }
    return hash.digest().map { String(format: "%02x", $0) }.joined()
  }

  /// A picture whose grids were prepared before.
  ///
  /// - Parameters:
  ///   - grids: The prepared picture for each stage, `[N, C]`.
  ///   - knowledge: What the backbone knows of it.
  /// - Returns: The picture.
  package func see(prepared grids: [Tensor], knowledge: PictureKnowledge) -> SeenPicture {
    let vision = vision
    return SeenPicture(image: nil) { stage, earlier in
      let values = grids[stage]
      var tokens = vision.tokens(of: values.reshaped([1] + values.shape), stage: stage, after: earlier)
      if stage == 0 {
        tokens.carried[PictureKnowledge.classesKey] = Tensor(
          knowledge.classLogits, shape: [1, knowledge.classLogits.count])
        tokens.carried[PictureKnowledge.labelsKey] = Tensor(knowledge.labels, shape: [1, knowledge.labels.count])
      }
      return tokens
    }
  }

  /// Products of the rows of the backbone's classifier, `[classes, classes]`: how alike its classes are; nil without a backbone.
  package var classLikeness: Tensor? {
    guard let vision = vision as? BackboneCascade else { return nil }
    let rows = vision.backbone.classRows
    return rows.linear(rows)
  }
}
