// TorchRefusalTests.swift - files that are no checkpoints, or of other forms.

import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct TorchRefusalTests {
  private func expect(_ failure: TorchFailure, _ bytes: [UInt8], limits: LoadLimits = .default) {
    #expect(throws: failure) { try TorchCheckpoint(bytes: bytes, limits: limits) }
    #expect(failure.message.contains("; ") && failure.kind == .badData)
  }

  @Test func filesThatAreNoArchives() {
    expect(.zip(.noEnd(fileBytes: 0)), [])
    expect(.zip(.noEnd(fileBytes: 5)), Array("hello".utf8))
    expect(.legacyFile, [0x80, 2, 0x8A, 10] + [UInt8](repeating: 0x10, count: 20))
    expect(.legacyFile, Pickled.none.pickle)
    // One that is cut, and one with a storage that no archive has.
    expect(.legacyFile, [0x80, 2])
    expect(.legacyFile, Pickled.tensor(key: "0", shape: [2]).pickle)
    let attack = Array("cposix\nsystem\n(S'id'\ntR.".utf8)
    expect(.pickle(entry: nil, cause: .refusedName(offset: 0, module: "posix", name: "system")), attack)
    expect(.pickle(entry: nil, cause: .refusedStep(offset: 2, name: "EXT1")), [0x80, 2, 0x82, 1])
  }

  @Test func filesOfTorchThatAreRefused() {
    let refused = PickleFailure.refusedName(offset: 18, module: "torch.nn.modules.linear", name: "Linear")
    let error = #expect(throws: FileFailure.self) { try TorchCheckpoint(path: arrayFixtures + "module.pt") }
    #expect(error?.cause as? TorchFailure == .pickle(entry: "module/data.pkl", cause: refused))
  }

  @Test func archivesWithoutOnePickle() {
    expect(.noPickle(found: 0), ZipBuilder([ZipBuilderEntry("data.pkl", [0x4E, 0x2E])]).bytes())
    expect(.noPickle(found: 0), ZipBuilder([ZipBuilderEntry("a/b/data.pkl", [0x4E, 0x2E])]).bytes())
    let two = ["a/data.pkl", "b/data.pkl"].map { ZipBuilderEntry($0, [0x4E, 0x2E]) }
    expect(.noPickle(found: 2), ZipBuilder(two).bytes())
  }

  @Test func failuresSayWhatAndWhereAndWhatNext() {
    for (failure, place) in [
      (.legacyFile, "byte 0"), (.noPickle(found: 2), nil), (.pickleTooLong(bytes: 4, limit: 3), nil),
      (.unknownByteOrder("middle"), "entry byteorder"), (.foreignTensor(storage: "7"), "storage 7"),
      (.notConvertible(storage: "7", type: .complex64), "storage 7"),
      (.notWhole(storage: "7", type: .float16), "storage 7"),
      (.noWholeNumber(found: "nan"), nil), (.zip(.duplicateName(entry: "a\u{1B}")), "entry a\\u{1B}"),
      (.pickle(entry: nil, cause: .loop(offset: 9)), "byte 9"),
    ] as [(TorchFailure, String?)] {
      #expect(failure.place == place)
      #expect(!failure.problem.isEmpty && !failure.advice.isEmpty && failure.kind == .badData)
    }
  }

  @Test func pickles() {
    let attack = Pickled.steps(Pickled.name("os", "system") + Pickled.tuple([.text("id")]).bytes + [0x52])
    let failure = TorchFailure.pickle(
      entry: "archive/data.pkl", cause: .refusedName(offset: 2, module: "os", name: "system"))
    expect(failure, torchFile(attack, storages: []))
    #expect(
      failure.message
        == "entry archive/data.pkl, byte 2: the pickle names os.system, which is not allowed; "
        + "the file may try to run code: do not load it with Python; ask for one with weights only")
    var damaged = ZipBuilderEntry("archive/data.pkl", Pickled.none.pickle)
    damaged.checksum ^= 1
    expect(.zip(.wrongChecksum(entry: "archive/data.pkl")), ZipBuilder([damaged]).bytes())
    var limits = LoadLimits()
    limits.pickleBytes = 3
    expect(.pickleTooLong(bytes: 4, limit: 3), torchFile(.none, storages: []), limits: limits)
  }

  @Test func storagesThatAreNotThere() {
    let tensor = Pickled.tensor(key: "0", shape: [2])
    for (storages, cause) in [
      ([], .noStorage(offset: 89, key: "0")), ([("1", storageBytes([1, 2]))], .noStorage(offset: 89, key: "0")),
      ([("0", storageBytes([1]))], .storageSize(offset: 89, key: "0", bytes: 4, expected: 8)),
    ] as [([(String, [UInt8])], PickleFailure)] {
      expect(.pickle(entry: "archive/data.pkl", cause: cause), torchFile(tensor, storages: storages))
    }
  }
}
