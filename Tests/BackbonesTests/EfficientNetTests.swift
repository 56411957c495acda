// EfficientNetTests.swift - what must hold of the backbone whatever its weights.

import Backbones
import Layers
import Tensors
import Testing

extension BackbonesTests {
  @Suite struct EfficientNet {
    private let network: EfficientNetLite

    init() {
      var random = SeededRandom(seed: 3)
      network = EfficientNetLite(random: &random)
    }

    /// Grids of the three sizes that a cascade sees.
    @Test func countsAreThePublished() {
      // 0.384 billion at 224 pixels without the classifier; the work grows with the number of cells.
      let work = [224, 320, 448].map { EfficientNetLite.multiplyAdds(pictureSize: $0) }
      #expect(abs(Double(work[0]) - 0.384e9) < 0.002e9)
      #expect(work[2] == 4 * work[0])
      #expect(work[1] * 49 == work[0] * 100)
    }

    @Test func cellsBecomeTokens() {
      let features = network.features(randomTensor([2, 64, 64, 3], seed: 1))
      #expect(features.shape == [2, 2, 2, 1280])
      #expect(features.elements.allSatisfy { (0...6).contains($0) })
      #expect(network.logits(features).shape == [2, 1000])
    }

    // Unoptimised, this takes minutes.
    #if !DEBUG
      /// Pictures of a batch go through the network one by one and several at a time.
      @Test func aBatchIsItsPicturesToTheBit() {
        let pictures = randomTensor([3, 96, 96, 3], seed: 2)
        let before = WorkerPool.shared.threads
        defer { WorkerPool.shared.threads = before }
        var found: [[Float]] = []
        for threads in [1, 2, 3] {
          WorkerPool.shared.threads = threads
          found.append(network.features(pictures).elements)
          let size = 96 * 96 * 3
          found.append(
            (0..<3).flatMap { number in
              let picture = Tensor(
                Array(pictures.elements[(number * size)..<((number + 1) * size)]), shape: [1, 96, 96, 3])
              return network.features(picture).elements
            })
          // Looked at, the maps are those of the whole batch.
          var maps: [Int] = []
          found.append(network.features(pictures) { maps.append($1.shape[0] * 100 + $0) }.elements)
          #expect(maps == (0..<16).map { 300 + $0 })
        }
        #expect(found.allSatisfy { $0 == found[0] })
      }
    #endif

    @Test func theHeadWidensTheMap() {
      let picture = randomTensor([1, 64, 64, 3], seed: 4)
      let map = network.map(picture)
      #expect(map.shape == [1, 2, 2, EfficientNetLite.mapWidth])
      #expect(network.features(ofMap: map).elements == network.features(picture).elements)
    }

    @Test func aMissingTensorIsNamed() {
      #expect(throws: EfficientNetMismatch(name: "_conv_stem.weight", found: nil, expected: [32, 3, 3, 3])) {
        try EfficientNetLite(published: { _ in nil })
      }
      #expect(throws: EfficientNetMismatch(name: "_bn0.weight", found: [7], expected: [32])) {
        try EfficientNetLite(published: { name in
          Tensor(repeating: 1, shape: name == "_bn0.weight" ? [7] : [32, 3, 3, 3])
        })
      }
    }

    /// A batch norm folded into its convolution multiplies and adds what it did behind it.
    @Test func normsAreFolded() throws {
      var random = SeededRandom(seed: 5)
      let plain = EfficientNetLite(random: &random)
      var tensors: [String: Tensor] = [:]
      for (name, parameter) in plain.namedParameters where name.hasSuffix(".weight") {
        tensors[name] = parameter.value
        guard name != "_fc.weight" else { continue }
        let count = parameter.value.shape[0]
        let convolution = name.dropLast(".weight".count)
        let norm =
          convolution == "_conv_stem"
          ? "_bn0"
          : convolution == "_conv_head"
            ? "_bn1"
            : convolution.replacingLast(["_expand_conv": "_bn0", "_depthwise_conv": "_bn1", "_project_conv": "_bn2"])
        tensors[norm + ".weight"] = Tensor(repeating: 2, shape: [count])
        tensors[norm + ".bias"] = Tensor(repeating: 0.5, shape: [count])
        tensors[norm + ".running_mean"] = Tensor(repeating: 0.25, shape: [count])
        tensors[norm + ".running_var"] = Tensor(repeating: 4 - 1e-3, shape: [count])
      }
      tensors["_fc.bias"] = Tensor(repeating: 0, shape: [1000])
      let folded = try EfficientNetLite(published: { tensors[$0] })
      // Twice by a deviation of two: the weights stay, and a bias of 0.5 - 0.25 appears.
      for (left, right) in zip(plain.namedParameters, folded.namedParameters) {
        if left.name.hasSuffix(".weight") {
          #expect(zip(left.parameter.value.elements, right.parameter.value.elements).allSatisfy { abs($0 - $1) < 1e-6 })
        } else if !left.name.hasPrefix("_fc") {
          #expect(right.parameter.value.elements.allSatisfy { abs($0 - 0.25) < 1e-6 }, "\(right.name)")
        }
      }
    }
  }
}

extension Substring {
  fileprivate func replacingLast(_ names: [String: String]) -> String {
    var parts = split(separator: ".").map(String.init)
    parts[parts.count - 1] = names[parts[parts.count - 1]] ?? ""
    return parts.joined(separator: ".")
  }
}
