// PickleRefusalTests.swift - pickles that would run code in Python, and those that ask for too much.

import SafeFiles
import TestSupport
import Testing
import WeightFiles

/// Reads a pickle; storage "0" has eight bytes.
func readPickle(_ bytes: [UInt8], limits: LoadLimits = .default) throws(PickleFailure) -> PickleValue {
  try Pickle.read(bytes, limits: limits) { $0 == "0" ? 8 : nil }
}

/// Expects a pickle to be refused.
func expectRefusal(
  _ failure: PickleFailure, _ bytes: [UInt8], limits: LoadLimits = .default,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(throws: failure, sourceLocation: sourceLocation) { try readPickle(bytes, limits: limits) }
  #expect(failure.place == "byte \(failure.offset)", sourceLocation: sourceLocation)
  #expect(failure.message.contains("; ") && failure.kind == .badData, sourceLocation: sourceLocation)
}

/// A short text as protocol 4 writes it.
private func text(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }

@Suite struct PickleRefusalTests {
  // MARK: Code

  @Test(arguments: [
    ("os", "system"), ("posix", "system"), ("builtins", "eval"), ("builtins", "exec"), ("builtins", "getattr"),
    ("__builtin__", "eval"), ("subprocess", "Popen"), ("torch", "load"), ("torch.nn.modules.linear", "Linear"),
    ("torch._utils", "_rebuild_sparse_tensor"), ("torch.storage", "_load_from_bytes"),
    ("numpy.core.multiarray", "scalar"),
    ("collections", "Counter"), ("collections", "OrderedDict.fromkeys"), ("torch._utils.os", "system"), ("", ""),
    ("torch", "FloatStorage.__reduce__"), ("runpy", "_run_code"), ("copyreg", "_reconstructor"),
  ])
  func namesOutsideTheTable(module: String, name: String) {
    let failure = PickleFailure.refusedName(offset: 2, module: module, name: name)
    expectRefusal(failure, [0x80, 2] + Pickled.name(module, name) + [0x29, 0x52, 0x2E])
    #expect(failure.problem.contains("\(module).\(name)"))
    // By way of the stack, as protocol 4 does.
    let start = [0x80, 4] + text(module) + text(name)
    expectRefusal(.refusedName(offset: start.count, module: module, name: name), start + [0x93, 0x29, 0x52, 0x2E])
  }

  @Test func oldPicklesThatRunCode() {
    // The first example of every lecture on the matter, protocol 0.
    expectRefusal(.refusedName(offset: 0, module: "os", name: "system"), Array("cos\nsystem\n(S'id'\ntR.".utf8))
    // INST looks a class up and calls it in one step.
    expectRefusal(.refusedName(offset: 1, module: "os", name: "system"), Array("(ios\nsystem\n.".utf8))
    expectRefusal(.cutShort(offset: 0, wanted: 1, left: 0), Array("ios".utf8))
    let long = Array(("c" + String(repeating: "a", count: 2000) + "\n").utf8)
    expectRefusal(.textTooLong(offset: 0, bytes: 1025, limit: 1024), long)
  }

  @Test(
    arguments: [
      (0x6F, "OBJ"), (0x92, "NEWOBJ_EX"), (0x82, "EXT1"), (0x83, "EXT2"), (0x84, "EXT4"),
      (0x50, "PERSID"), (0x30, "POP"), (0x31, "POP_MARK"), (0x32, "DUP"), (0x64, "DICT"), (0x6C, "LIST"), (0x49, "INT"),
      (0x4C, "LONG"), (0x46, "FLOAT"), (0x53, "STRING"), (0x54, "BINSTRING"), (0x55, "SHORT_BINSTRING"),
      (0x56, "UNICODE"),
      (0x67, "GET"), (0x70, "PUT"), (0x42, "BINBYTES"), (0x43, "SHORT_BINBYTES"), (0x8E, "BINBYTES8"),
      (0x8F, "EMPTY_SET"),
      (0x90, "ADDITEMS"), (0x91, "FROZENSET"), (0x96, "BYTEARRAY8"), (0x97, "NEXT_BUFFER"), (0x98, "READONLY_BUFFER"),
    ] as [(UInt8, String)])
  func stepsThatNoWeightsNeed(byte: UInt8, name: String) {
    expectRefusal(.refusedStep(offset: 3, name: name), [0x80, 2, 0x4E, byte, 1, 0, 0, 0, 0x2E])
  }

  @Test func bytesThatAreNoStep() {
    let steps = (0...255 as ClosedRange<UInt8>).filter { byte in
      guard case .unknownStep = refusal([byte]) else { return true }
      return false
    }
    // Python 3.11 knows 68 steps.
    #expect(steps.count == 68)
    expectRefusal(.unknownStep(offset: 0, byte: 0xFF), [0xFF])
  }

  private func refusal(_ bytes: [UInt8]) -> PickleFailure? {
    do { _ = try readPickle(bytes) } catch { return error }
    return nil
  }

  @Test func newObjectsOfOtherTypes() {
    let options = Pickled.name("argparse", "Namespace")
    // With arguments, of something that is no type of options, of no name at all, and called instead of made.
    for (type, name) in [
      (options, "argparse.Namespace"), (Pickled.name("collections", "OrderedDict"), "collections.OrderedDict"),
    ] {
      let bytes = type + Pickled.tuple([.integer(1)]).bytes + [0x81]
      expectRefusal(.refusedCall(offset: bytes.count - 1, name: name), bytes)
    }
    let dictionary = Pickled.name("collections", "OrderedDict")
    expectRefusal(
      .refusedCall(offset: dictionary.count + 1, name: "collections.OrderedDict"), dictionary + [0x29, 0x81])
    expectRefusal(.wrongValue(offset: 2, step: "NEWOBJ"), [0x4E, 0x29, 0x81])
    expectRefusal(.wrongValue(offset: options.count + 1, step: "NEWOBJ"), options + [0x4E, 0x81])
    expectRefusal(.nothingThere(offset: 1, step: "NEWOBJ"), [0x29, 0x81])
    expectRefusal(.refusedCall(offset: options.count + 1, name: "argparse.Namespace"), options + [0x29, 0x52])
    let parser = Pickled.name("argparse", "ArgumentParser")
    expectRefusal(.refusedName(offset: 0, module: "argparse", name: "ArgumentParser"), parser)
  }

  @Test func callsOfOtherThings() {
    // What a call returned is called; a text is called; a storage type is called.
    let dictionary = Pickled.name("collections", "OrderedDict")
    let call = PickleFailure.wrongValue(offset: dictionary.count + 3, step: "REDUCE")
    expectRefusal(call, dictionary + [0x29, 0x52, 0x29, 0x52, 0x2E])
    expectRefusal(.wrongValue(offset: 5, step: "REDUCE"), text("os") + [0x29, 0x52])
    let storage = Pickled.name("torch", "FloatStorage")
    let refused = PickleFailure.refusedCall(offset: storage.count + 1, name: "torch storage")
    expectRefusal(refused, storage + [0x29, 0x52])
    // The arguments are no tuple.
    expectRefusal(.wrongValue(offset: dictionary.count + 1, step: "REDUCE"), dictionary + [0x5D, 0x52])
    expectRefusal(.wrongValue(offset: dictionary.count + 1, step: "REDUCE"), dictionary + [0x4E, 0x52])
    // An ordered dictionary made from something.
    let from = dictionary + Pickled.tuple([.list([])]).bytes + [0x52]
    expectRefusal(.refusedCall(offset: from.count - 1, name: "collections.OrderedDict"), from)
    for argument in [Pickled.list([.text("a")]), .integer(1), .tuple((0..<65).map { .integer($0) }), .dictionary([])] {
      let size = Pickled.name("torch", "Size") + Pickled.tuple([argument]).bytes + [0x52]
      expectRefusal(.refusedCall(offset: size.count - 1, name: "torch.Size"), size)
    }
    let parameter = Pickled.name("torch._utils", "_rebuild_parameter")
    for arguments in [[], [.integer(1), .boolean(true), .dictionary([])], [.integer(1)]] as [[Pickled]] {
      let bytes = parameter + Pickled.tuple(arguments).bytes + [0x52]
      expectRefusal(.refusedCall(offset: bytes.count - 1, name: "torch._utils._rebuild_parameter"), bytes)
    }
  }

  @Test func attributesOfOtherThingsThanDictionaries() throws {
    expectRefusal(.wrongValue(offset: 2, step: "BUILD"), [0x5D, 0x7D, 0x62])
    expectRefusal(.wrongValue(offset: 2, step: "BUILD"), [0x7D, 0x4E, 0x62])
    expectRefusal(.wrongValue(offset: 2, step: "BUILD"), [0x7D, 0x29, 0x62])
    expectRefusal(.wrongValue(offset: 1, step: "BUILD"), [0x7D, 0x62])
    #expect(try readPickle([0x7D, 0x7D, 0x62, 0x2E]) == .dictionary([]))
  }

  @Test func namesAsValues() {
    for (name, bytes) in [
      ("collections.OrderedDict", Pickled.name("collections", "OrderedDict")),
      ("torch storage", Pickled.name("torch", "FloatStorage")), ("torch storage", storage(count: 2)),
    ] {
      expectRefusal(.noValue(offset: bytes.count, name: name), bytes + [0x2E])
      expectRefusal(.noValue(offset: bytes.count, name: name), bytes + [0x85, 0x2E])
    }
    expectRefusal(.wrongValue(offset: 2, step: "STACK_GLOBAL"), [0x4E, 0x4E, 0x93])
  }

  /// The steps of a reference to a storage.
  private func storage(
    _ tag: String = "storage", type: String = "FloatStorage", key: String = "0", count: Int
  ) -> [UInt8] {
    let parts: [Pickled] = [
      .text(tag), .steps(Pickled.name("torch", type)), .text(key), .text("cpu"), .integer(count),
    ]
    return Pickled.tuple(parts).bytes + [0x51]
  }

  // MARK: Storages and tensors

  @Test func referencesThatLie() {
    func expect(_ failure: (Int) -> PickleFailure, _ bytes: [UInt8]) { expectRefusal(failure(bytes.count - 1), bytes) }
    expect({ .storageSize(offset: $0, key: "0", bytes: 8, expected: 12) }, storage(count: 3))
    expect({ .storageSize(offset: $0, key: "0", bytes: 8, expected: 4) }, storage(count: 1))
    expect({ .storageSize(offset: $0, key: "0", bytes: 8, expected: 16) }, storage(type: "DoubleStorage", count: 2))
    expect({ .storageSize(offset: $0, key: "0", bytes: 8, expected: 4 << 60) }, storage(count: 1 << 60))
    expect({ .storageSize(offset: $0, key: "0", bytes: 8, expected: .max) }, storage(count: 1 << 62))
    expect({ .negativeNumber(offset: $0, key: "0", value: -1) }, storage(count: -1))
    expect({ .negativeNumber(offset: $0, key: "0", value: .min) }, storage(count: .min))
    for key in ["1", "../0", "", "0\0"] { expect({ .noStorage(offset: $0, key: key) }, storage(key: key, count: 2)) }
    expect({ .wrongReference(offset: $0) }, storage("module", count: 2))
    expect({ .wrongReference(offset: $0) }, storage(type: "float32", count: 2))
    expect({ .wrongReference(offset: $0) }, [0x29, 0x51])
    expect({ .wrongReference(offset: $0) }, [0x4E, 0x51])
    expect({ .wrongReference(offset: $0) }, Pickled.text("0").bytes + [0x51])
  }

  @Test func tensorsThatLie() {
    func expect(_ failure: (Int) -> PickleFailure, offset: Int = 0, _ shape: [Int], _ strides: [Int]) {
      let bytes = Pickled.view(key: "0", count: 2, offset: offset, shape: shape, strides: strides).bytes
      expectRefusal(failure(bytes.count - 1), bytes)
    }
    let outside = { PickleFailure.outsideStorage(offset: $0, key: "0", count: 2) }
    let larger = { PickleFailure.largerThanStorage(offset: $0, key: "0", count: 2) }
    expect(outside, [3], [1])
    expect(outside, [2], [2])
    expect(outside, offset: 1, [2], [1])
    expect(outside, offset: 2, [1], [1])
    expect(outside, offset: 3, [0], [1])
    expect(outside, offset: .max, [2], [1])
    expect(outside, [2, 2], [.max, .max])
    expect(outside, [3], [.max])
    expect(larger, [1 << 40], [0])
    expect(larger, [1 << 40, 1 << 40], [0, 0])
    expect(larger, [3], [0])
    expect({ .negativeNumber(offset: $0, key: "0", value: -1) }, [2], [-1])
    expect({ .negativeNumber(offset: $0, key: "0", value: -1) }, offset: -1, [2], [1])
    expect({ .negativeNumber(offset: $0, key: "0", value: .min) }, [.min], [1])
    expect({ .wrongDimensions(offset: $0, key: "0", sizes: 2, strides: 1) }, [1, 1], [1])
    let many = [Int](repeating: 1, count: 65)
    expect({ .refusedCall(offset: $0, name: "torch._utils._rebuild_tensor_v2") }, many, many)
  }

  @Test func tensorsOfAnotherForm() {
    let good: [Pickled] = [
      .steps(storage(count: 2)), .integer(0), .tuple([.integer(2)]), .tuple([.integer(1)]), .boolean(false),
      .dictionary([]),
    ]
    let name = Pickled.name("torch._utils", "_rebuild_tensor_v2")
    func bytes(_ arguments: [Pickled]) -> [UInt8] { name + Pickled.tuple(arguments).bytes + [0x52] }
    func expectRefused(_ arguments: [Pickled]) {
      let bytes = bytes(arguments)
      expectRefusal(.refusedCall(offset: bytes.count - 1, name: "torch._utils._rebuild_tensor_v2"), bytes)
    }
    for metadata in [Pickled.none, .dictionary([])] {
      #expect((try? readPickle(bytes(good + [metadata]) + [0x2E]))?.tensorValue?.shape == [2])
    }
    // Marks such as "neg" change what the numbers mean.
    expectRefused(good + [.dictionary([(.text("neg"), .boolean(true))])])
    expectRefused(good + [.text("")])
    expectRefused(good + [.none, .none])
    for index in good.indices {
      var wrong = good
      wrong[index] = .text("")
      expectRefused(wrong)
      wrong.remove(at: index)
      expectRefused(wrong)
    }
  }
}
