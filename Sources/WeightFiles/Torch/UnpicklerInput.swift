// UnpicklerInput.swift - the numbers, texts and names behind the steps of a pickle.

import SafeFiles

extension Unpickler {
  /// Takes the next bytes.
  private mutating func run(_ count: Int) throws(PickleFailure) -> Range<Int> {
    let left = bytes.count - position
    guard count >= 0, count <= left else { throw .cutShort(offset: offset, wanted: count, left: left) }
    defer { position += count }
    return position..<position + count
  }

  /// Reads one byte.
  mutating func byte() throws(PickleFailure) -> UInt8 {
    bytes[try run(1).lowerBound]
  }

  /// Reads a whole number without a sign, of at most eight bytes, the least significant first.
  mutating func natural(_ count: Int) throws(PickleFailure) -> UInt64 {
    var value: UInt64 = 0
    for index in try run(count).reversed() { value = value << 8 | UInt64(bytes[index]) }
    return value
  }

  /// Reads a whole number of some bytes, the least significant first, in two's complement; none stand for 0.
  mutating func long(_ count: Int) throws(PickleFailure) -> Int64 {
    let range = try run(count)
    guard count <= 8 else { throw .integerTooLarge(offset: offset, bytes: count) }
    let isNegative = range.last.map { bytes[$0] >= 0x80 } ?? false
    return range.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int64(bytes[$1]) }
  }

  /// Reads a text.
  mutating func text(_ length: UInt64) throws(PickleFailure) -> String {
    guard length <= UInt64(max(0, limits.pickleTextBytes)) else {
      throw .textTooLong(offset: offset, bytes: Int(clamping: length), limit: limits.pickleTextBytes)
    }
    guard let text = String(validating: bytes[try run(Int(length))], as: UTF8.self) else {
      throw .invalidUTF8(offset: offset)
    }
    return text
  }

  /// Reads a line: the module or the name of a `GLOBAL` or an `INST`.
  mutating func line() throws(PickleFailure) -> String {
    // Longer names are in no table.
    let longest = 1024
    let start = position
    while position - start <= longest {
      if try byte() == UInt8(ascii: "\n") { return String(decoding: bytes[start..<position - 1], as: UTF8.self) }
    }
    throw .textTooLong(offset: offset, bytes: position - start, limit: longest)
  }

  /// Looks a name up in the table.
  func name(module: String, _ name: String) throws(PickleFailure) -> PickleName {
    guard let known = PickleName.find(module: module, name: name) else {
      throw .refusedName(offset: offset, module: module, name: name)
    }
    return known
  }

  /// Why a step is refused; an `INST` with the name it stands before.
  mutating func refusal(_ byte: UInt8) throws(PickleFailure) -> PickleFailure {
    guard let step = PickleStep.pythonName(byte) else { return .unknownStep(offset: offset, byte: byte) }
    guard step == "INST" else { return .refusedStep(offset: offset, name: step) }
    return .refusedName(offset: offset, module: try line(), name: try line())
  }
}
