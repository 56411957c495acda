// ModelRefusalTests.swift - files that are no model, or whose parts do not belong together, are refused with the place.

import SafeFiles
import TestSupport
import Testing
import VQAFormats
import VQAPipeline
import WeightFiles

@Suite struct ModelRefusalTests {
  /// The parts of a good file.
  private struct Parts {
    var tensors: [TensorFileWriter.Tensor]
    var metadata: [String: String]

    init() throws {
      let model = try Small.model()
      tensors = model.namedParameters.map { ($0.name, $0.parameter.value.shape, $0.parameter.value.elements) }
      metadata = try ModelFile.metadata(of: model)
    }

    mutating func replace(_ old: String, by new: String) {
      let before = metadata["configuration"] ?? ""
      metadata["configuration"] = before.replacing(old, with: new)
    }
  }

  /// Writes a changed file, expects that it is refused with its path, and returns the cause.
  private func refusal(_ change: (inout Parts) throws -> Void) throws -> any Failure {
    try withTemporaryFolder { folder in
      let path = folder + "/model.safetensors"
      var parts = try Parts()
      try TensorFileWriter.write(tensors: parts.tensors, metadata: parts.metadata, to: path)
      _ = try ModelFile.load(path)
      try change(&parts)
      try TensorFileWriter.write(tensors: parts.tensors, metadata: parts.metadata, to: path)
      let failure = try #require(throws: FileFailure.self) { try ModelFile.load(path) }
      #expect(failure.file == path)
      #expect(failure.kind == .badData)
      if let place = failure.cause.place { #expect(failure.description.contains(place)) }
      return failure.cause
    }
  }

  @Test(arguments: ["format", "configuration", "words", "words.sha256", "answers", "answers.sha256"])
  func missingMetadata(key: String) throws {
    let cause = try refusal { $0.metadata[key] = nil }
    #expect(cause as? ModelFailure == .noMetadata(key: key))
    #expect(cause.place == "metadata \(key)")
  }

  @Test func noMetadataAtAll() throws {
    #expect(try refusal { $0.metadata = [:] } as? ModelFailure == .noMetadata(key: "format"))
  }

  @Test func otherFormat() throws {
    let cause = try refusal { $0.metadata["format"] = "vqa-model-2\u{1B}[31m" }
    #expect(cause.place == "metadata format")
    #expect(cause.problem.contains("vqa-model-2"))
    #expect(!cause.problem.contains("\u{1B}"))
  }

  @Test(arguments: ["configuration", "words", "answers"])
  func metadataThatAreNotJSON(key: String) throws {
    for text in ["", "{", "[]", "{\"a\": 1, \"a\": 2}"] {
      let cause = try refusal { $0.metadata[key] = text }
      #expect(cause.place?.contains(key) == true || cause.problem.contains("object"), "\(cause.message)")
      #expect(cause.message.contains(key), "\(cause.message)")
    }
  }

  @Test func changedVocabularies() throws {
    let words = Vocabulary.build(fromQuestions: Small.questions.reversed(), madeFrom: "the tests")
    let right = Small.words.contentHash
    #expect(words.count == Small.words.count)
    let cause = try refusal { $0.metadata["words"] = words.json }
    #expect(cause as? ModelFailure == .changedVocabulary(key: "words", expected: right, found: words.contentHash))
    #expect(cause.place == "metadata words")
    let answers = try AnswerVocabulary(answers: ["no", "yes", "red", "blue", "circle"], madeFrom: "")
    #expect(try refusal { $0.metadata["answers"] = answers.json }.place == "metadata answers")
    #expect(try refusal { $0.metadata["answers.sha256"] = right }.place == "metadata answers")
  }

  @Test func vocabulariesOfOtherSizes() throws {
    let answers = try AnswerVocabulary(answers: ["no", "yes"], madeFrom: "")
    let cause = try refusal {
      $0.metadata["answers"] = answers.json
      $0.metadata["answers.sha256"] = answers.contentHash
    }
    #expect(cause.place == "metadata configuration")
    #expect(try refusal { $0.replace("\"answers\":5", by: "\"answers\":6") }.place == "metadata configuration")
  }

  @Test func unknownAndImpossibleSettings() throws {
    let unknown = try refusal { $0.replace("\"hidden\":16", by: "\"hidden\":16,\"hiden\":16") }
    #expect(unknown.place == "configuration.network.hiden")
    #expect(try refusal { $0.replace("\"hidden\":16", by: "\"hidden\":\"x\"") }.place == "configuration.network.hidden")
    #expect(try refusal { $0.replace("\"hidden\":16", by: "\"hidden\":16.5") }.place == "configuration.network.hidden")
    #expect(try refusal { $0.replace("\"hidden\":16", by: "\"hidden\":15") }.message.contains("network.heads"))
    #expect(try refusal { $0.replace("\"orders\":[0,2,1]", by: "\"orders\":[0,4]") }.message.contains("network.orders"))
  }

  @Test func missingTensor() throws {
    for place in [0, 7] {
      let name = try Parts().tensors[place].name
      let cause = try refusal { $0.tensors.remove(at: place) }
      #expect(cause as? ModelFailure == .noTensor(name))
      #expect(cause.place == "tensor \(name)")
    }
  }

  @Test func strangeTensor() throws {
    let cause = try refusal { $0.tensors.append((name: "proj.extra", shape: [1], values: [0])) }
    #expect(cause as? ModelFailure == .strangeTensor("proj.extra"))
    #expect(cause.place == "tensor proj.extra")
  }

  @Test func misshapenTensor() throws {
    let cause = try refusal {
      let place = try #require($0.tensors.firstIndex { $0.name == "proj.weight" })
      $0.tensors[place].shape.reverse()
    }
    #expect(cause as? ModelFailure == .wrongShape("proj.weight", expected: [5, 10], found: [10, 5]))
    #expect(cause.place == "tensor proj.weight")
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func tensorThatIsNotFinite(value: Float) throws {
    let cause = try refusal {
      let place = try #require($0.tensors.firstIndex { $0.name == "proj.weight" })
      $0.tensors[place].values[49] = value
    }
    #expect(cause as? ModelFailure == .notFinite("proj.weight"))
    #expect(cause.place == "tensor proj.weight")
  }

  @Test func sizesOfAnotherNetwork() throws {
    #expect(try refusal { $0.replace("\"flatHidden\":8", by: "\"flatHidden\":9") } is ModelFailure)
    #expect(try refusal { $0.replace("\"decoderLayers\":2", by: "\"decoderLayers\":1") } is ModelFailure)
  }

  /// The file is a few kilobytes, so nothing of the size that it speaks of may be made.
  @Test func sizesBeyondTheFileAreRefusedBeforeAnythingIsMade() throws {
    let causes = [
      try refusal { $0.replace("\"hidden\":16", by: "\"hidden\":8000") },
      try refusal { $0.replace("\"flatOutput\":10", by: "\"flatOutput\":10000000") },
      try refusal { $0.replace("\"wordWidth\":6", by: "\"wordWidth\":10000000") },
      try refusal { $0.replace("\"expansion\":2", by: "\"expansion\":50000") },
    ]
    for cause in causes { #expect(cause.place == "metadata configuration", "\(cause.message)") }
  }

  @Test func damagedAndMissingFiles() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/model.safetensors"
      let parts = try Parts()
      let bytes = try TensorFileWriter.bytes(tensors: parts.tensors, metadata: parts.metadata)
      for count in [0, 7, 8, 100, bytes.count - 1] {
        try AtomicFile.write(Array(bytes.prefix(count)), to: path)
        #expect(throws: FileFailure.self) { try ModelFile.load(path) }
      }
      let missing = try #require(throws: FileFailure.self) { try ModelFile.load(folder + "/none.safetensors") }
      #expect(missing.kind == .notFound)
    }
  }
}
