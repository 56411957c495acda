// EveryExit.swift - what every exit of a model says about a question, whether a rule would let it get there or not.
//
// Thresholds and temperatures are solved after the fact: all stages run once for each picture, the network answers from each grid.

import Routing
import TRAR
import Tensors

/// What every exit of a model costs one question, in multiplications with addition.
public struct ExitWork: Sendable, Equatable {
  /// The question.
  public var question: Int
  /// Each grid.
  public var vision: [Int]
  /// Reading an answer from each grid.
  public var answer: [Int]

  /// Collects costs.
  ///
  /// - Parameters:
  ///   - question: The question.
  ///   - vision: Each grid.
  ///   - answer: Reading an answer from each grid.
  public init(question: Int, vision: [Int], answer: [Int]) {
    self.question = question
    self.vision = vision
    self.answer = answer
  }

  /// What an answer costs that was sought at each exit up to this one, from 1.
  public func through(exit: Int) -> Int { grids(exit) + answer.prefix(exit).reduce(0, +) }

  /// What an answer costs that was sought at this exit only, from 1.
  public func at(exit: Int) -> Int { grids(exit) + answer[exit - 1] }

  private func grids(_ exit: Int) -> Int { question + vision.prefix(exit).reduce(0, +) }
}

/// What every exit of a model says about one question.
public struct ExitReadings: Sendable, Equatable {
  /// The logits of the answers at each exit, `[exits][answers]`, before any temperature.
  public var logits: [[Float]]
  /// What each exit costs.
  public var work: ExitWork

  /// Collects readings.
  ///
  /// - Parameters:
  ///   - logits: The logits of the answers at each exit, `[exits][answers]`.
  ///   - work: What each exit costs.
  public init(logits: [[Float]], work: ExitWork) {
    self.logits = logits
    self.work = work
  }
}

/// The answer of every exit to one question: what is left of readings once temperatures are known.
public struct ExitAnswers: Sendable, Equatable {
  /// The answer at each exit.
  public var said: [LogitAnswer]
  /// What each exit costs.
  public var work: ExitWork

  /// Reads the logits of every exit as a model with its temperatures does.
  public init(_ readings: ExitReadings, by model: VQAModel) {
    said = readings.logits.enumerated().map {
      LogitAnswer(logits: $1, temperature: model.temperature(exit: $0 + 1, of: $1))
    }
    work = readings.work
  }
}

extension VQAModel {
  /// Asks every exit, whatever it says.
  ///
  /// - Parameters:
  ///   - questions: The questions.
  ///   - pictures: The picture of each question, in the same order; all their grids are computed.
  /// - Returns: What the exits say, in order.
  public func everyExit(_ questions: [String], about pictures: [SeenPicture]) -> [ExitReadings] {
    precondition(
      questions.count == pictures.count, "everyExit: \(questions.count) questions, \(pictures.count) pictures")
    return WorkerPool.shared.map(questions.count) { index in
      let pass = TRARPass(settings: routingSettings)
      let encoded = encode(questions[index], tokenize(questions[index]), about: pictures[index], pass: pass)
      var readings = ExitReadings(
        logits: [], work: ExitWork(question: questionMultiplyAdds, vision: [], answer: []))
      for stage in 0..<exits {
        var trace = RoutingTrace()
        readings.logits.append(logits(stage: stage, of: pictures[index], encoded, pass, &trace).elements)
        readings.work.vision.append(vision.multiplyAdds(stage: stage))
        readings.work.answer.append(answerMultiplyAdds(stage: stage, trace: trace))
      }
      return readings
    }
  }
}

/// The answer that logits stand for.
public struct LogitAnswer: Sendable, Equatable {
  /// Its place in the vocabulary, the first of equals.
  public var place: Int
  /// Its probability: the confidence that exits are decided by.
  public var confidence: Float

  /// Reads logits as the model does when it answers, to the last digit.
  ///
  /// - Parameters:
  ///   - logits: One for each answer; at least one.
  ///   - temperature: Of the softmax, above 0.
  public init(logits: [Float], temperature: Float) {
    let probabilities = Tensor(logits, shape: [1, logits.count]).softened(temperature: temperature, noise: nil).elements
    confidence = probabilities.max() ?? 0
    place = Self.best(of: probabilities)
  }

  /// The place of the greatest number, the first of equals.
  static func best(of numbers: [Float]) -> Int {
    numbers.indices.reduce(0) { numbers[$1] > numbers[$0] ? $1 : $0 }
  }
}
