// WeightAverageTests.swift - the running average of parameters, and its exchange with the network's own values.

import Layers
import Tensors
import Testing

@Suite struct WeightAverageTests {
  private static func parameters() -> [(name: String, parameter: Parameter)] {
    [("weight", Parameter(Tensor([1, 2, 3]))), ("mean", Parameter(Tensor([4]), isTrainable: false))]
  }

  @Test func theFirstStepsForgetFaster() {
    let parameters = Self.parameters()
    let average = WeightAverage(parameters, decay: 0.9)
    var expected = [1.0, 2, 3]
    for step in 1...120 {
      let present = (0..<3).map { Float(step % 7) - Float($0) }
      parameters[0].parameter.value = Tensor(present)
      average.update(step: step)
      let decay = min(0.9, Double(1 + step) / Double(10 + step))
      expected = zip(expected, present).map { decay * $0 + (1 - decay) * Double($1) }
    }
    expectClose(average.averages[0].value.elements, expected, within: 1e-5)
    #expect(average.averages[1].value.elements == [4])
    #expect(average.decay == 0.9)
  }

  /// Statistics that are not trained are averaged as well, since the averaged weights have statistics of their own.
  @Test func statisticsAreAveraged() {
    let parameters = Self.parameters()
    let average = WeightAverage(parameters, decay: 0)
    parameters[1].parameter.value = Tensor([6])
    average.update(step: 1)
    #expect(average.averages[1].value.elements == [6])
  }

  @Test func itStartsFromACopy() {
    let parameters = Self.parameters()
    let average = WeightAverage(parameters, decay: 0.5)
    let step = AdamStep(rate: 1, firstDecay: 0.9, secondDecay: 0.9, epsilon: 1e-8, weightDecay: 0, number: 1)
    let zeros = (0..<2).map { _ in Tensor(repeating: 0, shape: [3]) }
    // The optimiser changes values in place.
    parameters[0].parameter.update(
      gradient: Tensor([1, 1, 1]), factor: 1, first: zeros[0], second: zeros[1], step: step)
    #expect(parameters[0].parameter.value.elements != [1, 2, 3])
    #expect(average.averages[0].value.elements == [1, 2, 3])
  }

  @Test func twoExchangesUndoEachOther() {
    let parameters = Self.parameters()
    let average = WeightAverage(parameters, decay: 0.5)
    parameters[0].parameter.value = Tensor([5, 6, 7])
    parameters[1].parameter.value = Tensor([8])
    average.swap()
    #expect(parameters.map(\.parameter.value.elements) == [[1, 2, 3], [4]])
    #expect(average.averages.map(\.value.elements) == [[5, 6, 7], [8]])
    average.swap()
    #expect(parameters.map(\.parameter.value.elements) == [[5, 6, 7], [8]])
    #expect(average.averages.map(\.value.elements) == [[1, 2, 3], [4]])
  }
}
