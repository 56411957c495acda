// KnownModelTests.swift - a model that uses what its backbone knows: answers, exits, no picture at all.

import Backbones
import Foundation
import Layers
import Routing
import Tensors
import TestSupport
import Testing
import VQAFormats
import VQAPipeline

// Unoptimised convolutions of the whole backbone take minutes.
#if !DEBUG
  extension VQAPipelineTests {
    @Suite struct KnownModel {
      /// Pictures stay valid for models that are made alike.
      private static let seen = Result { try Known.model().see((0..<2).map { try Small.picture($0) }) }

      let model: VQAModel
      let pictures: [SeenPicture]

      init() throws {
        model = try Known.model()
        pictures = try Self.seen.get()
      }

      private func probabilities(_ answers: [Answer]) -> [[Float]] {
        answers.map { answer in
          answer.candidates.sorted { $0.answer < $1.answer }.map(\.probability)
        }
      }

      /// The probabilities of all answers to all questions about one picture.
      private func asked(
        _ picture: SeenPicture, of model: VQAModel? = nil, exits: ExitChoice? = nil
      ) -> [[Float]] {
        probabilities(
          (model ?? self.model).answer(
            Known.questions, about: Known.questions.map { _ in picture }, top: 8, exits: exits))
      }

      private func set(_ name: String, _ values: [Float], in model: VQAModel) throws {
        let parameter = try #require(model.namedParameters.first { $0.name == name }?.parameter, "\(name)")
        #expect(parameter.value.count == values.count)
        parameter.value = Tensor(values, shape: parameter.value.shape)
      }

      @Test func itsPartsAreThere() throws {
        let names = Set(model.namedParameters.map(\.name))
        #expect(names.isSuperset(of: ["vision.backbone._fc.weight", "vision.labels.bias", "knowledge.tie.weight"]))
        let own = model.ownParameters.map(\.name)
        #expect(!own.contains { $0.hasPrefix("vision.backbone.") })
        #expect(own.contains("vision.labels.bias") && own.contains("knowledge.words"))
        #expect(own.count == names.filter { !$0.hasPrefix("vision.backbone.") }.count)
        #expect(model.exits == 2)
        #expect(model.vision.grids.map(\.rows) == [7, 10])
        #expect(model.configuration.pictureSize == 320)
        #expect(model.classLikeness?.shape == [1000, 1000])
      }

      @Test func everyExitAnswers() throws {
        let exits = [ExitChoice.fixed(1), .fixed(2), .exact].map { asked(pictures[0], exits: $0) }
        for row in exits.joined() {
          #expect(row.count == 8)
          #expect(abs(row.reduce(0, +) - 1) < 1e-5)
        }
        #expect(exits[0] != exits[1])
        #expect(exits[1] == exits[2])
        let answers = model.answer([Known.questions[0]], about: [pictures[0]], exits: .thresholds([2]))
        #expect(answers[0].exit == 2)
        #expect(model.answer([Known.questions[0]], about: [pictures[0]], exits: .thresholds([0]))[0].exit == 1)
      }

      /// What an answer costs is at most what is told of the model.
      @Test func theWorkIsCounted() throws {
        let plain = try VQAModel(
          Known.configuration(knowledge: false), words: Known.words, answers: try Known.answerVocabulary(), seed: 3)
        let full = model.answer([Known.questions[1]], about: [pictures[0]], exits: .exact)[0]
        #expect(full.multiplyAdds <= model.fullRunMultiplyAdds)
        #expect(Double(full.multiplyAdds) > 0.9 * Double(model.fullRunMultiplyAdds))
        #expect(model.questionMultiplyAdds > plain.questionMultiplyAdds)
        #expect(model.multiplyAdds.answer > plain.multiplyAdds.answer)
        #expect(model.multiplyAdds.vision == plain.multiplyAdds.vision)
      }

      @Test func picturesSayDifferentThings() throws {
        let known = try pictures.map { try #require($0.knowledge) }
        #expect(known[0].classLogits.count == 1000 && known[0].labels.count == 2)
        #expect(known[0] != known[1])
        let probabilities = known[0].probabilities(temperature: 1)
        #expect(abs(probabilities.reduce(0, +) - 1) < 1e-4)
        // Neither sure of anything nor without an idea: what follows from it can be told apart.
        let greatest = probabilities.max() ?? 0
        #expect((0.002..<0.9).contains(greatest), "\(greatest)")
        #expect(asked(pictures[0]) != asked(pictures[1]))
      }

      /// The same grid with other knowledge is another picture, also for questions that name nothing: its names are read.
      @Test func knowledgeBesideTheGridCounts() throws {
        let grids = try grids()
        var known = try #require(pictures[0].knowledge)
        let before = asked(model.see(prepared: grids, knowledge: known))
        known.classLogits[3] += 30
        let after = asked(model.see(prepared: grids, knowledge: known))
        for (question, (one, other)) in zip(Known.questions, zip(before, after)) {
          #expect(one != other, "\(question)")
        }
      }

      /// A pointer that trusts everyday names names what is seen; one that trusts kinds names what the question asks for.
      @Test func thePointerNamesWhatIsSeen() throws {
        var known = try #require(pictures[0].knowledge)
        known.classLogits[3] = 10 + (known.classLogits.max() ?? 0)
        let seen = model.see(prepared: try grids(), knowledge: known)
        try set("knowledge.pointer.bias", [30, 0, 0, 0, 0, 0, 0], in: model)
        let named = model.answer(Known.questions, about: Known.questions.map { _ in seen })
        #expect(named.allSatisfy { $0.best.answer == "car" })
        // Labels: of both, "person" has the greater score.
        known.labels = [-3, 3]
        let labelled = model.see(prepared: try grids(), knowledge: known)
        try set("knowledge.pointer.bias", [0, 0, 30, 0, 0, 0, 0], in: model)
        #expect(model.answer([Known.questions[3]], about: [labelled])[0].best.answer == "person")
        try set("knowledge.pointer.bias", [0, 0, 0, 30, 0, 0, 0], in: model)
        try set("knowledge.gate.bias", [9], in: model)
        let kind = model.answer([Known.questions[1]], about: [seen], top: 3)[0]
        #expect(Set(kind.candidates.map(\.answer)) == ["dog", "cat", "poodle"])
      }

      // MARK: No picture

      @Test func nothingIsSeenOfNoPicture() throws {
        let nothing = try model.seeNothing()
        #expect(nothing.knowledge == nil && nothing.image == nil)
        let answers = asked(nothing)
        #expect(asked(try model.seeNothing()) == answers)
        #expect(asked(pictures[0]) != answers)
        // Another backbone knows other things of a picture, and nothing else of none.
        let other = try Known.model()
        try set("vision.backbone._fc.bias", (0..<1000).map { $0 == 3 ? 50 : 0 }, in: other)
        try set("vision.labels.bias", [5, -5], in: other)
        #expect(asked(try other.seeNothing(), of: other) == answers)
        let picture = try other.see([try Small.picture(0)])[0]
        #expect(asked(picture, of: other) != asked(pictures[0]))
        #expect(picture.tokens.tokens.elements == pictures[0].tokens.tokens.elements)
        #expect(asked(nothing, exits: .fixed(1)) != answers)
      }

      // MARK: Independence

      @Test func answersDoNotDependOnEachOther() throws {
        let pairs = pictures.flatMap { picture in Known.questions.map { ($0, picture) } }
        let nothing = try model.seeNothing()
        let together = model.answer(
          pairs.map(\.0) + Known.questions, about: pairs.map(\.1) + Known.questions.map { _ in nothing }, top: 8)
        let alone = pairs.map { model.answer([$0.0], about: [$0.1], top: 8)[0] }
        #expect(probabilities(Array(together.prefix(pairs.count))) == probabilities(alone))
        #expect(probabilities(Array(together.suffix(Known.questions.count))) == asked(nothing))
        let inTurn = model.answerInTurn(Known.questions, about: pictures[1], top: 8)
        #expect(probabilities(inTurn) == asked(pictures[1]))
      }

      @Test func threadsDoNotMatter() throws {
        let results = try [1, 2].map { threads in
          try withThreads(threads) {
            let seen = try model.see([try Small.picture(0), try Small.picture(1)])
            return (seen.compactMap(\.knowledge), seen.map { asked($0) })
          }
        }
        #expect(results[0].0 == results[1].0 && results[0].0.count == 2)
        #expect(results[0].1 == results[1].1)
      }

      // MARK: Prepared pictures

      /// What a cache of grids keeps of the first picture.
      private func grids() throws -> [Tensor] {
        let preparation = PicturePreparation(model.configuration)
        let image = try preparation.fit(try Small.picture(0))
        return model.vision.grids.indices.map { stage in
          let pixels = preparation.tensor([image], size: model.vision.pictureSize(stage: stage))
          let values = model.vision.prepare(pixels, stage: stage).values
          #expect(values.shape == [1] + model.vision.preparedShape(stage: stage))
          return values.reshaped(model.vision.preparedShape(stage: stage))
        }
      }

      @Test func preparedPicturesAreTheSame() throws {
        let known = try #require(pictures[0].knowledge)
        let grids = try grids()
        let prepared = model.see(prepared: grids, knowledge: known)
        #expect(prepared.knowledge == known)
        #expect(asked(prepared) == asked(pictures[0]))
        // As a cache keeps them.
        let rounded = grids.map { Tensor($0.elements.map(Self.bfloat16), shape: $0.shape) }
        #expect(rounded[0].elements != grids[0].elements)
        let cached = asked(model.see(prepared: rounded, knowledge: known))
        for (one, other) in zip(cached.joined(), asked(pictures[0]).joined()) { #expect(abs(one - other) < 5e-3) }
      }

      /// Behind the backbone's channels a cell has the mean colours of its quarters.
      @Test func cellsHaveTheirColors() throws {
        let (side, part) = (224, 16)
        let pixels = Tensor(shape: [1, side, side, 3]) { target in
          for place in target.indices {
            let (row, column) = (place / 3 / side, place / 3 % side)
            // Each quarter has a colour of its own, and a ripple that its mean knows nothing of.
            let ripple: Float = (row + column) % 2 == 0 ? 0.25 : -0.25
            target.initializeElement(at: place, to: Float((row / part) * 14 + column / part + place % 3) / 100 + ripple)
          }
        }
        let cells = model.vision.prepare(pixels, stage: 0).values
        let width = BackboneCascade.gridWidth
        #expect(cells.shape == [1, 49, width] && width == EfficientNetLite.mapWidth + 12)
        let values = cells.elements
        for cell in 0..<49 {
          for quarter in 0..<4 {
            let (row, column) = (cell / 7 * 2 + quarter / 2, cell % 7 * 2 + quarter % 2)
            for channel in 0..<3 {
              let found = values[cell * width + EfficientNetLite.mapWidth + quarter * 3 + channel]
              #expect(abs(found - Float(row * 14 + column + channel) / 100) < 1e-4, "\(cell) \(quarter) \(channel)")
            }
          }
        }
      }

      private static func bfloat16(_ value: Float) -> Float { Float(bitPattern: value.bitPattern & 0xFFFF_0000) }

      /// Without labels there are heads of none, and half as many names.
      @Test func aModelWithoutLabelsAnswers() throws {
        var configuration = Known.configuration(stages: 1)
        configuration.knowledge.labels = 0
        let model = try Known.model(configuration, labels: [])
        let seen = try model.see([try Small.picture(0)])[0]
        #expect(seen.knowledge?.labels == [])
        for row in asked(seen, of: model) + asked(try model.seeNothing(), of: model) {
          #expect(row.count == 8 && abs(row.reduce(0, +) - 1) < 1e-5)
        }
      }
    }
  }
#endif
