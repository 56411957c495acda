// CascadeTests.swift - a model of several grids stops where it is told to, pays for what it computed, and no answer depends on others.

import DynamicViT
import Foundation
import Routing
import SafeFiles
import TRAR
import Tensors
import TestSupport
import Testing
import VQAPipeline

extension VQAPipelineTests {
  @Suite struct Cascade {
    private static func configuration(_ change: (inout CascadeConfiguration) -> Void = { _ in }) -> ModelConfiguration {
      var configuration = Small.configuration
      configuration.vision.embedding = .cascade
      configuration.cascade.stages.width = 12
      configuration.cascade.stages.layers = 2
      configuration.cascade.stages.heads = 2
      configuration.cascade.stages.expansion = 2
      change(&configuration.cascade)
      return configuration
    }

    let model: VQAModel
    let pictures: [SeenPicture]

    init() throws {
      model = try Small.model(Self.configuration())
      pictures = try model.see(try (0..<2).map { try Small.picture($0, width: 224, height: 224) })
    }

    /// Fresh pictures, of which only the first grid is computed.
    private func see() throws -> SeenPicture {
      try model.see([try Small.picture(0, width: 224, height: 224)])[0]
    }

    @Test func gridsAreComputedWhenAskedFor() throws {
      let seen = try see()
      #expect(seen.computedStages == 1)
      let first = model.answer([Small.questions[0]], about: [seen], exits: .fixed(1))[0]
      #expect(first.exit == 1 && seen.computedStages == 1)
      let second = model.answer([Small.questions[0]], about: [seen], exits: .fixed(2))[0]
      #expect(second.exit == 2 && seen.computedStages == 2)
      #expect(seen.tokens(stage: 1).grid == GridSize(rows: 10, columns: 10))
      let last = model.answer([Small.questions[0]], about: [seen], exits: .exact)[0]
      #expect(last.exit == 3 && seen.computedStages == 3)
      #expect(Set([first, second, last].map(\.candidates[0].probability)).count == 3)
    }

    /// What a conditional run does is what is left of a full run when each exit is asked whether it is sure enough.
    @Test func stoppingEqualsTheRuleAfterTheFact() throws {
      let all = (1...3).map { exit in
        Small.questions.map { model.answer([$0], about: [pictures[0]], top: 1, exits: .fixed(exit))[0] }
      }
      var random = SeededRandom(seed: 5)
      var exits: Set<Int> = []
      for _ in 0..<12 {
        // Thresholds among the confidences themselves: reaching one is enough.
        let thresholds = (0..<2).map { all[$0][random.integer(below: 5)].best.probability }
        let seen = try see()
        let answers = model.answer(
          Small.questions, about: Small.questions.map { _ in seen }, top: 1, exits: .thresholds(thresholds))
        for (index, answer) in answers.enumerated() {
          let confidences = all.map { $0[index].best.probability }
          let expected = zip(confidences, thresholds).prefix { $0 < $1 }.count
          #expect(answer.exit == expected + 1)
          #expect(answer.candidates == all[expected][index].candidates)
          #expect(answer.trace.exits.first?.confidences == Array(confidences.prefix(expected + 1)))
          exits.insert(answer.exit)
        }
      }
      #expect(exits == [1, 2, 3])
    }

    @Test func whatWasComputedIsPaidFor() throws {
      func decoder(_ exit: Int, _ answer: Answer) -> Int {
        model.network.answerMultiplyAdds(spans: model.spans[exit - 1], trace: answer.trace)
      }
      let question = model.network.questionMultiplyAdds
      let vision = (0..<3).map { model.vision.multiplyAdds(stage: $0) }
      let direct = model.answer([Small.questions[1]], about: [pictures[0]], exits: .fixed(2))[0]
      #expect(direct.multiplyAdds == question + vision[0] + vision[1] + decoder(2, direct))
      let walked = model.answer([Small.questions[1]], about: [pictures[0]], exits: .thresholds([2, 0]))[0]
      let atFirst = model.answer([Small.questions[1]], about: [pictures[0]], exits: .fixed(1))[0]
      #expect(walked.multiplyAdds == direct.multiplyAdds + decoder(1, atFirst))
      let decision = try #require(walked.trace.exits.first)
      #expect(decision.exit == 2 && decision.multiplyAdds.reduce(0, +) == walked.multiplyAdds)
      #expect(decision.multiplyAdds[0] == question + vision[0] + decoder(1, atFirst))
    }

    /// A thin decoder runs fewer layers, is told with fewer and costs less; the last grid's stays whole.
    @Test func thinDecodersRunFewerLayers() throws {
      let thin = try Small.model(Self.configuration { $0.decoderLayers = [1, 2, 2] })
      let seen = try thin.see([try Small.picture(0, width: 224, height: 224)])
      let answers = (1...3).map { thin.answer([Small.questions[0]], about: seen, exits: .fixed($0))[0] }
      #expect(answers.map(\.trace.spans.count) == [1, 2, 2])
      let whole = (1...3).map { model.answer([Small.questions[0]], about: [pictures[0]], exits: .fixed($0))[0] }
      #expect(answers[0].multiplyAdds < whole[0].multiplyAdds)
      #expect(answers[2].multiplyAdds == whole[2].multiplyAdds && answers[2].candidates == whole[2].candidates)
      #expect(answers[0].candidates != whole[0].candidates)
      var configuration = Self.configuration()
      for bad in [[1, 2], [0, 1, 2], [1, 2, 3]] {
        configuration.cascade.decoderLayers = bad
        #expect(configuration.problem?.contains("cascade.decoderLayers") == true, "\(bad)")
      }
    }

    /// The second question begins where the first one stopped and pays for no grid again.
    @Test func questionsInTurnGoOn() throws {
      let seen = try see()
      let first = model.answerInTurn([Small.questions[0]], about: seen, exits: .thresholds([2, 0]))[0]
      #expect(first.exit == 2)
      let both = model.answerInTurn(
        [Small.questions[0], Small.questions[1]], about: try see(), exits: .thresholds([2, 0]))
      #expect(both[0].candidates == first.candidates && both[0].multiplyAdds == first.multiplyAdds)
      #expect(both[1].exit == 2)
      let alone = model.answer([Small.questions[1]], about: [seen], exits: .fixed(2))[0]
      #expect(both[1].candidates == alone.candidates)
      let vision = (0..<2).reduce(0) { $0 + model.vision.multiplyAdds(stage: $1) }
      #expect(both[1].multiplyAdds == alone.multiplyAdds - vision)
    }

    @Test func storedThresholdsAndTemperaturesCount() throws {
      let stored = try Small.model(Self.configuration { $0.thresholds = [0, 0] })
      let seen = try stored.see([try Small.picture(0, width: 224, height: 224)])
      #expect(stored.answer([Small.questions[0]], about: seen)[0].exit == 1)
      #expect(model.answer([Small.questions[0]], about: [pictures[0]])[0].exit == 3)
      let cool = try Small.model(Self.configuration { $0.temperatures = [0.25, 1, 1] })
      let seenCool = try cool.see([try Small.picture(0, width: 224, height: 224)])
      let sharper = cool.answer([Small.questions[0]], about: seenCool, exits: .fixed(1))[0]
      let plain = model.answer([Small.questions[0]], about: [pictures[0]], exits: .fixed(1))[0]
      #expect(sharper.best.answer == plain.best.answer && sharper.best.probability > plain.best.probability)
    }

    /// What the stages took adds up to what the answer cost; what was not needed is told with what it would have taken.
    @Test func theRecordAddsUp() throws {
      let choices: [ExitChoice] = [
        .fixed(1), .fixed(2), .exact, .thresholds([0, 0]), .thresholds([2, 0]), .thresholds([2, 2]),
      ]
      for choice in choices {
        let answer = model.answer([Small.questions[2]], about: [try see()], exits: choice)[0]
        let record = try #require(answer.cascade)
        #expect(record.stages.map(\.grid) == model.vision.grids)
        #expect(record.stages.map(\.isComputed) == (1...3).map { $0 <= answer.exit })
        #expect(record.questionMultiplyAdds + record.stages.reduce(0) { $0 + $1.spent } == answer.multiplyAdds)
        #expect(record.stages[answer.exit - 1].confidence == answer.best.probability)
        for stage in record.stages.dropFirst(answer.exit) {
          #expect(stage.spent == 0 && stage.confidence == nil && stage.possible > 0)
        }
        let exact = model.answer([Small.questions[2]], about: [pictures[0]], exits: .exact)[0]
        #expect(record.fullRunMultiplyAdds == exact.multiplyAdds && model.fullRunMultiplyAdds == exact.multiplyAdds)
      }
      let walked = model.answer([Small.questions[0]], about: [pictures[0]], exits: .thresholds([2, 0.125]))[0]
      #expect(walked.cascade?.stages.map(\.threshold) == [2, 0.125, nil])
      let inTurn = model.answerInTurn([Small.questions[0], Small.questions[1]], about: try see(), exits: .fixed(2))
      let record = try #require(inTurn[1].cascade)
      #expect(record.stages.map(\.visionMultiplyAdds).prefix(2) == [0, 0] && record.stages[2].visionMultiplyAdds > 0)
      #expect(record.questionMultiplyAdds + record.stages.reduce(0) { $0 + $1.spent } == inTurn[1].multiplyAdds)
      let plain = try Small.model()
      #expect(plain.answer([Small.questions[0]], about: try plain.see([Small.picture(0)]))[0].cascade == nil)
    }

    @Test func everyExitSaysWhatItAnswers() throws {
      let cool = try Small.model(Self.configuration { $0.temperatures = [0.25, 1.5, 3] })
      let readings = cool.everyExit(Small.questions, about: Small.questions.map { _ in pictures[1] })
      for exit in 1...3 {
        let answers = cool.answer(Small.questions, about: Small.questions.map { _ in pictures[1] }, exits: .fixed(exit))
        for (reading, answer) in zip(readings, answers) {
          let said = LogitAnswer(
            logits: reading.logits[exit - 1], temperature: cool.temperature(exit: exit, of: reading.logits[exit - 1]))
          #expect(ExitAnswers(reading, by: cool).said[exit - 1] == said)
          #expect(cool.answers.answer(said.place) == answer.best.answer && said.confidence == answer.best.probability)
          #expect(reading.work.at(exit: exit) == answer.multiplyAdds)
        }
        let thresholds: [Float] = (1...2).map { $0 < exit ? 2 : 0 }
        let walked = cool.answer([Small.questions[0]], about: [pictures[1]], exits: .thresholds(thresholds))[0]
        #expect(walked.exit == exit && readings[0].work.through(exit: exit) == walked.multiplyAdds)
      }
    }

    @Test func theModelHoldsItsChoice() throws {
      var chosen = model
      for (choice, exit) in [(ExitChoice.fixed(2), 2), (.exact, 3), (.thresholds([0, 0]), 1)] {
        chosen.exitChoice = choice
        #expect(chosen.answer([Small.questions[0]], about: [pictures[0]])[0].exit == exit)
        #expect(chosen.answerInTurn([Small.questions[0]], about: pictures[0])[0].exit == exit)
        #expect(chosen.explain(Small.questions[0], about: pictures[0]).0.exit == exit)
        #expect(chosen.answer([Small.questions[0]], about: [pictures[0]], exits: .fixed(1))[0].exit == 1)
      }
    }

    @Test func aBudgetTakesTheMostAccuratePointWithin() throws {
      func point(_ cost: Double, _ accuracy: Double, _ threshold: Float) -> BudgetPoint {
        BudgetPoint(multiplyAdds: cost, thresholds: [threshold, 0.5], accuracy: accuracy, solvedBy: .search)
      }
      var cascade = CascadeConfiguration()
      #expect(cascade.point(within: 1e12) == nil && cascade.cheapestPoint == nil)
      // The third costs more and is worth less than the second; the last is as good as the second and cheaper.
      cascade.points = [point(1e6, 0.5, 0.1), point(3e6, 0.8, 0.2), point(4e6, 0.7, 0.3), point(2.5e6, 0.8, 0.4)]
      #expect(cascade.point(within: 0.9e6) == nil)
      #expect(cascade.point(within: 1e6) == cascade.points[0] && cascade.cheapestPoint == cascade.points[0])
      #expect(cascade.point(within: 2.4e6) == cascade.points[0])
      #expect(cascade.point(within: 3.5e6) == cascade.points[3] && cascade.point(within: 9e6) == cascade.points[3])
    }

    @Test func pointsLieInTheFile() throws {
      try withTemporaryFolder { folder in
        let configuration = Self.configuration {
          $0.thresholds = [0.75, 0.1]
          $0.temperatures = [0.3, 1.7, 2]
          $0.points = [
            BudgetPoint(multiplyAdds: 1234.5, thresholds: [0.7, 1e8], accuracy: 0.25, solvedBy: .percentile),
            BudgetPoint(multiplyAdds: 2e6, thresholds: [0.1, 0.9], accuracy: 1, solvedBy: .search),
          ]
        }
        try ModelFile.save(try Small.model(configuration), to: folder + "/m.safetensors")
        let (read, metadata) = try ModelFile.load(folder + "/m.safetensors")
        #expect(read.configuration.cascade == configuration.cascade)
        // A file from before there were points.
        let text = try #require(metadata["configuration"])
        let start = try #require(text.range(of: "\"points\":[")?.lowerBound)
        let end = try #require(text.range(of: "],\"stages\"")?.upperBound)
        let old = text[..<start] + "\"stages\"" + text[end...]
        let settings = try JSONValue.parse(Array(old.utf8))
        let without = try ConfigurationOverlay.apply(settings, over: ModelConfiguration())
        #expect(without.cascade.points.isEmpty && without.cascade.thresholds == [0.75, 0.1])
      }
    }

    @Test func spansFitTheirGrids() throws {
      let matched = try Small.model(Self.configuration { $0.orders = [[0, 2, 1], [0, 3, 2], [0, 4, 2]] })
      #expect(matched.spans.map(\.orders) == [[0, 2, 1], [0, 3, 2], [0, 4, 2]])
      let seen = try matched.see([try Small.picture(1, width: 224, height: 224)])
      let (answer, views) = matched.explain(Small.questions[0], about: seen[0])
      #expect(answer.exit == 3 && views.grid == GridSize(rows: 14, columns: 14))
      #expect(answer.trace.spans.allSatisfy { $0.orders == [0, 4, 2] })
    }

    @Test func settingsThatDoNotFitAreNamed() {
      for (change, part) in [
        ({ $0.thresholds = [1] }, "cascade.thresholds: [1.0] are not 2 numbers"),
        ({ $0.temperatures = [1, 0, 1] }, "cascade.temperatures"),
        ({ $0.yesNoTemperatures = [1, 2] }, "cascade.yesNoTemperatures"),
        (
          { $0.points = [BudgetPoint(multiplyAdds: 1, thresholds: [1], accuracy: 1, solvedBy: .search)] },
          "cascade.points[0].thresholds: [1.0] are not 2 numbers"
        ),
        (
          { $0.points = [BudgetPoint(multiplyAdds: 0, thresholds: [1, 1], accuracy: 1, solvedBy: .search)] },
          "cascade.points[0].multiplyAdds: 0.0 is not above 0"
        ),
        (
          { $0.points = [BudgetPoint(multiplyAdds: 9, thresholds: [1, 1], accuracy: 1.5, solvedBy: .search)] },
          "cascade.points[0].accuracy: 1.5 is not from 0 to 1"
        ),
        ({ $0.orders = [[0, 1, 7], [0, 1, 2], [0, 1, 2]] }, "cascade.orders: [0, 1, 7] do not fit a grid of 7x7"),
        ({ $0.orders = [[0, 1]] }, "cascade.orders: 1 lists for 3 grids"),
        ({ $0.stages.heads = 5 }, "cascade.stages: width 12 cannot be cut into 5 heads"),
      ] as [((inout CascadeConfiguration) -> Void, String)] {
        let problem = Self.configuration(change).problem
        #expect(problem?.contains(part) == true, "\(problem ?? "none") instead of \(part)")
      }
    }
  }
}
