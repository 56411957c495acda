// Comparison.swift - how far values are from their reference, and the line that reports it.

import SafeFiles

/// How far values are from their reference.
public struct Comparison: Sendable, Equatable {
  /// Largest absolute difference; infinite where one of the two is NaN and the other is not.
  public var worst: Float = 0
  /// Index of the largest difference.
  public var worstIndex = 0
  /// Largest difference divided by what is allowed at its place; at most 1 when all are within.
  public var worstRatio: Float = 0
  /// Whether every difference is at most `absolute + relative * |reference|`.
  public var isWithin: Bool { worstRatio <= 1 }
}

/// Values and reference have different lengths.
public struct LengthMismatch: Error, Equatable {
  /// Number of values.
  public let values: Int
  /// Number of reference values.
  public let reference: Int

  /// Tells the two lengths.
  public init(values: Int, reference: Int) {
    self.values = values
    self.reference = reference
  }
}

/// Compares values with a reference.
/// - Parameters:
///   - values: What was computed.
///   - reference: What it must be.
///   - absolute: Difference allowed everywhere.
///   - relative: Difference allowed on top, as a part of the reference value.
/// - Returns: How far they are from each other.
/// - Throws: ``LengthMismatch``.
public func compare(
  _ values: [Float], _ reference: [Float], absolute: Float, relative: Float = 0
) throws -> Comparison {
  guard values.count == reference.count else {
    throw LengthMismatch(values: values.count, reference: reference.count)
  }
  var result = Comparison()
  for (index, (value, expected)) in zip(values, reference).enumerated() {
    // Equal infinities, and NaN where NaN is expected, differ by nothing.
    if value == expected || value.isNaN && expected.isNaN { continue }
    let difference = (value - expected).magnitude
    let distance = difference.isNaN ? .infinity : difference
    let allowed = absolute + relative * (expected.isFinite ? expected.magnitude : 0)
    result.worstRatio = max(result.worstRatio, allowed > 0 ? distance / allowed : .infinity)
    if distance > result.worst { (result.worst, result.worstIndex) = (distance, index) }
  }
  return result
}

/// Prints how far a parity set is from its reference, as one line on the standard output.
/// - Parameters:
///   - kind: What was compared.
///   - folder: Name of the set.
///   - worst: Largest absolute difference found.
///   - tolerance: What is allowed.
/// - Throws: ``FileFailure`` when the output cannot be written.
public func printParity(kind: String, folder: String, worst: Float, tolerance: Float) throws {
  try CheckedOutput(descriptor: 1).write("parity \(kind)/\(folder) worst=\(worst) tolerance=\(tolerance)\n")
}
