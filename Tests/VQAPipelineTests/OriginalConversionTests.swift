// OriginalConversionTests.swift - checkpoints of the original, converted with all that belongs to them, give the original's answers.

import Layers
import Routing
import SafeFiles
import TRAR
import Tensors
import TestSupport
import Testing
import VQAFormats
import VQAPipeline
import WeightFiles

/// A checkpoint set with the files that its user would have.
struct OriginalCase {
  let set: ParitySet
  let sizes: JSONValue
  let dataSet: OriginalConfiguration.DataSet
  let files: OriginalSet

  init(_ set: ParitySet, folder: String) throws {
    self.set = set
    sizes = try set.json("readme.json")
    dataSet = sizes["config"]?["DATASET"]?.stringValue == "clevr" ? .clevr : .vqa
    files = OriginalSet(
      folder: folder, words: Int(try #require(sizes["vocab"]?.integerValue)),
      answers: Int(try #require(sizes["answers"]?.integerValue)), isCLEVR: dataSet == .clevr)
    let expected = try TensorFile(path: set.file("expected.safetensors"))
    try files.write(longest: try expected.tensor("in.ques_ix").shape[1])
  }

  /// The settings without going through YAML, which a build may lack.
  func settings() throws -> OriginalConfiguration {
    var settings = OriginalConfiguration(dataSet: dataSet)
    let config = sizes["config"]
    func whole(_ key: String) throws -> Int { Int(try #require(config?[key]?.integerValue, "\(key)")) }
    settings.network.layers = try whole("LAYER")
    settings.network.hidden = try whole("HIDDEN_SIZE")
    settings.network.feedForward = try whole("FF_SIZE")
    settings.network.heads = try whole("MULTI_HEAD")
    settings.network.flatHidden = try whole("FLAT_MLP_SIZE")
    settings.network.glimpses = try whole("FLAT_GLIMPSES")
    settings.network.flatOutput = try whole("FLAT_OUT_SIZE")
    settings.network.gridSide = try whole("IMG_SCALE")
    settings.network.orders = try #require(config?["ORDERS"]?.arrayValue).compactMap(\.integerValue).map { Int($0) }
    settings.network.routing = try #require(OriginalRouting(rawValue: config?["ROUTING"]?.stringValue ?? ""))
    settings.network.pooling = try #require(OriginalPooling(rawValue: config?["POOLING"]?.stringValue ?? ""))
    settings.network.binarize = config?["BINARIZE"]?.boolValue ?? false
    settings.network.greatestTemperature = try #require(config?["TAU_MAX"]?.numberValue)
    return settings
  }

  /// The model of one of the set's checkpoints.
  func model(_ file: String, settings: OriginalConfiguration? = nil, questions: [String]? = nil) throws -> VQAModel {
    let checkpoint = try OriginalCheckpoint(path: set.file(file))
    let conversion = try OriginalConversion(checkpoint, settings: try settings ?? self.settings())
    let scanned = try OriginalQuestions(paths: questions ?? files.questionPaths, dataSet: dataSet)
    let path = files.folder + "/answer_dict.json"
    let answers = dataSet == .vqa ? (vocabulary: try AnswerVocabulary(path: path), source: path) : nil
    return try conversion.model(questions: scanned, answers: answers, name: "converted")
  }
}

@Suite struct OriginalConversionTests {
  @Test(arguments: try ParitySets.folders(.trarCheckpoint))
  func aConvertedModelAnswersAsTheOriginal(_ set: ParitySet) throws {
    try withTemporaryFolder { folder in
      let original = try OriginalCase(set, folder: folder)
      let expected = try TensorFile(path: set.file("expected.safetensors"))
      let shape = try expected.tensor("in.img_feat").shape
      let ids = try expected.int64s("in.ques_ix").map { Int($0) }
      let length = try expected.tensor("in.ques_ix").shape[1]
      let features = try expected.floats("in.img_feat")
      let logits = try expected.floats("out.logits")
      let files = set.files(suffix: ".pkl")
      try #require(!files.isEmpty)
      var worst: Float = 0
      for file in files {
        let path = folder + "/model.safetensors"
        try ModelFile.save(try original.model(file), record: ["converted.from": file], to: path)
        let (model, metadata) = try ModelFile.load(path)
        #expect(metadata["converted.from"] == file && model.takesFeatures)
        #expect(model.words.words.dropFirst(3).enumerated().allSatisfy { $1 == original.files.word($0 + 3) })
        #expect(model.configuration.network.questionLength == length)
        for sample in 0..<shape[0] {
          let words = Array(ids[(sample * length)..<((sample + 1) * length)])
          let count = shape[1] * shape[2]
          let rows = Tensor(Array(features[(sample * count)..<((sample + 1) * count)]), shape: [shape[1], shape[2]])
          let picture = try model.see(features: rows)
          var trace = RoutingTrace()
          let question = model.network.encode(words: words, batch: 1)
          let pass = TRARPass(settings: model.routingSettings)
          let found = model.network.decode(
            features: picture.tokens.tokens, question: question, spans: model.spans[0], pass: pass, trace: &trace)
          let width = model.answers.count
          let right = Array(logits[(sample * width)..<((sample + 1) * width)])
          // Logits drawn with noise are compared in the tests of the network, which can inject it.
          guard model.configuration.network.routing == .soft else { continue }
          let comparison = try compare(found.elements, right, absolute: 2e-5, relative: 1e-5)
          #expect(comparison.isWithin, "\(set.path)/\(file) is off by \(comparison.worst)")
          worst = max(worst, comparison.worst)

          // No text gives the word CLS, which the original reserves and never uses.
          if words.contains(Vocabulary.classification) { continue }
          let text = words.filter { $0 != 0 }.map(original.files.word).joined(separator: " ")
          let answer = try #require(model.answer([text], about: [picture], top: 1).first)
          let best = right.indices.max { right[$0] < right[$1] }
          #expect(answer.best.answer == "a\(best ?? -1)")
        }
      }
      try printParity(kind: "trar", folder: set.name + "/converted", worst: worst, tolerance: 2e-5)
    }
  }

  /// Runs a test with the set of this package.
  private func withCase(_ body: (OriginalCase, String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let set = try #require(try ParitySets.folders(.trarCheckpoint, environment: [:]).first)
      try body(try OriginalCase(set, folder: folder), try #require(set.files(suffix: ".pkl").first))
    }
  }

  private func failure(_ body: () throws -> Void) throws -> OriginalFailure? {
    do {
      try body()
      return nil
    } catch let failure as OriginalFailure {
      return failure
    }
  }

  @Test func anotherOrderIsNoMatterWhereNamesTell() throws {
    try withCase { original, file in
      let reversed = try original.model(file, questions: original.files.questionPaths.reversed())
      #expect(try original.model(file).words == reversed.words)
    }
  }

  @Test func aMissingQuestionFileIsToldWithTheOrder() throws {
    try withCase { original, file in
      let paths = original.files.questionPaths.filter { $0.hasSuffix("2014_questions.json") }
      let failure = try failure { _ = try original.model(file, questions: paths) }
      guard case .wordCount(let found, 50, let order, let missing) = failure else {
        Issue.record("\(String(describing: failure))")
        return
      }
      #expect(found < 50)
      #expect(order.hasPrefix("train (v2_OpenEnded_mscoco_train2014_questions.json), val ("))
      #expect(missing == ["v2_OpenEnded_mscoco_test2015_questions.json", "VG_questions.json"])
      #expect(failure?.advice.contains("VG_questions.json") == true && failure?.place == "tensor embedding.weight")
      #expect(failure?.problem.contains("the embedding has 50 rows, the question files give \(found) words") == true)
    }
  }

  @Test func settingsOfAnotherNetworkAreRefusedByTensor() throws {
    try withCase { original, file in
      let changes: [(tensor: String, change: (inout OriginalConfiguration) -> Void)] = [
        ("lstm.weight_hh_l0", { $0.network.hidden = 64 }),
        ("lstm.weight_hh_l0", { $0.network.hidden = 1 << 16 }),
        ("backbone.enc_list.2.ffn.mlp.fc.linear.weight", { $0.network.layers = 3 }),
        ("backbone.enc_list.1.mhatt.linear_v.weight", { $0.network.layers = 1 }),
        ("backbone.enc_list.1.ffn.mlp.fc.linear.weight", { $0.network.feedForward = 65 }),
        ("backbone.dec_list.0.mhatt1.routing_block.mlp.2.weight", { $0.network.orders = [0] }),
        ("attflat_img.mlp.fc.linear.weight", { $0.network.flatHidden = 25 }),
        ("attflat_img.mlp.linear.weight", { $0.network.glimpses = 2 }),
        ("attflat_img.linear_merge.weight", { $0.network.flatOutput = 41 }),
        ("backbone.dec_list.0.mhatt1.routing_block.pool.mlp.fc.linear.weight", { $0.network.pooling = .average }),
      ]
      for (tensor, change) in changes {
        var settings = try original.settings()
        change(&settings)
        let failure = try failure { _ = try original.model(file, settings: settings) }
        // One layer less leaves tensors over, the first of which is named.
        let isNamed = failure?.place == "tensor \(tensor)" || tensor.contains("linear_v") && failure != nil
        #expect(isNamed, "\(tensor): \(String(describing: failure))")
        #expect(failure?.advice.contains("--config") == true)
      }
    }
  }

  @Test func answersMustFitTheLastLayer() throws {
    try withCase { original, file in
      try AtomicFile.write("[{\"yes\": 0}, {\"0\": \"yes\"}]", to: original.files.folder + "/answer_dict.json")
      let failure = try failure { _ = try original.model(file) }
      #expect(failure == .answerCount(found: 1, layer: 20, source: original.files.folder + "/answer_dict.json"))
    }
  }

  @Test func theOtherDataSetIsRefused() throws {
    try withCase { original, file in
      let checkpoint = try OriginalCheckpoint(path: original.set.file(file))
      #expect(checkpoint.dataSet == .vqa && checkpoint.epoch == 1 && checkpoint.rate == 1e-4)
      #expect(checkpoint.words == 50 && checkpoint.answers == 20)
      #expect(throws: OriginalFailure.otherDataSet(expected: .vqa)) {
        try OriginalConversion(checkpoint, settings: OriginalConfiguration(dataSet: .clevr))
      }
    }
  }

  @Test func checkpointsThatAreNoneAreRefused() throws {
    func refused(_ root: Pickled, storages: [(key: String, bytes: [UInt8])] = []) throws -> OriginalFailure? {
      let file = try TorchCheckpoint(bytes: torchFile(root, storages: storages))
      return try failure { _ = try OriginalCheckpoint(file) }
    }
    #expect(try refused(.list([])) == .noWeights(found: "list"))
    #expect(try refused(.dictionary([(.text("state_dict"), .dictionary([]))])) == .noWeights(found: "dict"))
    #expect(try refused(.dictionary([(.text("a"), .integer(1))])) == .notTensor("a", found: "int"))
    #expect(
      try refused(.dictionary([(.integer(1), .integer(1))])) == .noWeights(found: "a dictionary with the key int"))
    let name = "backbone.dec_list.0.prediction_layer.mlp.0.weight"
    let one = [(key: "0", bytes: storageBytes([1]))]
    #expect(try refused(.ordered([(name, .tensor(key: "0", shape: [1]))]), storages: one) == .beforeRelease(name))
    let wrapped = try TorchCheckpoint(
      bytes: torchFile(.ordered([("module.a", .tensor(key: "0", shape: [1]))]), storages: one))
    let checkpoint = try OriginalCheckpoint(wrapped)
    #expect(checkpoint["a"] != nil && checkpoint.words == nil && checkpoint.dataSet == nil && checkpoint.count == 1)
    #expect(throws: OriginalFailure.strangeTensor("a")) { try checkpoint.fill([]) }
    let parameter = Parameter(Tensor([0], shape: [1]))
    #expect(throws: OriginalFailure.noTensor("b")) {
      try checkpoint.fill([("a", parameter), ("b", parameter)])
    }
    let nan = try TorchCheckpoint(
      bytes: torchFile(.ordered([("a", .tensor(key: "0", shape: [1]))]), storages: [("0", storageBytes([.nan]))]))
    #expect(throws: OriginalFailure.notFinite("a")) { try OriginalCheckpoint(nan).fill([("a", parameter)]) }
    for failure in [OriginalFailure.notFinite("a"), .beforeRelease("a"), .strangeTensor("\u{1B}"), .noTensor("a")] {
      #expect(!failure.problem.isEmpty && !failure.advice.isEmpty && !failure.message.contains("\u{1B}"))
    }
  }
}
