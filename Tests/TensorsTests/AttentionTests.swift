// AttentionTests.swift - routed attention on all kinds of grids against one masked softmax for every window.
//
// That exp is taken once an element whatever the number of windows is to be read in AttentionRow.exponentials, the only place on the
// usual way that calls it.

import Tensors
import Testing

/// Holds values and gradients of an attention against the reference, the gradients along random directions of all operands at once.
func checkAttention(
  _ setting: AttentionSetting, _ operands: [Tensor], within tolerance: Double = 5e-6, directions: Int = 2,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let exact = operands.map { Reference($0) }
  let expected = setting.reference(exact)
  let weights = Tensor.random(expected.shape, seed: 91)
  let tape = Tape()
  let watched = operands.map(tape.watch)
  let result = tape.record { setting(watched) }
  #expect(result.shape == expected.shape, sourceLocation: sourceLocation)
  expectClose(result.elements, expected.elements, within: tolerance, "result", sourceLocation: sourceLocation)
  tape.backward(from: result, seed: weights)
  let gradients = try watched.map { try #require(tape.gradient(of: $0)).elements.map(Double.init) }
  let norm = gradients.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
  for round in 0..<directions {
    var random = SeededRandom(seed: 17, stream: UInt64(round))
    let direction = gradients.map { $0.map { _ in Double(random.uniform(-1, 1)) } }
    let slope = zip(gradients, direction).reduce(0) { $0 + Exact.dot($1.0, $1.1) }
    let difference = referenceSlope(exact, direction, weights: Reference(weights).elements) { setting.reference($0) }
    #expect(abs(slope - difference) <= tolerance * max(norm, 1e-3), "slope", sourceLocation: sourceLocation)
  }
}

extension TensorTests {
  @Suite struct Attention {
    struct Grid: Sendable, CustomTestStringConvertible {
      let rows: Int
      let columns: Int
      let orders: [Int]
      /// Rows and columns that are not padding.
      var valid: (rows: Int, columns: Int)?
      var testDescription: String { "\(rows) x \(columns), orders \(orders)" }

      var setting: AttentionSetting {
        var setting = AttentionSetting(windows: .init(rows: rows, columns: columns, orders: orders))
        if let valid {
          setting.hidden = (0..<(rows * columns)).map { $0 / columns >= valid.rows || $0 % columns >= valid.columns }
        }
        return setting
      }
    }

    static let grids = [
      Grid(rows: 1, columns: 1, orders: [0]),
      Grid(rows: 5, columns: 5, orders: [0, 1, 2, 3, 4]),
      Grid(rows: 5, columns: 5, orders: [3, 0, 1, 1], valid: (2, 3)),
      Grid(rows: 8, columns: 8, orders: [0, 1, 2, 3], valid: (5, 6)),
      Grid(rows: 8, columns: 8, orders: [7, 1]),
      Grid(rows: 7, columns: 7, orders: [2, 6, 0]),
      Grid(rows: 4, columns: 9, orders: [1, 2, 8]),
      Grid(rows: 3, columns: 13, orders: [12, 5, 0, 1], valid: (3, 7)),
      Grid(rows: 3, columns: 17, orders: [1, 4, 16]),
      Grid(rows: 16, columns: 2, orders: [1, 3, 0]),
      Grid(rows: 2, columns: 16, orders: [1, 3, 0], valid: (1, 9)),
      Grid(rows: 1, columns: 20, orders: [2, 19]),
    ]

    @Test(arguments: grids)
    func everyGridIsTheReference(_ grid: Grid) throws {
      try checkAttention(grid.setting, grid.setting.operands(1, depth: 4))
    }

    /// The grid of the original's CLEVR model, its last two rows padded.
    @Test func fourteenByFourteenIsTheReference() throws {
      let grid = Grid(rows: 14, columns: 14, orders: [0, 1, 3], valid: (12, 14))
      try checkAttention(grid.setting, grid.setting.operands(1, depth: 2), directions: 1)
    }

    @Test func oneTensorMayBeQueryKeyAndValue() throws {
      let setting = AttentionSetting(heads: 2, windows: .init(rows: 2, columns: 3, orders: [0, 1]))
      let weights = Tensor.random([2, 2], seed: 3, 0.1, 1)
      checkGradients(inputs: [.random([2, 6, 4], seed: 4)]) { setting([$0[0], $0[0], $0[0], weights]) }
    }

    /// Weights that sum to 1 and values that are all the same give that value.
    @Test func probabilitiesSumToOne() {
      for grid in Self.grids {
        var operands = grid.setting.operands(1, depth: 4)
        operands[2] = Tensor(repeating: 1, shape: operands[2].shape)
        operands[3] = operands[3].softmax()
        let result = grid.setting(operands).elements
        #expect(result.allSatisfy { abs($0 - 1) < 1e-6 }, "\(grid.testDescription)")
      }
    }

    @Test func theOrderOfTheWindowsIsThatOfTheWeights() {
      let forward = AttentionSetting(windows: .init(rows: 4, columns: 4, orders: [0, 1, 2]))
      let backward = AttentionSetting(windows: .init(rows: 4, columns: 4, orders: [2, 1, 0]))
      var operands = forward.operands(1, depth: 3)
      operands[3] = Tensor([0.5, 0.25, 1], shape: [1, 3])
      let result = forward(operands)
      operands[3] = Tensor([1, 0.25, 0.5], shape: [1, 3])
      expectClose(backward(operands).elements, result.elements.map(Double.init), within: 1e-6)
    }

    @Test func everySampleHasItsOwnWeightsAndPadding() {
      let windows = AttentionSetting.Windows(rows: 3, columns: 3, orders: [0, 1])
      let marks = (0..<18).map { $0 == 2 || $0 > 13 }
      let both = AttentionSetting(heads: 2, windows: windows, hidden: marks)
      let operands = both.operands(2, depth: 2)
      let together = both(operands)
      for sample in 0..<2 {
        let alone = AttentionSetting(heads: 2, windows: windows, hidden: Array(marks[(sample * 9)..<(sample * 9 + 9)]))
        let result = alone(operands.map { $0.samples([sample]) })
        expectClose(result.elements, together.samples([sample]).elements.map(Double.init), within: 1e-6)
      }
    }

    @Test(arguments: [false, true])
    func threadsDoNotMatterOnALargeGrid(_ isTraining: Bool) {
      let hidden = (0..<200).map { $0 % 100 > 80 }
      let setting = AttentionSetting(
        heads: 2, windows: .init(rows: 10, columns: 10, orders: [0, 1, 3]), hidden: hidden)
      let operands = setting.operands(2, depth: 4)
      for backend in Backend.available {
        let results = [1, 2].map { threads in
          withBackend(backend) {
            withThreads(threads) { () -> [[UInt32]] in
              let tape = Tape(training: isTraining ? TrainingMode(seed: 4) : nil)
              let watched = operands.map(tape.watch)
              let result = tape.record { setting(watched, dropout: 0.1) }
              tape.backward(from: result)
              let all = [result] + watched.compactMap { tape.gradient(of: $0) }
              return all.map { $0.elements.map(\.bitPattern) }
            }
          }
        }
        #expect(results[0].count == 5)
        #expect(results.allSatisfy { $0 == results[0] }, "\(backend)")
      }
    }
  }

  @Suite struct AttentionWindowTables {
    @Test(arguments: [(5, 5), (3, 9), (9, 3), (1, 1), (1, 17)])
    func reachIsTheChebyshevDistance(_ rows: Int, _ columns: Int) {
      let windows = AttentionWindows(rows: rows, columns: columns, orders: [0, 1, 2])
      #expect(windows.tokens == rows * columns)
      for order in windows.orders {
        for query in 0..<windows.tokens {
          for key in 0..<windows.tokens {
            let distance = max(abs(query / columns - key / columns), abs(query % columns - key % columns))
            #expect(windows.reaches(order: order, from: query, to: key) == (order == 0 || distance <= order))
          }
        }
      }
    }
  }
}
