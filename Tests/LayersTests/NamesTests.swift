// NamesTests.swift - parameters are found by path, counted, and watched once wherever they are used.

import Layers
import Tensors
import Testing

private struct Pair: Layer {
  let first: Linear
  let second: BatchNorm

  func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    first.forEachParameter(at: parameterName(path, "first"), body)
    second.forEachParameter(at: parameterName(path, "second"), body)
  }
}

@Suite struct NamesTests {
  @Test func pathsAreJoinedByDots() {
    #expect(parameterName("", "weight") == "weight")
    #expect(parameterName("a.b", "weight") == "a.b.weight")
  }

  @Test func aPartIsNamedWithinTheWhole() {
    var random = SeededRandom(seed: 1)
    let pair = Pair(first: Linear(2, 3, random: &random), second: BatchNorm(3))
    #expect(
      pair.namedParameters.map(\.name) == [
        "first.weight", "first.bias", "second.weight", "second.bias", "second.running_mean", "second.running_var",
      ])
    var names: [String] = []
    pair.forEachParameter(at: "net.0") { name, _ in names.append(name) }
    #expect(names == pair.namedParameters.map { "net.0." + $0.name })
    #expect(pair.parameterCount == 6 + 3 + 3 + 3)
    #expect(pair.namedParameters[0].parameter === pair.first.weight)
  }

  @Test func aLayerUsedTwiceGathersBothGradients() throws {
    var random = SeededRandom(seed: 1)
    let layer = Linear(2, 2, random: &random)
    let input = Tensor([1, 2], shape: [1, 2])
    func biasGradient(_ uses: Int) throws -> [Float] {
      let tape = Tape()
      let result = tape.record { (1..<uses).reduce(layer(input)) { sum, _ in sum + layer(input) } }
      tape.backward(from: result)
      let bias = try #require(layer.bias)
      return try #require(tape.gradient(of: bias)).elements
    }
    #expect(try biasGradient(1) == [1, 1])
    #expect(try biasGradient(3) == [3, 3])
  }
}
