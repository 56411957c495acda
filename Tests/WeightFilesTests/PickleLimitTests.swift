// PickleLimitTests.swift - pickles that are cut short, nested, endless or larger than they look.

import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct PickleLimitTests {
  @Test func stepsThatFindNothing() {
    let steps: [(UInt8, String)] = [
      (0x2E, "STOP"), (0x85, "TUPLE1"), (0x86, "TUPLE2"), (0x87, "TUPLE3"), (0x74, "TUPLE"), (0x61, "APPEND"),
      (0x65, "APPENDS"), (0x73, "SETITEM"), (0x75, "SETITEMS"), (0x94, "MEMOIZE"), (0x93, "STACK_GLOBAL"),
      (0x52, "REDUCE"), (0x62, "BUILD"), (0x51, "BINPERSID"),
    ]
    for (byte, name) in steps { expectRefusal(.nothingThere(offset: 0, step: name), [byte]) }
    // What lies below a mark is out of reach.
    for (byte, name) in steps where ![0x74, 0x65, 0x75].contains(byte) {
      expectRefusal(.nothingThere(offset: 4, step: name), [0x4E, 0x4E, 0x4E, 0x28, byte])
    }
    expectRefusal(.nothingThere(offset: 1, step: "BINPUT"), [0x28, 0x71, 0])
    expectRefusal(.nothingThere(offset: 1, step: "LONG_BINPUT"), [0x28, 0x72, 0, 0, 0, 0])
    expectRefusal(.notKept(offset: 0, index: 7), [0x68, 7])
    expectRefusal(.notKept(offset: 0, index: 0xFFFF_FFFF), [0x6A, 0xFF, 0xFF, 0xFF, 0xFF])
  }

  @Test func stepsBehindTheWrongValue() {
    expectRefusal(.wrongValue(offset: 2, step: "APPEND"), [0x7D, 0x4E, 0x61])
    expectRefusal(.wrongValue(offset: 2, step: "APPENDS"), [0x29, 0x28, 0x65])
    expectRefusal(.wrongValue(offset: 3, step: "SETITEM"), [0x5D, 0x4E, 0x4E, 0x73])
    expectRefusal(.wrongValue(offset: 3, step: "SETITEMS"), [0x7D, 0x28, 0x4E, 0x75])
  }

  @Test func bytesAndValuesThatAreLeft() {
    expectRefusal(.leftOver(offset: 1, bytes: 1, values: 0), [0x4E, 0x2E, 0x2E])
    expectRefusal(.leftOver(offset: 2, bytes: 0, values: 1), [0x4E, 0x4E, 0x2E])
    expectRefusal(.leftOver(offset: 2, bytes: 0, values: 1), [0x28, 0x4E, 0x2E])
  }

  @Test func numbersAndTextsThatAreCutShort() {
    expectRefusal(.cutShort(offset: 0, wanted: 1, left: 0), [])
    expectRefusal(.cutShort(offset: 0, wanted: 4, left: 3), [0x4A, 0, 0, 0])
    expectRefusal(.cutShort(offset: 0, wanted: 8, left: 0), [0x47])
    expectRefusal(.cutShort(offset: 0, wanted: 3, left: 2), [0x8C, 3, 0x61, 0x61])
    expectRefusal(.cutShort(offset: 0, wanted: 255, left: 0), [0x8A, 255])
    // LONG4 with a length of two billion, and of less than nothing.
    expectRefusal(.cutShort(offset: 0, wanted: 0x7FFF_FFFF, left: 1), [0x8B, 0xFF, 0xFF, 0xFF, 0x7F, 0])
    expectRefusal(.cutShort(offset: 0, wanted: -1, left: 1), [0x8B, 0xFF, 0xFF, 0xFF, 0xFF, 0])
    expectRefusal(.cutShort(offset: 0, wanted: .max, left: 0), [0x95] + littleEndian(UInt64.max))
    expectRefusal(.invalidUTF8(offset: 0), [0x8C, 1, 0xFF])
  }

  @Test func wholeNumbersOfAnyLength() throws {
    func long(_ bytes: [UInt8]) throws -> PickleValue { try readPickle([0x8A, UInt8(bytes.count)] + bytes + [0x2E]) }
    #expect(try long([]) == .integer(0))
    #expect(try long([0xFF]) == .integer(-1))
    #expect(try long([0xFF, 0]) == .integer(255))
    #expect(try long([0, 0x80]) == .integer(-32768))
    #expect(try long(littleEndian(Int64.min)) == .integer(.min))
    #expect(try long(littleEndian(Int64.max)) == .integer(.max))
    #expect(try readPickle([0x8B, 1, 0, 0, 0, 7, 0x2E]) == .integer(7))
    expectRefusal(.integerTooLarge(offset: 0, bytes: 9), [0x8A, 9] + [UInt8](repeating: 1, count: 9))
    expectRefusal(.integerTooLarge(offset: 0, bytes: 10), [0x8B, 10, 0, 0, 0] + [UInt8](repeating: 0, count: 10))
  }

  @Test func textsLongerThanTheLimit() {
    let limit = 16 << 20
    expectRefusal(
      .textTooLong(offset: 0, bytes: limit + 1, limit: limit), [0x58] + littleEndian(UInt32(limit + 1)))
    expectRefusal(.textTooLong(offset: 0, bytes: .max, limit: limit), [0x8D] + littleEndian(UInt64.max))
    expectRefusal(.cutShort(offset: 0, wanted: limit, left: 0), [0x58] + littleEndian(UInt32(limit)))
  }

  @Test(arguments: [0, 1, 6, 255] as [UInt8]) func unknownProtocols(version: UInt8) {
    expectRefusal(.unknownProtocol(offset: 0, version: Int(version)), [0x80, version])
    expectRefusal(.unknownProtocol(offset: 1, version: 2), [0x4E, 0x80, 2])
  }

  @Test func valuesThatNestTooDeep() throws {
    func nested(_ depth: Int) -> [UInt8] { [0x29] + [UInt8](repeating: 0x85, count: depth - 1) + [0x2E] }
    #expect(throws: Never.self) { try readPickle(nested(64)) }
    expectRefusal(.tooDeep(offset: 0, limit: 64), nested(65))
    expectRefusal(.tooDeep(offset: 9935, limit: 64), nested(10_000))
    // A value that is deep enough by itself and is used again further down.
    let again = [0x29] + [UInt8](repeating: 0x85, count: 39) + [0x71, 0]
    let deeper: [UInt8] = [0x68, 0] + [UInt8](repeating: 0x85, count: 30) + [0x86, 0x2E]
    expectRefusal(.tooDeep(offset: 39, limit: 64), again + deeper)
  }

  @Test func aMillionMarks() {
    expectRefusal(.tooDeep(offset: 64, limit: 64), [UInt8](repeating: 0x28, count: 1_000_000))
  }

  @Test func valuesThatContainThemselves() {
    // A list appended to itself; a dictionary that is its own value; a tuple in a list that is in the tuple.
    expectRefusal(.loop(offset: 0), [0x5D, 0x71, 0, 0x68, 0, 0x61, 0x2E])
    expectRefusal(.loop(offset: 0), [0x7D, 0x71, 0, 0x4B, 1, 0x68, 0, 0x73, 0x2E])
    expectRefusal(.loop(offset: 3), [0x5D, 0x71, 0, 0x85, 0x71, 1, 0x68, 0, 0x68, 1, 0x61, 0x86, 0x2E])
  }

  @Test func valuesThatStandForTooMany() {
    // Each list has the one before it ten times: 17 bytes stand for a billion values.
    var bytes: [UInt8] = [0x5D, 0x71, 0]
    for _ in 0..<9 { bytes += [0x5D, 0x28] + (0..<10).flatMap { _ in [0x68, 0] as [UInt8] } + [0x65, 0x71, 0] }
    let count = bytes.count + 10
    for _ in 0..<10 { bytes.append(0x85) }
    #expect(count < 300)
    bytes = [0x28] + bytes + [0x74, 0x2E]
    guard case .tooManySteps(_, 10_000_000) = refusal(bytes) else {
      Issue.record("a billion values are not refused")
      return
    }
  }

  private func refusal(_ bytes: [UInt8], limits: LoadLimits = .default) -> PickleFailure? {
    do { _ = try readPickle(bytes, limits: limits) } catch { return error }
    return nil
  }

  @Test func limitsThatAreReached() {
    var limits = LoadLimits()
    limits.pickleSteps = 3
    #expect(throws: Never.self) { try readPickle([0x4E, 0x85, 0x2E], limits: limits) }
    expectRefusal(.tooManySteps(offset: 3, limit: 3), [0x4E, 0x85, 0x85, 0x2E], limits: limits)
    limits = LoadLimits()
    limits.pickleMemo = 2
    expectRefusal(.tooManyKept(offset: 3, limit: 2), [0x4E, 0x94, 0x94, 0x94], limits: limits)
    expectRefusal(.tooManyKept(offset: 2, limit: 2), [0x29, 0x29, 0x29], limits: limits)
    limits = LoadLimits()
    limits.tensorCount = 1
    let tensor = Pickled.tensor(key: "0", shape: [2])
    #expect(throws: Never.self) { try readPickle(tensor.pickle, limits: limits) }
    guard case .tooManyTensors(_, 1) = refusal(Pickled.list([tensor, tensor]).pickle, limits: limits) else {
      Issue.record("a second tensor is not refused")
      return
    }
  }

  @Test func keysOfDictionaries() {
    let one = Pickled.integer(1)
    expectRefusal(.duplicateKey(offset: 2, key: "1"), Pickled.dictionary([(one, .none), (one, .none)]).pickle)
    let text = Pickled.text("a")
    expectRefusal(.duplicateKey(offset: 2, key: "'a'"), Pickled.dictionary([(text, .none), (text, .none)]).pickle)
    for (key, kind) in [(.none, "None"), (.number(1), "float"), (.boolean(true), "bool"), (.tuple([]), "tuple")]
      as [(Pickled, String)]
    {
      expectRefusal(.wrongKey(offset: 2, kind: kind), Pickled.dictionary([(key, .none)]).pickle)
    }
    // Two texts that look alike are two keys.
    let alike = Pickled.dictionary([(.text("\u{E9}"), .integer(1)), (.text("e\u{301}"), .integer(2))])
    let value = try? readPickle(alike.pickle)
    #expect(value?["\u{E9}"] == .integer(1) && value?["e\u{301}"] == .integer(2))
    #expect(value?[3] == nil && value?["e"] == nil)
  }

  @Test func everyPrefixOfACheckpointIsRefused() throws {
    let root = Pickled.ordered([("a", .tensor(key: "0", shape: [2])), ("b", .list([.number(1), .integer(-1)]))])
    let bytes = root.pickle
    #expect(throws: Never.self) { try readPickle(bytes) }
    for length in 0..<bytes.count {
      #expect(throws: PickleFailure.self) { try readPickle(Array(bytes[..<length])) }
    }
  }
}
