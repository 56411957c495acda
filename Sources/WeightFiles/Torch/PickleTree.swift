// PickleTree.swift - turns what a pickle made into a tree of values, once it is complete.

import SafeFiles

/// Builds the tree of a graph; a value that several places refer to is built once.
struct PickleTree {
  private let graph: PickleGraph
  private let limits: LoadLimits
  private var built: [Built]

  /// A node on its way into the tree.
  private enum Built {
    case notYet
    /// It is being built: whoever meets it again is inside it.
    case inWork
    /// Finished, with the depth of the tree below it and the number of values that it stands for.
    case done(PickleValue, depth: Int, count: Int)
  }

  /// Builds the value of a slot.
  /// - Parameters:
  ///   - slot: The root.
  ///   - graph: What it refers to.
  ///   - offset: The byte that failures of the root name.
  ///   - limits: How deep values may nest, and how many there may be, those that are referred to twice counted twice.
  /// - Returns: The tree.
  /// - Throws: ``PickleFailure``.
  static func build(
    _ slot: PickleSlot, of graph: PickleGraph, offset: Int, limits: LoadLimits
  ) throws(PickleFailure) -> PickleValue {
    var tree = PickleTree(graph: graph, limits: limits, built: Array(repeating: .notYet, count: graph.nodes.count))
    return try tree.value(slot, offset: offset, above: 0).value
  }

  private typealias Part = (value: PickleValue, depth: Int, count: Int)

  private mutating func value(_ slot: PickleSlot, offset: Int, above: Int) throws(PickleFailure) -> Part {
    switch slot {
    case .none: return (.none, 0, 1)
    case .boolean(let value): return (.boolean(value), 0, 1)
    case .integer(let value): return (.integer(value), 0, 1)
    case .number(let value): return (.number(value), 0, 1)
    case .text(let index): return (.text(graph.texts[index]), 0, 1)
    case .tensor(let index): return (.tensor(graph.tensors[index]), 0, 1)
    case .name(.dataType(let type)): return (.dataType(type), 0, 1)
    case .name(let name): throw .noValue(offset: offset, name: name.pythonName)
    case .storage: throw .noValue(offset: offset, name: "torch storage")
    case .node(let index): return try node(index, above: above)
    }
  }

  private mutating func node(_ index: Int, above: Int) throws(PickleFailure) -> Part {
    let node = graph.nodes[index]
    let deepest = PickleFailure.tooDeep(offset: node.offset, limit: limits.pickleDepth)
    switch built[index] {
    case .inWork: throw .loop(offset: node.offset)
    case .done(let value, let depth, let count):
      guard above + depth <= limits.pickleDepth else { throw deepest }
      return (value, depth, count)
    case .notYet: break
    }
    guard above < limits.pickleDepth else { throw deepest }
    built[index] = .inWork
    var parts: [PickleValue] = []
    parts.reserveCapacity(node.slots.count)
    var (depth, count) = (0, 1)
    for slot in node.slots {
      let part = try value(slot, offset: node.offset, above: above + 1)
      parts.append(part.value)
      depth = max(depth, part.depth)
      // Neither exceeds the limit, so the sum does not overflow.
      count += part.count
      guard count <= limits.pickleSteps else { throw .tooManySteps(offset: node.offset, limit: limits.pickleSteps) }
    }
    let value = try Self.value(node, parts)
    built[index] = .done(value, depth: depth + 1, count: count)
    return (value, depth + 1, count)
  }

  private static func value(_ node: PickleNode, _ parts: [PickleValue]) throws(PickleFailure) -> PickleValue {
    switch node.kind {
    case .list: return .list(parts)
    case .tuple: return .tuple(parts)
    case .dictionary:
      var members: [PickleValue.Member] = []
      var keys: Set<Key> = []
      for index in stride(from: 0, to: parts.count - 1, by: 2) {
        guard let key = Key(parts[index]) else {
          throw .wrongKey(offset: node.offset, kind: parts[index].kindName)
        }
        guard keys.insert(key).inserted else { throw .duplicateKey(offset: node.offset, key: "\(key)") }
        members.append((parts[index], parts[index + 1]))
      }
      return .dictionary(members)
    }
  }

  /// A key of a dictionary.
  private enum Key: Hashable, CustomStringConvertible {
    case text(ScalarText)
    case integer(Int64)

    init?(_ value: PickleValue) {
      switch value {
      case .text(let text): self = .text(ScalarText(text))
      case .integer(let integer): self = .integer(integer)
      default: return nil
      }
    }

    var description: String {
      switch self {
      case .text(let text): "'\(text.text)'"
      case .integer(let integer): "\(integer)"
      }
    }
  }
}
