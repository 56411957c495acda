// ParityTests.swift - every value and every gradient that the original TRAR computed, against this package's.

import Layers
import TRAR
import Tensors
import TestSupport
import Testing
import WeightFiles

/// How far values may be from the original's.
private struct Tolerance {
  let absolute: Float
  let relative: Float

  static let value = Tolerance(absolute: 2e-5, relative: 1e-5)
  static let probability = Tolerance(absolute: 2e-6, relative: 0)
  static let gradient = Tolerance(absolute: 3e-5, relative: 1e-5)
  static let exact = Tolerance(absolute: 0, relative: 0)

  /// The tolerance of a tensor of an `io` file.
  static func of(_ name: String) -> Tolerance {
    if name.hasSuffix("img_mask") || name.hasSuffix("_binarized") { return exact }
    return name.contains("att_map") || name.contains("route_alpha") ? probability : value
  }
}

/// The difference that comes nearest to its bound, over all tensors of a set.
private struct Worst {
  private(set) var ratio: Float = -1
  private(set) var distance: Float = 0
  private(set) var allowed: Float = 0
  private(set) var compared = 0

  /// Compares one tensor and takes its worst place in.
  mutating func compare(_ values: [Float], _ reference: [Float], _ tolerance: Tolerance, _ what: String) throws {
    let comparison = try TestSupport.compare(
      values, reference, absolute: tolerance.absolute, relative: tolerance.relative)
    let expected = reference.isEmpty ? 0 : reference[comparison.worstIndex]
    #expect(comparison.isWithin, "\(what) is off by \(comparison.worst) at \(comparison.worstIndex), from \(expected)")
    compared += 1
    guard comparison.worstRatio > ratio || !(comparison.worstRatio >= 0) else { return }
    ratio = comparison.worstRatio
    distance = comparison.worst
    allowed = tolerance.absolute + tolerance.relative * abs(expected)
  }
}

extension TRARTests {
  @Suite struct Parity {
    @Test(arguments: try ParitySets.folders(.trar))
    func everyValueIsTheOriginals(_ set: ParitySet) throws {
      let parity = try ParityCase(set)
      var worst = Worst()
      try #require(!parity.variants.isEmpty)
      for backend in Backend.available {
        for variant in parity.variants {
          let what = "\(set.path) \(variant.name) \(backend)"
          try withBackend(backend) {
            try compareValues(parity, variant, what, &worst)
            if let gradients = variant.gradients { try compareGradients(parity, variant, gradients, what, &worst) }
          }
        }
      }
      #expect(worst.compared > 0)
      try printParity(kind: "trar", folder: set.name, worst: worst.distance, tolerance: worst.allowed)
    }

    private func compareValues(
      _ parity: ParityCase, _ variant: ParityCase.Variant, _ what: String, _ worst: inout Worst
    ) throws {
      var seen: [String: Tensor] = [:]
      let logits = try parity.logits(variant) { name, value in
        #expect(seen[name] == nil, "\(name) is observed twice")
        if variant.io[name] != nil { seen[name] = value() }
      }
      #expect(logits.node == nil, "nothing is recorded")
      seen["out.logits"] = logits
      for entry in variant.io.tensors where !entry.name.hasPrefix("in.") {
        let value = try #require(seen[entry.name], "\(what) \(entry.name) is not observed")
        #expect(value.shape == entry.shape, "\(what) \(entry.name)")
        try worst.compare(
          value.elements, try variant.io.floats(entry.name), .of(entry.name), "\(what) \(entry.name)")
      }
    }

    private func compareGradients(
      _ parity: ParityCase, _ variant: ParityCase.Variant, _ gradients: TensorFile, _ what: String,
      _ worst: inout Worst
    ) throws {
      let tape = Tape()
      let loss = try tape.record { try parity.loss(try parity.logits(variant), variant) }
      try worst.compare(loss.elements, try gradients.floats("loss"), .gradient, "\(what) loss")
      tape.backward(from: loss)
      let parameters = parity.network.namedParameters
      #expect(Set(gradients.names) == Set(parameters.map { "grad." + $0.name } + ["loss"]))
      for (name, parameter) in parameters {
        let gradient = try #require(tape.gradient(of: parameter), "\(what) \(name) has no gradient")
        try worst.compare(
          gradient.elements, try gradients.floats("grad." + name), .gradient, "\(what) gradient of \(name)")
      }
    }
  }
}
