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

  /// Steps of a fit, their length, and its memory (Nesterov's momentum).
  private static let steps = 100
  private static let rate: Float = 0.01
  private static let momentum: Float = 0.9
  /// How fast weights shrink where somebody looked for every label.
  package static let labelDecay: Float = 0.1
  /// How fast where pictures have what people happened to mention.
  package static let wordDecay: Float = 0.5

  /// Heads that were fitted before.
  init(weight: Tensor, bias: Tensor) { (self.weight, self.bias) = (weight, bias) }

  /// How many numbers of a picture they read.
  var width: Int { weight.width }

  /// The scores of one picture.
  package func scores(_ sums: [Float]) -> [Float] {
    Tensor(sums, shape: [1, sums.count]).linear(weight, bias: bias).elements
  }

  /// The heads of both, those of the other after its own.
  func joined(_ other: LabelHeads) -> LabelHeads {
    let width = weight.width
    return LabelHeads(
      weight: Tensor(
        weight.elements + other.weight.elements, shape: [weight.shape[0] + other.weight.shape[0], width]),
      bias: Tensor(bias.elements + other.bias.elements, shape: [bias.count + other.bias.count]))
  }

  /// Fits heads.
  ///
  /// - Parameters:
  ///   - features: `[n, width]`, row by row.
  ///   - labels: For each photo the numbers of its labels.
  ///   - count: Number of labels.
  ///   - sets: The set of each photo, from 0; a label may be frequent in one and rare in another, and no head has to tell sets apart. Empty: one set.
  ///   - decay: How fast weights shrink.
  package init(
    features: [[Float]], labels: [[Int]], count: Int, sets: [Int] = [], decay: Float = labelDecay
  ) {
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
    let odds = Self.odds(labels, count, sets.isEmpty ? labels.map { _ in 0 } : sets)
    for (row, numbers) in labels.enumerated() { for number in numbers { wanted[row * count + number] = 1 } }
    // Far fewer photos than numbers: steps along the gradient stay near the smallest weights that do, as Adam's do not.
    let own = Parameter(Tensor(repeating: 0, shape: [count, width]))
    let shift = Parameter(Tensor(repeating: 0, shape: [count]))
    let given = Tensor(odds.flatMap { $0 }, shape: [features.count, count])
    let targets = Tensor(wanted, shape: [features.count, count])
    var moments = [[Float](repeating: 0, count: count * width), [Float](repeating: 0, count: count)]
    for _ in 0..<Self.steps {
      let tape = Tape()
      let loss = tape.record {
        (standard.linear(own.tensor, bias: shift.tensor) + given).binaryCrossEntropy(targets: targets, factor: 1 / rows)
      }
      tape.backward(from: loss)
      for (place, parameter) in [own, shift].enumerated() {
        guard let slope = tape.gradient(of: parameter)?.elements else { continue }
        var values = parameter.value.elements
        let decay = place == 0 ? decay : 0
        for index in values.indices {
          let gradient = slope[index] + decay * values[index]
          moments[place][index] = Self.momentum * moments[place][index] + gradient
          values[index] -= Self.rate * (gradient + Self.momentum * moments[place][index])
        }
        parameter.value = Tensor(values, shape: parameter.value.shape)
      }
    }
    // Standardising becomes part of the head.
    let values = own.value.elements
    let biases = shift.value.elements
    var folded = values
    var constants = [Float](repeating: 0, count: count)
    for label in 0..<count {
      var sum = biases[label]
      for place in 0..<width {
        folded[label * width + place] = values[label * width + place] / deviation[place]
        sum -= folded[label * width + place] * mean[place]
      }
      constants[label] = sum
    }
    weight = Tensor(folded, shape: [count, width])
    bias = Tensor(constants, shape: [count])
  }

  /// The log-odds of each label in the set of each photo.
  private static func odds(_ labels: [[Int]], _ count: Int, _ sets: [Int]) -> [[Float]] {
    let number = (sets.max() ?? 0) + 1
    var sizes = [Float](repeating: 0, count: number)
    var frequency = [[Float]](repeating: [Float](repeating: 1, count: count), count: number)
    for (set, numbers) in zip(sets, labels) {
      sizes[set] += 1
      for label in Set(numbers) { frequency[set][label] += 1 }
    }
    let odds = zip(frequency, sizes).map { frequency, size in frequency.map { log($0 / (size + 2 - $0)) } }
    return sets.map { odds[$0] }
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
  ///   - sets: The set of each photo; empty: one set.
  ///   - decay: How fast weights shrink.
  ///   - parts: How many parts the photos are cut into, each scored by heads of the others.
  /// - Returns: The scores of each photo.
  package static func crossFitted(
    features: [[Float]], labels: [[Int]], count: Int, sets: [Int] = [], decay: Float = labelDecay, parts: Int = 4
  ) -> [[Float]] {
    var scores = [[Float]](repeating: [], count: features.count)
    for part in 0..<parts {
      let rest = features.indices.filter { $0 % parts != part }
      // Of a single photo nothing is left to learn from.
      let heads =
        rest.isEmpty
        ? LabelHeads(count: count, width: features.first?.count ?? 1)
        : LabelHeads(
          features: rest.map { features[$0] }, labels: rest.map { labels[$0] }, count: count,
          sets: sets.isEmpty ? [] : rest.map { sets[$0] }, decay: decay)
      for place in features.indices where place % parts == part { scores[place] = heads.scores(features[place]) }
    }
    return scores
  }
}
