// DynamicViTOperationTests.swift - cases of the operations that a Dynamic ViT is made of: squares, resizes, channel mixing, performer.

import Tensors
import Testing

extension OperationCase {
  /// The squares of a picture, channel by channel, row by row.
  private static func unfolded(_ windows: SquareWindows) -> @Sendable ([Reference]) -> Reference {
    { inputs in
      let picture = inputs[0]
      let (height, width, channels) = (picture.shape[1], picture.shape[2], picture.shape[3])
      let (rows, columns) = (windows.count(along: height), windows.count(along: width))
      var elements: [Double] = []
      for sample in picture.samples {
        for (row, column) in (0..<(rows * columns)).map({ ($0 / columns, $0 % columns) }) {
          for channel in 0..<channels {
            for place in 0..<(windows.size * windows.size) {
              let y = row * windows.stride - windows.padding + place / windows.size
              let x = column * windows.stride - windows.padding + place % windows.size
              let isInside = (0..<height).contains(y) && (0..<width).contains(x)
              elements.append(isInside ? sample.elements[(y * width + x) * channels + channel] : 0)
            }
          }
        }
      }
      let tokenWidth = channels * windows.size * windows.size
      return Reference(shape: [picture.shape[0], rows * columns, tokenWidth], elements: elements)
    }
  }

  /// The resize as the original does it: every cell doubled, then adaptive average pooling; weights of old tokens for every new one.
  static func resizeMatrix(from: Int, to: Int) -> [[Double]] {
    let doubled = 2 * from
    func window(_ cell: Int) -> Range<Int> { (cell * doubled / to)..<((cell + 1) * doubled + to - 1) / to }
    var matrix = [[1] + [Double](repeating: 0, count: from * from)]
    for row in 0..<to {
      for column in 0..<to {
        var weights = [Double](repeating: 0, count: from * from + 1)
        let share = 1 / Double(window(row).count * window(column).count)
        for y in window(row) {
          for x in window(column) { weights[1 + y / 2 * from + x / 2] += share }
        }
        matrix.append(weights)
      }
    }
    return matrix
  }

  private static func resizedAfterFirst(_ inputs: [Reference], from: Int, to: Int) -> Reference {
    let matrix = resizeMatrix(from: from, to: to)
    let width = inputs[0].width
    let elements = inputs[0].samples.flatMap { sample in
      matrix.enumerated().flatMap { token, weights in
        (0..<width).map { column in token == 0 ? 0 : Exact.dot(weights, sample.rows.map { $0[column] }) }
      }
    }
    return Reference(shape: [inputs[0].shape[0], matrix.count, width], elements: elements)
  }

  /// G old Gᵀ.
  static func resizedRelations(_ map: [[Double]], _ matrix: [[Double]]) -> [[Double]] {
    let keys = map.map { row in matrix.map { Exact.dot($0, row) } }
    return matrix.map { weights in matrix.indices.map { column in Exact.dot(weights, keys.map { $0[column] }) } }
  }

  private static func mixed(_ inputs: [Reference]) -> Reference {
    let (batch, channels) = (inputs[0].shape[0], inputs[0].shape[1])
    let places = inputs[0].shape.dropFirst(2).reduce(1, *)
    let outputs = inputs[3].shape[0]
    var elements: [Double] = []
    for sample in inputs[0].samples {
      let columns = (0..<places).map { place in (0..<channels).map { sample.elements[$0 * places + place] } }
      let results = columns.map { column -> [Double] in
        let hidden = zip(inputs[1].reshaped(width: channels).rows, inputs[2].elements).map {
          Exact.gelu(Exact.dot($0, column) + $1)
        }
        return zip(inputs[3].reshaped(width: hidden.count).rows, inputs[4].elements).map {
          Exact.dot($0, hidden) + $1
        }
      }
      for output in 0..<outputs { elements += results.map { $0[output] } }
    }
    return Reference(shape: [batch, outputs] + inputs[0].shape.dropFirst(2), elements: elements)
  }

  private static func performer(_ features: Tensor) -> @Sendable ([Reference]) -> Reference {
    let directions = Reference(features).rows
    let width = features.width
    return { inputs in
      func positive(_ token: [Double]) -> [Double] {
        directions.map {
          exponential(Exact.dot($0, token) - Exact.dot(token, token) / 2) / Double(directions.count).squareRoot()
        }
      }
      let elements = inputs[0].samples.flatMap { sample -> [Double] in
        let keys = sample.rows.map { positive(Array($0[..<width])) }
        let values = sample.rows.map { Array($0[(2 * width)...]) }
        return sample.rows.flatMap { row -> [Double] in
          let query = positive(Array(row[width..<(2 * width)]))
          let weights = keys.map { Exact.dot($0, query) }
          let total = weights.reduce(1e-8, +)
          return (0..<width).map { column in Exact.dot(weights, values.map { $0[column] }) / total }
        }
      }
      return Reference(shape: [inputs[0].shape[0], inputs[0].shape[1], width], elements: elements)
    }
  }

  static let dynamicViT: [OperationCase] = [
    OperationCase(
      "unfolded, overlapping", [.random([2, 5, 4, 3], seed: 1)],
      { $0[0].unfolded(SquareWindows(size: 3, stride: 2, padding: 1)) },
      reference: unfolded(SquareWindows(size: 3, stride: 2, padding: 1))),
    OperationCase(
      "unfolded, wide padding", [.random([1, 3, 4, 2], seed: 2)],
      { $0[0].unfolded(SquareWindows(size: 4, stride: 3, padding: 3)) },
      reference: unfolded(SquareWindows(size: 4, stride: 3, padding: 3))),
    OperationCase(
      "resizedAfterFirst", [.random([2, 10, 9], seed: 1)],
      { $0[0].resizedAfterFirst(GridResize(from: 3, to: 4)) },
      reference: { resizedAfterFirst($0, from: 3, to: 4) }),
    OperationCase(
      "resizedRelations", [.random([2, 2, 5, 5], seed: 1)],
      { $0[0].resizedRelations(GridResize(from: 2, to: 3)) },
      reference: { inputs in
        let matrix = resizeMatrix(from: 2, to: 3)
        let maps = inputs[0].samples.flatMap { $0.samples.flatMap { resizedRelations($0.rows, matrix) } }
        return Reference(shape: [2, 2, 10, 10], elements: maps.flatMap { $0 })
      }),
    OperationCase(
      "mixedChannels",
      [
        .random([2, 3, 3, 5], seed: 1), .random([4, 3, 1, 1], seed: 2), .random([4], seed: 3),
        .random([2, 4, 1, 1], seed: 4), .random([2], seed: 5),
      ],
      { $0[0].mixedChannels(first: $0[1], firstBias: $0[2], second: $0[3], secondBias: $0[4]) },
      reference: mixed),
    OperationCase(
      "performerAttention", [.random([2, 5, 12], seed: 1)],
      { $0[0].performerAttention(features: .random([3, 4], seed: 2, -1.5, 1.5)) },
      reference: performer(.random([3, 4], seed: 2, -1.5, 1.5))),
    OperationCase(
      "columns", [.random([2, 3, 7], seed: 1)], { $0[0].columns(2..<5) },
      reference: { $0[0].mapRows { Array($0[2..<5]) } }),
  ]
}

extension Reference {
  fileprivate func reshaped(width: Int) -> Reference {
    Reference(shape: [elements.count / width, width], elements: elements)
  }
}

extension TensorTests {
  @Suite struct DynamicViTOperations {
    @Test(arguments: [(7, 10), (10, 14), (7, 14), (5, 5), (1, 4)])
    func aResizeIsDoublingAndPooling(_ from: Int, _ to: Int) {
      let matrix = OperationCase.resizeMatrix(from: from, to: to)
      let ones = Tensor(shape: [1, from * from + 1, from * from + 1]) { target in
        for index in target.indices { target[index] = index % (from * from + 2) == 0 ? 1 : 0 }
      }
      let found = ones.resizedAfterFirst(GridResize(from: from, to: to))
      expectClose(
        found.elements, [Double](repeating: 0, count: from * from + 1) + matrix.dropFirst().flatMap { $0 }, within: 1e-6
      )
    }

    /// The rows that the published models use, in sixths.
    @Test func theSevenToTenResizeIsTheWrittenOne() {
      let rows: [[Double]] = [
        [6], [3, 3], [0, 4, 2], [0, 0, 6], [0, 0, 3, 3], [0, 0, 0, 3, 3], [0, 0, 0, 0, 6], [0, 0, 0, 0, 2, 4],
        [0, 0, 0, 0, 0, 3, 3], [0, 0, 0, 0, 0, 0, 6],
      ]
      let column = Tensor.random([1, 50, 1], seed: 3)
      let found = column.resizedAfterFirst(GridResize(from: 7, to: 10)).elements
      let picture = column.elements.dropFirst().map(Double.init)
      var expected: [Double] = [0]
      for vertical in rows {
        for horizontal in rows {
          var sum = 0.0
          for (y, upright) in vertical.enumerated() {
            for (x, level) in horizontal.enumerated() { sum += upright * level * picture[y * 7 + x] }
          }
          expected.append(sum / 36)
        }
      }
      expectClose(found, expected, within: 1e-6)
    }

    /// A stack of maps larger than one slice.
    @Test func slicesDoNotMatter() {
      let maps = Tensor.random([1, 2, 30, 40], seed: 1)
      let weights: [Tensor] = [
        .random([3, 2], seed: 2), .random([3], seed: 3), .random([2, 3], seed: 4), .random([2], seed: 5),
      ]
      func mixed(_ maps: Tensor) -> Tensor {
        maps.mixedChannels(first: weights[0], firstBias: weights[1], second: weights[2], secondBias: weights[3])
      }
      let whole = mixed(maps).elements
      let (plane, part) = (30 * 40, 10 * 40)
      var joined = [Double](repeating: 0, count: 2 * plane)
      for start in stride(from: 0, to: plane, by: part) {
        let rows = maps.reshaped([2, plane]).columns(start..<(start + part))
        let found = mixed(rows.reshaped([1, 2, 10, 40])).elements
        for (index, value) in found.enumerated() { joined[index / part * plane + start + index % part] = Double(value) }
      }
      expectClose(whole, joined, within: 1e-6)
    }

    @Test func droppedSamplesKeepTheMean() throws {
      let tape = Tape(training: TrainingMode(seed: 7))
      let input = tape.watch(Tensor(repeating: 1, shape: [4000, 2]))
      let result = tape.record { input.droppingSamples(0.25) }
      let rows = stride(from: 0, to: 8000, by: 2).map { (result.elements[$0], result.elements[$0 + 1]) }
      #expect(rows.allSatisfy { $0 == $1 && ($0 == 0 || abs($0 - 4 / 3) < 1e-6) })
      #expect(abs(Double(rows.count { $0.0 == 0 }) / 4000 - 0.25) < 0.03)
      tape.backward(from: result)
      #expect(try #require(tape.gradient(of: input)).elements == result.elements)
      #expect(Tensor(repeating: 1, shape: [3, 2]).droppingSamples(0.5).elements.allSatisfy { $0 == 1 })
    }
  }
}
