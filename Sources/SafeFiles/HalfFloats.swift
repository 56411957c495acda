// HalfFloats.swift - 16-bit floating-point numbers (IEEE 754 binary16 and bfloat16) by their bits.
//
// `Float16` is missing on Intel Macs, and calls a library function for each number on Intel machines without F16C.

/// Converts 16-bit floating-point numbers, rounding to the nearest, ties to even.
package enum HalfFloats {
  /// The value of a binary16, exactly.
  @inline(__always)
  package static func float(half bits: UInt16) -> Float {
    let magnitude = UInt32(bits & 0x7FFF)
    let sign = UInt32(bits & 0x8000) << 16
    let value: UInt32
    if magnitude < 0x0400 {
      value = (Float(magnitude) * 0x1p-24).bitPattern  // zero and subnormal
    } else if magnitude < 0x7C00 {
      value = magnitude << 13 &+ 0x3800_0000  // the exponent's bias goes from 15 to 127
    } else {
      value = magnitude << 13 | 0x7F80_0000  // infinity and NaN
    }
    return Float(bitPattern: sign | value)
  }

  /// The binary16 nearest to a number; infinity from 65520 on.
  @inline(__always)
  package static func half(_ value: Float) -> UInt16 {
    let magnitude = value.bitPattern & 0x7FFF_FFFF
    let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16 & 0x8000)
    let bits: UInt32
    if magnitude > 0x7F80_0000 {
      bits = 0x7E00  // NaN
    } else if magnitude >= 0x4780_0000 {
      bits = 0x7C00  // 65536 and more
    } else if magnitude < 0x3880_0000 {
      // Below 2⁻¹⁴ the sum with 1/2 has the spacing of binary16 subnormals, so the addition does the rounding.
      bits = (Float(bitPattern: magnitude) + 0.5).bitPattern &- (0.5 as Float).bitPattern
    } else {
      let odd = magnitude >> 13 & 1
      bits = (magnitude &- 0x3800_0000 &+ 0x0FFF &+ odd) >> 13
    }
    return sign | UInt16(truncatingIfNeeded: bits)
  }

  /// The bfloat16 nearest to a number.
  @inline(__always)
  package static func bfloat(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    if bits & 0x7FFF_FFFF > 0x7F80_0000 { return UInt16(truncatingIfNeeded: bits >> 16) | 0x0040 }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
  }
}
