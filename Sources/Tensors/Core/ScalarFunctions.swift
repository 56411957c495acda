// ScalarFunctions.swift - the few functions of one number that layers need, from the system's mathematics library.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension SeededRandom {
  /// A number of the normal distribution with mean 0 and deviation 1 (Box, Muller).
  public mutating func normal() -> Float {
    let radius = (-2 * log(1 - Double(uniform()))).squareRoot()
    return Float(radius * cos(2 * Double.pi * Double(uniform())))
  }

  /// A number of the exponential distribution with mean 1; `-log` of it is Gumbel noise.
  public mutating func exponential() -> Float {
    Float(-log(1 - Double(next() >> 11) * 0x1p-53))
  }
}

/// e to the power of a number.
public func exponential(_ value: Double) -> Double { exp(value) }

/// The natural logarithm of a number.
public func naturalLogarithm(_ value: Double) -> Double { log(value) }

/// The cosine of an angle in radians.
public func cosine(_ angle: Double) -> Double { cos(angle) }

/// log(1 + value), exact for small values.
public func logOnePlus(_ value: Double) -> Double { log1p(value) }
