// ContentHashTests.swift - SHA-256 against the published test vectors (FIPS 180-4 examples, NIST CAVP).

import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct ContentHashTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func knownMessages(_ message: String, _ expected: String) {
    #expect(ContentHash.hex(Array(message.utf8)) == expected)
  }

  @Test func tenThousandLetters() {
    #expect(
      ContentHash.hex([UInt8](repeating: UInt8(ascii: "a"), count: 10_000))
        == "27dd1f61b867b6a0f6e9d8a41c43231de52107e53ae424de8f847b821db4b711")
  }

  /// A file is hashed as its bytes are, whatever its size; what is no file is named.
  @Test func filesAreHashed() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/file"
      for count in [0, 3, 1 << 20, (1 << 20) + 1] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try AtomicFile.write(bytes, to: path)
        #expect(try ContentHash.hex(path: path, limit: count) == ContentHash.hex(bytes))
      }
      let failure = #expect(throws: FileFailure.self) { try ContentHash.hex(path: path, limit: 9) }
      #expect(failure?.cause as? FileReadFailure == .tooLarge(bytes: (1 << 20) + 1, limit: 9))
    }
  }

  /// Every length around a block, whole and in two parts.
  @Test func partsGiveTheSameDigest() {
    for length in 50...70 {
      let bytes = (0..<length).map { UInt8($0) }
      var hash = SHA256()
      hash.update(Array(bytes[..<20]))
      _ = hash.digest()
      hash.update(Array(bytes[20...]))
      var whole = SHA256()
      whole.update(bytes)
      #expect(hash.digest() == whole.digest())
    }
  }
}
