// PickleValueTests.swift - looking into the values of a pickle.

import TestSupport
import Testing
import WeightFiles

@Suite struct PickleValueTests {
  private static let tensor = Pickled.tensor(key: "0", shape: [2])

  /// One value of each kind, with the name Python has for it.
  private static let kinds: [(value: Pickled, name: String)] = [
    (.none, "None"), (.boolean(true), "bool"), (.integer(3), "int"), (.number(0.5), "float"), (.text("a"), "str"),
    (.list([.none]), "list"), (.tuple([.none]), "tuple"), (.dictionary([(.text("k"), .integer(1))]), "dict"),
    (tensor, "tensor"), (.steps(Pickled.name("torch", "half")), "dtype"),
  ]

  @Test func everyKindIsItself() throws {
    let values = try Self.kinds.map { try readPickle($0.value.pickle) }
    #expect(values.map(\.kindName) == Self.kinds.map(\.name))
    for (index, value) in values.enumerated() {
      for (other, another) in values.enumerated() { #expect((value == another) == (index == other)) }
      #expect((value.booleanValue != nil) == (value.kindName == "bool"))
      #expect((value.integerValue != nil) == (value.kindName == "int"))
      #expect((value.numberValue != nil) == ["int", "float"].contains(value.kindName))
      #expect((value.textValue != nil) == (value.kindName == "str"))
      #expect((value.elements != nil) == ["list", "tuple"].contains(value.kindName))
      #expect((value.dictionaryValue != nil) == (value.kindName == "dict"))
      #expect((value.tensorValue != nil) == (value.kindName == "tensor"))
      #expect((value["k"] != nil) == (value.kindName == "dict"))
      #expect(value["l"] == nil && value[1] == nil)
    }
    #expect(values[2].numberValue == 3 && values[3].numberValue == 0.5)
  }

  @Test func numbersAreComparedByTheirBits() {
    #expect(PickleValue.number(.nan) == .number(.nan))
    #expect(PickleValue.number(0) != .number(-0.0))
    #expect(PickleValue.number(1) != .integer(1))
    #expect(PickleValue.text("\u{E9}") != .text("e\u{301}"))
    let members: [PickleValue.Member] = [(.integer(1), .none), (.integer(2), .none)]
    #expect(PickleValue.dictionary(members) != .dictionary(members.reversed()))
    #expect(PickleValue.dictionary(members) != .dictionary([]))
    #expect(PickleValue.list([.none]) != .list([.integer(0)]))
  }

  /// What a training run was started with is of no use here, and does not keep a checkpoint from being read.
  @Test func optionsOfARunAreDropped() throws {
    let state = Pickled.dictionary([(.text("lr"), .number(0.5)), (.text("scale"), .list([.integer(1)]))])
    let options = Pickled.steps(Pickled.name("argparse", "Namespace") + [0x29, 0x81] + state.bytes + [0x62])
    let value = try readPickle(Pickled.dictionary([(.text("args"), options), (.text("epoch"), .integer(2))]).pickle)
    #expect(value["args"] == .dictionary([]) && value["epoch"] == .integer(2))
  }

  @Test func tensorsAreListedByTheirKeys() throws {
    let root = Pickled.dictionary([
      (.text("state"), .ordered([("a.weight", Self.tensor), ("b", .list([.none, Self.tensor]))])),
      (.integer(7), .tuple([Self.tensor])), (.text("epoch"), .integer(1)),
    ])
    let value = try readPickle(root.pickle)
    #expect(value.tensors().map(\.name) == ["state.a.weight", "state.b.1", "7.0"])
    #expect(value.tensors(limit: 2).map(\.name) == ["state.a.weight", "state.b.1"])
    #expect(value.tensors().allSatisfy { $0.tensor.shape == [2] && $0.tensor.storageKey == "0" })
    #expect(try readPickle(Self.tensor.pickle).tensors().map(\.name) == [""])
  }
}
