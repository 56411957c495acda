// KeptOrders.swift - the values of a parameter in an order that a library computes faster with, made once and kept.
//
// A product of few rows would spend as long on rearranging the weights as on the arithmetic. Without a tape weights stay as they are for
// thousands of products; whoever changes them in place says so, and what was kept goes.

import Synchronization

/// One of the parts that a block of values is rearranged in, each by itself.
struct KeptPart {
  let orders: KeptOrders
  let number: Int
}

/// Rearranged copies of one block of values.
package final class KeptOrders: Sendable {
  private struct State: @unchecked Sendable {
    var kept: [AnyHashable: AnyObject] = [:]
  }

  private struct Found<Value>: @unchecked Sendable { let value: Value }

  private let state = Mutex(State())

  /// Nothing kept yet.
  package init() {}

  /// What is kept under a key, made now if it is not there; made once, whoever else asks meanwhile waits.
  package func value<Value: AnyObject>(for key: some Hashable, make: () -> Value) -> Value {
    let key = AnyHashable(key)
    return state.withLock { state -> Found<Value> in
      if let known = state.kept[key] as? Value { return Found(value: known) }
      let value = make()
      state.kept[key] = value
      return Found(value: value)
    }.value
  }

  /// What is kept under a key; nil when it is not there.
  package func known<Value: AnyObject>(for key: some Hashable) -> Value? {
    let key = AnyHashable(key)
    return state.withLock { Found(value: $0.kept[key] as? Value) }.value
  }

  /// Whether nothing is kept.
  package var isEmpty: Bool { state.withLock { $0.kept.isEmpty } }

  /// Forgets everything: the values have changed.
  package func forget() { state.withLock { $0.kept = [:] } }
}
