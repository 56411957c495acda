// SpanMasksTests.swift - which tokens a span reaches, how it is drawn, and what is refused.

import Routing
import SafeFiles
import TRAR
import TestSupport
import Testing
import WeightFiles

extension TRARTests {
  @Suite struct Spans {
    @Test func everyMaskIsTheOriginals() throws {
      let sets = try ParitySets.folders(.trarTables).filter { !$0.files(suffix: "window_masks.safetensors").isEmpty }
      try #require(!sets.isEmpty)
      for set in sets {
        let file = try TensorFile(path: set.file("window_masks.safetensors"))
        try #require(!file.tensors.isEmpty)
        var mismatches = 0
        for entry in file.tensors {
          // scale8_order2
          let numbers = entry.name.split(separator: "_").compactMap { Int($0.drop { !$0.isNumber }) }
          try #require(numbers.count == 2, "\(entry.name)")
          let (side, order) = (numbers[0], numbers[1])
          let spans = try SpanMasks(grid: GridSize(rows: side, columns: side), orders: [order])
          let tokens = side * side
          #expect(entry.shape == [tokens, tokens])
          let blocked = try file.int64s(entry.name)
          let seen = blocked.indices.count { index in
            spans.hides(order: order, query: index / tokens, key: index % tokens) != (blocked[index] == 1)
          }
          mismatches += seen
          // The share that is not blocked is what coverage says.
          let free = Double(blocked.count { $0 == 0 }) / Double(blocked.count)
          #expect(abs(spans.coverage(order: order) - free) < 1e-12, "\(entry.name)")
        }
        #expect(mismatches == 0)
        try printParity(kind: "trar", folder: "\(set.name)/window_masks", worst: Float(mismatches), tolerance: 0)
      }
    }

    @Test func aSpanIsDrawnAroundTheMiddle() throws {
      let spans = try SpanMasks(grid: GridSize(rows: 5, columns: 7), orders: [0, 1, 2, 3])
      #expect(
        spans.description == """
          order 0, all  order 1, 3x3  order 2, 5x5  order 3, 7x7
          #######       .......       .#####.       #######
          #######       ..###..       .#####.       #######
          ###@###       ..#@#..       .##@##.       ###@###
          #######       ..###..       .#####.       #######
          #######       .......       .#####.       #######
          """)
    }

    @Test func aWideGridKeepsItsColumnsApart() throws {
      let spans = try SpanMasks(grid: GridSize(rows: 2, columns: 16), orders: [1, 0])
      #expect(
        "\(spans)" == """
          order 1, 3x3      order 0, all
          .......###......  ################
          .......#@#......  ########@#######
          """)
    }

    @Test func theSmallestGridIsTheTokenItself() throws {
      let spans = try SpanMasks(grid: GridSize(rows: 1, columns: 1), orders: [0])
      #expect(spans.description == "order 0, all\n@")
      #expect(!spans.hides(order: 0, query: 0, key: 0))
      #expect(spans.coverage(order: 0) == 1)
    }

    @Test func coverageCountsTheClippedWindows() throws {
      let spans = try SpanMasks(grid: GridSize(rows: 3, columns: 4), orders: [0, 1, 2, 3])
      // Along 3 rows a window of radius 1 reaches 2, 3, 2 rows; along 4 columns 2, 3, 3, 2.
      #expect(spans.coverage(order: 1) == Double(7 * 10) / 144)
      #expect(spans.coverage(order: 2) == Double(9 * 14) / 144)
      #expect(spans.coverage(order: 3) == 1)
      #expect(spans.coverage(order: 0) == 1)
      for order in spans.orders {
        let pairs = (0..<144).count { !spans.hides(order: order, query: $0 / 12, key: $0 % 12) }
        #expect(spans.coverage(order: order) == Double(pairs) / 144)
      }
    }

    @Test func ordersKeepTheirPlaces() throws {
      let spans = try SpanMasks(grid: GridSize(rows: 4, columns: 4), orders: [3, 0, 1, 1])
      #expect(spans.orders == [3, 0, 1, 1])
      #expect(spans.grid == GridSize(rows: 4, columns: 4))
      #expect(spans.windows.tokens == 16)
    }

    @Test func aWindowDoesNotWrapAround() throws {
      let spans = try SpanMasks(grid: GridSize(rows: 3, columns: 3), orders: [1])
      // The end of the first row and the start of the second lie next to each other in memory only.
      #expect(spans.hides(order: 1, query: 2, key: 3))
      #expect(!spans.hides(order: 1, query: 2, key: 4))
      #expect(spans.hides(order: 1, query: 0, key: 8))
    }

    @Test func impossibleSpansAreRefused() throws {
      let square = GridSize(rows: 4, columns: 4)
      func failure(_ grid: GridSize, _ orders: [Int]) -> SpanMasks.Failure? {
        do throws(SpanMasks.Failure) {
          _ = try SpanMasks(grid: grid, orders: orders)
          return nil
        } catch { return error }
      }
      #expect(failure(square, []) == .noOrders)
      // The original refuses an order as large as the grid; the one below it sees everything and is allowed.
      #expect(failure(square, [0, 4]) == .orderOutsideGrid(order: 4, grid: square))
      #expect(failure(square, [0, 3]) == nil)
      #expect(failure(square, [-1]) == .orderOutsideGrid(order: -1, grid: square))
      #expect(failure(square, [.max]) == .orderOutsideGrid(order: .max, grid: square))
      #expect(failure(square, [.min]) == .orderOutsideGrid(order: .min, grid: square))
      let long = GridSize(rows: 2, columns: 6)
      #expect(failure(long, [5]) == nil, "the longer side counts")
      #expect(failure(long, [6]) == .orderOutsideGrid(order: 6, grid: long))
      for grid in [(0, 4), (4, 0), (-2, -2)].map({ GridSize(rows: $0.0, columns: $0.1) }) {
        #expect(failure(grid, [0]) == .emptyGrid(grid))
      }
      #expect(
        failure(long, [7])?.description == "order 7 does not fit a grid of 2x6; orders run from 0 to 5")
      #expect(
        failure(square, [])?.description
          == "no orders of spans are given; give at least one, such as 0 for the whole picture")
      #expect(failure(GridSize(rows: 0, columns: 4), [0])?.description == "a grid of 0x4 has no tokens")
    }
  }
}
