// ReadAheadTests.swift - values made on a thread of their own: in order, each once, never many at a time.

import Synchronization
import Tensors
import Testing

@Suite struct ReadAheadTests {
  @Test(arguments: [1, 2, 5])
  func valuesComeInOrder(depth: Int) {
    let ahead = ReadAhead(3..<40, depth: depth) { $0 * $0 }
    var values: [Int] = []
    while let value = ahead.next() { values.append(value) }
    #expect(values == (3..<40).map { $0 * $0 })
    #expect(ahead.next() == nil)
  }

  @Test func nothingToMake() {
    #expect(ReadAhead(0..<0) { $0 }.next() == nil)
  }

  @Test func onlyAFewAreMadeAhead() {
    let made = Atomic<Int>(0)
    let ahead = ReadAhead(0..<100, depth: 2) { number in
      _ = made.add(1, ordering: .relaxed)
      return number
    }
    for taken in 1...50 {
      _ = ahead.next()
      #expect(made.load(ordering: .relaxed) <= taken + 2)
    }
  }

  @Test func whoeverStopsEarlyLeavesNothingBehind() {
    let made = Atomic<Int>(0)
    do {
      let ahead = ReadAhead(0..<1000) { number in
        _ = made.add(1, ordering: .relaxed)
        return number
      }
      _ = ahead.next()
    }
    // The thread has ended when the last reference is gone.
    let count = made.load(ordering: .relaxed)
    #expect(count < 1000)
    #expect(made.load(ordering: .relaxed) == count)
  }
}
