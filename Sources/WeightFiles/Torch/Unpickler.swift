// Unpickler.swift - goes through the steps of a pickle: a stack of values, marks on it, and values kept to refer to.

import SafeFiles

/// Reads one pickle.
struct Unpickler {
  let limits: LoadLimits
  let storageBytes: (String) -> Int?
  let bytes: [UInt8]
  /// Set for a pickle of a file of torch before 1.6: more follows it, and what storages hold is known only at the end of the file.
  var legacyLimit: Int?
  /// Index of the next byte.
  var position = 0
  var graph = PickleGraph()
  /// The byte at which the step in work begins.
  private(set) var offset = 0

  private var stack: [PickleSlot] = []
  /// Heights of the stack at which marks stand.
  private var marks: [Int] = []
  private var kept: [UInt64: PickleSlot] = [:]

  init(_ bytes: [UInt8], limits: LoadLimits, storageBytes: @escaping (String) -> Int?) {
    self.bytes = bytes
    self.limits = limits
    self.storageBytes = storageBytes
  }

  /// Goes through all steps.
  /// - Returns: The value that is left at the end.
  /// - Throws: ``PickleFailure``.
  mutating func run() throws(PickleFailure) -> PickleValue {
    var steps = 0
    while true {
      offset = position
      let byte = try byte()
      steps += 1
      guard steps <= limits.pickleSteps else { throw .tooManySteps(offset: offset, limit: limits.pickleSteps) }
      guard let step = PickleStep(rawValue: byte) else { throw try refusal(byte) }
      if step == .stop { return try result() }
      try take(step)
    }
  }

  private mutating func result() throws(PickleFailure) -> PickleValue {
    let root = try pop(.stop)
    guard position == bytes.count || legacyLimit != nil, stack.isEmpty, marks.isEmpty else {
      throw .leftOver(offset: offset, bytes: bytes.count - position, values: stack.count + marks.count)
    }
    return try PickleTree.build(root, of: graph, offset: offset, limits: limits)
  }

  /// Drops attributes that Python would set, such as the `_metadata` of a state dictionary or the options of a run.
  private mutating func dropState() throws(PickleFailure) {
    let state = try pop(.setState)
    guard graph.isDictionary(state), let top = stack.last, graph.isDictionary(top), stack.count > marks.last ?? 0 else {
      throw .wrongValue(offset: offset, step: PickleStep.setState.pythonName)
    }
  }

  private mutating func take(_ step: PickleStep) throws(PickleFailure) {
    switch step {
    case .version:
      let version = try byte()
      guard offset == 0, (2...5).contains(version) else {
        throw .unknownProtocol(offset: offset, version: Int(version))
      }
    case .frame: try takeFrame()
    case .stop: break
    case .none: push(.none)
    case .yes: push(.boolean(true))
    case .no: push(.boolean(false))
    case .integer1: push(.integer(Int64(try byte())))
    case .integer2: push(.integer(Int64(try natural(2))))
    case .integer4: push(.integer(try long(4)))
    case .long1: push(.integer(try long(Int(try byte()))))
    case .long4: push(.integer(try long(Int(try long(4)))))
    case .number: push(.number(Double(bitPattern: try natural(8).byteSwapped)))
    case .text1: try pushText(try natural(1))
    case .text4: try pushText(try natural(4))
    case .text8: try pushText(try natural(8))
    case .mark:
      guard marks.count < limits.pickleDepth else { throw .tooDeep(offset: offset, limit: limits.pickleDepth) }
      marks.append(stack.count)
    case .emptyTuple: try pushNode(.tuple, [])
    case .tuple1: try pushTuple(1, step)
    case .tuple2: try pushTuple(2, step)
    case .tuple3: try pushTuple(3, step)
    case .tuple: try pushNode(.tuple, try popToMark(step))
    case .emptyList: try pushNode(.list, [])
    case .append: try extend(.list, by: [try pop(step)], step)
    case .appends: try extend(.list, by: try popToMark(step), step)
    case .emptyDictionary: try pushNode(.dictionary, [])
    case .setItem:
      let (value, key) = (try pop(step), try pop(step))
      try extend(.dictionary, by: [key, value], step)
    case .setItems: try extend(.dictionary, by: try popToMark(step), step)
    case .keep1: try keep(try natural(1), step)
    case .keep4: try keep(try natural(4), step)
    case .keepNext: try keep(UInt64(kept.count), step)
    case .get1: try get(try natural(1))
    case .get4: try get(try natural(4))
    case .name: push(.name(try name(module: try line(), try line())))
    case .nameOnStack:
      guard let name = graph.text(try pop(step)), let module = graph.text(try pop(step)) else {
        throw .wrongValue(offset: offset, step: step.pythonName)
      }
      push(.name(try self.name(module: module, name)))
    case .call:
      let (arguments, function) = (try pop(step), try pop(step))
      push(try call(function, arguments))
    case .new:
      let (arguments, type) = (try pop(step), try pop(step))
      push(try new(type, arguments))
    case .setState: try dropState()
    case .reference: push(try storage(try pop(step)))
    }
  }

  // MARK: The stack

  private mutating func push(_ slot: PickleSlot) { stack.append(slot) }

  /// Takes the topmost value, unless a mark stands on it.
  private mutating func pop(_ step: PickleStep) throws(PickleFailure) -> PickleSlot {
    guard stack.count > marks.last ?? 0, let slot = stack.popLast() else {
      throw .nothingThere(offset: offset, step: step.pythonName)
    }
    return slot
  }

  private mutating func popToMark(_ step: PickleStep) throws(PickleFailure) -> [PickleSlot] {
    guard let height = marks.popLast() else { throw .nothingThere(offset: offset, step: step.pythonName) }
    let slots = Array(stack[height...])
    stack.removeSubrange(height...)
    return slots
  }

  private mutating func pushTuple(_ count: Int, _ step: PickleStep) throws(PickleFailure) {
    var slots: [PickleSlot] = []
    for _ in 0..<count { slots.append(try pop(step)) }
    try pushNode(.tuple, slots.reversed())
  }

  private mutating func pushNode(_ kind: PickleNode.Kind, _ slots: [PickleSlot]) throws(PickleFailure) {
    push(try makeNode(kind, slots))
  }

  /// Makes a list, a tuple or a dictionary.
  mutating func makeNode(_ kind: PickleNode.Kind, _ slots: [PickleSlot]) throws(PickleFailure) -> PickleSlot {
    guard graph.nodes.count < limits.pickleMemo else { throw .tooManyKept(offset: offset, limit: limits.pickleMemo) }
    graph.nodes.append(PickleNode(kind: kind, offset: offset, slots: slots))
    return .node(graph.nodes.count - 1)
  }

  /// Adds to the list or dictionary on top of the stack.
  private mutating func extend(
    _ kind: PickleNode.Kind, by slots: [PickleSlot], _ step: PickleStep
  ) throws(PickleFailure) {
    guard stack.count > marks.last ?? 0, let top = stack.last else {
      throw .nothingThere(offset: offset, step: step.pythonName)
    }
    guard case .node(let index) = top, graph.nodes[index].kind == kind,
      kind == .list || slots.count.isMultiple(of: 2)
    else { throw .wrongValue(offset: offset, step: step.pythonName) }
    graph.nodes[index].slots += slots
  }

  // MARK: Values kept

  private mutating func keep(_ index: UInt64, _ step: PickleStep) throws(PickleFailure) {
    guard stack.count > marks.last ?? 0, let top = stack.last else {
      throw .nothingThere(offset: offset, step: step.pythonName)
    }
    kept[index] = top
    guard kept.count <= limits.pickleMemo else { throw .tooManyKept(offset: offset, limit: limits.pickleMemo) }
  }

  private mutating func get(_ index: UInt64) throws(PickleFailure) {
    guard let slot = kept[index] else { throw .notKept(offset: offset, index: Int(index)) }
    push(slot)
  }

  // MARK: Plain values

  private mutating func pushText(_ length: UInt64) throws(PickleFailure) {
    graph.texts.append(try text(length))
    push(.text(graph.texts.count - 1))
  }

  /// Checks that a frame lies inside the pickle; its bytes are read like all others.
  private mutating func takeFrame() throws(PickleFailure) {
    let length = try natural(8)
    let left = bytes.count - position
    guard length <= UInt64(left) else { throw .cutShort(offset: offset, wanted: Int(clamping: length), left: left) }
  }
}
