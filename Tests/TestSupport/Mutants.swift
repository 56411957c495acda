// Mutants.swift - files changed at random, the same ones for the same seed.

import Foundation
import SafeFiles

/// Random numbers by SplitMix64 (Steele, Lea, Flood 2014): the same on every machine for the same seed.
public struct MutantNumbers: RandomNumberGenerator {
  private var state: UInt64

  /// Starts at a seed.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }
}

/// Makes mutants of files and counts what became of them.
public struct Mutants {
  /// Mutants of each kind of file: 100,000, or 2,000 without optimisation.
  public static let usual: Int = {
    #if DEBUG
      2_000
    #else
      100_000
    #endif
  }()

  /// Where the random numbers begin; VQA_TEST_SEED sets another one.
  public let seed: UInt64
  /// How many were read in spite of their damage.
  public private(set) var accepted = 0
  /// How many were refused.
  public private(set) var refused = 0

  /// Makes mutants of some files and gives each to a reader.
  /// - Parameters:
  ///   - kind: What the files are; printed with the seed.
  ///   - seeds: The files.
  ///   - count: How many mutants.
  ///   - environment: Where VQA_TEST_SEED is looked up.
  ///   - read: Reads a mutant whole; answers whether it was accepted. The numbers tell it what else to change.
  /// - Throws: What `read` throws, or ``FileFailure`` when the seed cannot be printed.
  public init(
    of kind: String, seeds: [[UInt8]], count: Int = usual,
    environment: [String: String] = ProcessInfo.processInfo.environment,
    read: ([UInt8], inout MutantNumbers) throws -> Bool
  ) throws {
    seed = environment["VQA_TEST_SEED"].flatMap { UInt64($0) } ?? 1
    try CheckedOutput(descriptor: 1).write("mutants of \(kind): \(count); repeat with VQA_TEST_SEED=\(seed)\n")
    for number in 0..<count {
      // Each mutant has its own numbers, so that one can be made again without those before it.
      var numbers = MutantNumbers(seed: seed &* 1_000_003 &+ UInt64(number))
      let mutant = Self.mutant(of: seeds[number % seeds.count], others: seeds, &numbers)
      if try read(mutant, &numbers) { accepted += 1 } else { refused += 1 }
    }
  }

  /// Changes a file in one to four places, most often in one.
  /// - Parameters:
  ///   - file: Any bytes.
  ///   - others: Files that parts are taken from.
  ///   - numbers: Where the changes come from.
  /// - Returns: The changed bytes.
  public static func mutant(of file: [UInt8], others: [[UInt8]] = [], _ numbers: inout MutantNumbers) -> [UInt8] {
    var file = file
    for _ in 0..<([1, 1, 2, 4].randomElement(using: &numbers) ?? 1) {
      guard !file.isEmpty else { return file }
      let start = Int.random(in: 0..<file.count, using: &numbers)
      let end = min(file.count, start + Int.random(in: 1...16, using: &numbers))
      switch Int.random(in: 0..<10, using: &numbers) {
      case 0: file.removeSubrange(start..<end)
      case 1: file.insert(contentsOf: Array(file[start..<end]), at: start)
      case 2:
        file.replaceSubrange(start..<end, with: (start..<end).map { _ in UInt8.random(in: 0...255, using: &numbers) })
      case 3: file.removeSubrange(start...)
      case 4:
        guard let other = others.randomElement(using: &numbers), !other.isEmpty else { continue }
        let from = Int.random(in: 0..<other.count, using: &numbers)
        file.replaceSubrange(start..<end, with: other[from..<min(other.count, from + 16)])
      case 5, 6: overwrite(&file, at: start, &numbers)
      case 7: file[start] = UInt8.random(in: 0...255, using: &numbers)
      default: file[start] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
      }
    }
    return file
  }

  /// Writes a number that sizes and offsets often go wrong with.
  private static func overwrite(_ file: inout [UInt8], at start: Int, _ numbers: inout MutantNumbers) {
    let edges: [UInt64] = [
      0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
      0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF,
    ]
    let bytes = littleEndian(edges.randomElement(using: &numbers) ?? 0)
    let width = [1, 2, 4, 8].randomElement(using: &numbers) ?? 1
    for (index, byte) in bytes.prefix(width).enumerated() where start + index < file.count {
      file[start + index] = byte
    }
  }
}
