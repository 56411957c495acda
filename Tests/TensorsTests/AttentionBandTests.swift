// AttentionBandTests.swift - a choice of a single window, computed inside that window only, against all pairs and against Double.

import Tensors
import Testing

extension TensorTests {
  @Suite struct AttentionBand {
    struct Grid: Sendable, CustomTestStringConvertible {
      let rows: Int
      let columns: Int
      let order: Int
      let depth: Int
      var hidden: [Bool]?
      var testDescription: String {
        "\(rows) x \(columns), order \(order), depth \(depth), \(hidden == nil ? "" : "hidden keys")"
      }
    }

    /// The columns from `first` on are hidden in the first of two samples, all keys in the second.
    private static func padded(_ rows: Int, _ columns: Int, from first: Int) -> [Bool] {
      (0..<(rows * columns)).map { $0 % columns >= first } + [Bool](repeating: true, count: rows * columns)
    }

    static let grids = [
      Grid(rows: 8, columns: 8, order: 1, depth: 64), Grid(rows: 8, columns: 8, order: 3, depth: 40),
      Grid(rows: 8, columns: 8, order: 7, depth: 8), Grid(rows: 3, columns: 5, order: 1, depth: 9),
      Grid(rows: 5, columns: 3, order: 2, depth: 33), Grid(rows: 1, columns: 9, order: 2, depth: 1),
      Grid(rows: 9, columns: 1, order: 3, depth: 7), Grid(rows: 1, columns: 1, order: 1, depth: 5),
      Grid(rows: 4, columns: 6, order: 1, depth: 12, hidden: padded(4, 6, from: 2)),
      Grid(rows: 6, columns: 6, order: 2, depth: 64, hidden: padded(6, 6, from: 5)),
    ]

    private static func attend(_ grid: Grid, _ operands: [Tensor], _ band: AttentionBandUse) -> Tensor {
      Tensor.routedAttention(
        query: operands[0], key: operands[1], value: operands[2], heads: 2,
        windows: AttentionWindows(rows: grid.rows, columns: grid.columns, orders: [0, grid.order], band: band),
        weights: operands[3], hiddenKeys: grid.hidden)
    }

    private static func setting(_ grid: Grid) -> AttentionSetting {
      AttentionSetting(
        heads: 2, windows: .init(rows: grid.rows, columns: grid.columns, orders: [0, grid.order]), hidden: grid.hidden)
    }

    /// Two samples that choose the second window, one of them with a weight that is not 1.
    private static func operands(_ grid: Grid) -> [Tensor] {
      var operands = setting(grid).operands(2, depth: grid.depth)
      operands[3] = Tensor([0, 1, 0, 0.75], shape: [2, 2])
      return operands
    }

    @Test(arguments: grids) func theBandGivesWhatAllPairsGive(_ grid: Grid) {
      let operands = Self.operands(grid)
      let banded = Self.attend(grid, operands, .always)
      expectClose(banded.elements, Self.attend(grid, operands, .never).elements.map(Double.init), within: 1e-6, "dense")
      let exact = Self.setting(grid).reference(operands.map { Reference($0) })
      expectClose(banded.elements, exact.elements, within: 1e-6, "exact")
    }

    @Test(arguments: grids) func theBandHasTheSameBitsForAnyNumberOfThreads(_ grid: Grid) {
      let operands = Self.operands(grid)
      let one = withThreads(1) { Self.attend(grid, operands, .always).elements }
      #expect(withThreads(2) { Self.attend(grid, operands, .always).elements } == one)
    }

    /// A sample's digits do not change with the choice of the sample beside it.
    @Test func aMixedBatchComputesEachSampleItsWay() {
      let grid = Grid(rows: 6, columns: 5, order: 1, depth: 16)
      var operands = Self.operands(grid)
      operands[3] = Tensor([0, 1, 0.5, 0.5], shape: [2, 2])
      let mixed = Self.attend(grid, operands, .always)
      let alone = Self.attend(grid, operands.map { $0.samples([0]) }, .always)
      #expect(Array(mixed.elements.prefix(alone.count)) == alone.elements)
      let dense = Self.attend(grid, operands.map { $0.samples([1]) }, .never)
      #expect(Array(mixed.elements.suffix(dense.count)) == dense.elements)
    }

    /// Scores so far apart that e vanishes for most keys; the greatest of the window counts, not that of the row.
    @Test func aWindowFarBelowTheRowsBestIsExact() {
      let grid = Grid(rows: 1, columns: 9, order: 1, depth: 8)
      var operands = Self.operands(grid)
      operands[1] = Tensor(
        operands[1].elements.enumerated().map { $0.offset / 16 % 9 == 8 ? 400 : $0.element }, shape: [2, 9, 16])
      let exact = Self.setting(grid).reference(operands.map { Reference($0) })
      expectClose(Self.attend(grid, operands, .always).elements, exact.elements, within: 1e-6)
    }

    @Test func whatIsNoNumberComesOut() {
      let grid = Grid(rows: 1, columns: 9, order: 1, depth: 8)
      var operands = Self.operands(grid)
      operands[0] = Tensor(
        operands[0].elements.enumerated().map { $0.offset == 0 ? .nan : $0.element }, shape: [2, 9, 16])
      #expect(Self.attend(grid, operands, .always).elements[0].isNaN)
    }

    /// Gradients exist for all windows, so a recorded pass computes all pairs.
    @Test func aRecordedPassIsDense() {
      let grid = Grid(rows: 6, columns: 6, order: 1, depth: 16)
      let operands = Self.operands(grid)
      let tape = Tape()
      let watched = operands.map(tape.watch)
      let recorded = tape.record { Self.attend(grid, watched, .always) }
      #expect(recorded.elements == Self.attend(grid, operands, .never).elements)
      tape.backward(from: recorded)
      #expect(tape.gradient(of: watched[3])?.elements.contains { $0 != 0 } == true)
    }

    @Test func pairsAreThoseThatWindowsReach() {
      for (rows, columns) in [(1, 1), (4, 4), (3, 7)] {
        let windows = AttentionWindows(rows: rows, columns: columns, orders: [0])
        for order in 0...8 {
          let tokens = 0..<(rows * columns)
          let reached = tokens.reduce(0) { sum, query in
            sum + tokens.count { windows.reaches(order: order, from: query, to: $0) }
          }
          #expect(AttentionWindows.pairs(order: order, rows: rows, columns: columns) == reached)
        }
      }
    }

    @Test func theBandIsUsedWhereItPaysAndCountedThere() {
      let windows = AttentionWindows(rows: 8, columns: 8, orders: [0, 1, 3])
      #expect(windows.computedPairs(weights: [0, 1, 0]) == 22 * 22)
      #expect(windows.computedPairs(weights: [0, 0, 1]) == 64 * 64, "a window that reaches half of all pairs")
      #expect(windows.computedPairs(weights: [1, 0, 0]) == 64 * 64)
      #expect(windows.computedPairs(weights: [0.5, 0.5, 0]) == 64 * 64, "two windows")
      #expect(windows.computedPairs(weights: [0, 0, 0]) == 64 * 64)
      let never = AttentionWindows(rows: 8, columns: 8, orders: [1], band: .never)
      #expect(never.computedPairs(weights: [1]) == 64 * 64)
      let always = AttentionWindows(rows: 8, columns: 8, orders: [3], band: .always)
      #expect(always.computedPairs(weights: [1]) == 44 * 44)
    }
  }
}
