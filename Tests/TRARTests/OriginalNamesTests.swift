// OriginalNamesTests.swift - names, order and shapes of all parameters at the original's full size.
//
// A network of full size holds 58 million numbers. Here a tiny one is made in which every width is another number, and each number
// in its shapes is read as the width that it stands for.

import Layers
import SafeFiles
import TRAR
import Tensors
import TestSupport
import Testing

/// The widths of a full-size network, each with the number that stands for it in the tiny one.
private struct Scale {
  var configuration = TRARConfiguration()
  /// From a number of the tiny network's shapes to that of the full-size one.
  private(set) var full = [1: 1]
  private(set) var isAmbiguous = false

  init(pooling: RouterPooling, words: Int, features: Int, answers: Int, orders: [Int], projection: String) {
    configuration.pooling = pooling
    configuration.orders = orders
    configuration.projectionName = projection
    stand(orders.count, for: orders.count)
    configuration.vocabularySize = stand(37, for: words)
    configuration.wordWidth = stand(23, for: 300)
    configuration.featureWidth = stand(13, for: features)
    configuration.hidden = stand(16, for: 512)
    stand(64, for: 4 * 512)
    stand(8, for: 512 / 2)
    configuration.feedForward = stand(11, for: 2048)
    configuration.flatHidden = stand(17, for: 512)
    configuration.flatOutput = stand(19, for: 1024)
    configuration.answers = stand(31, for: answers)
  }

  @discardableResult
  private mutating func stand(_ tiny: Int, for size: Int) -> Int {
    isAmbiguous = isAmbiguous || full.updateValue(size, forKey: tiny) != nil
    return tiny
  }
}

extension TRARTests {
  @Suite struct OriginalNames {
    private static let cases: [(table: String, scale: Scale, tensors: Int, numbers: Int, routers: Int)] = [
      (
        "vqa_avg_T20572",
        Scale(
          pooling: .average, words: 20572, features: 2048, answers: 3129, orders: [0, 1, 2, 3],
          projection: "frcn_linear"), 293, 58_605_091, 792_600
      ),
      (
        "vqa_attention_T20572",
        Scale(
          pooling: .attention, words: 20572, features: 2048, answers: 3129, orders: [0, 1, 2, 3],
          projection: "frcn_linear"), 341, 61_766_185, 3_953_694
      ),
      (
        "clevr_fc_T100",
        Scale(
          pooling: .scored, words: 100, features: 1024, answers: 28, orders: [0, 1, 3], projection: "grid_linear"),
        305, 48_732_214 + 300 * 100, 794_136
      ),
    ]

    @Test(arguments: cases.indices)
    func everyParameterHasItsNameItsPlaceAndItsShape(_ index: Int) throws {
      let (table, scale, tensors, numbers, routers) = Self.cases[index]
      #expect(!scale.isAmbiguous)
      var random = SeededRandom(seed: 1)
      let network = TRARNetwork(scale.configuration, random: &random)
      let parameters = try network.namedParameters.map { name, parameter in
        #expect(parameter.isTrainable)
        return (name: name, shape: try parameter.value.shape.map { try #require(scale.full[$0], "\(name)") })
      }
      #expect(parameters.count == tensors)
      func count(_ chosen: [(name: String, shape: [Int])]) -> Int {
        chosen.reduce(0) { $0 + $1.shape.reduce(1, *) }
      }
      #expect(count(parameters) == numbers)
      #expect(count(parameters.filter { $0.name.contains("routing_block") }) == routers)
      let sets = try ParitySets.folders(.trarTables).filter { !$0.files(suffix: "state_dict_full_size.json").isEmpty }
      try #require(!sets.isEmpty)
      for set in sets {
        let original = try #require(try set.json("state_dict_full_size.json")[table]?.objectValue)
        // The order is that of the optimiser's states in original checkpoints.
        #expect(original.keys == parameters.map(\.name))
        for (name, shape) in parameters {
          #expect(original[name]?.arrayValue?.compactMap(\.integerValue) == shape.map { Int64($0) }, "\(name)")
        }
      }
    }

    @Test func aParameterCountIsThatOfAllNumbers() {
      var random = SeededRandom(seed: 1)
      let network = TRARNetwork(.small(), random: &random)
      #expect(network.parameterCount == network.namedParameters.reduce(0) { $0 + $1.parameter.value.elements.count })
    }
  }
}
