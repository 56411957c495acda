// InitialisationTests.swift - first values lie where the original implementations draw them.

import Layers
import Tensors
import Testing

/// Mean and deviation of numbers.
private func moments(_ values: [Float]) -> (mean: Double, deviation: Double) {
  let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
  let squares = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
  return (mean, (squares / Double(values.count)).squareRoot())
}

/// Expects numbers that fill ±bound evenly.
private func expectUniform(_ values: [Float], bound: Float, sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(values.allSatisfy { abs($0) <= bound }, sourceLocation: sourceLocation)
  let (mean, deviation) = moments(values)
  let expected = Double(bound) / 3.0.squareRoot()
  let error = expected / Double(values.count).squareRoot()
  #expect(abs(mean) < 4 * error, sourceLocation: sourceLocation)
  #expect(abs(deviation - expected) < 4 * error, sourceLocation: sourceLocation)
}

/// Expects numbers of a normal distribution.
private func expectNormal(_ values: [Float], deviation: Double, sourceLocation: SourceLocation = #_sourceLocation) {
  let found = moments(values)
  let error = deviation / Double(values.count).squareRoot()
  #expect(abs(found.mean) < 4 * error, sourceLocation: sourceLocation)
  #expect(abs(found.deviation - deviation) < 4 * error, sourceLocation: sourceLocation)
}

@Suite struct InitialisationTests {
  @Test func linearFillsOneOverTheRootOfItsInputs() throws {
    var random = SeededRandom(seed: 1)
    let layer = Linear(16, 200, random: &random)
    expectUniform(layer.weight.value.elements, bound: 0.25)
    expectUniform(try #require(layer.bias).value.elements, bound: 0.25)
  }

  @Test func lstmFillsOneOverTheRootOfItsWidth() {
    var random = SeededRandom(seed: 2)
    let layer = LSTM(20, hidden: 25, random: &random)
    for parameter in layer.namedParameters.map(\.parameter) { expectUniform(parameter.value.elements, bound: 0.2) }
  }

  @Test func attentionIsMadeOfLinearLayers() {
    var random = SeededRandom(seed: 3)
    let layer = MultiHeadAttention(64, heads: 4, dropout: 0, random: &random)
    for parameter in layer.namedParameters.map(\.parameter) { expectUniform(parameter.value.elements, bound: 0.125) }
  }

  @Test func embeddingIsNormal() {
    var random = SeededRandom(seed: 4)
    let layer = Embedding(100, 40, random: &random)
    expectNormal(layer.weight.value.elements, deviation: 1)
    #expect(layer.weight.value.elements[0..<40].contains { $0 != 0 }, "the padding's row is not zero")
  }

  @Test func convolutionFollowsHe() throws {
    var random = SeededRandom(seed: 5)
    // 3 x 3 places of 50 outputs.
    expectNormal(
      Convolution(8, 50, size: 3, random: &random).weight.value.elements, deviation: (2.0 / 450).squareRoot())
    // Depthwise: each output channel is one of its own group.
    let depthwise = Convolution(400, 400, size: 3, groups: 400, hasBias: true, random: &random)
    expectNormal(depthwise.weight.value.elements, deviation: (2.0 / 9).squareRoot())
    #expect(try #require(depthwise.bias).value.elements.allSatisfy { $0 == 0 })
  }

  @Test func aTruncatedNormalEndsAtTwoDeviations() {
    var random = SeededRandom(seed: 6)
    let values = Initialisation.normal([5000], deviation: 0.02, truncated: true, random: &random).value.elements
    #expect(values.allSatisfy { abs($0) <= 0.04 })
    // What is left of a normal distribution cut at two deviations has 0.8796 of its deviation.
    let deviation = moments(values).deviation
    #expect(abs(deviation / 0.02 - 0.8796) < 0.03)
    #expect(values.contains { abs($0) > 0.036 })
  }

  @Test func constantsAreConstant() {
    let parameter = Initialisation.constant(0.5, [2, 3], isTrainable: false)
    #expect(parameter.value.shape == [2, 3])
    #expect(parameter.value.elements == [Float](repeating: 0.5, count: 6))
    #expect(!parameter.isTrainable)
  }

  @Test func oneSeedMakesOneLayer() {
    func make(_ seed: UInt64) -> [Float] {
      var random = SeededRandom(seed: seed)
      return MultiHeadAttention(4, heads: 2, dropout: 0, random: &random).namedParameters.flatMap {
        $0.parameter.value.elements
      }
    }
    #expect(make(1) == make(1))
    #expect(make(1) != make(2))
  }
}
