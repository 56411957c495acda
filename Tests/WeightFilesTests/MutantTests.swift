// MutantTests.swift - damaged arrays, archives, pickles and checkpoints: read or refused, never a trap.

import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct MutantTests {
  /// Reads the numbers of an array as everything it can be read as.
  private func read(_ array: ArrayFile) throws -> Bool {
    let floats = try? array.floats()
    #expect(floats.map { $0.count == array.shape.reduce(1, *) } ?? (array.dataType == .complex64))
    if let whole = try? array.int64s() { #expect(whole.count == array.count) }
    return true
  }

  @Test func arrays() throws {
    let names = [
      "little-f4", "big-f8", "fortran", "fortran-big", "little-u1", "version-2", "version-3", "single", "empty",
    ]
    let seeds = try names.map { try readFile(arrayFixtures + "\($0).npy", limit: 1 << 16) }
    let mutants = try Mutants(of: "npy", seeds: seeds) { bytes, _ in
      guard let array = try? ArrayFile(bytes: bytes) else { return false }
      return try read(array)
    }
    #expect(mutants.accepted > 20 && mutants.refused > 200)
  }

  @Test func archivesOfArrays() throws {
    let seeds = try ["stored", "deflated", "zip64"].map { try readFile(arrayFixtures + "\($0).npz", limit: 1 << 16) }
    let array = npy(npyHeader(shape: "(2, 3)"), data: 24)
    let mutants = try Mutants(of: "npz", seeds: seeds) { bytes, numbers in
      var bytes = bytes
      // A checksum keeps most changes from the reader of the array, so in half of the mutants it is right.
      if Bool.random(using: &numbers) {
        let entry = Mutants.mutant(of: array, &numbers)
        bytes = ZipBuilder([
          Bool.random(using: &numbers)
            ? ZipBuilderEntry("x.npy", entry) : ZipBuilderEntry(deflating: entry, as: "x.npy")
        ]).bytes()
      }
      guard let archive = try? ArrayArchive(bytes: bytes) else { return false }
      var accepted = 0
      for name in archive.names {
        if let array = try? archive.array(name), try read(array) { accepted += 1 }
      }
      return accepted > 0
    }
    #expect(mutants.accepted > 20 && mutants.refused > 200)
  }

  @Test func archives() throws {
    let text = ZipArchiveTests.text
    var wide = ZipBuilderEntry("c", text)
    (wide.isZip64, wide.padding) = (true, 20)
    var builder = ZipBuilder([ZipBuilderEntry("a", text), ZipBuilderEntry(deflating: text, as: "folder/b"), wide])
    var seeds = [builder.bytes()]
    builder.isZip64 = true
    builder.comment = Array("comment".utf8)
    seeds.append(builder.bytes())
    var limits = LoadLimits()
    limits.inflatedBytes = 1 << 20
    let mutants = try Mutants(of: "zip", seeds: seeds) { bytes, numbers in
      var bytes = bytes
      if Int.random(in: 0..<4, using: &numbers) == 0 {
        // Changes behind the directory's back: the compressed bytes themselves.
        var entry = ZipBuilderEntry(deflating: text, as: "a")
        entry.data = Mutants.mutant(of: entry.data, &numbers)
        entry.storedSize = UInt64(entry.data.count)
        bytes = ZipBuilder([entry]).bytes()
      }
      guard let archive = try? ZipArchive(bytes: bytes, limits: limits) else { return false }
      var isWhole = true
      for entry in archive.entries {
        let contents = try? archive.bytes(of: entry)
        #expect(contents == nil || contents?.count == entry.size)
        isWhole = isWhole && contents != nil
      }
      return isWhole
    }
    #expect(mutants.accepted > 20 && mutants.refused > 200)
  }

  /// A checkpoint with everything in it.
  private static let root = Pickled.dictionary([
    (
      .text("state_dict"),
      .ordered([
        ("a.weight", .view(key: "0", count: 10, offset: 0, shape: [2, 3], strides: [3, 1])),
        ("a.bias", .view(key: "0", count: 10, offset: 6, shape: [2, 2], strides: [1, 2])),
        ("b", .tensor(key: "1", type: "LongStorage", shape: [2])),
      ])
    ),
    (.text("optimizer"), .dictionary([(.integer(0), .list([.number(0.5), .tuple([.integer(1 << 40), .none])]))])),
    (.text("epoch"), .integer(70_000)),
  ])
  private static let storages = [
    ("0", TestSupport.storageBytes((0..<10).map(Float.init))), ("1", [UInt8](repeating: 7, count: 16)),
  ]

  /// Every tensor in a value.
  private func tensors(_ value: PickleValue) -> [TorchTensor] {
    switch value {
    case .tensor(let tensor): [tensor]
    case .list(let elements), .tuple(let elements): elements.flatMap(tensors)
    case .dictionary(let members): members.flatMap { tensors($0.value) }
    default: []
    }
  }

  @Test func pickles() throws {
    var seeds = [Self.root.pickle]
    var sizes = [Dictionary(uniqueKeysWithValues: Self.storages.map { ($0.0, $0.1.count) })]
    for name in ["values-2", "values-4"] {
      let archive = try ZipArchive(path: arrayFixtures + "\(name).pt")
      seeds.append(try archive.bytes(of: try #require(archive["\(name)/data.pkl"])))
      sizes.append(
        Dictionary(
          uniqueKeysWithValues: archive.entries.map {
            (String($0.name.split(separator: "/")[1...].last ?? ""), $0.size)
          }))
    }
    var limits = LoadLimits()
    // The usual limits with a hundredth of the work.
    (limits.pickleSteps, limits.pickleMemo) = (100_000, 10_000)
    let mutants = try Mutants(of: "pickle", seeds: seeds) { bytes, _ throws in
      let values = sizes.compactMap { sizes in try? Pickle.read(bytes, limits: limits) { sizes[$0] } }
      for tensor in values.flatMap(tensors) {
        #expect(tensor.count <= tensor.storageCount && tensor.offset <= tensor.storageCount)
      }
      return !values.isEmpty
    }
    #expect(mutants.accepted > 20 && mutants.refused > 200)
  }

  @Test func checkpoints() throws {
    let mutants = try Mutants(of: "checkpoint", seeds: [Self.root.pickle]) { bytes, _ throws in
      let file = torchFile(.steps(Array(bytes.dropFirst(2).dropLast())), storages: Self.storages)
      guard let checkpoint = try? TorchCheckpoint(bytes: file) else { return false }
      for tensor in tensors(checkpoint.root) {
        #expect(try checkpoint.floats(of: tensor).count == tensor.count)
        if let whole = try? checkpoint.int64s(of: tensor) { #expect(whole.count == tensor.count) }
      }
      return true
    }
    #expect(mutants.accepted > 20 && mutants.refused > 200)
  }

  @Test func theSameSeedMakesTheSameMutants() throws {
    func made(_ seed: String) throws -> [[UInt8]] {
      var made: [[UInt8]] = []
      let mutants = try Mutants(of: "test", seeds: [[1, 2, 3, 4]], count: 20, environment: ["VQA_TEST_SEED": seed]) {
        bytes, _ in
        made.append(bytes)
        return bytes.count > 3
      }
      #expect(mutants.accepted + mutants.refused == 20 && "\(mutants.seed)" == seed)
      return made
    }
    #expect(try made("7") == made("7"))
    #expect(try made("7") != made("8"))
  }
}
