// SoftmaxTests.swift - cases of softmax with temperature and noise.

import Tensors
import Testing

extension OperationCase {
  static let softmax: [OperationCase] =
    [1, 5, 21].map { width in
      OperationCase(
        "softmax, width \(width)", [.random([2, 2, width], seed: 1, -3, 3)], { $0[0].softmax() },
        reference: { $0[0].mapRows(Exact.softmax) })
    }
    + [0.5, 2].map { temperature in
      let noise = Tensor.random([3, 6], seed: 9, -1, 2)
      let addends = Reference(noise).rows
      return OperationCase(
        "softened with noise, temperature \(temperature)", [.random([3, 6], seed: 1, -2, 2)],
        { $0[0].softened(temperature: Float(temperature), noise: noise) },
        reference: { inputs in
          // As the definition says: the logarithm of the softmax, plus noise, over the temperature.
          let rows = zip(inputs[0].rows, addends).map { row, addend in
            Exact.softmax(Exact.add(Exact.softmax(row).map(naturalLogarithm), addend).map { $0 / temperature })
          }
          return Reference(shape: [3, 6], elements: rows.flatMap { $0 })
        })
    }
}

extension TensorTests {
  @Suite struct Softmax {
    @Test func rowsSumToOne() {
      let result = Tensor.random([7, 37], seed: 1, -20, 20).softmax()
      for row in Reference(result).rows { #expect(abs(row.reduce(0, +) - 1) < 1e-6) }
    }

    @Test func greatLogitsDoNotOverflow() {
      let result = Tensor([3e38, -3e38, 0, 1000, 1000, 0], shape: [2, 3]).softmax()
      expectClose(result.elements, [1, 0, 0, 0.5, 0.5, 0], within: 1e-6)
    }

    @Test func aLowTemperatureChoosesTheGreatest() {
      let row = Tensor([0.3, 0.9, 0.5], shape: [1, 3])
      expectClose(row.softened(temperature: 0.01, noise: nil).elements, [0, 1, 0], within: 1e-6)
      let noise = Tensor([2, 0, 0], shape: [1, 3])
      expectClose(row.softened(temperature: 0.01, noise: noise).elements, [1, 0, 0], within: 1e-6)
    }

    @Test func argmaxTakesTheFirstOfEquals() {
      let rows = Tensor([1, 3, 3, 0, 0, 0, -5, -4, -3], shape: [3, 3])
      #expect(rows.argmaxOfRows() == [1, 0, 2])
    }
  }
}
