// PackedNumbers.swift - arrays of numbers as files hold them (little-endian, without gaps), to Float and back.

/// How a number is stored in a file.
package enum NumberFormat: Sendable, Equatable {
  /// IEEE 754 binary16.
  case float16
  /// The upper half of a binary32.
  case bfloat16
  /// IEEE 754 binary32.
  case float32
  /// IEEE 754 binary64.
  case float64
  /// Signed whole numbers.
  case int8, int16, int32, int64
  /// Whole numbers without a sign.
  case uint8, uint16, uint32, uint64

  /// Bytes of one number.
  package var width: Int {
    switch self {
    case .int8, .uint8: 1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }
}

/// Converts arrays of numbers between files and memory.
package enum PackedNumbers {
  /// Reads numbers as `Float`; 64-bit ones and large whole ones are rounded to the nearest.
  package static func floats(_ bytes: RawSpan, _ format: NumberFormat) -> [Float] {
    let count = bytes.byteCount / format.width
    return [Float](unsafeUninitializedCapacity: count) { results, initialized in
      read(bytes, format, into: UnsafeMutableBufferPointer(start: results.baseAddress, count: count))
      initialized = count
    }
  }

  /// Reads as many numbers as there is room for, which are all, as `Float` into memory whose contents are undefined.
  package static func read(_ bytes: RawSpan, _ format: NumberFormat, into target: UnsafeMutableBufferPointer<Float>) {
    precondition(target.count == bytes.byteCount / format.width, "room for \(target.count) of \(bytes.byteCount) bytes")
    bytes.withUnsafeBytes { buffer in
      switch format {
      case .float16: convert(buffer, target) { (bits: UInt16) in HalfFloats.float(half: bits) }
      case .bfloat16: convert(buffer, target) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
      case .float32: convert(buffer, target) { (bits: UInt32) in Float(bitPattern: bits) }
      case .float64: convert(buffer, target) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
      case .int8: convert(buffer, target) { (value: Int8) in Float(value) }
      case .int16: convert(buffer, target) { (value: Int16) in Float(value) }
      case .int32: convert(buffer, target) { (value: Int32) in Float(value) }
      case .int64: convert(buffer, target) { (value: Int64) in Float(value) }
      case .uint8: convert(buffer, target) { (value: UInt8) in Float(value) }
      case .uint16: convert(buffer, target) { (value: UInt16) in Float(value) }
      case .uint32: convert(buffer, target) { (value: UInt32) in Float(value) }
      case .uint64: convert(buffer, target) { (value: UInt64) in Float(value) }
      }
    }
  }

  /// Reads whole numbers exactly, or nil when the format is not whole or can hold more than `Int64`.
  package static func int64s(_ bytes: RawSpan, _ format: NumberFormat) -> [Int64]? {
    bytes.withUnsafeBytes { buffer in
      switch format {
      case .int8: convert(buffer) { (value: Int8) in Int64(value) }
      case .int16: convert(buffer) { (value: Int16) in Int64(value) }
      case .int32: convert(buffer) { (value: Int32) in Int64(value) }
      case .int64: convert(buffer) { (value: Int64) in value }
      case .uint8: convert(buffer) { (value: UInt8) in Int64(value) }
      case .uint16: convert(buffer) { (value: UInt16) in Int64(value) }
      case .uint32: convert(buffer) { (value: UInt32) in Int64(value) }
      default: nil
      }
    }
  }

  /// Index of the first NaN or infinity, or nil when all numbers are finite.
  package static func firstNotFinite(_ bytes: RawSpan, _ format: NumberFormat) -> Int? {
    bytes.withUnsafeBytes { buffer in
      switch format {
      case .float16: first(buffer, exponent: 0x7C00 as UInt16)
      case .bfloat16: first(buffer, exponent: 0x7F80 as UInt16)
      case .float32: first(buffer, exponent: 0x7F80_0000 as UInt32)
      case .float64: first(buffer, exponent: 0x7FF0_0000_0000_0000 as UInt64)
      default: nil
      }
    }
  }

  /// Stores numbers, rounded to the nearest the format can hold; only the floating-point formats of 16 and 32 bits.
  package static func bytes(_ values: ArraySlice<Float>, _ format: NumberFormat) -> [UInt8] {
    switch format {
    case .float16: store(values) { HalfFloats.half($0) }
    case .bfloat16: store(values) { HalfFloats.bfloat($0) }
    case .float32: store(values) { $0.bitPattern }
    default: preconditionFailure("no array of Float is stored as \(format)")
    }
  }

  @inline(__always)
  private static func convert<Stored: FixedWidthInteger & BitwiseCopyable, Result>(
    _ buffer: UnsafeRawBufferPointer, _ value: (Stored) -> Result
  ) -> [Result] {
    let count = buffer.count / MemoryLayout<Stored>.size
    return [Result](unsafeUninitializedCapacity: count) { results, initialized in
      convert(buffer, UnsafeMutableBufferPointer(start: results.baseAddress, count: count), value)
      initialized = count
    }
  }

  @inline(__always)
  private static func convert<Stored: FixedWidthInteger & BitwiseCopyable, Result>(
    _ buffer: UnsafeRawBufferPointer, _ results: UnsafeMutableBufferPointer<Result>, _ value: (Stored) -> Result
  ) {
    guard let base = buffer.baseAddress, let target = results.baseAddress else { return }
    for index in 0..<results.count {
      let stored = base.loadUnaligned(fromByteOffset: index &* MemoryLayout<Stored>.size, as: Stored.self)
      (target + index).initialize(to: value(Stored(littleEndian: stored)))
    }
  }

  @inline(__always)
  private static func first<Stored: FixedWidthInteger & BitwiseCopyable>(
    _ buffer: UnsafeRawBufferPointer, exponent: Stored
  ) -> Int? {
    guard let base = buffer.baseAddress else { return nil }
    let width = MemoryLayout<Stored>.size
    let count = buffer.count / width
    // Blocks without a branch for each number keep the loop in vector registers; only a bad block is looked at closely.
    let block = 1024
    var start = 0
    while start < count {
      let end = min(start &+ block, count)
      var isBad: Stored = 0
      for index in start..<end {
        let bits = Stored(littleEndian: base.loadUnaligned(fromByteOffset: index &* width, as: Stored.self))
        isBad |= bits & exponent == exponent ? 1 : 0
      }
      if isBad != 0 {
        return (start..<end).first { index in
          let bits = Stored(littleEndian: base.loadUnaligned(fromByteOffset: index &* width, as: Stored.self))
          return bits & exponent == exponent
        }
      }
      start = end
    }
    return nil
  }

  @inline(__always)
  private static func store<Stored: FixedWidthInteger & BitwiseCopyable>(
    _ values: ArraySlice<Float>, _ stored: (Float) -> Stored
  ) -> [UInt8] {
    let width = MemoryLayout<Stored>.size
    return [UInt8](unsafeUninitializedCapacity: values.count * width) { bytes, initialized in
      let target = UnsafeMutableRawBufferPointer(bytes)
      values.withUnsafeBufferPointer { source in
        for index in 0..<source.count {
          target.storeBytes(of: stored(source[index]).littleEndian, toByteOffset: index &* width, as: Stored.self)
        }
      }
      initialized = values.count * width
    }
  }
}
