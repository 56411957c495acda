// PackedNumbersTests.swift - numbers as files hold them.

import SafeFiles
import Testing

@Suite struct PackedNumbersTests {
  private func floats(_ bytes: [UInt8], _ format: NumberFormat) -> [Float] {
    FileBytes.memory(bytes).withBytes(0..<bytes.count) { PackedNumbers.floats($0, format) }
  }

  @Test func readsEveryFormat() {
    #expect(floats([0x00, 0x3C, 0x00, 0xC0], .float16) == [1, -2])
    #expect(floats([0x80, 0x3F, 0x20, 0xC0], .bfloat16) == [1, -2.5])
    #expect(floats([0, 0, 0x80, 0x3F], .float32) == [1])
    #expect(floats([0, 0, 0, 0, 0, 0, 0xF8, 0x3F], .float64) == [1.5])
    #expect(floats([0xFF, 2], .int8) == [-1, 2])
    #expect(floats([0xFE, 0xFF], .int16) == [-2])
    #expect(floats([3, 0, 0, 0], .int32) == [3])
    #expect(floats([0xFC] + [UInt8](repeating: 0xFF, count: 7), .int64) == [-4])
    #expect(floats([0xFF], .uint8) == [255])
    #expect(floats([1, 2], .uint16) == [513])
    #expect(floats([0, 0, 0, 0x80], .uint32) == [2_147_483_648])
    #expect(floats([0, 0, 0, 0, 0, 0, 0, 0x80], .uint64) == [9_223_372_036_854_775_808])
    #expect(floats([], .float32) == [])
  }

  @Test func readsWholeNumbersExactly() {
    let bytes: [UInt8] = [1, 0, 0, 0, 0, 0, 0x20, 0]
    func int64s(_ format: NumberFormat) -> [Int64]? {
      FileBytes.memory(bytes).withBytes(0..<8) { PackedNumbers.int64s($0, format) }
    }
    #expect(int64s(.int64) == [9_007_199_254_740_993])
    #expect(int64s(.int32) == [1, 0x20_0000])
    #expect(int64s(.uint32) == [1, 0x20_0000])
    #expect(int64s(.int16) == [1, 0, 0, 0x20])
    #expect(int64s(.uint16) == [1, 0, 0, 0x20])
    #expect(int64s(.int8)?.count == 8)
    #expect(int64s(.uint8)?[6] == 0x20)
    #expect(int64s(.uint64) == nil)
    #expect(int64s(.float32) == nil)
  }

  #if !(os(macOS) && arch(x86_64))
    @Test func everyHalfIsThatOfTheLanguage() {
      for bits in UInt16.min...UInt16.max {
        let expected = Float(Float16(bitPattern: bits))
        let value = HalfFloats.float(half: bits)
        if expected.isNaN {
          #expect(value.isNaN)
        } else if value.bitPattern != expected.bitPattern || HalfFloats.half(value) != bits {
          Issue.record("half \(bits) is read as \(value), not as \(expected)")
        }
      }
    }

    @Test func roundsToTheNearestHalf() {
      var state: UInt32 = 1
      for _ in 0..<20_000 {
        state = state &* 1_664_525 &+ 1_013_904_223
        // Exponents around those of binary16, from below its subnormals to above its largest number.
        let value = Float(bitPattern: state & 0x807F_FFFF | (100 + state >> 8 % 48) << 23)
        if HalfFloats.half(value) != Float16(value).bitPattern {
          Issue.record("\(value) is stored as \(HalfFloats.half(value)), not as \(Float16(value).bitPattern)")
        }
      }
    }
  #endif

  @Test func halvesKeepTheirCorners() {
    #expect(HalfFloats.half(65519) == 0x7BFF)
    #expect(HalfFloats.half(65520) == 0x7C00)
    #expect(HalfFloats.half(-.infinity) == 0xFC00)
    #expect(HalfFloats.half(.nan) & 0x7FFF == 0x7E00)
    #expect(HalfFloats.half(0x1p-25) == 0)
    #expect(HalfFloats.half(0x1.8p-25) == 1)
  }

  @Test func bfloatsRoundToTheNearestEven() {
    func bfloat(_ bits: UInt32) -> UInt16 { HalfFloats.bfloat(Float(bitPattern: bits)) }
    #expect(bfloat(0x3F80_8000) == 0x3F80)
    #expect(bfloat(0x3F81_8000) == 0x3F82)
    #expect(bfloat(0x3F80_8001) == 0x3F81)
    #expect(bfloat(0xBF80_7FFF) == 0xBF80)
    #expect(bfloat(0x7F80_0001) == 0x7FC0)
    #expect(bfloat(0x7F80_0000) == 0x7F80)
  }

  @Test(arguments: [NumberFormat.float16, .bfloat16, .float32])
  func findsTheFirstNumberThatIsNotFinite(format: NumberFormat) {
    for bad in [Float.nan, .infinity, -.infinity] {
      for place in [0, 5, 1023, 1024, 2047, 2999] {
        var values = [Float](repeating: 1, count: 3000)
        values[place] = bad
        values[2999] = bad
        let bytes = PackedNumbers.bytes(values[...], format)
        #expect(bytes.count == 3000 * format.width)
        let found = FileBytes.memory(bytes).withBytes(0..<bytes.count) { PackedNumbers.firstNotFinite($0, format) }
        #expect(found == place)
      }
    }
    let good = PackedNumbers.bytes([0, -1, 60000][...], format)
    #expect(FileBytes.memory(good).withBytes(0..<good.count) { PackedNumbers.firstNotFinite($0, format) } == nil)
  }

  @Test func doublesAreCheckedAndWholeNumbersNeedNoCheck() {
    let infinity = [UInt8](repeating: 0, count: 6) + [0xF0, 0x7F]
    #expect(FileBytes.memory(infinity).withBytes(0..<8) { PackedNumbers.firstNotFinite($0, .float64) } == 0)
    #expect(FileBytes.memory(infinity).withBytes(0..<8) { PackedNumbers.firstNotFinite($0, .int64) } == nil)
  }
}
