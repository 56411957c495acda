// VectorMath.swift - exp and what is made of it, eight floats at a time.
//
// exp: argument reduction by ln 2 in two parts and a polynomial of degree six (Cephes' expf coefficients); relative error below 2e-7.
// Rounding is by adding 1.5 x 2²³, because a rounding instruction is not part of the basic x86-64 set and would become a library call.

/// Eight floats, the width of every vectorised loop here.
package typealias Vector = SIMD8<Float>

extension UnsafePointer where Pointee == Float {
  /// Eight floats from `offset` on.
  @inline(__always)
  func vector(_ offset: Int) -> Vector {
    UnsafeRawPointer(self).loadUnaligned(fromByteOffset: offset &* 4, as: Vector.self)
  }
}

extension UnsafeMutablePointer where Pointee == Float {
  /// Eight floats from `offset` on.
  @inline(__always)
  func vector(_ offset: Int) -> Vector {
    UnsafeRawPointer(self).loadUnaligned(fromByteOffset: offset &* 4, as: Vector.self)
  }

  /// Stores eight floats from `offset` on.
  @inline(__always)
  func store(_ vector: Vector, _ offset: Int) {
    UnsafeMutableRawPointer(self).storeBytes(of: vector, toByteOffset: offset &* 4, as: Vector.self)
  }
}

extension SIMD8 where Scalar == Float {
  /// The sum of the eight lanes, always in the same order.
  @inline(__always)
  var total: Float {
    let four = lowHalf + highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }

  /// The greatest of the eight lanes.
  @inline(__always)
  var greatest: Float {
    let four = lowHalf.replacing(with: highHalf, where: lowHalf .< highHalf)
    let two = four.lowHalf.replacing(with: four.highHalf, where: four.lowHalf .< four.highHalf)
    return two.x < two.y ? two.y : two.x
  }
}

package enum VectorMath {
  /// e to the power of each lane; arguments below -87.3 give the smallest normal number's neighbourhood, above 88.3 the largest.
  @inline(__always)
  package static func exp(_ x: Vector) -> Vector {
    let low = Vector(repeating: -87.3)
    let high = Vector(repeating: 88.3)
    var x = x.replacing(with: low, where: x .< low)
    x = x.replacing(with: high, where: x .> high)
    let magic = Vector(repeating: 12_582_912)
    let shifted = x * 1.442_695_04 + magic
    let whole = shifted - magic
    let reduced = (x - whole * 0.693_359_375) + whole * 2.121_944_4e-4
    var series = Vector(repeating: 1.987_569_15e-4)
    series = series * reduced + 1.398_199_95e-3
    series = series * reduced + 8.333_451_9e-3
    series = series * reduced + 4.166_579_6e-2
    series = series * reduced + 1.666_666_55e-1
    series = series * reduced + 5.000_000_1e-1
    series = series * (reduced * reduced) + reduced + 1
    let exponent = SIMD8<Int32>(truncatingIfNeeded: unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- 0x4B40_0000)
    let scale = unsafeBitCast((exponent &+ 127) &<< 23, to: Vector.self)
    return series * scale
  }

  /// 1 / (1 + e^-x).
  @inline(__always)
  package static func sigmoid(_ x: Vector) -> Vector { 1 / (1 + exp(-x)) }

  /// The hyperbolic tangent; by its own series near zero, where the exponential form loses digits.
  @inline(__always)
  package static func tanh(_ x: Vector) -> Vector {
    let square = x * x
    var series = Vector(repeating: -5.704_988_7e-3)
    series = series * square + 2.063_908_9e-2
    series = series * square - 5.373_971_1e-2
    series = series * square + 1.333_144_2e-1
    series = series * square - 3.333_328_2e-1
    let near = x + x * square * series
    let far = 1 - 2 / (exp(x + x) + 1)
    return far.replacing(with: near, where: square .< Vector(repeating: 0.390_625))
  }

  /// The normal distribution's Φ by formula 7.1.26 of Abramowitz and Stegun (absolute error below 3e-7), and its density.
  @inline(__always)
  package static func normal(_ x: Vector) -> (distribution: Vector, density: Vector) {
    let half = exp(x * x * -0.5)
    let size = x.replacing(with: -x, where: x .< Vector.zero) * 0.707_106_78
    let step = 1 / (1 + size * 0.327_591_1)
    var series = Vector(repeating: 1.061_405_429)
    series = series * step - 1.453_152_027
    series = series * step + 1.421_413_741
    series = series * step - 0.284_496_736
    series = series * step + 0.254_829_592
    let tail = series * step * half * 0.5
    return ((1 - tail).replacing(with: tail, where: x .< Vector.zero), half * 0.398_942_28)
  }

  /// Applies `transform` to every element, eight at a time; the last few pass through a padded vector.
  @inline(__always)
  static func map(
    _ count: Int, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>,
    _ transform: (Vector) -> Vector
  ) {
    var index = 0
    while index &+ 8 <= count {
      target.store(transform(source.vector(index)), index)
      index = index &+ 8
    }
    guard index < count else { return }
    var padded = Vector()
    for lane in 0..<(count &- index) { padded[lane] = source[index &+ lane] }
    padded = transform(padded)
    for lane in 0..<(count &- index) { target[index &+ lane] = padded[lane] }
  }

  /// Applies `transform` to pairs of elements, eight at a time.
  @inline(__always)
  static func map(
    _ count: Int, _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>, _ transform: (Vector, Vector) -> Vector
  ) {
    var index = 0
    while index &+ 8 <= count {
      target.store(transform(first.vector(index), second.vector(index)), index)
      index = index &+ 8
    }
    guard index < count else { return }
    var left = Vector()
    var right = Vector()
    for lane in 0..<(count &- index) {
      left[lane] = first[index &+ lane]
      right[lane] = second[index &+ lane]
    }
    left = transform(left, right)
    for lane in 0..<(count &- index) { target[index &+ lane] = left[lane] }
  }

  /// target += source.
  @inline(__always)
  static func add(_ count: Int, _ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
    map(count, source, target, target) { $0 + $1 }
  }

  /// The sum of products of two rows.
  @inline(__always)
  static func dot(_ count: Int, _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>) -> Float {
    var sum = Vector()
    var index = 0
    while index &+ 8 <= count {
      sum += first.vector(index) * second.vector(index)
      index = index &+ 8
    }
    var total = sum.total
    while index < count {
      total += first[index] * second[index]
      index = index &+ 1
    }
    return total
  }

  /// The sum of a row.
  @inline(__always)
  static func sum(_ count: Int, _ row: UnsafePointer<Float>) -> Float { sum(count, row) { $0 } }

  /// The sum of what `transform` makes of a row, eight elements at a time; the last few pass through it one by one.
  @inline(__always)
  static func sum(_ count: Int, _ row: UnsafePointer<Float>, transform: (Vector) -> Vector) -> Float {
    var sum = Vector()
    var index = 0
    while index &+ 8 <= count {
      sum += transform(row.vector(index))
      index = index &+ 8
    }
    var total = sum.total
    while index < count {
      total += transform(Vector(repeating: row[index]))[0]
      index = index &+ 1
    }
    return total
  }
}

/// Cuts elementwise work into pieces for the pool; the cut depends on the size alone.
enum Pieces {
  static let elements = 1 << 15

  /// Calls `body` with the start and the length of every piece.
  static func run(_ count: Int, _ body: @escaping (_ start: Int, _ length: Int) -> Void) {
    guard count > elements else {
      if count > 0 { body(0, count) }
      return
    }
    WorkerPool.shared.run((count + elements - 1) / elements) { piece in
      let start = piece * elements
      body(start, min(elements, count - start))
    }
  }

  /// Calls `body` with ranges of rows of `width` elements each.
  static func runRows(_ rows: Int, width: Int, _ body: @escaping (Range<Int>) -> Void) {
    let size = max(1, elements / max(1, width))
    guard rows > size else {
      if rows > 0 { body(0..<rows) }
      return
    }
    WorkerPool.shared.run((rows + size - 1) / size) { piece in
      body((piece * size)..<min(rows, (piece + 1) * size))
    }
  }
}
