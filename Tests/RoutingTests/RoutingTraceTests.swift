// RoutingTraceTests.swift - what a trace says about the spans chosen.

import Routing
import Testing

@Suite struct RoutingTraceTests {
  @Test func theChosenOrderIsThatOfTheGreatestWeight() {
    let decision = SpanDecision(
      layer: 3, orders: [2, 0, 1], weights: [[0.2, 0.5, 0.3], [0.4, 0.2, 0.4], [0.1, 0.1, 0.8], [1, 0, 0]])
    #expect((0..<4).map { decision.chosenOrder(picture: $0) } == [0, 2, 1, 2])
    #expect(decision.layer == 3)
  }

  @Test func aTraceStartsEmptyAndIsAValue() {
    var trace = RoutingTrace()
    #expect(trace.spans.isEmpty && trace.exits.isEmpty)
    let empty = trace
    trace.spans.append(SpanDecision(layer: 0, orders: [0], weights: [[1]]))
    trace.exits.append(ExitDecision(exit: 1, confidences: [0.75], multiplyAdds: [10]))
    #expect(trace != empty)
    #expect(empty == RoutingTrace())
    #expect(trace.exits[0] == ExitDecision(exit: 1, confidences: [0.75], multiplyAdds: [10]))
  }

  @Test func aGridCountsItsTokens() {
    let grid = GridSize(rows: 3, columns: 5)
    #expect(grid.tokens == 15)
    #expect(grid != GridSize(rows: 5, columns: 3))
  }
}
