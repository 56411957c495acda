// TorchCheckpointTests.swift - checkpoints of torch.save, and of the same form made here.

import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct TorchCheckpointTests {
  @Test(arguments: [2, 4, 5]) func everythingThatTorchWrites(version: Int) throws {
    let checkpoint = try TorchCheckpoint(path: arrayFixtures + "values-\(version).pt")
    let root = checkpoint.root
    let types: [(String, TensorDataType)] = [
      ("float32", .float32), ("float64", .float64), ("float16", .float16), ("bfloat16", .bfloat16), ("int64", .int64),
      ("int32", .int32), ("int16", .int16), ("int8", .int8), ("uint8", .uint8), ("bool", .bool),
    ]
    for (name, type) in types {
      let tensor = try #require(root["types"]?[name]?.tensorValue)
      #expect(tensor.dataType == type)
      let values = (0..<6).map { fixtureNumber($0).magnitude }
      let expected =
        type == .bool ? [1, 1, 1, 1, 1, 1] : name.contains("int") ? values.map { $0.rounded(.down) } : values
      #expect(try checkpoint.floats(of: tensor) == expected, "\(name)")
      if name.contains("int") { #expect(try checkpoint.int64s(of: tensor) == expected.map { Int64($0) }) }
    }
    let whole = (0..<24).map { fixtureNumber($0) }
    func tensor(_ name: String) throws -> TorchTensor { try #require(root[name]?.tensorValue) }
    func expect(_ name: String, _ shape: [Int], _ places: [Int]) throws {
      #expect(try tensor(name).shape == shape, "\(name)")
      #expect(try checkpoint.floats(of: tensor(name)) == places.map { whole[$0] }, "\(name)")
    }
    try expect("whole", [4, 6], Array(0..<24))
    try expect("part", [2, 3], [8, 9, 10, 14, 15, 16])
    try expect("turned", [6, 4], (0..<6).flatMap { column in (0..<4).map { $0 * 6 + column } })
    try expect("every", [4, 3], Array(stride(from: 0, to: 24, by: 2)))
    try expect("none", [0, 3], [])
    try expect("parameter", [6], Array(0..<6))
    // Views share one storage.
    #expect(try Set(["whole", "part", "turned", "every"].map { try tensor($0).storageKey }).count == 1)
    #expect(try !tensor("turned").isContiguous && tensor("whole").isContiguous)
    #expect(try checkpoint.floats(of: tensor("single")) == [7])
    #expect(try root["steps"]?.elements?.map { try checkpoint.wholeNumber($0) } == [12, 12])
    #expect(root["size"] == .tuple([.integer(4), .integer(6)]))
    #expect(root["dtype"] == .dataType(.float16))
    #expect(root["numbered"]?[0] == .text("zero") && root["numbered"]?[70000] == .text("many"))
    let one = PickleValue.integer(1)
    let plain: [PickleValue] = [
      .none, .boolean(true), .boolean(false), .integer(-1), .integer(255), .integer(65535), .integer(1 << 31),
      .integer(-1 << 31), .integer(-1 << 62), .number(0.1), .text("é ü"), .tuple([]), .tuple([one]),
      .tuple([one, .integer(2)]), .tuple([one, .integer(2), .integer(3)]),
      .tuple([one, .integer(2), .integer(3), .integer(4)]),
    ]
    #expect(root["plain"] == .list(plain))
  }

  /// A checkpoint as cuDNN leaves it: the tensors of an LSTM are views of one storage.
  private static let shared = torchFile(
    .dictionary([
      (
        .text("state_dict"),
        .ordered([
          ("w", .view(key: "0", count: 10, offset: 0, shape: [2, 3], strides: [3, 1])),
          ("b", .view(key: "0", count: 10, offset: 6, shape: [4], strides: [1])),
          ("t", .view(key: "0", count: 10, offset: 1, shape: [3, 2], strides: [1, 3])),
          ("r", .view(key: "0", count: 10, offset: 2, shape: [2, 2], strides: [0, 0])),
        ])
      ), (.text("epoch"), .integer(13)),
    ]), storages: [("0", storageBytes((0..<10).map(Float.init)))])

  @Test func viewsOfOneStorage() throws {
    let checkpoint = try TorchCheckpoint(bytes: Self.shared)
    let state = try #require(checkpoint.root["state_dict"]?.dictionaryValue)
    #expect(state.compactMap(\.key.textValue) == ["w", "b", "t", "r"])
    let values = try state.map { try checkpoint.floats(of: try #require($0.value.tensorValue)) }
    #expect(values == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9], [1, 4, 2, 5, 3, 6], [2, 2, 2, 2]])
    #expect(checkpoint.root["epoch"] == .integer(13))
  }

  @Test func otherFoldersPaddingAndDeflatedStorages() throws {
    let root = Pickled.dictionary([(.text("a"), .tensor(key: "0", shape: [2]))])
    let padded = torchFile(root, storages: [("0", storageBytes([1, 2]))], folder: "epoch13", isPadded: true)
    let checkpoint = try TorchCheckpoint(bytes: padded)
    #expect(try checkpoint.floats(of: try #require(checkpoint.root["a"]?.tensorValue)) == [1, 2])
    let deflated = ZipBuilder([
      ZipBuilderEntry(deflating: root.pickle, as: "x/data.pkl"),
      ZipBuilderEntry(deflating: storageBytes([1, 2]), as: "x/data/0"),
      ZipBuilderEntry("x/byteorder", Array("little".utf8)),
    ])
    let other = try TorchCheckpoint(bytes: deflated.bytes())
    #expect(try other.floats(of: try #require(other.root["a"]?.tensorValue)) == [1, 2])
  }

  @Test func storagesOfMachinesWithTheOtherByteOrder() throws {
    let root = Pickled.dictionary([(.text("a"), .tensor(key: "0", shape: [2]))])
    func file(_ order: String) -> [UInt8] {
      ZipBuilder([
        ZipBuilderEntry("x/data.pkl", root.pickle), ZipBuilderEntry("x/byteorder", Array(order.utf8)),
        ZipBuilderEntry("x/data/0", [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0]),
      ]).bytes()
    }
    let checkpoint = try TorchCheckpoint(bytes: file("big"))
    #expect(try checkpoint.floats(of: try #require(checkpoint.root["a"]?.tensorValue)) == [1, -2])
    #expect(throws: TorchFailure.unknownByteOrder("middle")) { try TorchCheckpoint(bytes: file("middle")) }
  }

  @Test func tensorsOfAnotherCheckpointAreNotRead() throws {
    let checkpoint = try TorchCheckpoint(bytes: Self.shared)
    for (key, count) in [("0", 11), ("1", 10)] {
      let root = Pickled.tensor(key: key, shape: [count])
      let other = try TorchCheckpoint(
        bytes: torchFile(root, storages: [(key, [UInt8](repeating: 0, count: count * 4))]))
      let tensor = try #require(other.root.tensorValue)
      #expect(throws: TorchFailure.foreignTensor(storage: key)) { try checkpoint.floats(of: tensor) }
    }
  }

  @Test func wholeNumbers() throws {
    let root = Pickled.list([
      .integer(4), .tensor(key: "0", shape: []), .tensor(key: "1", type: "LongStorage", shape: [1]),
      .tensor(key: "2", shape: []), .tensor(key: "3", shape: [2]), .text("4"),
    ])
    let storages = [
      ("0", storageBytes([4])), ("1", littleEndian(Int64.min)), ("2", storageBytes([.nan])),
      ("3", storageBytes([1, 2])),
    ]
    let checkpoint = try TorchCheckpoint(bytes: torchFile(root, storages: storages))
    let elements = try #require(checkpoint.root.elements)
    #expect(try elements.prefix(3).map { try checkpoint.wholeNumber($0) } == [4, 4, .min])
    for (element, found) in zip(elements.dropFirst(3), ["nan", "tensor", "str"]) {
      #expect(throws: TorchFailure.noWholeNumber(found: found)) { try checkpoint.wholeNumber(element) }
    }
    let tensor = try #require(elements[1].tensorValue)
    #expect(throws: TorchFailure.notWhole(storage: "0", type: .float32)) { try checkpoint.int64s(of: tensor) }
  }

  @Test func onlyWhatIsAskedForIsRead() throws {
    // A storage that is damaged does no harm to those that are not.
    var broken = ZipBuilderEntry("a/data/1", storageBytes([1]))
    broken.checksum ^= 1
    let root = Pickled.list([.tensor(key: "0", shape: [1]), .tensor(key: "1", shape: [1])])
    let file = ZipBuilder([
      ZipBuilderEntry("a/data.pkl", root.pickle), ZipBuilderEntry("a/data/0", storageBytes([5])), broken,
    ])
    let checkpoint = try TorchCheckpoint(bytes: file.bytes())
    let tensors = try #require(checkpoint.root.elements).compactMap(\.tensorValue)
    #expect(try checkpoint.floats(of: tensors[0]) == [5])
    #expect(throws: TorchFailure.zip(.wrongChecksum(entry: "a/data/1"))) { try checkpoint.floats(of: tensors[1]) }
  }
}
