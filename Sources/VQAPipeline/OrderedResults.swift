// OrderedResults.swift - results of parallel work, each in its place.

import Synchronization

/// Collects one result for each piece of parallel work.
final class OrderedResults<Result: Sendable>: Sendable {
  private let results: Mutex<[Result?]>

  init(count: Int) {
    results = Mutex(Array(repeating: nil, count: count))
  }

  func set(_ index: Int, _ result: Result) {
    results.withLock { $0[index] = result }
  }

  /// The results in the order of their pieces.
  var all: [Result] { results.withLock { $0.compactMap { $0 } } }
}
