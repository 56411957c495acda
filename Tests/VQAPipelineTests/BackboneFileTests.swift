// BackboneFileTests.swift - a backbone comes back from its file to the bit, and what is none is refused with the place.

import Backbones
import Foundation
import Layers
import SafeFiles
import Tensors
import TestSupport
import Testing
import VQAFormats
import VQAPipeline
import WeightFiles

extension VQAPipelineTests {
  @Suite struct BackboneFiles {
    private static let network: EfficientNetLite = {
      var random = SeededRandom(seed: 7)
      return EfficientNetLite(random: &random)
    }()

    private static func expectSame(_ one: EfficientNetLite, _ other: EfficientNetLite) {
      #expect(one.namedParameters.map(\.name) == other.namedParameters.map(\.name))
      for (one, other) in zip(one.namedParameters, other.namedParameters) {
        #expect(one.parameter.value.shape == other.parameter.value.shape)
        #expect(one.parameter.value.elements == other.parameter.value.elements, "\(one.name)")
      }
    }

    @Test func comesBackToTheBit() throws {
      try withTemporaryFolder { folder in
        let path = folder + "/backbone.safetensors"
        try BackboneFile.save(Self.network, record: ["source.sha256": "ab", "format": "forged"], to: path)
        let contents = try BackboneFile.read(path)
        Self.expectSame(contents.network, Self.network)
        #expect(contents.record == ["source.sha256": "ab"])
        let metadata = try TensorFile(path: path).metadata
        #expect(BackboneFile.isOne(metadata) && metadata["architecture"] == "efficientnet-lite0")
        let picture = Tensor(repeating: 0.5, shape: [1, 32, 32, 3])
        #expect(contents.network.features(picture).elements == Self.network.features(picture).elements)
      }
    }

    @Test func halvesAreReadAsTheyWereRounded() throws {
      try withTemporaryFolder { folder in
        let path = folder + "/half.safetensors"
        try BackboneFile.save(Self.network, storage: .float16, to: path)
        for (one, other) in zip(try BackboneFile.load(path).namedParameters, Self.network.namedParameters) {
          #expect(one.parameter.value.elements == other.parameter.value.elements.map { Float(Float16($0)) })
        }
      }
    }

    /// A file of that network with something changed, read.
    private func refusal(
      _ metadata: [String: String] = ["format": "vqa-backbone-1", "architecture": "efficientnet-lite0"],
      _ change: (inout [TensorFileWriter.Tensor]) -> Void = { _ in }
    ) throws -> FileFailure? {
      try withTemporaryFolder { folder in
        let path = folder + "/a.safetensors"
        var tensors = Self.network.namedParameters.map { item -> TensorFileWriter.Tensor in
          (item.name, item.parameter.value.shape, item.parameter.value.elements)
        }
        change(&tensors)
        try TensorFileWriter.write(tensors: tensors, metadata: metadata, to: path)
        return try refusal(path)
      }
    }

    private func refusal(_ path: String) throws -> FileFailure? {
      do {
        _ = try BackboneFile.load(path)
        return nil
      } catch { return error }
    }

    @Test func damagedFilesSayWhere() throws {
      let other = try refusal(["format": "vqa-backbone-1", "architecture": "resnet"])
      #expect(
        other?.cause as? BackboneFailure
          == .badMetadata(key: "architecture", expected: "efficientnet-lite0", found: "resnet"))
      #expect(other?.cause.message.contains("metadata architecture: it is resnet, not efficientnet-lite0") == true)
      #expect(try refusal([:])?.cause.place == "metadata format")
      #expect(try refusal(["format": "vqa-model-1"])?.cause.place == "metadata format")
      #expect(try refusal { $0.removeLast() }?.cause as? ModelFailure == .noTensor("_fc.bias"))
      #expect(try refusal { $0.append(("more", [1], [1])) }?.cause as? ModelFailure == .strangeTensor("more"))
      #expect(
        try refusal { $0[1] = ("_conv_stem.bias", [1], [1]) }?.cause as? ModelFailure
          == .wrongShape("_conv_stem.bias", expected: [32], found: [1]))
      #expect(try refusal { $0[1].values[3] = .nan }?.cause as? ModelFailure == .notFinite("_conv_stem.bias"))
    }

    // MARK: Checkpoints

    /// Writes a checkpoint of these weights and reads it.
    private func checkpoint(_ weights: [(String, shape: [Int], value: Float)]) throws -> FileFailure? {
      try withTemporaryFolder { folder in
        let state = weights.map { ($0.0, Pickled.tensor(key: $0.0, shape: $0.shape)) }
        let storages = weights.map {
          ($0.0, storageBytes(Array(repeating: $0.value, count: $0.shape.reduce(1, *))))
        }
        try AtomicFile.write(torchFile(.ordered(state), storages: storages), to: folder + "/a.pth")
        return try refusal(folder + "/a.pth")
      }
    }

    @Test func checkpointsThatAreNoneAreRefused() throws {
      let stem = ("_conv_stem.weight", [32, 3, 3, 3], Float(1))
      #expect(try checkpoint([("a", [1], 1)])?.cause as? ModelFailure == .noTensor("_conv_stem.weight"))
      #expect(try checkpoint([stem])?.cause as? ModelFailure == .noTensor("_bn0.weight"))
      #expect(
        try checkpoint([stem, ("_bn0.weight", [7], 1)])?.cause as? ModelFailure
          == .wrongShape("_bn0.weight", expected: [32], found: [7]))
      #expect(
        try checkpoint([("_conv_stem.weight", [1], .infinity)])?.cause as? ModelFailure
          == .notFinite("_conv_stem.weight"))
      try withTemporaryFolder { folder in
        try AtomicFile.write(torchFile(.list([]), storages: []), to: folder + "/list.pth")
        #expect(try refusal(folder + "/list.pth")?.cause as? BackboneFailure == .noWeights(found: "list"))
        #expect(try refusal(folder + "/none.pth")?.kind == .notFound)
        try AtomicFile.write("", to: folder + "/empty")
        #expect(try refusal(folder + "/empty")?.kind == .badData)
      }
    }

    /// A checkpoint with more in it than the network has is that of another one, such as those with squeeze-excitation.
    @Test func aWholeCheckpointIsFolded() throws {
      var weights: [(String, shape: [Int], value: Float)] = []
      for (name, parameter) in Self.network.namedParameters {
        let shape = parameter.value.shape
        guard name.hasSuffix(".weight"), name != "_fc.weight" else {
          if name.hasPrefix("_fc") { weights.append((name, shape, 0.5)) }
          continue
        }
        weights.append((name, shape, 0.5))
        let convolution = String(name.dropLast(".weight".count))
        let block = convolution.split(separator: ".").dropLast().map { $0 + "." }.joined()
        let number =
          convolution.hasSuffix("project_conv")
          ? 2 : ["depthwise_conv", "_head"].contains { convolution.hasSuffix($0) } ? 1 : 0
        for (part, value) in [("weight", 2), ("bias", 1), ("running_mean", 0), ("running_var", 3.999)] {
          weights.append(("\(block)_bn\(number).\(part)", [shape[0]], Float(value)))
        }
        weights.append(("\(block)_bn\(number).num_batches_tracked", [], 1))
      }
      #expect(try checkpoint(weights) == nil)
      let extra = weights + [("_blocks.0._se_reduce.weight", [8, 32, 1, 1], 1)]
      #expect(try checkpoint(extra)?.cause as? ModelFailure == .strangeTensor("_blocks.0._se_reduce.weight"))
      let negative = weights.map { $0.0 == "_bn1.running_var" ? ($0.0, $0.shape, -1) : $0 }
      #expect(try checkpoint(negative)?.cause as? ModelFailure == .notFinite("_conv_head.weight"))
    }

    @Test func thePublishedOneIsRead() throws {
      guard let path = try PublishedBackbone.path(for: "backbone file") else { return }
      let contents = try BackboneFile.read(path)
      #expect(contents.record == ["source.sha256": PublishedBackbone.hash])
      try withTemporaryFolder { folder in
        try BackboneFile.save(contents.network, record: contents.record, to: folder + "/b.safetensors")
        Self.expectSame(try BackboneFile.load(folder + "/b.safetensors"), contents.network)
      }
    }
  }
}
