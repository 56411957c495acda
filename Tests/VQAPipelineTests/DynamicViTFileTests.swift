// DynamicViTFileTests.swift - checkpoints and files of Dynamic ViT that are not what they should be are refused with the place.

import DynamicViT
import Foundation
import Layers
import Routing
import SafeFiles
import Tensors
import TestSupport
import Testing
import VQAPipeline
import WeightFiles

extension VQAPipelineTests {
  @Suite struct DynamicViTFiles {
    /// The smallest cascade there is: one stage, one block, one head.
    private static let configuration: DynamicViTConfiguration = {
      var configuration = DynamicViTConfiguration()
      (configuration.stages, configuration.layers, configuration.width, configuration.heads) = (1, 1, 2, 1)
      (configuration.classes, configuration.expansion) = (2, 1)
      (configuration.featureReuse, configuration.relationReuse) = (false, false)
      return configuration
    }()

    /// The weights of that cascade, all of one value, in storages by name.
    private func weights(
      _ value: Float = 0.25
    ) -> (state: [(String, Pickled)], storages: [(key: String, bytes: [UInt8])]) {
      let shapes = Self.configuration.parameterShapes
      return (
        shapes.map { ($0.name, .tensor(key: $0.name, shape: $0.shape)) },
        shapes.map { ($0.name, storageBytes(Array(repeating: value, count: $0.count))) }
      )
    }

    private func checkpoint(
      _ members: [(String, Pickled)] = [], key: String = "model_state_dict", value: Float = 0.25
    ) throws -> TorchCheckpoint {
      let (state, storages) = weights(value)
      let root = [(key, Pickled.ordered(state))] + members
      return try TorchCheckpoint(
        bytes: torchFile(.dictionary(root.map { (.text($0.0), $0.1) }), storages: storages))
    }

    private func refused(
      _ file: TorchCheckpoint, weights: DynamicViTCheckpoint.Weights? = nil, heads: Int? = 1
    ) -> DynamicViTFailure? {
      do {
        _ = try DynamicViTCheckpoint(file, weights: weights, heads: heads).cascade()
      } catch {
        return error as? DynamicViTFailure
      }
      return nil
    }

    @Test func weightsAreFoundWhereverTheyAre() throws {
      for key in ["model_state_dict", "state_dict", "state_dict_ema"] {
        let file = try checkpoint(key: key)
        #expect(DynamicViTCheckpoint.isOne(file))
        let found = try DynamicViTCheckpoint(file, heads: 1)
        #expect(found.source == key && found.sizes.configuration == Self.configuration)
      }
      let (state, storages) = weights()
      let bare = try TorchCheckpoint(bytes: torchFile(.ordered(state), storages: storages))
      #expect(DynamicViTCheckpoint.isOne(bare))
      #expect(try DynamicViTCheckpoint(bare, heads: 1).source.isEmpty)
      let wrapped = state.map { ("module." + $0.0, $0.1) }
      let module = try TorchCheckpoint(bytes: torchFile(.ordered(wrapped), storages: storages))
      #expect(DynamicViTCheckpoint.isOne(module))
      #expect(try DynamicViTCheckpoint(module, heads: 1).sizes.configuration == Self.configuration)
      // An average that is none: training keeps None where it makes no average.
      let without = try checkpoint([("state_dict_ema", .none)], key: "state_dict")
      #expect(try DynamicViTCheckpoint(without, heads: 1).source == "state_dict")
      #expect(refused(without, weights: .average) == .noAverage)
      let other = try TorchCheckpoint(
        bytes: torchFile(.ordered([("a.weight", .tensor(key: "0", shape: [1]))]), storages: [("0", storageBytes([1]))]))
      #expect(!DynamicViTCheckpoint.isOne(other))
      #expect(refused(other) == .noTensor("less_less_token.cls_token"))
    }

    @Test func checkpointsThatAreNoneAreRefused() throws {
      func refusedRoot(_ root: Pickled) throws -> DynamicViTFailure? {
        refused(try TorchCheckpoint(bytes: torchFile(root, storages: [])))
      }
      #expect(try refusedRoot(.list([])) == .noWeights(found: "list"))
      #expect(try refusedRoot(.dictionary([(.text("state_dict"), .dictionary([]))])) == .noWeights(found: "dict"))
      #expect(try refusedRoot(.dictionary([(.text("a"), .integer(1))])) == .notTensor("a", found: "int"))
      #expect(
        try refusedRoot(.dictionary([(.integer(1), .none)])) == .noWeights(found: "a dictionary with the key int"))
      #expect(refused(try checkpoint(value: .nan)) == .notFinite("less_less_token.cls_token"))
      #expect(refused(try checkpoint(), heads: nil) == .unknownHeads(width: 2))
      for failure in [
        DynamicViTFailure.notFinite("\u{1B}"), .noAverage, .strangeTensor("a"), .wrongAxes("a", expected: 1, found: []),
        .impossible("no"), .badMetadata(key: "a", problem: "b"), .otherHeads(given: 1, relations: 2),
      ] {
        #expect(!failure.problem.isEmpty && !failure.advice.isEmpty && !failure.message.contains("\u{1B}"))
        #expect(failure.kind == .badData)
      }
    }

    @Test func factsMustBeWhatTheyAre() throws {
      let rows = Pickled.list((0..<59).map { .tuple([.number(Double($0))]) })
      let good: [(String, Pickled)] = [
        ("flops", .list([.integer(2)])), ("anytime_classification", .tuple([.number(50)])), ("dynamic_threshold", rows),
        ("budgeted_batch_classification", .list([.list([.number(1)]), .list([.number(2)])])),
      ]
      let facts = try DynamicViTCheckpoint(try checkpoint(good), heads: 1).facts
      #expect(facts.costs == [2] && facts.anytimeAccuracy == [50] && facts.thresholds.count == 59)
      #expect(facts.budgetedCosts == [1] && facts.budgetedAccuracy == [2])
      let bad: [(String, Pickled)] = [
        ("flops", .list([.integer(2), .integer(3)])), ("flops", .text("2")), ("flops", .list([.text("2")])),
        ("flops", .list([.list([.integer(2)])])), ("flops", .list([.number(.infinity)])), ("flops", .none),
        ("anytime_classification", .list([.number(1), .number(2)])), ("anytime_classification", .number(1)),
        ("dynamic_threshold", .list([.list([.number(1)]), .list([])])), ("dynamic_threshold", .list([.number(1)])),
        ("dynamic_threshold", .list([.list([.number(1), .number(2)])])),
        ("dynamic_threshold", .list([.list([.number(.nan)])])),
        ("budgeted_batch_classification", .list([.list([.number(1)])])),
        ("budgeted_batch_classification", .list([.list([.number(1)]), .list([])])),
      ]
      for (key, value) in bad {
        let failure = refused(try checkpoint([(key, value)]))
        guard case .badValue(key, _) = failure else {
          Issue.record("\(key) \(value): \(String(describing: failure))")
          continue
        }
        #expect(failure?.place == key)
      }
    }

    // MARK: Files of this program

    /// Writes a file of that cascade with some metadata changed and reads it.
    private func load(
      _ changes: [String: String?] = [:], tensors change: (inout [TensorFileWriter.Tensor]) -> Void = { _ in }
    ) throws -> FileFailure? {
      try withTemporaryFolder { folder in
        let path = folder + "/a.safetensors"
        var tensors = Self.configuration.parameterShapes.map { item -> TensorFileWriter.Tensor in
          (item.name, item.shape, Array(repeating: 0.25, count: item.count))
        }
        change(&tensors)
        var metadata = [
          "format": DynamicViTFile.format, "kind": DynamicViTFile.kind,
          "configuration": try ConfigurationOverlay.json(of: Self.configuration).serialized(),
        ]
        for (key, value) in changes { metadata[key] = value }
        try TensorFileWriter.write(tensors: tensors, metadata: metadata, to: path)
        do { _ = try DynamicViTFile.load(path) } catch { return error as? FileFailure }
        return nil
      }
    }

    @Test func damagedFilesSayWhere() throws {
      #expect(try load() == nil)
      #expect(try load(["thresholds": "[[0.5]]", "flops": "[1]", "made": "x"]) == nil)
      let large = "[" + String(repeating: "1,", count: 100) + "1]"
      let changes: [(key: String, value: String?)] = [
        ("format", nil), ("format", "vqa-model-1"), ("configuration", nil), ("configuration", "{"),
        ("configuration", "[]"), ("configuration", #"{"width": 9000000000000000000}"#),
        ("configuration", #"{"width": -1}"#), ("configuration", #"{"stages": 4}"#), ("configuration", #"{"size": 1}"#),
        ("configuration", #"{"family": "vit"}"#), ("configuration", #"{"expansion": 1e300}"#),
        ("configuration", #"{"pictureSize": 256}"#), ("configuration", #"{"heads": 9000000000000000000}"#),
        ("flops", "1"), ("flops", "[true]"), ("flops", large), ("thresholds", "[1]"), ("thresholds", "[[1,2]]"),
        ("thresholds", "[["), ("accuracy.anytime", "[1,2]"), ("budgeted.flops", "[1]"), ("budgeted.accuracy", "[1]"),
      ]
      for (key, value) in changes {
        let failure = try load([key: value])
        let place = key == "budgeted.accuracy" ? "budgeted.flops" : key
        #expect(failure?.kind == .badData && failure?.cause.place == "metadata \(place)", "\(key) \(value ?? "nil")")
      }
      // Sizes that only the metadata speak of make nobody take memory.
      let huge = #"{"width": 65536, "heads": 1, "layers": 65536, "expansion": 64}"#
      #expect(try load(["configuration": huge])?.cause.place?.hasPrefix("tensor ") == true)
      #expect(try load(tensors: { $0.removeLast() })?.cause.place == "tensor less_less_token.head.bias")
      #expect(try load(tensors: { $0.append(("more", [1], [1])) })?.cause.place == "tensor more")
      #expect(
        try load(tensors: { $0[0].shape = [2, 1, 1] })?.cause as? DynamicViTFailure
          == .wrongShape("less_less_token.cls_token", expected: [1, 1, 2], found: [2, 1, 1]))
      #expect(try load(tensors: { $0[0].values = [1, .nan] })?.cause.place == "tensor less_less_token.cls_token")
    }

    @Test func mutantsAreReadOrRefused() throws {
      let (state, storages) = weights()
      let facts = Pickled.list([.list([.number(0.5)]), .list([.number(0.25)])])
      let bytes = torchFile(
        .dictionary([
          (.text("model_state_dict"), .ordered(state)), (.text("dynamic_threshold"), facts),
          (.text("flops"), .tuple([.number(1)])),
        ]), storages: storages)
      let mutants = try Mutants(of: "Dynamic ViT checkpoints", seeds: [bytes], count: Mutants.usual / 10) { mutant, _ in
        do {
          _ = try DynamicViTCheckpoint(try TorchCheckpoint(bytes: mutant), heads: 1).cascade()
          return true
        } catch is any Failure {
          return false
        }
      }
      #expect(mutants.accepted > 0 && mutants.refused > 0)
    }
  }
}
