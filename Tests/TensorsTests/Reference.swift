// Reference.swift - arrays of Double with a shape, on which the tests compute every operation once more in the plainest way.

import Tensors

/// An array of Double with a shape, in row-major order.
struct Reference: Sendable {
  var shape: [Int]
  var elements: [Double]

  init(shape: [Int], elements: [Double]) {
    self.shape = shape
    self.elements = elements
  }

  init(_ tensor: Tensor) {
    self.init(shape: tensor.shape, elements: tensor.elements.map(Double.init))
  }

  var width: Int { shape.last ?? 1 }

  /// The rows of the innermost axis.
  var rows: [[Double]] {
    stride(from: 0, to: elements.count, by: width).map { Array(elements[$0..<($0 + width)]) }
  }

  /// Replaces every element.
  func map(_ transform: (Double) -> Double) -> Reference {
    Reference(shape: shape, elements: elements.map(transform))
  }

  /// Replaces every row; the width may change.
  func mapRows(_ transform: (_ row: [Double]) -> [Double]) -> Reference {
    let changed = rows.map(transform)
    return Reference(shape: shape.dropLast() + [changed.first?.count ?? 0], elements: changed.flatMap { $0 })
  }

  /// The parts along the outermost axis.
  var samples: [Reference] {
    let size = shape.dropFirst().reduce(1, *)
    return (0..<shape[0]).map { index in
      Reference(shape: Array(shape.dropFirst()), elements: Array(elements[(index * size)..<((index + 1) * size)]))
    }
  }
}

/// The functions that the operations are made of, in Double.
enum Exact {
  static func dot(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }

  static func add(_ left: [Double], _ right: [Double]) -> [Double] { zip(left, right).map { $0 + $1 } }

  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exponential(-x)) }

  static func tanh(_ x: Double) -> Double { 2 * sigmoid(2 * x) - 1 }

  /// x Φ(x); the error function by its series, which converges for every x and keeps its digits for |x| < 5.
  static func gelu(_ x: Double) -> Double { x * normalDistribution(x) }

  /// Φ(x) = 1/2 + φ(x) (x + x³/3 + x⁵/(3·5) + ...).
  static func normalDistribution(_ x: Double) -> Double {
    var term = abs(x)
    var sum = term
    var odd = 1.0
    while term > sum * 1e-17 {
      odd += 2
      term *= x * x / odd
      sum += term
    }
    let upper = min(1, 0.5 + normalDensity(x) * sum)
    return x < 0 ? 1 - upper : upper
  }

  static func normalDensity(_ x: Double) -> Double { exponential(-x * x / 2) / (2 * Double.pi).squareRoot() }

  static func activation(_ kind: Activation) -> (Double) -> Double {
    switch kind {
    case .none: return { $0 }
    case .relu: return { max(0, $0) }
    case .relu6: return { min(6, max(0, $0)) }
    case .gelu: return gelu
    }
  }

  static func softmax(_ row: [Double]) -> [Double] {
    let greatest = row.max() ?? 0
    let powers = row.map { exponential($0 - greatest) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
  }
}
