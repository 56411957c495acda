// DamageTests.swift - cut and changed files: an error or a well-formed picture, never a trap.

import Foundation
import ImageCodecs
import Testing

struct DamageTests {
  /// Small files of every kind.
  static func seeds(_ format: ImageFormat) throws -> [[UInt8]] {
    switch format {
    case .jpeg:
      let names = ["baseline", "progressive", "restarts", "grey", "ycck"]
      let files = try names.map { try fixture("\($0).jpg") }
      return files + [ExifTests.withExif(files[0], orientation: 5)]
    case .png:
      let kinds = PNGDecodingTests.Kind.all
      let files = kinds.enumerated().filter { $0.offset % 5 == 0 }.map { _, kind in
        PNGDecodingTests.builder(kind, width: 9, height: 5).bytes
      }
      return files + [ExifTests.withExif(files[0], orientation: 7), try fixture("grey.png")]
    }
  }

  @Test(arguments: [ImageFormat.jpeg, .png])
  func everyPrefixIsAnErrorOrTheWholePicture(_ format: ImageFormat) throws {
    for file in try Self.seeds(format) {
      let whole = try decodeImage(file)
      for count in 0..<file.count {
        let prefix = Array(file[..<count])
        guard let image = try? decodeImage(prefix) else { continue }
        #expect(image == whole, "made up from the first \(count) of \(file.count) bytes")
      }
    }
  }

  @Test func aCutIsCalledACut() throws {
    let jpeg = try fixture("baseline.jpg"), png = try fixture("grey.png")
    let cutJPEG = failure(Array(jpeg.dropLast(100))), cutPNG = failure(Array(png.dropLast(100)))
    #expect(cutJPEG == .truncated(format: .jpeg, byte: jpeg.count - 100))
    #expect(cutPNG == .truncated(format: .png, byte: png.count - 100))
  }

  @Test(arguments: [ImageFormat.jpeg, .png])
  func mutantsNeverTrap(_ format: ImageFormat) throws {
    let given = ProcessInfo.processInfo.environment["VQA_TEST_SEED"].flatMap { UInt64($0) }
    let seed = given ?? UInt64.random(in: 0..<1_000_000)
    print("mutants of \(format.rawValue): repeat with VQA_TEST_SEED=\(seed)")
    var generator = SeededGenerator(state: seed)
    let seeds = try Self.seeds(format)
    var limits = ImageLimits()
    limits.pixels = 1_000_000
    var refused = 0
    for number in 0..<500 {
      var file = seeds[number % seeds.count]
      mutate(&file, with: &generator)
      if format == .png, number % 4 != 0 { file = PNGBuilder.withChecksums(file) }
      do throws(ImageFailure) {
        let image = try decodeImage(file, limits: limits, atLeast: number % 2 == 0 ? (width: 8, height: 8) : nil)
        #expect(image.width >= 1 && image.width * image.height <= limits.pixels)
        #expect(image.pixels.count == image.width * image.height * 3, "seed \(seed), mutant \(number)")
      } catch {
        refused += 1
        #expect(!error.problem.isEmpty && !error.advice.isEmpty, "seed \(seed), mutant \(number)")
      }
    }
    #expect(refused > 50, "seed \(seed): the mutants are hardly damaged")
  }

  /// Changes some bytes, or takes some out, doubles some or moves some.
  private func mutate(_ file: inout [UInt8], with generator: inout SeededGenerator) {
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let start = Int.random(in: 2..<file.count, using: &generator)
      let end = min(file.count, start + Int.random(in: 1...16, using: &generator))
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: file.removeSubrange(start..<end)
      case 1: file.insert(contentsOf: Array(file[start..<end]), at: start)
      case 2: file.replaceSubrange(start..<end, with: file[..<(end - start)])
      case 3: file[start] = [0x00, 0xFF, 0x7F, 0x80, 0xD8, 0xDA].randomElement(using: &generator) ?? 0
      default: file[start] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      }
      if file.count < 8 { return }
    }
  }
}
