// OperationCase.swift - one operation with operands and its plain reference; every case passes through the same tests.

import Tensors
import TestSupport
import Testing

/// The suite around all others: tests that set the number of threads or the back end must not run beside others, nor those of other targets.
@Suite(.serialized, .inTurn)
enum TensorTests {}

/// An operation, operands for it, and the same computed in Double.
struct OperationCase: Sendable, CustomTestStringConvertible {
  let name: String
  let inputs: [Tensor]
  let function: @Sendable ([Tensor]) -> Tensor
  let reference: @Sendable ([Reference]) -> Reference

  var testDescription: String { name }

  init(
    _ name: String, _ inputs: [Tensor], _ function: @escaping @Sendable ([Tensor]) -> Tensor,
    reference: @escaping @Sendable ([Reference]) -> Reference
  ) {
    self.name = name
    self.inputs = inputs
    self.function = function
    self.reference = reference
  }

  /// The cases of all families.
  static let all: [OperationCase] =
    linear + convolution + batchNorm + elementwise + layerNorm + embedding + lstm + rearranging + pooling + softmax
    + losses + attention + dynamicViT + relationAttention + adaptiveAverage

  /// Cases so large that the pool cuts their work into pieces.
  static let cut: [OperationCase] =
    cutLinear + cutConvolution + cutElementwise + cutLayerNorm + cutLSTM
    + cutAttention

  /// The result and the gradients of all inputs, one after the other.
  func computed() -> [[Float]] {
    let tape = Tape()
    let watched = inputs.map(tape.watch)
    let result = tape.record { function(watched) }
    tape.backward(from: result, seed: Tensor.random(result.shape, seed: 77))
    return [result.elements] + watched.map { tape.gradient(of: $0)?.elements ?? [] }
  }
}

/// Runs `body` with a number of threads, then sets the number back.
func withThreads<Result>(_ threads: Int, _ body: () throws -> Result) rethrows -> Result {
  let before = WorkerPool.shared.threads
  WorkerPool.shared.threads = threads
  defer { WorkerPool.shared.threads = before }
  return try body()
}

/// Runs `body` with a back end, then sets the back end back.
func withBackend<Result>(_ backend: Backend, _ body: () throws -> Result) rethrows -> Result {
  let before = Backend.current
  Backend.current = backend
  defer { Backend.current = before }
  return try body()
}

/// Holds numbers against expected ones, relative to the greatest expected one.
func expectClose(
  _ actual: [Float], _ expected: [Double], within tolerance: Double, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record("\(what): \(actual.count) numbers, not \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  let size = expected.reduce(1e-3) { max($0, abs($1)) }
  var worst = (index: 0, distance: -1.0)
  for index in actual.indices {
    let distance = abs(Double(actual[index]) - expected[index])
    if !(distance <= worst.distance) { worst = (index, distance) }
  }
  guard worst.distance >= 0 || worst.distance.isNaN else { return }
  #expect(
    worst.distance <= tolerance * size,
    "\(what)[\(worst.index)]: \(actual[worst.index]), expected \(expected[worst.index])", sourceLocation: sourceLocation
  )
}
