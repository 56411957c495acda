// TemperaturePolicyTests.swift - the three ways in which the temperature falls; the original's tables are held in the tests of TRAR.

import Routing
import Testing

@Suite struct TemperaturePolicyTests {
  private func temperatures(_ policy: TemperaturePolicy, epochs: Int, warmup: Int, least: Double = 0.1) -> [Double] {
    (0..<epochs).map { policy.temperature(epoch: $0, epochs: epochs, warmup: warmup, greatest: 10, least: least) }
  }

  private func expectClose(
    _ values: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(values.count == expected.count, sourceLocation: sourceLocation)
    let worst = zip(values, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(worst < 1e-12, sourceLocation: sourceLocation)
  }

  @Test func slowIsAStraightLine() {
    expectClose(temperatures(.slow, epochs: 4, warmup: 2, least: 1), [10, 7, 4, 1])
    expectClose(temperatures(.slow, epochs: 1, warmup: 0), [10])
  }

  @Test func fastFallsToOneInTheWarmUp() {
    expectClose(temperatures(.fast, epochs: 7, warmup: 3), [10, 7, 4, 1, 0.75, 0.5, 0.25])
    // The least temperature is not heeded.
    #expect(temperatures(.fast, epochs: 7, warmup: 3, least: 5) == temperatures(.fast, epochs: 7, warmup: 3))
    expectClose(temperatures(.fast, epochs: 2, warmup: 0), [1, 0.5])
  }

  @Test func finetuneIsTheOriginalsFormula() {
    expectClose(temperatures(.finetune, epochs: 5, warmup: 2), [1 + 5.0 / 3, 1 + 4.0 / 3, 0.1, 0.1, 0.1])
  }

  @Test(arguments: TemperaturePolicy.allCases)
  func everyTemperatureIsAboveZero(_ policy: TemperaturePolicy) {
    for epochs in 1...6 {
      for warmup in 0...epochs {
        #expect(temperatures(policy, epochs: epochs, warmup: warmup).allSatisfy { $0 > 0 && $0 <= 10 })
      }
    }
  }

  @Test func numbersAreTheOriginals() {
    #expect(TemperaturePolicy.allCases.map(\.rawValue) == [0, 1, 2])
  }
}
