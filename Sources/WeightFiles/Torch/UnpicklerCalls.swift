// UnpicklerCalls.swift - what torch.save writes as calls and references, understood as data.
//
// The forms are those of torch/_utils.py (_rebuild_tensor_v2, _rebuild_parameter) and torch/serialization.py (persistent_id).

import SafeFiles

extension Unpickler {
  /// The value that a call stands for.
  mutating func call(_ function: PickleSlot, _ arguments: PickleSlot) throws(PickleFailure) -> PickleSlot {
    guard case .name(let name) = function, let arguments = graph.tuple(arguments) else {
      throw .wrongValue(offset: offset, step: PickleStep.call.pythonName)
    }
    let refused = PickleFailure.refusedCall(offset: offset, name: name.pythonName)
    switch name {
    case .orderedDictionary:
      guard arguments.isEmpty else { throw refused }
      return try makeNode(.dictionary, [])
    case .rebuildTensor: return try tensor(arguments, refused)
    case .rebuildParameter:
      // The tensor, whether it learns, hooks of the backward pass.
      guard arguments.count == 3, case .tensor = arguments[0], case .boolean = arguments[1],
        graph.isDictionary(arguments[2])
      else { throw refused }
      return arguments[0]
    case .size:
      guard arguments.count == 1, let sizes = graph.integers(arguments[0], limit: limits.dimensions) else {
        throw refused
      }
      return try makeNode(.tuple, sizes.map { .integer($0) })
    case .options, .storage, .dataType: throw refused
    }
  }

  /// The value that a new object stands for: options of a run, of which nothing is kept.
  mutating func new(_ type: PickleSlot, _ arguments: PickleSlot) throws(PickleFailure) -> PickleSlot {
    guard case .name(let name) = type, let arguments = graph.tuple(arguments) else {
      throw .wrongValue(offset: offset, step: PickleStep.new.pythonName)
    }
    guard name == .options, arguments.isEmpty else { throw .refusedCall(offset: offset, name: name.pythonName) }
    return try makeNode(.dictionary, [])
  }

  /// A tensor: storage, offset, sizes, strides, whether it learns, hooks of the backward pass, and from torch 2.0 on marks that
  /// change what the numbers mean, of which none is understood.
  private mutating func tensor(_ arguments: [PickleSlot], _ refused: PickleFailure) throws(PickleFailure) -> PickleSlot
  {
    guard arguments.count == 6 || arguments.count == 7, case .storage(let index) = arguments[0],
      case .integer(let first) = arguments[1], let shape = graph.integers(arguments[2], limit: limits.dimensions),
      let strides = graph.integers(arguments[3], limit: limits.dimensions), case .boolean = arguments[4],
      graph.isDictionary(arguments[5]),
      arguments.count == 6 || isEmpty(arguments[6])
    else { throw refused }
    guard graph.tensors.count < limits.tensorCount else {
      throw .tooManyTensors(offset: offset, limit: limits.tensorCount)
    }
    let storage = graph.storages[index]
    do {
      graph.tensors.append(
        try TorchTensor(storage, offset: first, shape: shape, strides: strides, dimensions: limits.dimensions))
    } catch {
      switch error {
      case .dimensions(let sizes, let strides):
        throw .wrongDimensions(offset: offset, key: storage.key, sizes: sizes, strides: strides)
      case .negative(let value): throw .negativeNumber(offset: offset, key: storage.key, value: value)
      case .outsideStorage: throw .outsideStorage(offset: offset, key: storage.key, count: storage.count)
      case .larger: throw .largerThanStorage(offset: offset, key: storage.key, count: storage.count)
      }
    }
    return .tensor(graph.tensors.count - 1)
  }

  private func isNone(_ slot: PickleSlot) -> Bool {
    if case .none = slot { true } else { false }
  }

  private func isEmpty(_ slot: PickleSlot) -> Bool {
    switch slot {
    case .none: true
    case .node(let index): graph.nodes[index].kind == .dictionary && graph.nodes[index].slots.isEmpty
    default: false
    }
  }

  /// The storage that a reference names: ("storage", type, key, location, number of numbers).
  ///
  /// The location, such as "cuda:0", is where the storage was; here all are in the file. Before torch 1.6 a sixth part told of views into
  /// storages, which nothing has used since 2017.
  mutating func storage(_ reference: PickleSlot) throws(PickleFailure) -> PickleSlot {
    guard let parts = graph.tuple(reference), parts.count == (legacyLimit == nil ? 5 : 6),
      graph.text(parts[0]) == "storage",
      case .name(.storage(let type)) = parts[1], let key = graph.text(parts[2]), graph.text(parts[3]) != nil,
      case .integer(let count) = parts[4], parts.count == 5 || isNone(parts[5])
    else { throw .wrongReference(offset: offset) }
    guard count >= 0 else { throw .negativeNumber(offset: offset, key: key, value: count) }
    let (expected, overflow) = UInt64(count).multipliedReportingOverflow(by: UInt64(type.width))
    guard let bytes = legacyLimit ?? storageBytes(key) else { throw .noStorage(offset: offset, key: key) }
    let fits = legacyLimit == nil ? expected == UInt64(bytes) : expected <= UInt64(bytes)
    guard !overflow, fits else {
      throw .storageSize(offset: offset, key: key, bytes: bytes, expected: overflow ? .max : expected)
    }
    guard graph.storages.count < limits.tensorCount else {
      throw .tooManyTensors(offset: offset, limit: limits.tensorCount)
    }
    graph.storages.append(TorchStorage(key: key, dataType: type, count: Int(count)))
    return .storage(graph.storages.count - 1)
  }
}
