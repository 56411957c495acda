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
    /// What was asked for last, in front: finding it there costs a tenth of finding it by its hash.
    var recent: [Entry] = []
  }

  private class Entry {}

  private final class TypedEntry<Key: Hashable, Value: AnyObject>: Entry {
    let key: Key
    let value: Value
    init(_ key: Key, _ value: Value) { (self.key, self.value) = (key, value) }
  }

  private struct Found<Value>: @unchecked Sendable { let value: Value }

  private static let mostRecent = 4
  private let state = Mutex(State())

  /// Nothing kept yet.
  package init() {}

  /// What is kept under a key, made now if it is not there; made once, whoever else asks meanwhile waits.
  package func value<Key: Hashable, Value: AnyObject>(for key: Key, make: () -> Value) -> Value {
    state.withLock { state -> Found<Value> in
      if let known: Value = Self.find(key, in: &state) { return Found(value: known) }
      let value = make()
      state.kept[AnyHashable(key)] = value
      return Found(value: value)
    }.value
  }

  /// What is kept under a key; nil when it is not there.
  package func known<Key: Hashable, Value: AnyObject>(for key: Key) -> Value? {
    state.withLock { Found(value: Self.find(key, in: &$0) as Value?) }.value
  }

  private static func find<Key: Hashable, Value: AnyObject>(_ key: Key, in state: inout State) -> Value? {
    let kind = ObjectIdentifier(TypedEntry<Key, Value>.self)
    for entry in state.recent where ObjectIdentifier(type(of: entry)) == kind {
      let entry = unsafeDowncast(entry, to: TypedEntry<Key, Value>.self)
      if entry.key == key { return entry.value }
    }
    guard let value = state.kept[AnyHashable(key)] as? Value else { return nil }
    if state.recent.count == mostRecent { state.recent.removeLast() }
    state.recent.insert(TypedEntry(key, value), at: 0)
    return value
  }

  /// Whether nothing is kept.
  package var isEmpty: Bool { state.withLock { $0.kept.isEmpty } }

  /// Forgets everything: the values have changed.
  package func forget() { state.withLock { $0 = State() } }
}
