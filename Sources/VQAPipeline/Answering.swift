// Answering.swift - questions about pictures, one at a time or many together.

import ImageCodecs
import Routing
import TRAR
import Tensors
import VQAFormats

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
    let vision = vision
    return WorkerPool.shared.map(pictures.count) { index in
      let image = pictures[index]
      let seen = SeenPicture(image: image) { stage, earlier in
        let pixels = preparation.tensor([image], size: vision.pictureSize(stage: stage))
        let prepared = vision.prepare(pixels, stage: stage)
        var tokens = vision.tokens(of: prepared.values, stage: stage, after: earlier)
        tokens.carried.merge(prepared.known) { own, _ in own }
        return tokens
      }
      _ = seen.tokens
      return seen
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
  ///   - exits: Where each is given by a model with several exits; nil: as the model's `exitChoice` says.
  /// - Returns: The answers, in order.
  public func answer(
    _ questions: [String], about pictures: [SeenPicture], top: Int = 5, exits: ExitChoice? = nil
  ) -> [Answer] {
    precondition(questions.count == pictures.count, "answer: \(questions.count) questions, \(pictures.count) pictures")
    return WorkerPool.shared.map(questions.count) { index in
      let pass = TRARPass(settings: routingSettings)
      return answer(
        questions[index], tokenize(questions[index]), about: pictures[index], pass: pass, top: top, exits: exits)
    }
  }

  /// Answers questions about one picture, one after the other; each begins at the finest grid that those before it needed.
  ///
  /// - Parameters:
  ///   - questions: The questions.
  ///   - picture: The picture.
  ///   - top: How many answers to give for each, at least 1.
  ///   - exits: Where each is given by a model with several exits; nil: as the model's `exitChoice` says.
  /// - Returns: The answers, in order; of several grids, what one cost is part of the answer that needed it first.
  public func answerInTurn(
    _ questions: [String], about picture: SeenPicture, top: Int = 5, exits: ExitChoice? = nil
  ) -> [Answer] {
    // With a single grid every answer is told with all that it needs, as if it were asked alone.
    guard self.exits > 1 else { return answer(questions, about: questions.map { _ in picture }, top: top) }
    var paid = 0
    return questions.map { question in
      let answer = answer(
        question, tokenize(question), about: picture, pass: TRARPass(settings: routingSettings), top: top,
        exits: exits, from: max(0, paid - 1), paidStages: paid)
      paid = max(paid, answer.exit)
      return answer
    }
  }

  /// One answer, under the settings and before the eyes of a pass.
  ///
  /// - Parameters:
  ///   - question: The question.
  ///   - tokenized: Its words as numbers.
  ///   - picture: The picture.
  ///   - pass: Settings and observer; an observer sees the exits one after the other.
  ///   - top: How many answers to give.
  ///   - exits: Where the answer is given; nil: as the model's `exitChoice` says.
  ///   - first: The stage to begin with, from 0.
  ///   - paidStages: Stages whose cost is part of earlier answers.
  /// - Returns: The answer.
  func answer(
    _ question: String, _ tokenized: TokenizedQuestion, about picture: SeenPicture, pass: TRARPass, top: Int,
    exits: ExitChoice? = nil, from first: Int = 0, paidStages: Int = 0
  ) -> Answer {
    let encoded = encode(question, tokenized, about: picture, pass: pass)
    let rule = StoppingRule(exits ?? exitChoice, configuration, exits: self.exits)
    var stage = max(rule.first, min(first, self.exits - 1))
    var record = emptyRecord(thresholds: rule.thresholds, paidStages: paidStages)
    for passed in 0..<stage { record.stages[passed].isComputed = true }
    var cost = 0
    var decision = ExitDecision(exit: 0, confidences: [], multiplyAdds: [])
    while true {
      var trace = RoutingTrace()
      let logits = logits(stage: stage, of: picture, encoded, pass, &trace)
      let temperature = temperature(exit: stage + 1, of: logits.elements)
      let probabilities = logits.softened(temperature: temperature, noise: nil).elements
      let confidence = probabilities.max() ?? 0
      record.stages[stage].isComputed = true
      record.stages[stage].confidence = confidence
      record.stages[stage].answerMultiplyAdds = answerMultiplyAdds(stage: stage, trace: trace)
      let before = cost
      cost = record.stages.reduce(record.questionMultiplyAdds) { $0 + $1.spent }
      decision.confidences.append(confidence)
      decision.multiplyAdds.append(cost - before)
      if rule.stops(at: stage, confidence: confidence) {
        decision.exit = stage + 1
        if self.exits > 1 { trace.exits = [decision] }
        var answer = Answer(
          question: question, candidates: candidates(probabilities, top: top), exit: decision.exit,
          multiplyAdds: cost, trace: trace, cascade: self.exits > 1 ? record : nil,
          unknownWords: tokenized.unknownWords, droppedWords: tokenized.droppedWords)
        answer.isSure = configuration.sureFrom > 0 ? confidence >= configuration.sureFrom : nil
        return answer
      }
      stage += 1
    }
  }

  /// What the network reads from the grid of a stage, from 0: logits `[1, A]`.
  ///
  /// - Parameters:
  ///   - stage: Number of the stage, from 0.
  ///   - picture: The picture.
  ///   - question: The encoded question.
  ///   - pass: Settings and observer.
  ///   - trace: Receives every layer's choice.
  /// - Returns: The logits.
  func logits(
    stage: Int, of picture: SeenPicture, _ question: AskedQuestions, _ pass: TRARPass, _ trace: inout RoutingTrace
  ) -> Tensor {
    logits(picture.tokens(stage: stage).tokens, question, stage: stage, pass: pass, trace: &trace)
  }

  /// Multiplications with addition of reading an answer from the grid of a stage.
  ///
  /// - Parameters:
  ///   - stage: Number of the stage, from 0.
  ///   - trace: The choices of its layers; nil before they are known.
  /// - Returns: At most what is counted without a trace.
  func answerMultiplyAdds(stage: Int, trace: RoutingTrace? = nil) -> Int {
    let layers = decoderLayers(stage: stage)
    let names = lookup?.nameTokens ?? 0
    let known = knowledge?.answerMultiplyAdds ?? 0
    guard let trace else {
      return known + network.answerMultiplyAdds(grid: vision.grids[stage], layers: layers, further: names)
    }
    return known + network.answerMultiplyAdds(spans: spans[stage], trace: trace, layers: layers, further: names)
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

/// Where one answer begins and stops.
private struct StoppingRule {
  /// The first stage that is decoded, from 0.
  let first: Int
  private let last: Int
  /// Of each exit but the last; empty where the exit is chosen beforehand.
  let thresholds: [Float]

  init(_ choice: ExitChoice, _ configuration: ModelConfiguration, exits: Int) {
    let stored = configuration.isCascade ? configuration.cascade.thresholds : []
    switch choice {
    case .stored where !stored.isEmpty:
      (first, last) = (0, exits - 1)
      thresholds = stored
    case .thresholds(let given):
      precondition(given.count == exits - 1, "answer: \(given.count) thresholds for \(exits) exits")
      (first, last) = (0, exits - 1)
      thresholds = given
    case .fixed(let exit):
      precondition((1...exits).contains(exit), "answer: exit \(exit) of \(exits)")
      (first, last) = (exit - 1, exit - 1)
      thresholds = []
    case .exact, .stored:
      (first, last) = (exits - 1, exits - 1)
      thresholds = []
    }
  }

  /// Confidence is compared as the original compares it: reaching the threshold is enough.
  func stops(at stage: Int, confidence: Float) -> Bool {
    stage >= last || confidence >= thresholds[stage]
  }
}
