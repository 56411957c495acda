// ArrayFileWriter.swift - writes an array as an .npy file (NumPy, "NPY format", version 1.0).

import SafeFiles

/// Writes .npy files; the same array gives the same bytes as `numpy.save`.
public enum ArrayFileWriter {
  /// The numbers begin at a multiple of this.
  private static let alignment = 64

  /// The bytes of a file.
  ///
  /// - Parameters:
  ///   - values: The numbers, the last dimension varying fastest.
  ///   - shape: Size of each dimension; their product is the number of numbers.
  ///   - storage: `float32`, or `float16` rounded to the nearest; no .npy file holds `bfloat16`.
  /// - Returns: The whole file.
  public static func bytes(_ values: [Float], shape: [Int], storage: TensorStorage = .float32) -> [UInt8] {
    precondition(shape.reduce(1, *) == values.count, "bytes: \(values.count) numbers for the shape \(shape)")
    precondition(storage != .bfloat16, "bytes: no .npy file holds bfloat16")
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let type = storage == .float16 ? "<f2" : "<f4"
    var header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }".utf8)
    // Mark, version and length take ten bytes; a line feed ends the header.
    let beforeNumbers = (header.count + 11 + alignment - 1) / alignment * alignment
    header += [UInt8](repeating: UInt8(ascii: " "), count: beforeNumbers - 11 - header.count) + [UInt8(ascii: "\n")]
    let length = [UInt8(header.count & 0xFF), UInt8(header.count >> 8)]
    return ArrayHeader.mark + [1, 0] + length + header
      + PackedNumbers.bytes(values[...], storage == .float16 ? .float16 : .float32)
  }
}
