// JSONNumbers.swift - the numbers of a JSON text: whole numbers of 64 bits exactly, all others as the nearest Double.

/// A number of a JSON text.
enum JSONNumber {
  case integer(Int64)
  case number(Double)
}

/// A number whose grammar is checked, before its value is worked out.
private struct NumberForm {
  var range: Range<Int>
  var isWhole = true
  var isNegative = false
  /// The digits as a whole number; exact while `digits` is at most 19.
  var significand: UInt64 = 0
  /// Number of digits from the first that is not zero.
  var digits = 0
  /// Power of ten by which the significand is multiplied.
  var exponent = 0

  mutating func append(_ digit: UInt8) {
    if digits > 0 || digit != 0x30 { digits &+= 1 }
    if digits <= 19 { significand = significand &* 10 &+ UInt64(digit &- 0x30) }
  }
}

extension JSONLexer {
  /// Longest number taken, in bytes; no writer makes one of a hundred, and conversion time grows with the length.
  private static let longestNumber = 1024
  /// The powers of ten that a Double holds exactly.
  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  /// Reads a number.
  /// - Parameter start: Index of its first byte, a digit or a minus sign.
  /// - Returns: Its value and the index after it.
  /// - Throws: ``JSONFailure``.
  func number(from start: Int) throws(JSONFailure) -> (value: JSONNumber, end: Int) {
    let form = try numberForm(from: start)
    return (try value(of: form), form.range.upperBound)
  }

  /// Checks a number, working out its value only where it may be too large.
  func skipNumber(from start: Int) throws(JSONFailure) -> Int {
    let form = try numberForm(from: start)
    if form.exponent + form.digits > 300 { _ = try value(of: form) }
    return form.range.upperBound
  }

  private func numberForm(from start: Int) throws(JSONFailure) -> NumberForm {
    var form = NumberForm(range: start..<start)
    var index = start
    if byte(at: index) == 0x2D {
      form.isNegative = true
      index &+= 1
    }
    let first = index
    while let digit = digit(at: index) {
      form.append(digit)
      index &+= 1
    }
    // At least one digit, and no zero in front of others.
    guard index > first, index == first &+ 1 || byte(at: first) != 0x30 else { throw .invalidNumber(offset: start) }
    if byte(at: index) == 0x2E {
      form.isWhole = false
      index &+= 1
      let fraction = index
      while let digit = digit(at: index) {
        form.append(digit)
        index &+= 1
      }
      guard index > fraction else { throw .invalidNumber(offset: start) }
      form.exponent = fraction &- index
    }
    if byte(at: index) == 0x65 || byte(at: index) == 0x45 {
      form.isWhole = false
      index = try exponent(from: index &+ 1, of: &form, start: start)
    }
    guard index &- start <= Self.longestNumber else { throw .numberOutOfRange(offset: start) }
    form.range = start..<index
    return form
  }

  private func exponent(from first: Int, of form: inout NumberForm, start: Int) throws(JSONFailure) -> Int {
    var index = first
    let sign = byte(at: index)
    if sign == 0x2D || sign == 0x2B { index &+= 1 }
    let digits = index
    var exponent = 0
    while let digit = digit(at: index) {
      exponent = min(exponent &* 10 &+ Int(digit &- 0x30), 1_000_000)
      index &+= 1
    }
    guard index > digits else { throw .invalidNumber(offset: start) }
    form.exponent += sign == 0x2D ? -exponent : exponent
    return index
  }

  @inline(__always)
  private func digit(at index: Int) -> UInt8? {
    guard let byte = byte(at: index), byte >= 0x30, byte <= 0x39 else { return nil }
    return byte
  }

  private func value(of form: NumberForm) throws(JSONFailure) -> JSONNumber {
    // A whole number has no negative zero, so `-0` goes on as a Double.
    if form.isWhole, form.digits <= 19, !(form.isNegative && form.significand == 0) {
      if form.significand <= UInt64(Int64.max) {
        let magnitude = Int64(form.significand)
        return .integer(form.isNegative ? -magnitude : magnitude)
      }
      if form.isNegative, form.significand == Int64.min.magnitude { return .integer(.min) }
    }
    // Both factors are exact and one rounding follows, so the product is the nearest Double (Clinger 1990).
    if form.digits <= 15, form.exponent.magnitude < Self.powersOfTen.count {
      let power = Self.powersOfTen[Int(form.exponent.magnitude)]
      let magnitude = form.exponent < 0 ? Double(form.significand) / power : Double(form.significand) * power
      return .number(form.isNegative ? -magnitude : magnitude)
    }
    guard let value = Double(String(decoding: bytes(form.range), as: UTF8.self)), value.isFinite else {
      throw .numberOutOfRange(offset: form.range.lowerBound)
    }
    return .number(value)
  }
}
