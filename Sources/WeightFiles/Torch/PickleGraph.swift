// PickleGraph.swift - the values of a pickle while it is read: lists may still grow, and be referred to from many places.

/// A value on the stack, or inside another one.
enum PickleSlot {
  case none
  case boolean(Bool)
  case integer(Int64)
  case number(Double)
  /// Index of a text.
  case text(Int)
  /// Index of a list, a tuple or a dictionary.
  case node(Int)
  /// Index of a storage.
  case storage(Int)
  /// Index of a tensor.
  case tensor(Int)
  case name(PickleName)
}

/// A list, a tuple or a dictionary.
struct PickleNode {
  enum Kind: UInt8 {
    case list, tuple, dictionary
  }

  let kind: Kind
  /// The byte of the step that made it.
  let offset: Int
  /// The elements; of a dictionary each key followed by its value.
  var slots: [PickleSlot]
}

/// All values made so far; they refer to each other by index, so that a loop of values is no loop of memory.
struct PickleGraph {
  var nodes: [PickleNode] = []
  var texts: [String] = []
  var storages: [TorchStorage] = []
  var tensors: [TorchTensor] = []

  /// The text a slot refers to, or nil when it is something else.
  func text(_ slot: PickleSlot) -> String? {
    if case .text(let index) = slot { texts[index] } else { nil }
  }

  /// The elements of a tuple, or nil when the slot is something else.
  func tuple(_ slot: PickleSlot) -> [PickleSlot]? {
    guard case .node(let index) = slot, nodes[index].kind == .tuple else { return nil }
    return nodes[index].slots
  }

  /// The whole numbers of a tuple or a list.
  /// - Parameters:
  ///   - slot: Any value.
  ///   - limit: How many there may be: they are copied, and one tuple may be used many times.
  /// - Returns: The numbers, or nil when the slot is something else or longer.
  func integers(_ slot: PickleSlot, limit: Int) -> [Int64]? {
    guard case .node(let index) = slot, nodes[index].kind != .dictionary, nodes[index].slots.count <= limit else {
      return nil
    }
    var integers: [Int64] = []
    for case .integer(let value) in nodes[index].slots { integers.append(value) }
    return integers.count == nodes[index].slots.count ? integers : nil
  }

  /// Whether a slot is a dictionary.
  func isDictionary(_ slot: PickleSlot) -> Bool {
    if case .node(let index) = slot { nodes[index].kind == .dictionary } else { false }
  }
}
