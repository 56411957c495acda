// LossTests.swift - cases of the losses.

import Tensors
import Testing

extension OperationCase {
  static let losses: [OperationCase] =
    [binary, divergence]
    + [(0.0, [2, 0, 4]), (0.0, [-1, 3, 3]), (0.1, [2, 0, 4]), (0.3, [1, -1, -1])].map(crossEntropy)
    + [
      OperationCase(
        "weightedSum", [.random([2, 9], seed: 1)], { $0[0].weightedSum(.random([2, 9], seed: 2)) },
        reference: { inputs in
          let weights = Reference(.random([2, 9], seed: 2)).elements
          return Reference(shape: [1], elements: [Exact.dot(inputs[0].elements, weights)])
        })
    ]

  private static var binary: OperationCase {
    let targets = Tensor.random([3, 5], seed: 2, from: [0, 1, 0.3, 0.9])
    let wanted = Reference(targets).elements
    return OperationCase(
      "binaryCrossEntropy", [.random([3, 5], seed: 1, -3, 3)],
      { $0[0].binaryCrossEntropy(targets: targets, factor: 0.25) },
      reference: { inputs in
        let sum = zip(inputs[0].elements, wanted).reduce(0) { sum, pair in
          let probability = Exact.sigmoid(pair.0)
          return sum - pair.1 * naturalLogarithm(probability) - (1 - pair.1) * naturalLogarithm(1 - probability)
        }
        return Reference(shape: [1], elements: [0.25 * sum])
      })
  }

  /// One row of shares sums to 1, one to less, one to nothing: answers outside the vocabulary take no part.
  private static var divergence: OperationCase {
    let targets = Tensor([0.5, 0, 0.3, 0.2, 0, 0, 0.4, 0, 0, 0.1, 0, 0, 0, 0, 0], shape: [3, 5])
    let wanted = Reference(targets).rows
    return OperationCase(
      "divergence", [.random([3, 5], seed: 1, -3, 3)], { $0[0].divergence(targets: targets, factor: 0.5) },
      reference: { inputs in
        var sum = 0.0
        for (row, shares) in zip(inputs[0].rows, wanted) {
          for (probability, share) in zip(Exact.softmax(row), shares) where share > 0 {
            sum += share * (naturalLogarithm(share) - naturalLogarithm(probability))
          }
        }
        return Reference(shape: [1], elements: [0.5 * sum])
      })
  }

  private static func crossEntropy(_ smoothing: Double, _ classes: [Int]) -> OperationCase {
    OperationCase(
      "crossEntropy, smoothing \(smoothing), classes \(classes)", [.random([3, 5], seed: 1, -3, 3)],
      { $0[0].crossEntropy(classes: classes, smoothing: Float(smoothing), factor: 0.5) },
      reference: { inputs in
        var sum = 0.0
        for (row, right) in zip(inputs[0].rows, classes) where right >= 0 {
          for (index, probability) in Exact.softmax(row).enumerated() {
            let target = (index == right ? 1 - smoothing : 0) + smoothing / Double(row.count)
            sum -= target * naturalLogarithm(probability)
          }
        }
        return Reference(shape: [1], elements: [0.5 * sum])
      })
  }
}

extension TensorTests {
  @Suite struct Losses {
    @Test func rowsWithoutAClassAreLeftOut() throws {
      let tape = Tape()
      let logits = tape.watch(Tensor.random([2, 3], seed: 1))
      let loss = tape.record { logits.crossEntropy(classes: [-1, 2]) }
      tape.backward(from: loss)
      let gradient = try #require(tape.gradient(of: logits)).elements
      #expect(gradient[..<3].allSatisfy { $0 == 0 })
      #expect(gradient[5] < 0)
      #expect(logits.crossEntropy(classes: [-1, -1]).scalar == 0)
    }

    @Test func greatLogitsDoNotOverflow() throws {
      let logits = Tensor([1000, -1000, 1000, -1000])
      let targets = Tensor([1, 0, 0, 1])
      expectClose([logits.binaryCrossEntropy(targets: targets).scalar], [2000], within: 1e-6)
      expectClose([logits.reshaped([2, 2]).crossEntropy(classes: [0, 1]).scalar], [2000], within: 1e-6)
      let tape = Tape()
      let watched = tape.watch(logits)
      tape.backward(from: tape.record { watched.binaryCrossEntropy(targets: targets) })
      expectClose(try #require(tape.gradient(of: watched)).elements, [0, 0, 1, -1], within: 1e-6)
    }
  }
}
