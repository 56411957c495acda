// TorchFileBuilder.swift - makes torch checkpoints as torch.save does, and pickles that it never makes.

/// A value to be pickled.
public indirect enum Pickled: Sendable {
  /// `None`.
  case none
  /// `True` or `False`.
  case boolean(Bool)
  /// A whole number.
  case integer(Int)
  /// A floating-point number.
  case number(Double)
  /// A text.
  case text(String)
  /// A list.
  case list([Pickled])
  /// A tuple.
  case tuple([Pickled])
  /// A dictionary.
  case dictionary([(Pickled, Pickled)])
  /// A `collections.OrderedDict` of texts to values, with the attribute that state dictionaries have.
  case ordered([(String, Pickled)])
  /// A contiguous tensor that is all of its storage.
  case tensor(key: String, type: String = "FloatStorage", shape: [Int])
  /// A view of a storage of so many numbers.
  case view(key: String, type: String = "FloatStorage", count: Int, offset: Int, shape: [Int], strides: [Int])
  /// Steps as they are; they leave one value on the stack.
  case steps([UInt8])

  /// The steps that leave this value on the stack.
  public var bytes: [UInt8] {
    switch self {
    case .none: return [0x4E]
    case .boolean(let value): return [value ? 0x88 : 0x89]
    case .integer(let value):
      if let small = UInt8(exactly: value) { return [0x4B, small] }
      if let middle = Int32(exactly: value) { return [0x4A] + littleEndian(middle) }
      return [0x8A, 8] + littleEndian(Int64(value))
    case .number(let value): return [0x47] + littleEndian(value.bitPattern).reversed()
    case .text(let text): return [0x58] + littleEndian(UInt32(text.utf8.count)) + Array(text.utf8)
    case .list(let elements): return [0x5D, 0x28] + elements.flatMap(\.bytes) + [0x65]
    case .tuple(let elements): return [0x28] + elements.flatMap(\.bytes) + [0x74]
    case .dictionary(let members): return [0x7D, 0x28] + members.flatMap { $0.bytes + $1.bytes } + [0x75]
    case .ordered(let members):
      let start = Pickled.name("collections", "OrderedDict") + [0x29, 0x52, 0x28]
      let state = Pickled.dictionary([(.text("_metadata"), .dictionary([(.text(""), .integer(1))]))])
      return start + members.flatMap { Pickled.text($0).bytes + $1.bytes } + [0x75] + state.bytes + [0x62]
    case .tensor(let key, let type, let shape):
      var strides = [Int](repeating: 1, count: shape.count)
      for index in shape.indices.dropLast().reversed() { strides[index] = strides[index + 1] * shape[index + 1] }
      let count = shape.reduce(1, *)
      return Pickled.view(key: key, type: type, count: count, offset: 0, shape: shape, strides: strides).bytes
    case .view(let key, let type, let count, let offset, let shape, let strides):
      let storage = Pickled.tuple([
        .text("storage"), .steps(Pickled.name("torch", type)), .text(key), .text("cuda:0"), .integer(count),
      ])
      let arguments: [Pickled] = [
        .steps(storage.bytes + [0x51]), .integer(offset), .tuple(shape.map { .integer($0) }),
        .tuple(strides.map { .integer($0) }), .boolean(false),
        .steps(Pickled.name("collections", "OrderedDict") + [0x29, 0x52]),
      ]
      return Pickled.name("torch._utils", "_rebuild_tensor_v2") + Pickled.tuple(arguments).bytes + [0x52]
    case .steps(let bytes): return bytes
    }
  }

  /// The step that names something of a module.
  public static func name(_ module: String, _ name: String) -> [UInt8] {
    [0x63] + Array("\(module)\n\(name)\n".utf8)
  }

  /// The whole pickle, protocol 2.
  public var pickle: [UInt8] { [0x80, 2] + bytes + [0x2E] }
}

/// The bytes of a checkpoint file.
/// - Parameters:
///   - root: What was saved.
///   - storages: The bytes of each storage.
///   - folder: Name of the folder in the archive.
///   - isPadded: Whether data begins at multiples of 64 bytes, as PyTorch has it.
/// - Returns: The bytes of the file.
public func torchFile(
  _ root: Pickled, storages: [(key: String, bytes: [UInt8])], folder: String = "archive", isPadded: Bool = false
) -> [UInt8] {
  var entries = [ZipBuilderEntry("\(folder)/data.pkl", root.pickle)]
  entries += storages.map { ZipBuilderEntry("\(folder)/data/\($0.key)", $0.bytes) }
  entries.append(ZipBuilderEntry("\(folder)/version", Array("3\n".utf8)))
  if isPadded {
    var place = 0
    for index in entries.indices {
      let start = place + 30 + entries[index].name.count
      entries[index].padding = 4 + (64 - (start + 4) % 64) % 64
      place = start + entries[index].padding + entries[index].data.count
    }
  }
  return ZipBuilder(entries).bytes()
}

/// The bytes of numbers as a storage holds them.
public func storageBytes(_ values: [Float]) -> [UInt8] { values.flatMap { littleEndian($0.bitPattern) } }
