// PNGReductionTests.swift - large PNG pictures are reduced while their rows arrive.

import ImageCodecs
import Testing

struct PNGReductionTests {
  private static let width = 53, height = 37

  /// A picture with alpha, each kind of square edge among its sides.
  private static func file(isInterlaced: Bool = false) -> [UInt8] {
    PNGBuilder(width: width, height: height, colorType: .rgbAlpha, depth: 8, isInterlaced: isInterlaced) {
      x, y, channel in
      (x * 7 + y * 13 + channel * 61 + x * y) % 256
    }.bytes
  }

  private static var limits: ImageLimits {
    var limits = ImageLimits()
    limits.wholePixels = 1_000
    return limits
  }

  @Test(arguments: [(26, 18, 2), (27, 19, 2), (14, 10, 4), (13, 9, 4), (7, 5, 8), (1, 1, 8), (7, 6, 4), (28, 5, 1)])
  func everyPixelIsTheMeanOfASquare(wantedWidth: Int, wantedHeight: Int, side: Int) throws {
    let whole = try decodeImage(Self.file())
    let image = try decodeImage(Self.file(), limits: Self.limits, atLeast: (wantedWidth, wantedHeight))
    #expect(image.width == (Self.width + side - 1) / side && image.height == (Self.height + side - 1) / side)
    for y in 0..<image.height {
      for x in 0..<image.width {
        for channel in 0..<3 {
          var sum = 0, count = 0
          for row in y * side..<min(y * side + side, Self.height) {
            for column in x * side..<min(x * side + side, Self.width) {
              sum += Int(whole.pixels[(row * Self.width + column) * 3 + channel])
              count += 1
            }
          }
          let value = Int(image.pixels[(y * image.width + x) * 3 + channel])
          #expect(value == (sum + count / 2) / count, "\(x), \(y), \(channel)")
        }
      }
    }
  }

  @Test func onlyWhereASmallerOneDoes() throws {
    func size(_ file: [UInt8], _ limits: ImageLimits, _ atLeast: (Int, Int)?) throws -> [Int] {
      let image = try decodeImage(file, limits: limits, atLeast: atLeast.map { (width: $0.0, height: $0.1) })
      return [image.width, image.height]
    }
    let whole = [Self.width, Self.height]
    #expect(try size(Self.file(), Self.limits, nil) == whole)
    #expect(try size(Self.file(), .default, (5, 5)) == whole)
    #expect(try size(Self.file(isInterlaced: true), Self.limits, (5, 5)) == whole)
    #expect(try size(Self.file(), Self.limits, (5, 5)) == [7, 5])
  }

  @Test func memoryIsThatOfTheSmallerPicture() throws {
    var limits = Self.limits
    limits.memory = 1 << 20
    let large = PNGBuilder(width: 8, height: 100_000, colorType: .gray, depth: 1) { _, _, _ in 1 }.bytes
    let need = 8 * 100_000 * 3
    #expect(failure(large, limits: limits) == .tooMuchMemory(bytes: need, limit: 1 << 20))
    let image = try decodeImage(large, limits: limits, atLeast: (width: 1, height: 1_000))
    #expect(image.width == 1 && image.height == 12_500 && image.pixels.allSatisfy { $0 == 255 })
  }

  @Test func aCutIsAnErrorHereToo() {
    let file = Self.file()
    for count in stride(from: 60, to: file.count - 12, by: 97) {
      let cut = Array(file[..<count])
      #expect(throws: ImageFailure.self) { try decodeImage(cut, limits: Self.limits, atLeast: (width: 7, height: 5)) }
    }
  }
}
