// DamageTests.swift - cut and changed files: an error or a well-formed picture, never a trap.

import ImageCodecs
import TestSupport
import Testing

struct DamageTests {
  /// A dozen small files or more of every kind.
  static func seeds(_ format: ImageFormat) throws -> [[UInt8]] {
    switch format {
    case .jpeg:
      let names = [
        "baseline", "progressive", "restarts", "grey", "ycck", "cmyk-adobe", "cmyk-unmarked", "full-colour",
      ]
      let files = try names.map { try fixture("\($0).jpg") }
      let drawn = try [10, 100].map { try encodeJPEG(fixtureImage("grey.png"), quality: $0) }
      return files + drawn + [1, 5].map { ExifTests.withExif(files[$0], orientation: 5 + $0 % 4) }
    case .png:
      let kinds = PNGDecodingTests.Kind.all
      let files = kinds.enumerated().filter { $0.offset % 3 == 0 }.map { _, kind in
        PNGDecodingTests.builder(kind, width: 9, height: 5).bytes
      }
      return files + [
        ExifTests.withExif(files[0], orientation: 7), try fixture("grey.png"), try fixture("baseline.png"),
      ]
    }
  }

  @Test(arguments: [ImageFormat.jpeg, .png])
  func everyPrefixIsAnErrorOrTheWholePicture(_ format: ImageFormat) throws {
    let seeds = try Self.seeds(format)
    #expect(seeds.count >= 12)
    for file in seeds {
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

  /// Mutants of each format: 10,000, or 500 without optimisation.
  private static let count: Int = {
    #if DEBUG
      500
    #else
      10_000
    #endif
  }()

  @Test(arguments: [ImageFormat.jpeg, .png])
  func mutantsNeverTrap(_ format: ImageFormat) throws {
    var limits = ImageLimits()
    limits.pixels = 1_000_000
    let mutants = try Mutants(of: "\(format.rawValue) pictures", seeds: Self.seeds(format), count: Self.count) {
      file, numbers in
      // Without its checksums made right, hardly a mutant of PNG gets past them.
      let isMended = format == .png && Bool.random(using: &numbers)
      let (broken, isAccepted) = brokenPromise(
        ofPicture: isMended ? PNGBuilder.withChecksums(file) : file, limits: limits)
      #expect(broken == nil, "\(file)")
      return isAccepted
    }
    #expect(mutants.refused > Self.count / 4, "hardly damaged")
    #expect(mutants.accepted > Self.count / 50, "nothing gets through")
  }
}
