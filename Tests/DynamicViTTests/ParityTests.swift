// ParityTests.swift - every value and every gradient that the original Dynamic ViT computed, against this package's.

import DynamicViT
import Layers
import Tensors
import TestSupport
import Testing
import WeightFiles

/// How far values may be from the original's.
private let valueTolerance: Float = 2e-4

/// How far gradients may be: a part of the greatest of their tensor.
///
/// Some are zero but for rounding, such as that of a number added to a whole row of scores before a softmax; for them there is a floor.
private let gradientTolerance: Float = 1e-4
private let gradientFloor: Float = 1e-6

/// The difference that comes nearest to its bound, over all tensors of a set.
private struct Worst {
  private(set) var ratio: Float = -1
  private(set) var distance: Float = 0
  private(set) var allowed: Float = 0
  private(set) var compared = 0

  /// Compares one tensor and takes its worst place in.
  mutating func compare(_ values: [Float], _ reference: [Float], _ allowed: Float, _ what: String) throws {
    let comparison = try TestSupport.compare(values, reference, absolute: allowed)
    let place = comparison.worstIndex
    let expected = reference.isEmpty ? 0 : reference[place]
    #expect(comparison.isWithin, "\(what) is off by \(comparison.worst) at \(place), from \(expected)")
    compared += 1
    guard comparison.worstRatio > ratio || !(comparison.worstRatio >= 0) else { return }
    ratio = comparison.worstRatio
    (distance, self.allowed) = (comparison.worst, allowed)
  }
}

extension DynamicViTTests {
  @Suite struct Parity {
    @Test(arguments: try ParitySets.folders(.dynamicViT))
    func everythingIsTheOriginals(_ set: ParitySet) throws {
      let parity = try CascadeCase(set)
      let pictures = try parity.pictures()
      for backend in Backend.available {
        try withBackend(backend) {
          var worst = Worst()
          let what = "\(set.path) \(backend)"
          // What has no more than logits is compared with the lean pass alone, or with the recorded one.
          if parity.names.contains(where: { $0.contains(".block") }) {
            try compareObserved(parity, pictures, what, &worst)
          } else if parity.gradients.isEmpty {
            try compareLean(parity, pictures, what, &worst)
          }
          var slopes = Worst()
          if !parity.gradients.isEmpty { try compareGradients(parity, pictures, what, &worst, &slopes) }
          #expect(worst.compared > 0)
          try printParity(kind: "dvt", folder: set.name, worst: worst.distance, tolerance: worst.allowed)
          guard slopes.compared > 0 else { return }
          try printParity(
            kind: "dvt", folder: set.name + "/gradients", worst: slopes.distance, tolerance: slopes.allowed)
        }
      }
    }

    /// Whatever has a stage's name is compared; a pass that nobody observes gives the same logits.
    private func compareObserved(
      _ parity: CascadeCase, _ pictures: Tensor, _ what: String, _ worst: inout Worst
    ) throws {
      var seen: [String: Tensor] = [:]
      let observed = parity.cascade.logits(
        pictures,
        pass: DynamicViTPass { name, value in
          #expect(seen[name] == nil, "\(name) is observed twice")
          if parity.has(name) { seen[name] = value() }
        })
      let lean = parity.cascade.logits(pictures)
      for (left, right) in zip(observed, lean) {
        try worst.compare(right.elements, left.elements, valueTolerance / 10, "\(what) lean pass")
      }
      for name in parity.names where name.hasPrefix("stage") {
        let value = try #require(seen[name], "\(what) \(name) is not observed")
        let expected = try parity.values(name)
        #expect(value.shape == expected.shape, "\(what) \(name)")
        try worst.compare(value.elements, expected.elements, valueTolerance, "\(what) \(name)")
      }
    }

    /// Logits and probabilities of all stages in one tensor each, or in one for each stage.
    private func compareLean(
      _ parity: CascadeCase, _ pictures: Tensor, _ what: String, _ worst: inout Worst
    ) throws {
      // Without optimisation a few samples must do.
      #if DEBUG
        let count = min(3, pictures.shape[0])
      #else
        let count = pictures.shape[0]
      #endif
      let kept = Array(0..<count)
      let logits = parity.cascade.logits(pictures.samples(kept))
      for (name, found) in [("logits", logits), ("softmax", logits.map { $0.softmax() })] {
        if parity.has(name) {
          let expected = try parity.values(name)
          #expect(expected.shape == [found.count, pictures.shape[0], found[0].width])
          for (stage, value) in found.enumerated() {
            let whole = expected.samples([stage]).reshaped([pictures.shape[0], value.width])
            try worst.compare(value.elements, whole.samples(kept).elements, valueTolerance, "\(what) \(name) \(stage)")
          }
        }
        for (stage, value) in found.enumerated() where parity.has("stage\(stage + 1).\(name)") {
          let expected = try parity.values("stage\(stage + 1).\(name)").samples(kept)
          try worst.compare(value.elements, expected.elements, valueTolerance, "\(what) \(name) \(stage)")
        }
      }
    }

    private func compareGradients(
      _ parity: CascadeCase, _ pictures: Tensor, _ what: String, _ values: inout Worst, _ worst: inout Worst
    ) throws {
      let labels = try parity.labels()
      let tape = Tape()
      let watched = tape.watch(pictures)
      let logits = tape.record { parity.cascade.logits(watched) }
      for (stage, value) in logits.enumerated() {
        let expected = try parity.values("stage\(stage + 1).logits").elements
        try values.compare(value.elements, expected, valueTolerance, "\(what) logits \(stage)")
      }
      let losses = tape.record {
        logits.map { $0.crossEntropy(classes: labels, factor: 1 / Float(labels.count)) }
      }
      let loss = tape.record { losses.dropFirst().reduce(losses[0]) { $0 + $1 } }
      let expectedLosses = try parity.values("losses").elements
      try values.compare(losses.map(\.scalar), expectedLosses, valueTolerance, "\(what) losses")
      tape.backward(from: loss)
      let parameters = parity.cascade.namedParameters
      let stored = parity.gradients.flatMap(\.names)
      let frozen = parameters.filter { !$0.parameter.isTrainable }.map(\.name)
      let named = (parity.description["parameters_without_gradient"]?.arrayValue ?? []).compactMap(\.stringValue)
      #expect(frozen.sorted() == named.sorted(), "\(what)")
      #expect(Set(stored) == Set(parameters.filter(\.parameter.isTrainable).map { "grad." + $0.name }), "\(what)")
      for (name, parameter) in parameters {
        guard parameter.isTrainable else {
          #expect(tape.gradient(of: parameter) == nil, "\(what) \(name)")
          continue
        }
        let file = try #require(parity.gradients.first { $0["grad." + name] != nil })
        let gradient = try #require(tape.gradient(of: parameter), "\(what) \(name) has no gradient")
        let expected = try file.floats("grad." + name)
        try worst.compare(gradient.elements, expected, allowed(expected), "\(what) gradient of \(name)")
      }
      let expected = try parity.values("grad_input_pooled_8x8_sum").channelsLast
      let gradient = try #require(tape.gradient(of: watched))
        .summedPixels(pictures.shape[1] / expected.shape[1])
      try worst.compare(gradient, expected.elements, allowed(expected.elements), "\(what) gradient of the pictures")
    }

    /// Where the original's gradient is zero everywhere, ours must be, too.
    private func allowed(_ gradient: [Float]) -> Float {
      let greatest = gradient.reduce(0) { max($0, $1.magnitude) }
      return greatest == 0 ? 0 : max(gradientFloor, gradientTolerance * greatest)
    }
  }
}

extension Tensor {
  /// The sums over squares of so many pixels a side of `[B, H, W, C]`.
  fileprivate func summedPixels(_ size: Int) -> [Float] {
    let (height, width, channels) = (shape[1], shape[2], shape[3])
    var sums = [Double](repeating: 0, count: count / (size * size))
    for (index, value) in elements.enumerated() {
      let (channel, pixel) = (index % channels, index / channels)
      let (x, y, sample) = (pixel % width / size, pixel / width % height / size, pixel / (width * height))
      sums[((sample * (height / size) + y) * (width / size) + x) * channels + channel] += Double(value)
    }
    return sums.map { Float($0) }
  }
}
