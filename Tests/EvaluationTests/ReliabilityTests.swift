// ReliabilityTests.swift - answers by confidence, and how far that is from how often they are right.

import Evaluation
import Testing

@Suite struct ReliabilityTests {
  @Test func answersOfLikeConfidenceAreTogether() {
    var reliability = Reliability(bins: 4)
    for (confidence, score) in [(Float(0), 0.0), (0.25, 1.0), (0.3, 0.5), (0.5, 0.0), (1, 1.0)] {
      reliability.add(confidence: confidence, score: score)
    }
    // A bin holds its upper end.
    #expect(reliability.bins.map(\.count) == [2, 2, 0, 1])
    #expect(reliability.bins.map(\.accuracy) == [0.5, 0.25, 0, 1])
    #expect(reliability.bins[0].confidence == 0.125 && reliability.bins[3].confidence == 1)
    #expect(reliability.count == 5)
    #expect(abs(reliability.confidence - 0.41) < 1e-6)
    // |0.25 - 1| + |0.8 - 0.5| + 0 of five.
    #expect(abs(reliability.error - 0.21) < 1e-6)
  }

  @Test func nothingIsNoError() {
    #expect(Reliability().error == 0 && Reliability().confidence == 0 && Reliability().bins.count == 15)
  }

  @Test func whatIsNoConfidenceCountsAsNone() {
    var reliability = Reliability()
    for confidence in [Float.nan, -1, .infinity, 2] { reliability.add(confidence: confidence, score: 1) }
    #expect(reliability.bins[0].count == 2 && reliability.bins[14].count == 2)
    #expect(reliability.bins[0].confidence == 0 && reliability.bins[14].confidence == 1)
  }
}
