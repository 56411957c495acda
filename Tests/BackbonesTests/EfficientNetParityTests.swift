// EfficientNetParityTests.swift - the published EfficientNet-lite0 gives for a picture what it gave where it came from.
//
// Its weights come by pip and are not part of the package: without them the comparison is left out, and says so; never in CI.

import Backbones
import SafeFiles
import Tensors
import TestSupport
import Testing
import WeightFiles

/// The published weights, wherever pip has put them.
enum PublishedEfficientNet {
  /// The network; nil where the weights are not there.
  static func network() throws -> EfficientNetLite? {
    guard let path = try PublishedBackbone.path(for: "parity efficientnet") else { return nil }
    let checkpoint = try TorchCheckpoint(path: path)
    var tensors: [String: Tensor] = [:]
    for (name, tensor) in checkpoint.root.tensors() where !name.hasSuffix("num_batches_tracked") {
      tensors[name] = Tensor(try checkpoint.floats(of: tensor), shape: tensor.shape)
    }
    return try EfficientNetLite(published: { tensors[$0] })
  }
}

extension BackbonesTests {
  @Suite struct EfficientNetParity {
    private static let absolute: Float = 2e-4
    private static let relative: Float = 1e-4

    @Test func everythingIsTheOriginals() throws {
      guard let network = try PublishedEfficientNet.network() else { return }
      let sets = try ParitySets.folders(.efficientNet)
      try #require(!sets.isEmpty)
      for set in sets {
        for file in set.files(suffix: ".safetensors") {
          let name = String(file.dropLast(".safetensors".count))
          let description = try set.json(name + ".json")
          try compare(network, try TensorFile(path: set.file(file)), description, name: name)
        }
      }
    }

    private func compare(
      _ network: EfficientNetLite, _ file: TensorFile, _ description: JSONValue, name: String
    ) throws {
      let shape = try file.tensor("in.pixels").shape
      let pictures = Tensor(try file.floats("in.pixels").map { ($0 - 127) / 128 }, shape: [1] + shape)
      var worst: (distance: Float, ratio: Float) = (0, 0)
      func hold(_ values: Tensor, _ reference: String) throws {
        let comparison = try TestSupport.compare(
          values.elements, try file.floats(reference), absolute: Self.absolute, relative: Self.relative)
        #expect(comparison.isWithin, "\(name) \(reference) is off by \(comparison.worst)")
        if comparison.worstRatio >= worst.ratio { worst = (comparison.worst, comparison.worstRatio) }
      }
      var held = 0
      let features = try withoutActuallyEscaping(hold) { hold in
        var failure: (any Error)?
        let features = network.features(pictures) { block, map in
          let key = "mid.block\(block).mean_hw"
          guard file[key] != nil, failure == nil else { return }
          held += 1
          do {
            try hold(map.reshaped([1, map.shape[1] * map.shape[2], map.shape[3]]).meanOverTokens(), key)
          } catch { failure = error }
        }
        if let failure { throw failure }
        return features
      }
      #expect(held == file.names.count { $0.hasPrefix("mid.") })
      let side = shape[0] / EfficientNetLite.cell
      #expect(features.shape == [1, side, side, EfficientNetLite.width])
      try hold(features.channelsFirst, "out.features")
      let logits = network.logits(features)
      try hold(logits, "out.logits")
      let best = logits.elements.indices.sorted { logits.elements[$0] > logits.elements[$1] }.prefix(5)
      #expect(Array(best) == description["top5"]?.arrayValue?.compactMap { $0.integerValue.map { Int($0) } })
      try printParity(kind: "efficientnet", folder: name, worst: worst.distance, tolerance: Self.absolute)
    }
  }
}

extension Tensor {
  /// `[B, H, W, C]` as `[B, C, H, W]`.
  fileprivate var channelsFirst: Tensor {
    let (places, channels) = (shape[1] * shape[2], shape[3])
    let values = elements
    return Tensor(shape: [shape[0], channels, shape[1], shape[2]]) { target in
      for sample in 0..<shape[0] {
        for channel in 0..<channels {
          for place in 0..<places {
            target[(sample * channels + channel) * places + place] =
              values[(sample * places + place) * channels + channel]
          }
        }
      }
    }
  }
}
