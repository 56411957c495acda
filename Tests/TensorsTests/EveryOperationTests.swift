// EveryOperationTests.swift - what holds for every operation: values, gradients, threads, back ends, and nothing kept without need.

import Tensors
import Testing

extension TensorTests {
  @Suite struct EveryOperation {
    @Test(arguments: OperationCase.all)
    func valueIsTheReference(_ operation: OperationCase) {
      let result = operation.function(operation.inputs)
      let expected = operation.reference(operation.inputs.map { Reference($0) })
      #expect(result.shape == expected.shape)
      expectClose(result.elements, expected.elements, within: 2e-6)
    }

    @Test(arguments: OperationCase.all)
    func gradientIsTheDifferenceOfTheOperation(_ operation: OperationCase) {
      checkGradients(inputs: operation.inputs, function: operation.function)
    }

    /// In Double a small step is exact to eight digits, so every element of the gradient can be held to Float32's precision.
    @Test(arguments: OperationCase.all)
    func gradientIsTheDifferenceOfTheReference(_ operation: OperationCase) throws {
      let weights = Tensor.random(operation.function(operation.inputs).shape, seed: 77)
      let gradients = recordedGradients(operation.inputs, weights: weights, function: operation.function)
      let exactWeights = Reference(weights).elements
      let step = 1e-5
      for place in operation.inputs.indices {
        let gradient = try #require(gradients[place])
        let differences = gradient.indices.map { index in
          var inputs = operation.inputs.map { Reference($0) }
          inputs[place].elements[index] += step
          let above = Exact.dot(operation.reference(inputs).elements, exactWeights)
          inputs[place].elements[index] -= 2 * step
          return (above - Exact.dot(operation.reference(inputs).elements, exactWeights)) / (2 * step)
        }
        expectClose(gradient, differences, within: 5e-6, "input \(place)")
      }
    }

    @Test(arguments: OperationCase.all)
    func isRecordedOnlyWhenAnInputIsWatched(_ operation: OperationCase) {
      let tape = Tape()
      let result = tape.record { operation.function(operation.inputs) }
      #expect(tape.recordedOperations == 0)
      #expect(result.node == nil)
      let watched = operation.inputs.map(tape.watch)
      _ = operation.function(watched)
      #expect(tape.recordedOperations == 0, "nothing is recorded outside record")
      let recorded = tape.record { operation.function(watched) }
      #expect(recorded.node != nil)
      expectClose(recorded.elements, result.elements.map(Double.init), within: 0, "recorded")
    }

    /// An input that is not watched gets no gradient and changes none of the others'.
    @Test(arguments: OperationCase.all)
    func oneWatchedInputIsEnough(_ operation: OperationCase) throws {
      let weights = Tensor.random(operation.function(operation.inputs).shape, seed: 77)
      let together = recordedGradients(operation.inputs, weights: weights, function: operation.function)
      for place in operation.inputs.indices {
        let tape = Tape()
        var inputs = operation.inputs
        inputs[place] = tape.watch(inputs[place])
        let loss = tape.record { operation.function(inputs).weightedSum(weights) }
        tape.backward(from: loss)
        let alone = try #require(tape.gradient(of: inputs[place]))
        #expect(alone.elements == together[place])
      }
    }

    @Test(arguments: OperationCase.all + OperationCase.cut)
    func threadsDoNotMatter(_ operation: OperationCase) {
      for backend in Backend.available {
        let results = [1, 2].map { threads in
          withBackend(backend) { withThreads(threads) { operation.computed().map { $0.map(\.bitPattern) } } }
        }
        let isSame = results[0] == results[1]  // a failure need not print them all
        #expect(isSame, "\(backend)")
      }
    }

    @Test(.enabled(if: Backend.available.count > 1), arguments: OperationCase.all + OperationCase.cut)
    func backEndsAgree(_ operation: OperationCase) {
      let portable = withBackend(.portable) { operation.computed() }
      let library = withBackend(.oneDNN) { operation.computed() }
      for (place, (left, right)) in zip(portable, library).enumerated() {
        expectClose(left, right.map(Double.init), within: 1e-5, place == 0 ? "result" : "gradient \(place - 1)")
      }
    }
  }

  @Suite struct GradientCheck {
    /// Three times the only element, with a gradient that may be wrong, and that may forget what is there already.
    private static func tripled(_ tensor: Tensor, gradient factor: Float, adds: Bool = true) -> Tensor {
      Tape.result((tensor * 3).detached, of: [tensor]) {
        { gradient in
          guard let place = tensor.node?.addableContribution() else { return }
          place[0] = (adds ? place[0] : 0) + factor * gradient[0]
        }
      }
    }

    @Test func passesARightGradient() {
      #expect(gradientErrors(inputs: [Tensor([0.7])]) { Self.tripled($0[0], gradient: 3) } == [])
    }

    @Test func findsAWrongGradient() {
      #expect(!gradientErrors(inputs: [Tensor([0.7])]) { Self.tripled($0[0], gradient: 3.02) }.isEmpty)
      #expect(!gradientErrors(inputs: [Tensor([0.7])]) { Self.tripled($0[0], gradient: .nan) }.isEmpty)
    }

    @Test func findsAGradientThatReplacesAnother() {
      let errors = gradientErrors(inputs: [Tensor([0.7])]) { Self.tripled($0[0], gradient: 3, adds: false) }
      guard case .secondUse(input: 0, _, _) = errors.first else {
        Issue.record("found only \(errors)")
        return
      }
      #expect(errors.count == 1)
    }

    @Test func findsAMissingGradient() {
      #expect(gradientErrors(inputs: [Tensor([0.7]), Tensor([1])]) { $0[0] * 2 } == [.missing(input: 1)])
    }
  }
}
