// OriginalStateTests.swift - a run goes on from a checkpoint of the original as the original would have.

import Foundation
import SafeFiles
import TestSupport
import Testing
import Training
import VQAFormats
import VQAPipeline
import WeightFiles

extension TrainingTests {
  @Suite struct OriginalStateTests {
    private static let folder = ParitySets.fixtures + "/trar/checkpoint"

    /// The settings that the checkpoint was made with.
    private func settings() throws -> OriginalConfiguration {
      let json = try JSONValue.parse(try readFile(Self.folder + "/readme.json", limit: 1 << 16))
      func integer(_ key: String) throws -> Int {
        try #require(json["config"]?[key]?.integerValue.map { Int($0) }, "\(key)")
      }
      var settings = OriginalConfiguration(dataSet: .vqa)
      settings.network.layers = try integer("LAYER")
      settings.network.hidden = try integer("HIDDEN_SIZE")
      settings.network.feedForward = try integer("FF_SIZE")
      settings.network.heads = try integer("MULTI_HEAD")
      settings.network.flatHidden = try integer("FLAT_MLP_SIZE")
      settings.network.flatOutput = try integer("FLAT_OUT_SIZE")
      settings.network.wordWidth = try integer("WORD_EMBED_SIZE")
      settings.network.gridSide = try integer("IMG_SCALE")
      settings.network.pooling = .attention
      settings.features.regions = .init(rows: 16, width: try #require(json["feat_dim"]?.integerValue.map { Int($0) }))
      settings.learning.batchSize = 4
      settings.learning.epochs = 2
      return settings
    }

    /// Eight questions of 50 words and 20 answers: the sizes of the checkpoint's vocabularies.
    private func writeSet(in folder: String, words: Int = 50) throws {
      try FileManager.default.createDirectory(atPath: folder + "/train", withIntermediateDirectories: true)
      try FileManager.default.createDirectory(atPath: folder + "/feats", withIntermediateDirectories: true)
      let names = (3..<words).map { "w\($0)" }
      let questions = (0..<8).map { number in
        Question(
          imageID: number, text: names.dropFirst(number * 6).prefix(6).joined(separator: " "),
          questionID: number)
      }
      try QuestionFile(header: DataSetHeader(), questions: questions).write(to: folder + "/train/questions.json")
      let annotations = (0..<8).map { number in
        Annotation(
          questionID: number, imageID: number, questionType: "", answerType: "", multipleChoiceAnswer: "a\(number)",
          answers: HumanAnswer.tenTimes("a\(number)"))
      }
      try AnnotationFile(header: DataSetHeader(), annotations: annotations).write(
        to: folder + "/train/annotations.json")
      let answers = try AnswerVocabulary(answers: (0..<20).map { "a\($0)" }, madeFrom: "the tests")
      try AtomicFile.write(answers.json, to: folder + "/answers.json")
      for number in 0..<8 {
        let values = (0..<16 * 40).map { Float(($0 * 7 + number * 13) % 19) / 10 - 0.9 }
        try AtomicFile.write(ArrayFileWriter.bytes(values, shape: [16, 40]), to: "\(folder)/feats/\(number).npy")
      }
    }

    private func recipe(in folder: String) throws -> Recipe {
      var recipe = try Recipe(try settings())
      recipe.data.heldOut = ""
      recipe.data.answers = folder + "/answers.json"
      recipe.data.features = [folder + "/feats"]
      return recipe
    }

    private func run(_ recipe: Recipe, in folder: String, from file: String, stopAfter last: Int = .max) throws
      -> [String]
    {
      var notes: [String] = []
      var run = try TrainingRun(recipe, data: folder, output: folder + "/run", threads: 1)
      run.source = "\(Self.folder)/\(file)"
      var step = 0
      _ = try run.run(
        resume: false, shouldStop: { step >= last }, report: { step = $0.step }, note: { notes.append($0) })
      return notes
    }

    /// What the step took the weights to must be what Adam makes of the checkpoint's state and the gradient, which the new means tell.
    @Test(arguments: ["epoch1.pkl", "epoch1_torch17_cuda_layout.pkl"])
    func theNextStepIsAdams(file: String) throws {
      try withTemporaryFolder { folder in
        try writeSet(in: folder)
        // Eight questions in steps of four: floor(8 / 4 * 1) = 2 updates lie before, so the step is the third.
        let notes = try run(try self.recipe(in: folder), in: folder, from: file, stopAfter: 3)
        #expect(notes.contains { $0.contains("1 passes done, rate 0.0001") }, "\(notes)")
        let after = try TensorFile(path: folder + "/run/checkpoint-3.safetensors")
        #expect(after.metadata["optimiser.steps"] == "5")

        let before = try TorchCheckpoint(path: "\(Self.folder)/\(file)")
        let weights = try #require(before.root["state_dict"])
        let state = try #require(before.root["optimizer"]?["state"])
        let order = try JSONValue.parse(try readFile(Self.folder + "/parameter_order.json", limit: 1 << 20))
        // A third of 4 x 2 updates of the warm-up: 2 / 4 of the rate.
        let rate = 1e-4 * 2 / 4
        var changed = 0
        for (number, entry) in try #require(order.arrayValue).enumerated() {
          let name = try #require(entry.arrayValue?.first?.stringValue)
          func floats(_ value: PickleValue?) throws -> [Double] {
            try before.floats(of: try #require(value?.tensorValue)).map { Double($0) }
          }
          let own = state[Int64(number)]
          let (weight, mean, square) = (
            try floats(weights[name]), try floats(own?["exp_avg"]), try floats(own?["exp_avg_sq"])
          )
          let newWeight = try after.floats("weight." + name)
          let newMean = try after.floats("first." + name)
          let newSquare = try after.floats("second." + name)
          for place in weight.indices {
            let gradient = (Double(newMean[place]) - 0.9 * mean[place]) / 0.1
            let expectedSquare = 0.98 * square[place] + 0.02 * gradient * gradient
            let tolerance = 1e-4 * expectedSquare + 1e-7 * abs(mean[place] * gradient) + 1e-14
            try #require(abs(Double(newSquare[place]) - expectedSquare) <= tolerance, "\(name)[\(place)]")
            let corrected = Double(newMean[place]) / (1 - pow(0.9, 5))
            let size = (Double(newSquare[place]) / (1 - pow(0.98, 5))).squareRoot() + 1e-9
            let expected = weight[place] - rate * corrected / size
            try #require(abs(Double(newWeight[place]) - expected) <= 1e-7 * max(1, abs(expected)), "\(name)[\(place)]")
            changed += newWeight[place] == Float(weight[place]) ? 0 : 1
          }
        }
        #expect(changed > 10_000)
      }
    }

    @Test func vocabulariesOfOtherSizesAreRefused() throws {
      try withTemporaryFolder { folder in
        try writeSet(in: folder, words: 40)
        let failure = try #require(
          #expect(throws: FileFailure.self) {
            try run(try self.recipe(in: folder), in: folder, from: "epoch1.pkl")
          })
        #expect(failure.description.contains("50 rows"), "\(failure)")
        #expect(failure.description.contains("40 words"))
        #expect(failure.description.contains("val, test, vg"))

        try writeSet(in: folder)
        var recipe = try self.recipe(in: folder)
        (recipe.data.answers, recipe.data.answerCount) = ("", 1)
        let answers = try #require(
          #expect(throws: FileFailure.self) { try run(recipe, in: folder, from: "epoch1.pkl") })
        #expect(answers.description.contains("20 rows") && answers.description.contains("8 answers"), "\(answers)")
      }
    }

    @Test func aFinishedRunHasNothingLeft() throws {
      try withTemporaryFolder { folder in
        try writeSet(in: folder)
        var recipe = try self.recipe(in: folder)
        recipe.training.epochs = 1
        let failure = try #require(
          #expect(throws: FileFailure.self) { try run(recipe, in: folder, from: "epoch1.pkl") })
        #expect(failure.description.contains("1 passes are done, and the run has 1"), "\(failure)")
      }
    }
  }
}
