// LegacyTorchTests.swift - checkpoints of torch before 1.6: pickles and storages one behind the other.

import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct LegacyTorchTests {
  private let bytes: [UInt8]

  init() throws { bytes = try readFile(arrayFixtures + "legacy.pt", limit: 1 << 16) }

  @Test func tensorsAreRead() throws {
    for checkpoint in [try TorchCheckpoint(bytes: bytes), try TorchCheckpoint(path: arrayFixtures + "legacy.pt")] {
      let tensor = try #require(checkpoint.root["old"]?.tensorValue)
      #expect(tensor.shape == [4, 6])
      #expect(try checkpoint.floats(of: tensor) == (0..<24).map { Float($0) / 2 - 3 })
      try checkpoint.verify()
    }
  }

  /// A file cut anywhere is refused, and never by a trap.
  @Test func everyPrefixIsRefused() {
    for count in bytes.indices {
      let failure = #expect(throws: TorchFailure.self, "\(count) bytes") {
        try TorchCheckpoint(bytes: Array(bytes[..<count]))
      }
      #expect(failure?.message.isEmpty == false)
    }
  }

  /// What follows the storages is not looked at, as torch does not look at it either.
  @Test func changedBytesNeverTrap() throws {
    for index in bytes.indices {
      for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF, bytes[index] ^ 0x10] {
        var changed = bytes
        changed[index] = value
        guard let checkpoint = try? TorchCheckpoint(bytes: changed) else { continue }
        for (_, tensor) in checkpoint.root.tensors() { _ = try? checkpoint.floats(of: tensor) }
      }
    }
  }

  @Test func partsThatDoNotFitAreNamed() throws {
    // The count of numbers stands before the 96 bytes of the only storage.
    let place = bytes.count - 96 - 8
    var more = bytes
    more[place] = 25
    let beyond = #expect(throws: TorchFailure.self) { try TorchCheckpoint(bytes: more) }
    #expect(beyond?.message.contains("ends beyond the file") == true, "\(beyond?.message ?? "")")
    var fewer = bytes
    fewer[place] = 23
    let other = #expect(throws: TorchFailure.self) { try TorchCheckpoint(bytes: fewer) }
    #expect(other?.message.contains("another size") == true, "\(other?.message ?? "")")
  }
}
