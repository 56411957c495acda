// LabelHeads.swift - linear heads that say how probable each label is, fitted on the backbone's sums over the cells.
//
// A head's log-odds hold how frequent its label is; a question "is there a ...?" is asked as often about rare labels as about frequent ones, so
// that of the label on any picture is taken off. Photos whose labels the heads learned get scores from heads that did not see them.

import Foundation
import Layers
import Tensors

/// Logistic heads, one for each label.
package struct LabelHeads: Sendable {
  /// `[labels, width]`.
  var weight: Tensor
  /// `[labels]`, less the log-odds of each label on any picture.
  var bias: Tensor

  /// Steps of a fit, their length, and how fast weights shrink (Nesterov's momentum).
  private static let steps = 100
  private static let rate: Float = 0.01
  private static let momentum: Float = 0.9
  private static let decay: Float = 0.1

  /// Heads that were fitted before.
  init(weight: Tensor, bias: Tensor) { (self.weight, self.bias) = (weight, bias) }

  /// The scores of one picture.
  package func scores(_ sums: [Float]) -> [Float] {
    Tensor(sums, shape: [1, sums.count]).linear(weight, bias: bias).elements
  }

  /// Fits heads.
  ///
  /// - Parameters:
  ///   - features: `[n, width]`, row by row.
  ///   - labels: For each photo the numbers of its labels.
  ///   - count: Number of labels.
  package init(features: [[Float]], labels: [[Int]], count: Int) {
    let width = features.first?.count ?? 1
    let rows = Float(max(1, features.count))
    var mean = [Float](repeating: 0, count: width)
    var deviation = [Float](repeating: 0, count: width)
    for row in features { for place in 0..<width { mean[place] += row[place] / rows } }
    for row in features {
      for place in 0..<width { deviation[place] += (row[place] - mean[place]) * (row[place] - mean[place]) / rows }
    }
    deviation = deviation.map { max($0.squareRoot(), 1e-3) }
    let standard = Tensor(
      features.flatMap { row in (0..<width).map { (row[$0] - mean[$0]) / deviation[$0] } },
      shape: [features.count, width])
    var wanted = [Float](repeating: 0, count: features.count * count)
    var frequency = [Float](repeating: 1, count: count)
    for (row, numbers) in labels.enumerated() {
      for number in numbers where wanted[row * count + number] == 0 {
        wanted[row * count + number] = 1
        frequency[number] += 1
      }
    }
    let odds = frequency.map { log($0 / (rows + 2 - $0)) }
    // Far fewer photos than numbers: steps along the gradient stay near the smallest weights that do, as Adam's do not.
    let own = Parameter(Tensor(repeating: 0, shape: [count, width]))
    let shift = Parameter(Tensor(odds, shape: [count]))
    let targets = Tensor(wanted, shape: [features.count, count])
    var moments = [[Float](repeating: 0, count: count * width), [Float](repeating: 0, count: count)]
    for _ in 0..<Self.steps {
      let tape = Tape()
      let loss = tape.record {
        standard.linear(own.tensor, bias: shift.tensor).binaryCrossEntropy(targets: targets, factor: 1 / rows)
      }
      tape.backward(from: loss)
      for (place, parameter) in [own, shift].enumerated() {
        guard let slope = tape.gradient(of: parameter)?.elements else { continue }
        var values = parameter.value.elements
        let decay = place == 0 ? Self.decay : 0
        for index in values.indices {
          let gradient = slope[index] + decay * values[index]
          moments[place][index] = Self.momentum * moments[place][index] + gradient
          values[index] -= Self.rate * (gradient + Self.momentum * moments[place][index])
        }
        parameter.value = Tensor(values, shape: parameter.value.shape)
      }
    }
    // Standardising and the frequency become part of the head.
    let values = own.value.elements
    let biases = shift.value.elements
    var folded = values
    var constants = [Float](repeating: 0, count: count)
    for label in 0..<count {
      var sum = biases[label] - odds[label]
      for place in 0..<width {
        folded[label * width + place] = values[label * width + place] / deviation[place]
        sum -= folded[label * width + place] * mean[place]
      }
      constants[label] = sum
    }
    weight = Tensor(folded, shape: [count, width])
    bias = Tensor(constants, shape: [count])
  }

  /// Heads that know nothing.
  package init(count: Int, width: Int) {
    weight = Tensor(repeating: 0, shape: [count, width])
    bias = Tensor(repeating: 0, shape: [count])
  }

  /// Scores of photos by heads that did not learn from them.
  ///
  /// - Parameters:
  ///   - features: `[n, width]`, row by row.
  ///   - labels: For each photo the numbers of its labels.
  ///   - count: Number of labels.
  ///   - parts: How many parts the photos are cut into, each scored by heads of the others.
  /// - Returns: The scores of each photo.
  package static func crossFitted(features: [[Float]], labels: [[Int]], count: Int, parts: Int = 4) -> [[Float]] {
    var scores = [[Float]](repeating: [], count: features.count)
    for part in 0..<parts {
      let rest = features.indices.filter { $0 % parts != part }
      // Of a single photo nothing is left to learn from.
      let heads =
        rest.isEmpty
        ? LabelHeads(count: count, width: features.first?.count ?? 1)
        : LabelHeads(features: rest.map { features[$0] }, labels: rest.map { labels[$0] }, count: count)
      for place in features.indices where place % parts == part { scores[place] = heads.scores(features[place]) }
    }
    return scores
  }
}
