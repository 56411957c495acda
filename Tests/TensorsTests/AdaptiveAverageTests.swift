// AdaptiveAverageTests.swift - cases of maps made smaller by means.

import Tensors
import Testing

extension OperationCase {
  /// Windows from the definition: every old pixel that a new one covers, whole or in part.
  private static func averaged(side: Int) -> @Sendable ([Reference]) -> Reference {
    { inputs in
      let shape = inputs[0].shape
      func covered(_ new: Int, _ count: Int) -> [Int] {
        (0..<count).filter { ($0 + 1) * side > new * count && $0 * side < (new + 1) * count }
      }
      var elements: [Double] = []
      for sample in 0..<shape[0] {
        for row in 0..<side {
          for column in 0..<side {
            let (ys, xs) = (covered(row, shape[1]), covered(column, shape[2]))
            for channel in 0..<shape[3] {
              let sum = ys.reduce(0.0) { sum, y in
                xs.reduce(sum) {
                  $0 + inputs[0].elements[((sample * shape[1] + y) * shape[2] + $1) * shape[3] + channel]
                }
              }
              elements.append(sum / Double(ys.count * xs.count))
            }
          }
        }
      }
      return Reference(shape: [shape[0], side, side, shape[3]], elements: elements)
    }
  }

  static let adaptiveAverage: [OperationCase] = [
    OperationCase(
      "adaptiveAverage, halved", [.random([2, 6, 6, 3], seed: 1)], { $0[0].adaptiveAverage(side: 3) },
      reference: averaged(side: 3)),
    OperationCase(
      "adaptiveAverage, 7 to 5", [.random([1, 7, 7, 2], seed: 2)], { $0[0].adaptiveAverage(side: 5) },
      reference: averaged(side: 5)),
    OperationCase(
      "adaptiveAverage, not square", [.random([2, 5, 8, 1], seed: 3)], { $0[0].adaptiveAverage(side: 4) },
      reference: averaged(side: 4)),
    OperationCase(
      "adaptiveAverage, the same size", [.random([1, 3, 3, 2], seed: 4)], { $0[0].adaptiveAverage(side: 3) },
      reference: averaged(side: 3)),
  ]
}
