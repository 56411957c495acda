// GradientCheck.swift - gradients of a function of tensors, held against finite differences of the function itself.
//
// The result is reduced to one number by fixed random weights; for the differences that sum is taken in Double, so that only the
// rounding of the function itself enters. The central difference of fourth order, (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12 h, allows
// a step of 1e-2, at which Float32's rounding is small.

import Tensors
import Testing

/// Holds the gradient of every input against differences along random directions and along single elements.
///
/// - Parameters:
///   - inputs: Operands; all are watched.
///   - tolerance: Greatest difference, relative to the size of the gradient.
///   - sourceLocation: Where a failure is reported.
///   - function: What is differentiated; it must give the same result for the same operands.
func checkGradients(
  inputs: [Tensor], tolerance: Double = 2e-3, sourceLocation: SourceLocation = #_sourceLocation,
  function: ([Tensor]) -> Tensor
) {
  for error in gradientErrors(inputs: inputs, tolerance: tolerance, function: function) {
    Issue.record("\(error)", sourceLocation: sourceLocation)
  }
}

/// What ``checkGradients(inputs:tolerance:sourceLocation:function:)`` finds wrong with the gradient of one input.
enum GradientError: Equatable {
  case missing(input: Int)
  case slope(input: Int, along: String, gradient: Double, difference: Double)
  case secondUse(input: Int, gradient: [Float], doubled: [Float])
}

/// The differences that ``checkGradients(inputs:tolerance:sourceLocation:function:)`` reports.
func gradientErrors(
  inputs: [Tensor], tolerance: Double = 2e-3, function: ([Tensor]) -> Tensor
) -> [GradientError] {
  let weights = Tensor.random(Tape.withoutRecording { function(inputs) }.shape, seed: 77)
  let once = recordedGradients(inputs, weights: weights, function: function)
  let twice = recordedGradients(inputs, weights: weights, uses: 2, function: function)
  var errors: [GradientError] = []
  for (place, input) in inputs.enumerated() {
    guard let gradient = once[place], let doubled = twice[place] else {
      errors.append(.missing(input: place))
      continue
    }
    let size = gradient.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    for (name, direction) in directions(input.count, seed: UInt64(place)) {
      let slope = zip(gradient, direction).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      let difference = directionalDerivative(inputs, place, direction, weights, function)
      if !(abs(slope - difference) <= tolerance * max(size, 0.02)) {
        errors.append(.slope(input: place, along: name, gradient: slope, difference: difference))
      }
    }
    // The second use adds to what the first left there.
    if !zip(gradient, doubled).allSatisfy({ abs(2 * $0 - $1) <= 1e-5 * Float(max(size, 1e-3)) }) {
      errors.append(.secondUse(input: place, gradient: gradient, doubled: doubled))
    }
  }
  return errors
}

/// The gradients of `uses` times the weighted sum of a function's result; nil where an input had no part in it.
func recordedGradients(
  _ inputs: [Tensor], weights: Tensor, uses: Int = 1, function: ([Tensor]) -> Tensor
) -> [[Float]?] {
  let tape = Tape()
  let watched = inputs.map(tape.watch)
  let loss = tape.record {
    (1..<max(1, uses)).reduce(function(watched).weightedSum(weights)) { sum, _ in
      sum + function(watched).weightedSum(weights)
    }
  }
  tape.backward(from: loss)
  return watched.map { tape.gradient(of: $0)?.elements }
}

private func directions(_ count: Int, seed: UInt64) -> [(name: String, direction: [Float])] {
  var random = SeededRandom(seed: 5, stream: seed)
  var result: [(String, [Float])] = (0..<3).map { round in
    ("direction \(round)", (0..<count).map { _ in random.integer(below: 2) == 0 ? -1 : 1 })
  }
  for index in random.permutation(count).prefix(4) {
    var single = [Float](repeating: 0, count: count)
    single[index] = 1
    result.append(("element \(index)", single))
  }
  return result
}

private func directionalDerivative(
  _ inputs: [Tensor], _ place: Int, _ direction: [Float], _ weights: Tensor, _ function: ([Tensor]) -> Tensor
) -> Double {
  let step: Float = 1e-2
  func value(_ steps: Float) -> Double {
    var moved = inputs
    let elements = zip(inputs[place].elements, direction).map { $0 + steps * step * $1 }
    moved[place] = Tensor(elements, shape: inputs[place].shape)
    let result = function(moved).elements
    return zip(result, weights.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
  return (8 * (value(1) - value(-1)) - (value(2) - value(-2))) / (12 * Double(step))
}

extension Tensor {
  /// A tensor of numbers drawn evenly from a range.
  static func random(_ shape: [Int], seed: UInt64, _ low: Float = -1, _ high: Float = 1) -> Tensor {
    var random = SeededRandom(seed: seed)
    return Tensor((0..<shape.reduce(1, *)).map { _ in random.uniform(low, high) }, shape: shape)
  }

  /// A tensor of numbers from a short list, for instance such that no sum of products is near zero.
  static func random(_ shape: [Int], seed: UInt64, from values: [Float]) -> Tensor {
    var random = SeededRandom(seed: seed)
    return Tensor((0..<shape.reduce(1, *)).map { _ in values[random.integer(below: values.count)] }, shape: shape)
  }
}
