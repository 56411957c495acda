// BatchNormTests.swift - batch normalisation with running statistics, with those of a batch, and over several shards.

import Synchronization
import Tensors
import Testing

extension OperationCase {
  private static let runningMean: [Float] = [0.5, -0.25, 0, 1, 0.75, -1, 0.1, 0.2, 0.3]
  private static let runningVariance: [Float] = [1, 0.5, 2, 0.25, 1, 3, 1, 1, 0.7]

  /// Outside training: the running statistics are constants.
  static let batchNorm: [OperationCase] = [Activation.none, .gelu].map { activation in
    let inputs = [
      Tensor.random([2, 2, 9], seed: 1), Tensor.random([9], seed: 2, 0.5, 1.5), Tensor.random([9], seed: 3),
    ]
    return OperationCase("batch norm outside training, \(activation)", inputs) { tensors in
      tensors[0].batchNorm(
        scale: tensors[1], shift: tensors[2], runningMean: Parameter(Tensor(runningMean), isTrainable: false),
        runningVariance: Parameter(Tensor(runningVariance), isTrainable: false), activation: activation)
    } reference: { inputs in
      inputs[0].mapRows { row in
        row.indices.map { channel in
          let deviation = (Double(runningVariance[channel]) + Double(Float(1e-5))).squareRoot()
          let normal = (row[channel] - Double(runningMean[channel])) / deviation
          return Exact.activation(activation)(normal * inputs[1].elements[channel] + inputs[2].elements[channel])
        }
      }
    }
  }
}

/// A batch that is normalised with its own statistics, in one go or in shards.
private struct TrainingCase {
  var input: Tensor
  let scale: Tensor
  let shift: Tensor
  let weights: Tensor
  var activation = Activation.none

  init(shape: [Int], mean: Float = 0, activation: Activation = .none) {
    let channels = shape.last ?? 1
    input = Tensor.random(shape, seed: 11, mean - 1, mean + 1)
    scale = Tensor.random([channels], seed: 12, 0.5, 1.5)
    shift = Tensor.random([channels], seed: 13)
    weights = Tensor.random(shape, seed: 14)
    self.activation = activation
  }

  /// Result, gradients of input, scale and shift, and the moved running statistics.
  struct Outcome: Equatable {
    var result: [Float]
    var gradients: [[Float]]
    var mean: [Float]
    var variance: [Float]

    var all: [[Float]] { [result] + gradients + [mean, variance] }
  }

  /// Runs the samples in shards; those from `sizes.count` on are empty.
  func run(_ sizes: [Int], threads: Int = 2) -> Outcome {
    let mean = Parameter(Tensor(repeating: 0, shape: scale.shape), isTrainable: false)
    let variance = Parameter(Tensor(repeating: 1, shape: scale.shape), isTrainable: false)
    let parts = Mutex([Int: [[Float]]]())
    let group = ShardGroup(count: sizes.count, threads: threads)
    let sample = input.shape.dropFirst().reduce(1, *)
    @Sendable func part(_ tensor: Tensor, _ shard: Int) -> Tensor {
      let start = sizes[..<shard].reduce(0, +)
      let elements = tensor.elements[(start * sample)..<((start + sizes[shard]) * sample)]
      return Tensor(Array(elements), shape: [sizes[shard]] + input.shape.dropFirst())
    }
    let compute: @Sendable (Int) -> Void = { shard in
      let exchange = sizes.count > 1 ? ShardExchange(group: group, shard: shard) : nil
      let tape = Tape(training: TrainingMode(seed: 1, exchange: exchange))
      let watched = [part(input, shard), scale, shift].map(tape.watch)
      let result = tape.record {
        watched[0].batchNorm(
          scale: watched[1], shift: watched[2], runningMean: mean, runningVariance: variance, activation: activation)
      }
      tape.backward(from: result, seed: part(weights, shard))
      let gradients = watched.map { tape.gradient(of: $0)?.elements ?? [] }
      parts.withLock { $0[shard] = [result.elements] + gradients }
    }
    if sizes.count > 1 { group.run(compute) } else { withThreads(threads) { compute(0) } }
    let done = parts.withLock { parts in sizes.indices.map { parts[$0] ?? [] } }
    func sum(_ place: Int) -> [Float] {
      done.dropFirst().reduce(done[0][place]) { total, part in zip(total, part[place]).map { $0 + $1 } }
    }
    return Outcome(
      result: done.flatMap { $0[0] }, gradients: [done.flatMap { $0[1] }, sum(2), sum(3)],
      mean: mean.value.elements, variance: variance.value.elements)
  }

  /// Mean and centred squares of each channel, in Double.
  static func moments(_ input: Reference) -> (mean: [Double], squares: [Double]) {
    let rows = input.rows
    let columns = (0..<input.width).map { channel in rows.map { $0[channel] } }
    let mean = columns.map { $0.reduce(0, +) / Double(rows.count) }
    return (mean, zip(columns, mean).map { column, mean in column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } })
  }

  /// The result in Double.
  func reference(_ inputs: [Reference]) -> Reference {
    let (mean, squares) = Self.moments(inputs[0])
    let count = Double(inputs[0].rows.count)
    return inputs[0].mapRows { row in
      row.indices.map { channel in
        let deviation = (squares[channel] / count + Double(Float(1e-5))).squareRoot()
        let normal = (row[channel] - mean[channel]) / deviation
        return Exact.activation(activation)(normal * inputs[1].elements[channel] + inputs[2].elements[channel])
      }
    }
  }
}

extension TensorTests {
  @Suite struct BatchNorm {
    @Test(arguments: [Activation.none, .relu, .relu6, .gelu])
    func trainingUsesTheBatch(_ activation: Activation) {
      let batch = TrainingCase(shape: [3, 2, 3, 11], activation: activation)
      let expected = batch.reference([batch.input, batch.scale, batch.shift].map { Reference($0) })
      expectClose(batch.run([3]).result, expected.elements, within: 1e-6)
    }

    @Test(arguments: [Activation.none, .gelu])
    func gradientIsTheDifferenceOfTheReference(_ activation: Activation) {
      let batch = TrainingCase(shape: [3, 4, 9], activation: activation)
      let gradients = batch.run([3]).gradients
      let inputs = [batch.input, batch.scale, batch.shift].map { Reference($0) }
      let weights = Reference(batch.weights).elements
      for (place, gradient) in gradients.enumerated() {
        let differences = gradient.indices.map { index in
          var moved = inputs
          moved[place].elements[index] += 1e-5
          let above = Exact.dot(batch.reference(moved).elements, weights)
          moved[place].elements[index] -= 2e-5
          return (above - Exact.dot(batch.reference(moved).elements, weights)) / 2e-5
        }
        expectClose(gradient, differences, within: 5e-6, "gradient \(place)")
      }
    }

    /// With ReLU the gradients are those of the same without it, started from slopes that are zero where the result is.
    @Test func reluStopsTheGradient() {
      let batch = TrainingCase(shape: [4, 5, 3], activation: .relu)
      let result = batch.run([4])
      var plain = TrainingCase(shape: [4, 5, 3])
      plain = TrainingCase(plain, weights: zip(batch.weights.elements, result.result).map { $1 > 0 ? $0 : 0 })
      #expect(result.gradients == plain.run([4]).gradients)
    }

    @Test(arguments: [[4, 4], [2, 2, 2, 2], [1, 4, 0, 3]])
    func shardsAreOneBatch(_ sizes: [Int]) {
      let batch = TrainingCase(shape: [8, 3, 5, 10], mean: 2, activation: .gelu)
      let one = batch.run([8])
      let several = batch.run(sizes)
      for (place, (left, right)) in zip(several.all, one.all).enumerated() {
        expectClose(left, right.map(Double.init), within: 1e-6, "\(place)")
      }
    }

    @Test(arguments: [[8], [4, 4], [2, 2, 2, 2]])
    func threadsDoNotMatter(_ sizes: [Int]) {
      // More than one piece of rows when there is one shard.
      let batch = TrainingCase(shape: [8, 20, 20, 12], mean: 2, activation: .relu)
      #expect(batch.run(sizes, threads: 1) == batch.run(sizes, threads: 2))
    }

    /// PyTorch: running = (1 - momentum) running + momentum batch, the variance over n - 1.
    @Test(arguments: [[6], [3, 3]])
    func runningStatisticsMoveOnce(_ sizes: [Int]) {
      let batch = TrainingCase(shape: [6, 4, 5], mean: 3)
      let outcome = batch.run(sizes)
      let (mean, squares) = TrainingCase.moments(Reference(batch.input))
      expectClose(outcome.mean, mean.map { 0.1 * $0 }, within: 1e-6, "mean")
      expectClose(outcome.variance, squares.map { 0.9 + 0.1 * $0 / 23 }, within: 1e-6, "variance")
    }

    @Test func momentumIsTheShareOfTheBatch() {
      let mean = Parameter(Tensor([4]), isTrainable: false)
      let variance = Parameter(Tensor([2]), isTrainable: false)
      let one = Tensor([1])
      Tape(training: TrainingMode(seed: 1)).record {
        _ = Tensor([1, 3], shape: [2, 1]).batchNorm(
          scale: one, shift: one, runningMean: mean, runningVariance: variance, momentum: 0.25)
      }
      #expect(mean.value.elements == [3.5])  // 0.75 * 4 + 0.25 * 2
      #expect(variance.value.elements == [2])  // 0.75 * 2 + 0.25 * 2
    }

    @Test func runningStatisticsRestOutsideTraining() {
      let mean = Parameter(Tensor([4]), isTrainable: false)
      let variance = Parameter(Tensor([2]), isTrainable: false)
      let one = Tensor([1])
      let input = Tensor([1, 3], shape: [2, 1])
      let apply = { input.batchNorm(scale: one, shift: one, runningMean: mean, runningVariance: variance) }
      let results = [
        apply(), Tape().record(apply),
        Tape(training: TrainingMode(seed: 1)).record { Tape.withoutRecording(apply) },
      ]
      #expect(mean.value.elements == [4] && variance.value.elements == [2])
      for result in results {
        expectClose(result.elements, [1 - 3 / 2.0.squareRoot(), 1 - 1 / 2.0.squareRoot()], within: 1e-5)
      }
    }

    /// A naive mean of squares less the square of the mean would have no digit left.
    @Test func meanFarFromZeroKeepsTheVariance() {
      let batch = TrainingCase(shape: [64, 4, 4, 9], mean: 1000)
      let (_, squares) = TrainingCase.moments(Reference(batch.input))
      for sizes in [[64], [16, 16, 16, 16]] {
        expectClose(batch.run(sizes).variance, squares.map { 0.9 + 0.1 * $0 / 1023 }, within: 1e-6)
      }
    }
  }
}

extension TrainingCase {
  fileprivate init(_ other: TrainingCase, weights: [Float]) {
    input = other.input
    scale = other.scale
    shift = other.shift
    self.weights = Tensor(weights, shape: other.weights.shape)
    activation = other.activation
  }
}
