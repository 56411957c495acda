// EfficientNetWeights.swift - the published weights with their batch norms folded into the convolutions.
//
// At inference a batch norm multiplies and adds the same numbers for every pixel, so it can be part of the convolution before it.

import Layers
import Tensors

/// Why published weights do not fit.
public struct EfficientNetMismatch: Error, Equatable, Sendable {
  /// The tensor.
  public let name: String
  /// Its shape, or nil when it is not there.
  public let found: [Int]?
  /// The shape it must have.
  public let expected: [Int]

  /// A tensor that does not fit.
  public init(name: String, found: [Int]?, expected: [Int]) {
    (self.name, self.found, self.expected) = (name, found, expected)
  }
}

extension EfficientNetLite {
  /// Added to a variance before its root.
  private static let epsilon = 1e-3

  /// Makes a network of the tensors of a published checkpoint.
  ///
  /// - Parameter tensor: Gives a tensor by its name, such as `_blocks.0._bn1.running_var`; nil where there is none.
  /// - Throws: ``EfficientNetMismatch`` for the first tensor that is missing or has another shape.
  public init(published tensor: (String) -> Tensor?) throws(EfficientNetMismatch) {
    var random = SeededRandom(seed: 0)
    self = Initialisation.skipped { EfficientNetLite(random: &random) }
    func read(_ name: String, _ shape: [Int]) throws(EfficientNetMismatch) -> Tensor {
      guard let found = tensor(name) else { throw EfficientNetMismatch(name: name, found: nil, expected: shape) }
      guard found.shape == shape else {
        throw EfficientNetMismatch(name: name, found: found.shape, expected: shape)
      }
      return found
    }
    func fold(_ convolution: Convolution, _ name: String, norm: String) throws(EfficientNetMismatch) {
      let shape = convolution.weight.value.shape
      let weight = try read(name + ".weight", shape).elements
      let (scale, shift) = (try read(norm + ".weight", [shape[0]]), try read(norm + ".bias", [shape[0]]))
      let mean = try read(norm + ".running_mean", [shape[0]]).elements
      let variance = try read(norm + ".running_var", [shape[0]]).elements
      let factors = zip(scale.elements, variance).map { Double($0) / (Double($1) + Self.epsilon).squareRoot() }
      let size = weight.count / shape[0]
      convolution.weight.value = Tensor(
        weight.enumerated().map { Float(Double($1) * factors[$0 / size]) }, shape: shape)
      convolution.bias?.value = Tensor(
        shift.elements.indices.map { Float(Double(shift.elements[$0]) - Double(mean[$0]) * factors[$0]) },
        shape: [shape[0]])
    }
    try fold(stem, "_conv_stem", norm: "_bn0")
    for (number, block) in blocks.enumerated() {
      let name = "_blocks.\(number)."
      if let expand = block.expand { try fold(expand, name + "_expand_conv", norm: name + "_bn0") }
      try fold(block.depthwise, name + "_depthwise_conv", norm: name + "_bn1")
      try fold(block.project, name + "_project_conv", norm: name + "_bn2")
    }
    try fold(head, "_conv_head", norm: "_bn1")
    classifier.weight.value = try read("_fc.weight", [Self.classes, Self.width])
    classifier.bias?.value = try read("_fc.bias", [Self.classes])
  }
}
