// TensorDataType.swift - how the numbers of a tensor are stored, by the names of the safetensors format.

import SafeFiles

/// How the numbers of a tensor are stored.
public enum TensorDataType: String, Sendable, Equatable, CaseIterable {
  /// One byte, 0 or 1.
  case bool = "BOOL"
  /// Whole numbers without a sign.
  case uint8 = "U8"
  case uint16 = "U16"
  case uint32 = "U32"
  case uint64 = "U64"
  /// Signed whole numbers.
  case int8 = "I8"
  case int16 = "I16"
  case int32 = "I32"
  case int64 = "I64"
  /// Floating-point numbers of 8 bits; listed, not converted.
  case float8E4M3 = "F8_E4M3"
  case float8E5M2 = "F8_E5M2"
  case float8E8M0 = "F8_E8M0"
  /// Pairs of binary32; listed, not converted.
  case complex64 = "C64"
  /// IEEE 754 binary16.
  case float16 = "F16"
  /// The upper half of a binary32.
  case bfloat16 = "BF16"
  /// IEEE 754 binary32.
  case float32 = "F32"
  /// IEEE 754 binary64.
  case float64 = "F64"

  /// Bytes of one number.
  public var width: Int { format?.width ?? (self == .complex64 ? 8 : 1) }

  /// How the numbers are converted; nil where they are not.
  var format: NumberFormat? {
    switch self {
    case .bool, .uint8: .uint8
    case .uint16: .uint16
    case .uint32: .uint32
    case .uint64: .uint64
    case .int8: .int8
    case .int16: .int16
    case .int32: .int32
    case .int64: .int64
    case .float8E4M3, .float8E5M2, .float8E8M0, .complex64: nil
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .float32: .float32
    case .float64: .float64
    }
  }
}

/// What is known of a tensor before its numbers are read.
public struct TensorEntry: Sendable, Equatable {
  /// Name in the file.
  public var name: String
  /// How its numbers are stored.
  public var type: TensorDataType
  /// Size of each dimension, the outermost first; empty for a single number.
  public var shape: [Int]
  /// Where its bytes are in the file.
  public var range: Range<Int>

  /// Number of its numbers.
  public var count: Int { range.count / type.width }
}

/// Number of elements of a shape, or nil when a size is negative or the product too large.
func elementCount(_ shape: [Int]) -> Int? {
  var count = 1
  for size in shape {
    let (product, overflow) = count.multipliedReportingOverflow(by: size)
    guard size >= 0, !overflow else { return nil }
    count = product
  }
  return count
}
