// Fixtures.swift - pictures from Tests/Fixtures, and what the tests of pictures share.

import ImageCodecs
import SafeFiles

/// The folder of the package.
let packageFolder: String = {
  // Tests/ImageCodecsTests/Fixtures.swift is three levels down.
  var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
  parts.removeLast(3)
  return parts.joined(separator: "/")
}()

/// The bytes of a fixture.
func fixture(_ name: String) throws -> [UInt8] {
  try readFile("\(packageFolder)/Tests/Fixtures/pictures/\(name)", limit: 1 << 20)
}

/// The picture in a PNG fixture.
func fixtureImage(_ name: String) throws -> RGBImage { try decodeImage(fixture(name)) }

/// The failure of a decode, nil if it worked.
func failure(_ bytes: [UInt8], limits: ImageLimits = .default) -> ImageFailure? {
  do throws(ImageFailure) {
    _ = try decodeImage(bytes, limits: limits)
    return nil
  } catch {
    return error
  }
}

/// How far two pictures are apart.
struct Difference {
  /// The largest difference of two values; 256 if the sizes differ.
  var largest = 256
  /// The share of values that differ by at most one.
  var shareWithinOne = 0.0

  init(_ first: RGBImage, _ second: RGBImage) {
    guard first.width == second.width, first.height == second.height else { return }
    let differences = zip(first.pixels, second.pixels).map { abs(Int($0) - Int($1)) }
    largest = differences.max() ?? 0
    shareWithinOne = Double(differences.count { $0 <= 1 }) / Double(differences.count)
  }
}

/// Random numbers from a seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
