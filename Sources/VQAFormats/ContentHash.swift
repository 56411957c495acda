// ContentHash.swift - SHA-256 (FIPS 180-4), the stable name of a vocabulary or a file.

import SafeFiles

/// SHA-256 computed piece by piece.
public struct SHA256: Sendable {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var block: [UInt8] = []
  /// The schedule of the block at hand, kept so that no block takes memory of its own.
  private var words = [UInt32](repeating: 0, count: 64)
  private var byteCount: UInt64 = 0

  /// An empty message.
  public init() { block.reserveCapacity(64) }

  /// Adds bytes to the message.
  public mutating func update(_ bytes: [UInt8]) {
    byteCount &+= UInt64(bytes.count)
    var place = 0
    if !block.isEmpty {
      place = min(64 - block.count, bytes.count)
      block += bytes[..<place]
      guard block.count == 64 else { return }
      compress(block, at: 0)
      block.removeAll(keepingCapacity: true)
    }
    while place + 64 <= bytes.count {
      compress(bytes, at: place)
      place += 64
    }
    block += bytes[place...]
  }

  /// The 32 bytes of the digest; the message can go on afterwards.
  public func digest() -> [UInt8] {
    var copy = self
    let bitCount = byteCount &* 8
    let padding = (119 - Int(byteCount % 64)) % 64
    copy.update([0x80] + [UInt8](repeating: 0, count: padding))
    copy.update((0..<8).reversed().map { (place: UInt64) in UInt8(truncatingIfNeeded: bitCount >> (8 * place)) })
    return copy.state.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
  }

  /// Takes 64 bytes into the state.
  private mutating func compress(_ bytes: [UInt8], at place: Int) {
    for index in 0..<16 {
      let start = place + 4 * index
      words[index] =
        UInt32(bytes[start]) << 24 | UInt32(bytes[start + 1]) << 16 | UInt32(bytes[start + 2]) << 8
        | UInt32(bytes[start + 3])
    }
    for index in 16..<64 {
      let (early, late) = (words[index - 15], words[index - 2])
      let first = Self.rotate(early, 7) ^ Self.rotate(early, 18) ^ early >> 3
      let second = Self.rotate(late, 17) ^ Self.rotate(late, 19) ^ late >> 10
      words[index] = words[index - 16] &+ first &+ words[index - 7] &+ second
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for index in 0..<64 {
      let mixed = Self.rotate(e, 6) ^ Self.rotate(e, 11) ^ Self.rotate(e, 25)
      let first = h &+ mixed &+ (e & f ^ ~e & g) &+ Self.constants[index] &+ words[index]
      let second = (Self.rotate(a, 2) ^ Self.rotate(a, 13) ^ Self.rotate(a, 22)) &+ (a & b ^ a & c ^ b & c)
      (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
    }
    for (index, value) in [a, b, c, d, e, f, g, h].enumerated() { state[index] = state[index] &+ value }
  }

  private static func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 { value >> count | value << (32 - count) }

  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}

/// Content hashes as text.
public enum ContentHash {
  /// SHA-256 of the bytes in lower-case hexadecimal.
  public static func hex(_ bytes: [UInt8]) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return text(hash.digest())
  }

  /// SHA-256 of a file, in lower-case hexadecimal; a large one is never in memory as a whole.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limit: Size above which it is refused, in bytes.
  /// - Returns: 64 digits.
  /// - Throws: `FileFailure` when it cannot be read.
  public static func hex(path: String, limit: Int) throws(FileFailure) -> String {
    let file = FileBytes.mapped(try MappedFile(path: path, limit: limit))
    var hash = SHA256()
    for start in stride(from: 0, to: file.count, by: 1 << 20) {
      hash.update(file.copy(start..<min(start + 1 << 20, file.count)))
    }
    return text(hash.digest())
  }

  /// SHA-256 of a list of texts, each followed by a NUL so that no two lists without NULs run together.
  public static func hex(texts: some Sequence<String>) -> String {
    var hash = SHA256()
    for text in texts {
      hash.update(Array(text.utf8))
      hash.update([0])
    }
    return text(hash.digest())
  }

  private static func text(_ digest: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
