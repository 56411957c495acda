// UnpicklerInput.swift - the numbers, texts and names behind the steps of a pickle.

import SafeFiles

extension Unpickler {
  /// Reads a whole number of a fixed width.
  mutating func integer<Number: FixedWidthInteger>(order: ByteOrder = .little) throws(PickleFailure) -> Number {
    do { return try reader.integer(order: order) } catch { throw failure(error) }
  }

  /// Reads a whole number of some bytes, the least significant first, in two's complement; none stand for 0.
  mutating func long(_ count: Int) throws(PickleFailure) -> Int64 {
    let bytes = try run(count)
    guard count <= 8 else { throw .integerTooLarge(offset: offset, bytes: count) }
    let isNegative = bytes.last.map { $0 >= 0x80 } ?? false
    return bytes.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int64($1) }
  }

  /// Reads a text.
  mutating func text(_ length: UInt64) throws(PickleFailure) -> String {
    guard length <= UInt64(max(0, limits.pickleTextBytes)) else {
      throw .textTooLong(offset: offset, bytes: Int(clamping: length), limit: limits.pickleTextBytes)
    }
    do { return try reader.text(Int(length)) } catch { throw failure(error) }
  }

  /// Reads a line: the module or the name of a `GLOBAL` or an `INST`.
  mutating func line() throws(PickleFailure) -> String {
    // Longer names are in no table.
    let longest = 1024
    var bytes: [UInt8] = []
    while bytes.count <= longest {
      let byte: UInt8 = try integer()
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    throw .textTooLong(offset: offset, bytes: bytes.count, limit: longest)
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

  private mutating func run(_ count: Int) throws(PickleFailure) -> ArraySlice<UInt8> {
    do { return try reader.bytes(count) } catch { throw failure(error) }
  }

  private func failure(_ failure: ByteReaderFailure) -> PickleFailure {
    switch failure {
    case .endOfData(_, let wanted, let left): .cutShort(offset: offset, wanted: wanted, left: left)
    case .invalidUTF8: .invalidUTF8(offset: offset)
    }
  }
}
