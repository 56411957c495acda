// KnownModelFileTests.swift - a model with a backbone comes back from its file, and what does not belong together is refused.

import SafeFiles
import Tensors
import TestSupport
import Testing
import VQAFormats
import VQAPipeline
import WeightFiles

extension VQAPipelineTests {
  @Suite struct KnownModelFiles {
    private static let configuration = Known.configuration(stages: 1)

    private func answers(_ model: VQAModel) throws -> [[AnswerCandidate]] {
      let seen = [try model.see([try Small.picture(5)])[0], try model.seeNothing()]
      return seen.flatMap { picture in
        model.answer(Known.questions, about: Known.questions.map { _ in picture }).map(\.candidates)
      }
    }

    @Test(arguments: [TensorStorage.float32, .float16])
    func comesBack(storage: TensorStorage) throws {
      try withTemporaryFolder { folder in
        let path = folder + "/model.safetensors"
        let model = try Known.model(Self.configuration)
        try ModelFile.save(model, storage: storage, to: path)
        let (back, metadata) = try ModelFile.load(path)
        #expect(back.configuration == model.configuration)
        #expect(back.tables == model.tables)
        #expect(metadata["knowledge"] == model.tables?.json)
        #expect(back.namedParameters.map(\.name) == model.namedParameters.map(\.name))
        for (one, other) in zip(back.namedParameters, model.namedParameters) {
          let values = other.parameter.value.elements
          let stored = storage == .float16 ? values.map { Float(Float16($0)) } : values
          #expect(one.parameter.value.elements == stored, "\(one.name)")
          other.parameter.value = Tensor(stored, shape: other.parameter.value.shape)
        }
        #expect(try answers(back) == answers(model))
      }
    }

    // MARK: Refusals

    /// Why a file with some metadata is refused; its weights are of no matter.
    private func refusal(
      _ change: (inout [String: String]) throws -> Void
    ) throws -> any Failure {
      try withTemporaryFolder { folder in
        let path = folder + "/model.safetensors"
        var metadata = try ModelFile.metadata(of: Known.model(Self.configuration))
        try change(&metadata)
        try TensorFileWriter.write(
          tensors: [("none", [1 << 20], Array(repeating: 0, count: 1 << 20))], metadata: metadata, to: path)
        let failure = try #require(throws: FileFailure.self) { try ModelFile.load(path) }
        #expect(failure.file == path && failure.kind == .badData)
        return failure.cause
      }
    }

    private func refusal(replacing old: String, by new: String) throws -> any Failure {
      try refusal { metadata in
        let before = try #require(metadata["configuration"])
        #expect(before.contains(old))
        metadata["configuration"] = before.replacing(old, with: new)
      }
    }

    /// All is right but the weights.
    @Test func theMetadataThemselvesAreTaken() throws {
      #expect(try refusal { _ in } as? ModelFailure == .strangeTensor("none"))
    }

    @Test func withoutItsWordsItIsNoModel() throws {
      #expect(try refusal { $0["knowledge"] = nil } as? ModelFailure == .noMetadata(key: "knowledge"))
      for text in ["", "{}", "[]"] {
        let cause = try refusal { $0["knowledge"] = text }
        #expect(cause.place == "metadata knowledge", "\(cause.message)")
      }
      let far = try refusal { $0["knowledge"] = $0["knowledge"]?.replacing("[2,3,6]", with: "[2,3,8]") }
      #expect(far.place == "metadata knowledge" && far.problem.contains("below"))
    }

    @Test func wordsOfOtherClassesOrLabels() throws {
      let labels = try refusal { $0["knowledge"] = try Known.tables(classes: 1000, labels: []).json }
      #expect(labels.message.contains("knowledge.labels: 2, but the concept vocabulary has 0"), "\(labels.message)")
      let classes = try refusal { $0["knowledge"] = try Known.tables(classes: 999).json }
      #expect(classes.message.contains("knowledge.classes"), "\(classes.message)")
      #expect(try refusal(replacing: "\"labels\":2", by: "\"labels\":3").message.contains("knowledge.labels: 3"))
    }

    /// Sizes that the backbone does not have, and such as no memory has.
    @Test func impossibleSizes() throws {
      let right = BackboneCascade.gridWidth
      let width = try refusal(replacing: "\"gridWidth\":\(right)", by: "\"gridWidth\":256")
      #expect(width.message.contains("gridWidth: 256 is not \(right)"), "\(width.message)")
      let classes = try refusal(replacing: "\"classes\":1000,\"labels\"", by: "\"classes\":4,\"labels\"")
      #expect(classes.message.contains("knowledge.classes: 4"), "\(classes.message)")
      let names = try refusal(replacing: "\"names\":2", by: "\"names\":65")
      #expect(names.message.contains("knowledge.names: 65"), "\(names.message)")
      let vectors = try refusal(replacing: "\"vectorWidth\":6", by: "\"vectorWidth\":65536")
      #expect(vectors.message.contains("weights, the file holds"), "\(vectors.message)")
    }

    @Test func knowledgeNeedsABackbone() throws {
      var configuration = Self.configuration
      configuration.vision.embedding = .stem
      #expect(configuration.problem?.contains("knowledge.names: 2 names need a backbone") == true)
      configuration = Self.configuration
      configuration.cascade.stages.family = .stem
      configuration.cascade.stages.channels = [4, 4, 4, 4]
      #expect(configuration.problem?.contains("need a backbone") == true)
      configuration.knowledge.names = 0
      #expect(configuration.problem == nil)
      let failure = try #require(throws: ConfigurationFailure.self) { try Small.model(Self.configuration) }
      #expect("\(failure)".contains("model.knowledge"), "\(failure)")
    }

    @Test(arguments: [
      (\KnowledgeConfiguration.names, -1), (\.vectorWidth, 0), (\.labels, -1), (\.classes, 0), (\.classes, 1001),
    ])
    func impossibleSettings(setting: WritableKeyPath<KnowledgeConfiguration, Int> & Sendable, value: Int) {
      var configuration = Self.configuration
      configuration.knowledge[keyPath: setting] = value
      #expect(configuration.problem?.hasPrefix("knowledge.") == true)
      #expect(configuration.problem?.contains("\(value)") == true)
    }

    @Test func temperaturesAreAboveZero() {
      var configuration = Self.configuration
      for value in [0, -1, Float.nan, .infinity] {
        configuration.knowledge.classTemperature = value
        #expect(configuration.problem?.hasPrefix("knowledge.classTemperature") == true)
      }
    }
  }
}
