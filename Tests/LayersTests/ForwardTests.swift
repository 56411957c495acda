// ForwardTests.swift - every layer computes its operation with its own parameters, and gradients reach each of them.

import Layers
import Tensors
import Testing

@Suite struct ForwardTests {
  @Test(arguments: [true, false]) func linear(_ hasBias: Bool) {
    var random = SeededRandom(seed: 1)
    let layer = Linear(3, 5, hasBias: hasBias, random: &random)
    layer.shuffle(seed: 10)
    #expect(layer.shapes == (hasBias ? ["weight [5, 3]", "bias [5]"] : ["weight [5, 3]"]))
    #expect((layer.inputs, layer.outputs) == (3, 5))
    let input = Tensor.random([2, 4, 3], seed: 2)
    for activation in [Activation.none, .relu, .gelu] {
      let expected = input.linear(layer.weight.value, bias: layer.bias?.value, activation: activation)
      #expect(layer(input, activation: activation).shape == [2, 4, 5])
      #expect(layer(input, activation: activation).elements == expected.elements)
    }
    #expect(layer(input).elements == layer(input, activation: .none).elements)
    layer.expectGradients { layer(input, activation: .gelu) }
  }

  @Test func embedding() {
    var random = SeededRandom(seed: 1)
    let layer = Embedding(4, 3, random: &random)
    #expect(layer.shapes == ["weight [4, 3]"])
    #expect(layer.entries == 4)
    let result = layer([3, 0, 3, 1, 2, 0], shape: [2, 3])
    #expect(result.shape == [2, 3, 3])
    #expect(result.elements == layer.weight.value.samples([3, 0, 3, 1, 2, 0]).elements)
    // The padding's row 0 is trained like any other.
    layer.expectGradients { layer([0], shape: [1]) }
  }

  @Test func lstm() {
    var random = SeededRandom(seed: 1)
    let layer = LSTM(3, hidden: 2, random: &random)
    layer.shuffle(seed: 20)
    #expect(layer.shapes == ["weight_ih_l0 [8, 3]", "weight_hh_l0 [8, 2]", "bias_ih_l0 [8]", "bias_hh_l0 [8]"])
    let input = Tensor.random([2, 4, 3], seed: 2)
    let expected = input.lstm(
      inputWeight: layer.inputWeight.value, hiddenWeight: layer.hiddenWeight.value, inputBias: layer.inputBias.value,
      hiddenBias: layer.hiddenBias.value)
    #expect(layer(input).shape == [2, 4, 2])
    #expect(layer(input).elements == expected.elements)
    layer.expectGradients { layer(input) }
  }

  @Test func standardLayerNorm() {
    let layer = LayerNorm(5, epsilon: 1e-3)
    #expect(layer.shapes == ["weight [5]", "bias [5]"])
    #expect(layer.weight.value.elements == [1, 1, 1, 1, 1] && layer.bias.value.elements == [0, 0, 0, 0, 0])
    layer.shuffle(seed: 30)
    let input = Tensor.random([3, 5], seed: 2)
    let expected = input.layerNorm(
      scale: layer.weight.value, shift: layer.bias.value, kind: .standard(epsilon: 1e-3))
    #expect(layer(input).elements == expected.elements)
    // PyTorch's default.
    let usual = input.layerNorm(
      scale: Tensor(repeating: 1, shape: [5]), shift: Tensor(repeating: 0, shape: [5]), kind: .standard(epsilon: 1e-5))
    #expect(LayerNorm(5)(input).elements == usual.elements)
    layer.expectGradients { layer(input) }
  }

  @Test func unbiasedLayerNorm() {
    let layer = UnbiasedLayerNorm(5)
    #expect(layer.shapes == ["a_2 [5]", "b_2 [5]"])
    #expect(layer.scale.value.elements == [1, 1, 1, 1, 1] && layer.shift.value.elements == [0, 0, 0, 0, 0])
    layer.shuffle(seed: 30)
    let input = Tensor.random([3, 5], seed: 2)
    let expected = input.layerNorm(scale: layer.scale.value, shift: layer.shift.value, kind: .unbiased(epsilon: 1e-6))
    #expect(layer(input).elements == expected.elements)
    layer.expectGradients { layer(input) }
  }

  @Test func multiHeadAttention() {
    var random = SeededRandom(seed: 1)
    let layer = MultiHeadAttention(4, heads: 2, dropout: 0.5, random: &random)
    #expect(
      layer.shapes
        == ["v", "k", "q", "merge"].flatMap { ["linear_\($0).weight [4, 4]", "linear_\($0).bias [4]"] })
    let queries = Tensor.random([2, 3, 4], seed: 2)
    let memory = Tensor.random([2, 5, 4], seed: 3)
    let hidden = [false, true, false, false, true] + [Bool](repeating: true, count: 5)
    let mixed = Tensor.attention(
      query: layer.query(queries), key: layer.key(memory), value: layer.value(memory), heads: 2, hiddenKeys: hidden)
    let result = layer(queries, memory: memory, hiddenKeys: hidden)
    #expect(result.shape == [2, 3, 4])
    #expect(result.elements == layer.merge(mixed).elements)
    #expect(layer(queries, memory: memory).elements != result.elements)
    let maps = layer.maps(queries, memory: memory, hiddenKeys: hidden)
    #expect(maps.shape == [2, 1, 2, 3, 5])
    #expect(maps.elements[30...].allSatisfy { $0 == 0.2 }, "a sample without visible keys looks everywhere")
    layer.expectGradients { layer(queries, memory: memory, hiddenKeys: hidden) }
  }

  @Test func attentionDropsInTrainingOnly() {
    var random = SeededRandom(seed: 1)
    let layer = MultiHeadAttention(4, heads: 2, dropout: 0.5, random: &random)
    let input = Tensor.random([2, 3, 4], seed: 2)
    func trained(_ seed: UInt64) -> [Float] {
      Tape(training: TrainingMode(seed: seed)).record { layer(input, memory: input).elements }
    }
    #expect(trained(1) == trained(1))
    #expect(trained(1) != trained(2))
    #expect(Tape().record { layer(input, memory: input).elements } == layer(input, memory: input).elements)
  }

  @Test func mapsAreNotRecorded() {
    var random = SeededRandom(seed: 1)
    let layer = MultiHeadAttention(4, heads: 1, dropout: 0, random: &random)
    let tape = Tape()
    let maps = tape.record { layer.maps(.random([1, 2, 4], seed: 2), memory: .random([1, 3, 4], seed: 3)) }
    #expect(tape.recordedOperations == 0)
    #expect(maps.node == nil)
  }

  @Test func convolution() {
    var random = SeededRandom(seed: 1)
    let pictures = Tensor.random([2, 6, 5, 4], seed: 2)
    let plain = Convolution(4, 6, size: 3, stride: 2, random: &random)
    #expect(plain.shapes == ["weight [6, 4, 3, 3]"])
    // Half the kernel is put around the picture.
    let expected = pictures.convolution(
      plain.weight.value, stride: 2, padding: ConvolutionPadding(1), activation: .relu)
    #expect(plain(pictures, activation: .relu).shape == [2, 3, 3, 6])
    #expect(plain(pictures, activation: .relu).elements == expected.elements)
    #expect(plain.multiplyAdds(places: 9) == 9 * 6 * 4 * 9)
    plain.expectGradients { plain(pictures) }

    let grouped = Convolution(
      4, 8, size: 2, padding: ConvolutionPadding(0), groups: 2, hasBias: true, random: &random)
    #expect(grouped.shapes == ["weight [8, 2, 2, 2]", "bias [8]"])
    grouped.shuffle(seed: 40)
    let parts = pictures.convolution(grouped.weight.value, bias: grouped.bias?.value, groups: 2)
    #expect(grouped(pictures).shape == [2, 5, 4, 8])
    #expect(grouped(pictures).elements == parts.elements)
    #expect(grouped.multiplyAdds(places: 20) == 20 * 8 * 2 * 4)
    grouped.expectGradients { grouped(pictures) }
  }

  @Test func batchNorm() {
    let layer = BatchNorm(3, momentum: 0.25, epsilon: 1e-2)
    #expect(layer.shapes == ["weight [3]", "bias [3]", "running_mean [3]", "running_var [3]"])
    #expect(layer.parameterCount == 6, "statistics are not trained")
    #expect(layer.runningMean.value.elements == [0, 0, 0] && layer.runningVariance.value.elements == [1, 1, 1])
    layer.shuffle(seed: 50)
    let input = Tensor.random([4, 2, 3], seed: 2)
    layer.expectGradients { layer(input, activation: .gelu) }
    // One training pass has moved the statistics by a quarter.
    let columns = (0..<3).map { channel in (0..<8).map { Double(input.elements[$0 * 3 + channel]) } }
    let means = columns.map { $0.reduce(0, +) / 8 }
    let variances = zip(columns, means).map { column, mean in
      column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 7
    }
    expectClose(layer.runningMean.value.elements, means.map { 0.25 * $0 }, within: 1e-6)
    expectClose(layer.runningVariance.value.elements, variances.map { 0.75 + 0.25 * $0 }, within: 1e-6)
    // Outside training they are used and stay.
    let statistics = [layer.runningMean, layer.runningVariance].map(\.value.elements)
    let (scale, shift) = (layer.weight.value.elements, layer.bias.value.elements)
    let result = layer(input)
    let expected = input.elements.enumerated().map { place, value in
      let channel = place % 3
      let deviation = (Double(statistics[1][channel]) + 1e-2).squareRoot()
      let normal = (Double(value) - Double(statistics[0][channel])) / deviation
      return normal * Double(scale[channel]) + Double(shift[channel])
    }
    expectClose(result.elements, expected, within: 1e-6)
    #expect([layer.runningMean, layer.runningVariance].map(\.value.elements) == statistics)
  }
}
