// ExitCalibrationTests.swift - temperatures, thresholds and curves of made-up exits, held against what a rule makes of them by hand.

import Routing
import Tensors
import Testing
import VQAPipeline

/// Exits whose logits are too sharp by known factors, the later ones righter than the earlier.
private struct Drawn {
  static let factors: [Float] = [2, 0.5, 3]
  var readings: [ExitReadings] = []
  var labels: [Int?] = []

  init(_ count: Int, exits: Int = 3, answers: Int = 4, seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<count {
      let label = random.integer(below: answers)
      var logits: [[Float]] = []
      for exit in 0..<exits {
        // Normal scores with a bonus b for the right answer: their true posterior is the softmax of b times the scores.
        let bonus = 1 + Float(exit)
        let row = (0..<answers).map { random.normal() + ($0 == label ? bonus : 0) }
        logits.append(row.map { $0 * bonus * Self.factors[exit] })
      }
      readings.append(
        ExitReadings(
          logits: logits,
          work: ExitWork(
            question: 10, vision: Array([100, 300, 900].prefix(exits)), answer: Array([5, 15, 45].prefix(exits)))))
      labels.append(label)
    }
  }

  func calibration() -> ExitCalibration {
    ExitCalibration(readings: readings) { labels[$0] == $1 ? 1 : 0 }
  }

  /// What thresholds give, question by question.
  func outcome(_ thresholds: [Float], temperatures: [Float]) -> (cost: Double, accuracy: Double, fractions: [Double]) {
    var (cost, right, counts) = (0, 0, [Int](repeating: 0, count: thresholds.count + 1))
    for (reading, label) in zip(readings, labels) {
      let said = zip(reading.logits, temperatures).map { LogitAnswer(logits: $0, temperature: $1) }
      let exit = thresholds.indices.first { said[$0].confidence >= thresholds[$0] } ?? thresholds.count
      counts[exit] += 1
      cost += reading.work.through(exit: exit + 1)
      right += said[exit].place == label ? 1 : 0
    }
    let total = Double(readings.count)
    return (Double(cost) / total, Double(right) / total, counts.map { Double($0) / total })
  }
}

@Suite struct ExitCalibrationTests {
  /// Settings of a model of three grids.
  private static var cascade: ModelConfiguration {
    var configuration = Small.configuration
    configuration.vision.embedding = .cascade
    configuration.cascade.stages.width = 12
    configuration.cascade.stages.layers = 1
    configuration.cascade.stages.heads = 2
    configuration.cascade.stages.expansion = 1
    configuration.cascade.stages.relationReuse = false
    return configuration
  }

  @Test func temperaturesUndoTheFactors() {
    let calibration = Drawn(4000, seed: 1).calibration()
    #expect(calibration.count == 4000 && calibration.exits.map(\.multiplyAdds) == [115, 430, 1375])
    for (exit, factor) in zip(calibration.exits, Drawn.factors) {
      #expect(abs(exit.temperature / factor - 1) < 0.08, "\(exit.temperature) instead of \(factor)")
      #expect(exit.errorAfter < 0.03 && exit.errorAfter < exit.errorBefore)
    }
    #expect(calibration.exits.map(\.accuracy) == calibration.exits.map(\.accuracy).sorted())
  }

  @Test func yesAndNoHaveATemperatureOfTheirOwn() throws {
    // Answers 0 and 1 are yes and no; wherever one of them is the best, all logits are four times as sharp.
    var drawn = Drawn(4000, seed: 9)
    for index in drawn.readings.indices {
      for exit in drawn.readings[index].logits.indices {
        let logits = drawn.readings[index].logits[exit]
        if LogitAnswer(logits: logits, temperature: 1).place < 2 {
          drawn.readings[index].logits[exit] = logits.map { $0 * 4 }
        }
      }
    }
    let labels = drawn.labels
    let calibration = ExitCalibration(readings: drawn.readings, yesNo: [0, 1]) {
      labels[$0] == $1 ? 1 : 0
    }
    let single = ExitCalibration(readings: drawn.readings) { labels[$0] == $1 ? 1 : 0 }
    for ((exit, one), factor) in zip(zip(calibration.exits, single.exits), Drawn.factors) {
      let yesNo = try #require(exit.yesNoTemperature)
      #expect(abs(exit.temperature / factor - 1) < 0.12 && abs(yesNo / (4 * factor) - 1) < 0.12, "\(exit)")
      #expect(exit.errorAfter < 0.03 && one.errorAfter > exit.errorAfter + 0.01 && one.yesNoTemperature == nil)
      #expect(exit.accuracy == one.accuracy)
    }
    // Too few of one kind: one temperature for all.
    let few = Array(drawn.readings.prefix(150))
    let small = ExitCalibration(readings: few, yesNo: [0, 1]) { _, _ in 1 }
    #expect(small.exits.allSatisfy { $0.yesNoTemperature == nil })
  }

  /// A model told both temperatures answers as its calibration said it would.
  @Test func theModelUsesBoth() throws {
    var configuration = Self.cascade
    configuration.cascade.temperatures = [0.5, 1, 2]
    configuration.cascade.yesNoTemperatures = [3, 4, 5]
    let model = try Small.model(configuration)
    let yes = try #require(model.answers.index(of: "yes")), no = try #require(model.answers.index(of: "no"))
    #expect(model.yesNoAnswers == [yes, no])
    for place in 0..<model.answers.count {
      var logits = [Float](repeating: 0, count: model.answers.count)
      logits[place] = 1
      let isYesNo = place == yes || place == no
      #expect((1...3).map { model.temperature(exit: $0, of: logits) } == (isYesNo ? [3, 4, 5] : [0.5, 1, 2]))
    }
    let pictures = try model.see(try (0..<3).map { try Small.picture($0, width: 224, height: 224) })
    let questions = pictures.indices.map { Small.questions[$0] }
    let said = model.everyExit(questions, about: pictures).map { ExitAnswers($0, by: model).said }
    for exit in 1...3 {
      let answers = model.answer(questions, about: pictures, exits: .fixed(exit))
      #expect(answers.map(\.best.probability) == said.map { $0[exit - 1].confidence })
    }
  }

  @Test(arguments: [2, 3])
  func pointsTellTheTruth(exits: Int) throws {
    let drawn = Drawn(600, exits: exits, seed: 2)
    let calibration = drawn.calibration()
    let temperatures = calibration.exits.map(\.temperature)
    let points = calibration.points()
    #expect(points.count { $0.solvedBy == .search } > 10 && points.count { $0.solvedBy == .percentile } > 30)
    #expect(points.map(\.multiplyAdds) == points.map(\.multiplyAdds).sorted())
    for point in points {
      let outcome = drawn.outcome(point.thresholds, temperatures: temperatures)
      #expect(abs(outcome.cost - point.multiplyAdds) < 1e-6 && abs(outcome.accuracy - point.accuracy) < 1e-9)
    }
    let first = try #require(calibration.exits.first)
    #expect(points.first?.multiplyAdds == first.multiplyAdds && points.first?.accuracy == first.accuracy)
    // What is searched is nowhere worse than the percentile rule for as much work; the ladder has its steps between.
    for (number, point) in points.enumerated() where point.solvedBy == .percentile && number % 12 == 0 {
      let found = try #require(calibration.choice(for: .budget(point.multiplyAdds), by: .search))
      #expect(found.point.accuracy >= point.accuracy - 0.005 && found.point.multiplyAdds <= point.multiplyAdds + 1e-6)
    }
  }

  @Test func theGoalIsReached() throws {
    let drawn = Drawn(600, seed: 3)
    let calibration = drawn.calibration()
    let temperatures = calibration.exits.map(\.temperature)
    let full = try #require(calibration.exits.last?.accuracy)
    for solver in BudgetPoint.Solver.allCases {
      var lastCost = Double.infinity
      for loss in [0, 1.0, 40] {
        let choice = try #require(calibration.choice(for: .loss(points: loss), by: solver))
        #expect(choice.point.solvedBy == solver && choice.point.accuracy >= full - loss / 100 - 1e-9)
        #expect(choice.point.multiplyAdds <= lastCost)
        lastCost = choice.point.multiplyAdds
        let outcome = drawn.outcome(choice.point.thresholds, temperatures: temperatures)
        #expect(zip(outcome.fractions, choice.fractions).allSatisfy { abs($0 - $1) < 1e-9 })
      }
      for budget in [115.0, 500, 1375] {
        guard let choice = calibration.choice(for: .budget(budget), by: solver) else {
          // The least of the 59 points sends a few on.
          #expect(solver == .percentile && budget == 115)
          continue
        }
        #expect(choice.point.multiplyAdds <= budget + 1e-6)
      }
      #expect(calibration.choice(for: .budget(114), by: solver) == nil)
    }
    let searched = try #require(calibration.choice(for: .loss(points: 0.1), by: .search))
    let ranked = try #require(calibration.choice(for: .loss(points: 0.1), by: .percentile))
    #expect(searched.point.multiplyAdds <= ranked.point.multiplyAdds)
  }

  /// A curve after the fact is what a model does that is told the same thresholds.
  @Test func theCurveIsWhatTheModelDoes() throws {
    var configuration = Self.cascade
    configuration.cascade.temperatures = [0.5, 1, 2]
    let plain = try Small.model(configuration)
    let pictures = try plain.see(try (0..<4).map { try Small.picture($0, width: 224, height: 224) })
    let questions = pictures.indices.map { Small.questions[$0] }
    let firsts = plain.answer(questions, about: pictures, exits: .fixed(1)).map(\.best.probability).sorted()
    let seconds = plain.answer(questions, about: pictures, exits: .fixed(2)).map(\.best.probability).sorted()
    configuration.cascade.thresholds = [firsts[2], seconds[2]]
    configuration.cascade.points = [
      BudgetPoint(multiplyAdds: 3, thresholds: [firsts[1], 0], accuracy: 0.5, solvedBy: .percentile),
      BudgetPoint(multiplyAdds: 2, thresholds: [firsts[3], seconds[1]], accuracy: 0.5, solvedBy: .search),
      BudgetPoint(multiplyAdds: 1, thresholds: [0, 0], accuracy: 0.5, solvedBy: .search),
    ]
    let model = try Small.model(configuration)
    let right = ["yes", "blue", "circle", "no"]
    let answers = model.everyExit(questions, about: pictures).map { ExitAnswers($0, by: model) }
    let curve = CostCurve(model, answers: answers) { question, place in
      model.answers.answer(place) == right[question] ? 1 : 0.25
    }
    #expect(curve.points.map(\.kind) == [.anytime, .anytime, .anytime, .search, .search, .percentile, .stored])
    #expect(curve.points.map(\.number) == [1, 2, 3, 1, 2, 1, 1] && curve.count == 4)
    let choices: [ExitChoice] = [
      .fixed(1), .fixed(2), .exact, .thresholds([0, 0]), .thresholds([firsts[3], seconds[1]]),
      .thresholds([firsts[1], 0]), .stored,
    ]
    for (point, choice) in zip(curve.points, choices) {
      let answers = model.answer(questions, about: pictures, exits: choice)
      let score = zip(answers, right).reduce(0) { $0 + ($1.0.best.answer == $1.1 ? 1 : 0.25) }
      #expect(point.multiplyAdds == answers.reduce(0) { $0 + Double($1.multiplyAdds) } / 4, "\(choice)")
      #expect(point.accuracy == score / 4)
      #expect(point.fractions == (1...3).map { exit in Double(answers.count { $0.exit == exit }) / 4 })
    }
    #expect(Set(curve.points.map(\.fractions)).count > 4)
  }
}
