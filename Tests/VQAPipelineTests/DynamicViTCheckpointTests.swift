// DynamicViTCheckpointTests.swift - checkpoints of the original Dynamic ViT give its logits; what does not fit is named.

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

/// How far logits may be from the original's.
private let logitTolerance: Float = 2e-4

/// A small cascade whose sizes all differ.
private func smallConfiguration(_ family: DynamicViTConfiguration.Family) -> DynamicViTConfiguration {
  var configuration = DynamicViTConfiguration()
  configuration.family = family
  configuration.width = 12
  configuration.layers = 2
  configuration.heads = 3
  configuration.expansion = 1.5
  configuration.tokenWidth = 6
  configuration.performerFeatures = 4
  configuration.classes = 5
  return configuration
}

extension VQAPipelineTests {
  @Suite struct DynamicViTCheckpoints {
    /// Compares the logits of a cascade with those that a set expects under a name.
    private func compareLogits(_ cascade: DynamicViTCascade, _ set: ParitySet, _ name: String) throws {
      let file = try TensorFile(path: set.file("expected.safetensors"))
      let pixels = try file.floats("\(name).image_u8_28")
      let shape = try file.tensor("\(name).image_u8_28").shape
      let (batch, side) = (shape[0], shape[2])
      let size = cascade.pictureSize
      let mean: [Float] = [0.485, 0.456, 0.406]
      let deviation: [Float] = [0.229, 0.224, 0.225]
      let pictures = Tensor(shape: [batch, size, size, 3]) { target in
        for place in target.indices {
          let (channel, pixel) = (place % 3, place / 3)
          let (x, y, sample) = (pixel % size * side / size, pixel / size % size * side / size, pixel / (size * size))
          let value = pixels[((sample * 3 + channel) * side + y) * side + x]
          target[place] = (value / 255 - mean[channel]) / deviation[channel]
        }
      }
      var worst: Float = 0
      for (stage, logits) in cascade.logits(pictures).enumerated() {
        let expected = try file.floats("\(name).stage\(stage + 1).logits")
        let comparison = try compare(logits.elements, expected, absolute: logitTolerance)
        #expect(comparison.isWithin, "\(name) stage \(stage + 1) is off by \(comparison.worst)")
        worst = max(worst, comparison.worst)
      }
      try printParity(kind: set.name, folder: name, worst: worst, tolerance: logitTolerance)
    }

    @Test(arguments: try ParitySets.folders(.dynamicViTCheckpoint, environment: [:]))
    func aPublishedCheckpointBecomesAFile(_ set: ParitySet) throws {
      let checkpoint = try DynamicViTCheckpoint(path: set.file("published.pth.tar"))
      #expect(checkpoint.source == "model_state_dict" && checkpoint.sizes.headSource == .relations)
      var expected = DynamicViTConfiguration()
      (expected.width, expected.layers, expected.heads, expected.classes) = (16, 2, 2, 5)
      expected.expansion = 2
      #expect(checkpoint.sizes.configuration == expected)
      #expect(checkpoint.facts.costs == [0.47, 1.13, 2.56])
      #expect(checkpoint.facts.anytimeAccuracy.map { ($0 * 100).rounded() } == [3517, 6083, 7733])
      #expect(checkpoint.facts.rules.count == 59 && checkpoint.facts.rules.allSatisfy { $0.exits == 3 })
      #expect(checkpoint.facts.rules[0] == ExitRule(thresholds: [0.12650892, 0.14680718]))
      #expect(checkpoint.facts.budgetedCosts.count == 59 && checkpoint.facts.budgetedAccuracy[1] == 38.5)
      let cascade = try checkpoint.cascade()
      try compareLogits(cascade, set, "published")

      try withTemporaryFolder { folder in
        let path = folder + "/dvt.safetensors"
        try DynamicViTFile.save(cascade, facts: checkpoint.facts, record: ["made": "here"], to: path)
        let file = try TensorFile(path: path)
        #expect(file.metadata["kind"] == "dynamic-vit" && file.metadata["flops"] == "[0.47,1.13,2.56]")
        #expect(file.names == expected.parameterShapes.map(\.name))
        #expect(try file.tensor("normal_token.relation_reuse_conv.0.weight").shape == [12, 4, 1, 1])
        let loaded = try DynamicViTFile.load(path)
        #expect(loaded.facts == checkpoint.facts && loaded.record == ["made": "here"])
        #expect(loaded.cascade.configuration == expected)
        for (left, right) in zip(loaded.cascade.namedParameters, cascade.namedParameters) {
          #expect(left.name == right.name && left.parameter.value.elements == right.parameter.value.elements)
        }
        try compareLogits(loaded.cascade, set, "published")
      }
    }

    @Test(arguments: try ParitySets.folders(.dynamicViTCheckpoint, environment: [:]))
    func aTrainingCheckpointHasTwoKindsOfWeights(_ set: ParitySet) throws {
      let path = set.file("training.pth.tar")
      let average = try DynamicViTCheckpoint(path: path)
      #expect(average.source == "state_dict_ema" && average.facts == DynamicViTFacts())
      var expected = DynamicViTConfiguration()
      expected.family = .performer
      (expected.width, expected.layers, expected.heads, expected.classes) = (16, 2, 2, 5)
      (expected.expansion, expected.tokenWidth, expected.performerFeatures) = (2, 8, 4)
      #expect(average.sizes.configuration == expected)
      try compareLogits(try average.cascade(), set, "training.ema")
      let plain = try DynamicViTCheckpoint(path: path, weights: .plain)
      #expect(plain.source == "state_dict" && plain.sizes == average.sizes)
      try compareLogits(try plain.cascade(), set, "training.plain")
      #expect(try DynamicViTCheckpoint(path: path, weights: .average).source == "state_dict_ema")
    }

    // MARK: Sizes read off shapes

    private func failure(_ body: () throws -> Void) throws -> DynamicViTFailure? {
      do { try body() } catch let failure as DynamicViTFailure { return failure }
      return nil
    }

    @Test(arguments: DynamicViTConfiguration.Family.published)
    func sizesAreReadOffShapes(_ family: DynamicViTConfiguration.Family) throws {
      for stages in 1...3 {
        for (features, relations) in [(true, true), (true, false), (false, true), (false, false)] {
          for classes in [0, 5] {
            var configuration = smallConfiguration(family)
            (configuration.stages, configuration.classes) = (stages, classes)
            (configuration.featureReuse, configuration.relationReuse) = (features, relations)
            // What one stage could reuse shows nowhere.
            if stages == 1 { (configuration.featureReuse, configuration.relationReuse) = (false, false) }
            let heads = configuration.relationReuse ? nil : 3
            var expected = configuration
            // Sizes of another family have their defaults.
            if family != .performer { expected.performerFeatures = 32 }
            if family == .deit { expected.tokenWidth = 64 }
            let sizes = try DynamicViTSizes(configuration.parameterShapes, heads: heads)
            #expect(sizes.configuration == expected)
            #expect(sizes.headSource == (heads == nil ? .relations : .given))
          }
        }
      }
    }

    @Test func publishedSizesNeedNoHelp() throws {
      for published in [DynamicViTConfiguration.deitSmall, .t2t12, .t2t14] {
        var configuration = published
        #expect(try DynamicViTSizes(configuration.parameterShapes).configuration == configuration)
        configuration.relationReuse = false
        let sizes = try DynamicViTSizes(configuration.parameterShapes)
        #expect(sizes.configuration == configuration && sizes.headSource == .usual)
      }
      // Widths inside that are no whole multiple of the width.
      for expansion in [0.3, 2.6, 49.0 / 12, 7.0 / 12] {
        var configuration = smallConfiguration(.deit)
        configuration.expansion = expansion
        let found = try DynamicViTSizes(configuration.parameterShapes).configuration
        #expect(found.inner == configuration.inner && found.parameterShapes == configuration.parameterShapes)
      }
    }

    @Test(arguments: DynamicViTConfiguration.Family.published)
    func everyTensorCounts(_ family: DynamicViTConfiguration.Family) throws {
      let shapes = smallConfiguration(family).parameterShapes
      for (place, item) in shapes.enumerated() {
        var missing = shapes
        missing.remove(at: place)
        #expect(try failure { _ = try DynamicViTSizes(missing) } == .noTensor(item.name))
        // Another size is told of this tensor, or of the first one that does not fit it.
        var wrong = shapes
        wrong[place] = NamedShape(item.name, item.shape.dropLast() + [item.shape[item.shape.count - 1] + 1])
        #expect(try failure { _ = try DynamicViTSizes(wrong) } != nil, "\(item.name)")
        wrong[place] = NamedShape(item.name, item.shape + [1])
        #expect(try failure { _ = try DynamicViTSizes(wrong) }?.place == "tensor \(item.name)")
      }
      for name in ["extra", "normal_token.head.scale", "less_token.blocks.00.norm1.weight", "fourth_token.cls_token"] {
        let more = shapes + [NamedShape(name, [1])]
        #expect(try failure { _ = try DynamicViTSizes(more) } == .strangeTensor(name))
      }
      let foreign = "less_less_token.relation_reuse_conv.0.weight"
      #expect(
        try failure { _ = try DynamicViTSizes(shapes + [NamedShape(foreign, [18, 6, 1, 1])]) }
          == .strangeTensor(foreign))
    }

    @Test func sizesThatMakeNoNetworkAreRefused() throws {
      let shapes = smallConfiguration(.deit).parameterShapes
      func changed(_ name: String, _ shape: [Int]) -> [NamedShape] {
        shapes.map { $0.name == name ? NamedShape(name, shape) : $0 }
      }
      #expect(try failure { _ = try DynamicViTSizes([]) } == .noTensor("less_less_token.cls_token"))
      for size in [0, 1 << 16, 1 << 17, Int.max] {
        for (name, shape) in [
          ("less_less_token.cls_token", [1, 1, size]), ("less_less_token.blocks.0.mlp.fc1.weight", [size, 0]),
          ("less_less_token.head.weight", [size, 0]), ("less_token.relation_reuse_conv.0.weight", [0, size, 1, 1]),
        ] {
          #expect(try failure { _ = try DynamicViTSizes(changed(name, shape)) } != nil, "\(name) \(shape)")
        }
      }
      let far = NamedShape("less_less_token.blocks.99999999999999999999.norm1.weight", [12])
      #expect(try failure { _ = try DynamicViTSizes(shapes + [far]) } == .strangeTensor(far.name))
      var configuration = smallConfiguration(.deit)
      #expect(try failure { _ = try DynamicViTSizes(shapes, heads: 4) } == .otherHeads(given: 4, relations: 3))
      configuration.relationReuse = false
      let plain = configuration.parameterShapes
      #expect(try failure { _ = try DynamicViTSizes(plain) } == .unknownHeads(width: 12))
      #expect(
        try failure { _ = try DynamicViTSizes(plain, heads: 5) }
          == .impossible("width 12 cannot be cut into 5 heads"))
    }
  }
}
