// CascadeCase.swift - a set of reference values of the original Dynamic ViT: its configuration, its weights and what it computed.

import DynamicViT
import Foundation
import Layers
import SafeFiles
import Tensors
import TestSupport
import Testing
import WeightFiles

/// A cascade with the weights of a set.
struct CascadeCase {
  let set: ParitySet
  let description: JSONValue
  let cascade: DynamicViTCascade
  private let files: [TensorFile]
  /// The gradients, if the set has them.
  let gradients: [TensorFile]

  init(_ set: ParitySet) throws {
    self.set = set
    description = try set.json("config.json")
    let lists = try #require(description["files"]?.objectValue)
    func open(_ list: String) throws -> [TensorFile] {
      try (lists[list]?.arrayValue ?? []).compactMap(\.stringValue).map { try TensorFile(path: set.file($0)) }
    }
    let weights = try open("weights")
    gradients = try open("grads")
    // Every file that is neither weights nor gradients holds inputs and values.
    files = try lists.members.map(\.key).filter { $0 != "weights" && $0 != "grads" }.flatMap(open)
    let configuration = try DynamicViTConfiguration(original: description, weights: weights)
    var random = SeededRandom(seed: 1)
    cascade = DynamicViTCascade(configuration, random: &random)
    let parameters = cascade.namedParameters
    #expect(parameters.map(\.name).sorted() == weights.flatMap(\.names).sorted(), "\(set.path)")
    for (name, parameter) in parameters {
      let file = try #require(weights.first { $0[name] != nil })
      let shape = try file.tensor(name).shape
      try #require(parameter.value.shape == shape, "\(set.path) \(name)")
      parameter.value = Tensor(try file.floats(name), shape: shape)
    }
  }

  /// Names of all values of the set.
  var names: [String] { files.flatMap(\.names) }

  func has(_ name: String) -> Bool { files.contains { $0[name] != nil } }

  func file(_ name: String) throws -> TensorFile { try #require(files.first { $0[name] != nil }, "\(name)") }

  func values(_ name: String) throws -> Tensor {
    let file = try file(name)
    return Tensor(try file.floats(name), shape: try file.tensor(name).shape)
  }

  /// The pictures, `[B, H, W, 3]`: stored as such, or as small pictures whose pixels are repeated.
  func pictures() throws -> Tensor {
    if has("input") { return try values("input").channelsLast }
    let file = try file("image_u8_28")
    let shape = try file.tensor("image_u8_28").shape
    let mean: [Float] = [0.485, 0.456, 0.406]
    let deviation: [Float] = [0.229, 0.224, 0.225]
    let pixels = try file.floats("image_u8_28")
    let plane = shape[2] * shape[3]
    let normalised = pixels.indices.map { (pixels[$0] / 255 - mean[$0 / plane % 3]) / deviation[$0 / plane % 3] }
    return Tensor(normalised, shape: shape).channelsLast.repeatingPixels(cascade.pictureSize / shape[3])
  }

  func labels() throws -> [Int] { try file("labels").floats("labels").map { Int($0) } }
}

extension Tensor {
  /// `[B, C, H, W]` as `[B, H, W, C]`.
  var channelsLast: Tensor {
    let (batch, channels, plane) = (shape[0], shape[1], shape[2] * shape[3])
    let source = elements
    return Tensor(shape: [batch, shape[2], shape[3], channels]) { target in
      for sample in 0..<batch {
        for channel in 0..<channels {
          for place in 0..<plane {
            target[(sample * plane + place) * channels + channel] =
              source[(sample * channels + channel) * plane + place]
          }
        }
      }
    }
  }

  /// Every pixel of `[B, H, W, C]` so many times in both directions.
  func repeatingPixels(_ times: Int) -> Tensor {
    let (height, width, channels) = (shape[1], shape[2], shape[3])
    let source = elements
    let result = [shape[0], height * times, width * times, channels]
    return Tensor(shape: result) { target in
      for row in 0..<(shape[0] * height * times) {
        let (sample, y) = (row / (height * times), row % (height * times) / times)
        for x in 0..<(width * times) {
          let from = ((sample * height + y) * width + x / times) * channels
          let place = (row * width * times + x) * channels
          for channel in 0..<channels { target[place + channel] = source[from + channel] }
        }
      }
    }
  }
}

/// A key that a description lacks.
private struct MissingKey: Error {
  let key: String
}

extension DynamicViTConfiguration {
  /// Reads the keys of a set; what they leave open is read off the weights.
  init(original description: JSONValue, weights: [TensorFile]) throws {
    func integer(_ key: String) throws -> Int { Int(try #require(description[key]?.integerValue, "\(key)")) }
    func flag(_ key: String) throws -> Bool {
      guard let flag = description[key]?.boolValue else { throw MissingKey(key: key) }
      return flag
    }
    self.init()
    width = try integer("embed_dim")
    layers = try integer("depth")
    heads = try integer("num_heads")
    classes = try integer("num_classes")
    expansion = try #require(description["mlp_ratio"]?.numberValue)
    pictureSize = try integer("img_size")
    featureReuse = try flag("feature_reuse")
    relationReuse = try flag("relation_reuse")
    if description["family"]?.stringValue == "deit" {
      family = .deit
    } else {
      family = description["tokens_type"]?.stringValue?.hasPrefix("transformer") == true ? .transformer : .performer
      tokenWidth = try integer("token_dim")
      if family == .performer {
        let name = "\(DynamicViTCascade.stageNames[0]).tokens_to_token.attention1.w"
        let file = try #require(weights.first { $0[name] != nil })
        performerFeatures = try file.tensor(name).shape[0]
      }
    }
    stages = DynamicViTCascade.stageNames.count { stage in
      weights.contains { $0.names.contains { $0.hasPrefix(stage + ".") } }
    }
  }
}
