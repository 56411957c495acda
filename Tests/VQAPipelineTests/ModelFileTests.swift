// ModelFileTests.swift - a model comes back from its file with the same answers to the bit.

import Foundation
import TestSupport
import Testing
import VQAPipeline
import WeightFiles

extension VQAPipelineTests {
  @Suite struct ModelFileTests {
    @Test func comesBackToTheBit() throws {
      try withTemporaryFolder { folder in
        let path = folder + "/model.safetensors"
        var configuration = Small.configuration
        configuration.temperature = 1.3
        configuration.network.dropout = 0.123_456_7
        let model = try Small.model(configuration)
        try ModelFile.save(model, record: ["training.step": "12", "note": "ä\n\"quoted\""], to: path)
        let (back, metadata) = try ModelFile.load(path)
        #expect(back.configuration == model.configuration)
        #expect(back.words.words == model.words.words)
        #expect(back.answers.answers == model.answers.answers)
        #expect(back.namedParameters.map(\.name) == model.namedParameters.map(\.name))
        for (one, other) in zip(back.namedParameters, model.namedParameters) {
          #expect(one.parameter.value.shape == other.parameter.value.shape)
          #expect(one.parameter.value.elements == other.parameter.value.elements, "\(one.name)")
        }
        let image = try Small.picture(1)
        let about = [(model, try model.see([image])[0]), (back, try back.see([image])[0])]
        let answers = about.map { model, seen in
          model.answer(Small.questions, about: Small.questions.map { _ in seen })
        }
        #expect(answers[0].map(\.candidates) == answers[1].map(\.candidates))
        #expect(answers[0].map(\.trace) == answers[1].map(\.trace))
        #expect(metadata["training.step"] == "12")
        #expect(metadata["note"] == "ä\n\"quoted\"")
      }
    }

    @Test func metadataDescribeTheModel() throws {
      try withTemporaryFolder { folder in
        let path = folder + "/model.safetensors"
        let model = try Small.model()
        try ModelFile.save(model, record: ["format": "forged", "words.sha256": "forged"], to: path)
        let metadata = try ModelFile.load(path).metadata
        #expect(metadata["format"] == ModelFile.format)
        #expect(metadata["words.sha256"] == model.words.contentHash)
        #expect(metadata["answers.sha256"] == model.answers.contentHash)
        #expect(metadata["configuration"]?.contains("\"hidden\":16") == true)
        #expect(try TensorFile(path: path).metadata == metadata)
      }
    }

    @Test func sameModelGivesTheSameBytes() throws {
      try withTemporaryFolder { folder in
        try ModelFile.save(try Small.model(), to: folder + "/a.safetensors")
        try ModelFile.save(try Small.model(), to: folder + "/b.safetensors")
        try ModelFile.save(try Small.model(seed: 4), to: folder + "/c.safetensors")
        let files = try ["a", "b", "c"].map { try Data(contentsOf: URL(filePath: "\(folder)/\($0).safetensors")) }
        #expect(files[0] == files[1])
        #expect(files[0] != files[2])
      }
    }

    @Test func weightThatIsNotFiniteIsNotWritten() throws {
      try withTemporaryFolder { folder in
        let path = folder + "/model.safetensors"
        let model = try Small.model()
        try ModelFile.save(model, to: path)
        let before = try Data(contentsOf: URL(filePath: path))
        let (name, parameter) = model.namedParameters[3]
        var values = parameter.value.elements
        values[1] = .infinity
        parameter.value = .init(values, shape: parameter.value.shape)
        let failure = try #require(throws: (any Error).self) { try ModelFile.save(model, to: path) }
        #expect("\(failure)".contains(name))
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
      }
    }
  }
}
