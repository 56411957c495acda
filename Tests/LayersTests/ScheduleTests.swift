// ScheduleTests.swift - the learning rate step by step; the original's own table is held in the tests of the network.

import Layers
import Testing

@Suite struct ScheduleTests {
  @Test func aCosineRisesAndFalls() {
    let schedule = Schedule.cosine(peak: 0.8, warmupSteps: 4, totalSteps: 12, finalShare: 0.25)
    let rates = (1...14).map { schedule.rate(step: $0, epoch: 0) }
    expectClose(Array(rates[0..<4]), [0.2, 0.4, 0.6, 0.8], within: 1e-6)
    // Half-way down it is the mean of peak and end; afterwards it stays there.
    expectClose([rates[7], rates[11], rates[12], rates[13]], [0.5, 0.2, 0.2, 0.2], within: 1e-6)
    for step in 4..<11 { #expect(rates[step] < rates[step - 1]) }
    #expect(schedule.rate(step: 6, epoch: 9) == rates[5], "the epoch does not matter")
  }

  @Test func aCosineWithoutWarmUpStartsBelowItsPeak() {
    let schedule = Schedule.cosine(peak: 1, warmupSteps: 0, totalSteps: 2, finalShare: 0)
    expectClose((1...3).map { schedule.rate(step: $0, epoch: 0) }, [0.5, 0, 0], within: 1e-6)
  }

  @Test func noLengthIsNoTrap() {
    #expect(Schedule.cosine(peak: 1, warmupSteps: 3, totalSteps: 3, finalShare: 0.5).rate(step: 9, epoch: 0) == 0.5)
    #expect(Schedule.cosine(peak: 1, warmupSteps: 0, totalSteps: 0, finalShare: 0.5).rate(step: 1, epoch: 0) == 0.5)
  }

  @Test func stepsRiseInQuartersAndFallByEpochs() {
    // 2.5 steps an epoch, a warm-up of 3 + 1 epochs: quarters end after steps 2, 5 and 7.
    let schedule = Schedule.steps(base: 1, stepsPerEpoch: 2.5, warmupEpochs: 3, decay: 0.5, decayEpochs: [4, 6])
    let rates = (1...9).map { schedule.rate(step: $0, epoch: 0) }
    expectClose(rates, [0.25, 0.25, 0.5, 0.5, 0.5, 0.75, 0.75, 1, 1], within: 1e-7)
    let epochs = (3...7).map { schedule.rate(step: 20, epoch: $0) }
    expectClose(epochs, [1, 0.5, 0.5, 0.25, 0.25], within: 1e-7)
  }

  /// The quarters stay when the warm-up has another length; the rates are then not those of quarters.
  @Test func aWarmUpOfOneEpochKeepsTheOriginalsQuarters() {
    let schedule = Schedule.steps(base: 1, stepsPerEpoch: 4, warmupEpochs: 1, decay: 0.5, decayEpochs: [])
    let rates = [1, 2, 3, 4, 5, 6, 7].map { schedule.rate(step: $0, epoch: 0) }
    expectClose(rates, [0.5, 0.5, 1, 1, 1.5, 1.5, 1], within: 1e-7)
  }

  @Test func decayReachesTheWarmUp() {
    let schedule = Schedule.steps(base: 1, stepsPerEpoch: 4, warmupEpochs: 3, decay: 0.5, decayEpochs: [0])
    #expect(schedule.rate(step: 1, epoch: 0) == 0.125)
  }
}
