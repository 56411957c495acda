// ColorScale.swift - numbers from 0 to 1 as colours from dark to yellow.
//
// The scale is a line through OKLab (Ottosson, 2020), a colour space in which equal steps look equally large: lightness
// rises evenly from 0.15 to 0.95 while the hue goes from violet over red to yellow. So brighter always means more, also
// in a grey print and for the colour-blind. Where a screen cannot show the colour, it is made paler, never lighter.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A colour for every number from 0 to 1.
public struct ColorScale: Sendable {
  private let colors: [RGBColor]

  /// Dark violet over red to bright yellow, evenly rising in lightness.
  public static let ember = ColorScale(
    colors: (0..<256).map { step in
      let share = Double(step) / 255
      return color(lightness: 0.15 + 0.8 * share, chroma: 0.2, hue: -75 + 183 * share)
    })

  /// The colour of a number; numbers outside 0...1 count as the nearer end, NaN as 0.
  ///
  /// - Parameter number: The number.
  /// - Returns: Its colour.
  public func color(at number: Float) -> RGBColor {
    guard number > 0 else { return colors[0] }
    return colors[Int((min(1, number) * 255).rounded())]
  }

  /// The most colourful colour a screen can show of this lightness and hue (in degrees), up to a chroma.
  private static func color(lightness: Double, chroma: Double, hue: Double) -> RGBColor {
    let angle = hue * .pi / 180
    var chroma = chroma
    while true {
      let linear = linearRGB(lightness: lightness, a: chroma * cos(angle), b: chroma * sin(angle))
      if chroma < 0.001 || linear.allSatisfy({ (-0.0001...1.0001).contains($0) }) {
        let encoded = linear.map { UInt8((255 * gammaEncoded(min(1, max(0, $0)))).rounded()) }
        return RGBColor(red: encoded[0], green: encoded[1], blue: encoded[2])
      }
      chroma *= 0.97
    }
  }

  /// OKLab to linear sRGB: three cone responses, cubed, then mixed.
  private static func linearRGB(lightness: Double, a: Double, b: Double) -> [Double] {
    let long = cube(lightness + 0.3963377774 * a + 0.2158037573 * b)
    let medium = cube(lightness - 0.1055613458 * a - 0.0638541728 * b)
    let short = cube(lightness - 0.0894841775 * a - 1.2914855480 * b)
    return [
      4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
      -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
      -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    ]
  }

  private static func cube(_ x: Double) -> Double { x * x * x }

  /// The transfer curve of sRGB (IEC 61966-2-1).
  private static func gammaEncoded(_ x: Double) -> Double {
    x <= 0.0031308 ? 12.92 * x : 1.055 * pow(x, 1 / 2.4) - 0.055
  }
}
