// EveryExit.swift - what every exit of a model says about a question, whether a rule would let it get there or not.
//
// Thresholds and temperatures are solved after the fact: all stages run once for each picture, the network answers from each grid.

import Routing
import TRAR
import Tensors

/// What every exit of a model says about one question.
public struct ExitReadings: Sendable, Equatable {
  /// The logits of the answers at each exit, `[exits][answers]`, before any temperature.
  public var logits: [[Float]]
  /// Multiplications with addition of the question.
  public var questionMultiplyAdds: Int
  /// Multiplications with addition of each grid.
  public var visionMultiplyAdds: [Int]
  /// Multiplications with addition of reading an answer from each grid.
  public var answerMultiplyAdds: [Int]

  /// Collects readings.
  ///
  /// - Parameters:
  ///   - logits: The logits of the answers at each exit, `[exits][answers]`.
  ///   - questionMultiplyAdds: Multiplications with addition of the question.
  ///   - visionMultiplyAdds: Multiplications with addition of each grid.
  ///   - answerMultiplyAdds: Multiplications with addition of reading an answer from each grid.
  public init(
    logits: [[Float]], questionMultiplyAdds: Int, visionMultiplyAdds: [Int], answerMultiplyAdds: [Int]
  ) {
    self.logits = logits
    self.questionMultiplyAdds = questionMultiplyAdds
    self.visionMultiplyAdds = visionMultiplyAdds
    self.answerMultiplyAdds = answerMultiplyAdds
  }

  /// What an answer costs that was sought at each exit up to this one, from 1.
  public func costThrough(exit: Int) -> Int {
    cost(exit) + answerMultiplyAdds.prefix(exit).reduce(0, +)
  }

  /// What an answer costs that was sought at this exit only, from 1.
  public func costAt(exit: Int) -> Int {
    cost(exit) + answerMultiplyAdds[exit - 1]
  }

  private func cost(_ exit: Int) -> Int { questionMultiplyAdds + visionMultiplyAdds.prefix(exit).reduce(0, +) }
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
      let encoded = network.encode(words: tokenize(questions[index]).ids, batch: 1, pass: pass)
      var readings = ExitReadings(
        logits: [], questionMultiplyAdds: network.questionMultiplyAdds, visionMultiplyAdds: [], answerMultiplyAdds: [])
      for stage in 0..<exits {
        var trace = RoutingTrace()
        readings.logits.append(logits(stage: stage, of: pictures[index], encoded, pass, &trace).elements)
        readings.visionMultiplyAdds.append(vision.multiplyAdds(stage: stage))
        readings.answerMultiplyAdds.append(answerMultiplyAdds(stage: stage, trace: trace))
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
    place = probabilities.indices.reduce(0) { probabilities[$1] > probabilities[$0] ? $1 : $0 }
  }
}
