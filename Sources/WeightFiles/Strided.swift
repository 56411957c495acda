// Strided.swift - numbers that do not lie in the order they are read in: views with strides, foreign byte order.

import SafeFiles

/// Puts the numbers of a view in row-major order.
enum Strided {
  /// The strides of numbers without gaps, the last dimension varying fastest.
  static func contiguous(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for index in shape.indices.dropLast().reversed() { strides[index] = strides[index + 1] &* max(1, shape[index + 1]) }
    return strides
  }

  /// Copies the numbers of a view.
  /// - Parameters:
  ///   - numbers: What the view looks at, from its first number on.
  ///   - shape: Sizes of the view; their product is known to fit.
  ///   - strides: Distance between neighbours in each dimension; no place of the view lies outside `numbers`.
  /// - Returns: The numbers, the last dimension varying fastest.
  static func rowMajor<Number>(_ numbers: [Number], shape: [Int], strides: [Int]) -> [Number] {
    // A dimension of one number has no stride.
    let kept = zip(shape, strides).filter { $0.0 != 1 }
    guard !kept.contains(where: { $0.0 == 0 }) else { return [] }
    guard let (inner, step) = kept.last else { return Array(numbers.prefix(1)) }
    let outer = kept.dropLast()
    var result: [Number] = []
    result.reserveCapacity(kept.reduce(1) { $0 * $1.0 })
    var counters = [Int](repeating: 0, count: outer.count)
    var start = 0
    while true {
      for index in 0..<inner { result.append(numbers[start + index * step]) }
      // The next row: counts like a milometer.
      var dimension = outer.count - 1
      while dimension >= 0 {
        let (size, stride) = outer[dimension]
        counters[dimension] += 1
        start += stride
        if counters[dimension] < size { break }
        start -= stride * size
        counters[dimension] = 0
        dimension -= 1
      }
      if dimension < 0 { return result }
    }
  }
}

extension FilePart {
  /// Reads the bytes as numbers, or nil when numbers of the type are not converted.
  func floats(_ type: TensorDataType, _ order: ByteOrder) -> [Float]? {
    guard let format = type.format else { return nil }
    return inLittleEndian(type.width, order).withBytes { PackedNumbers.floats($0, format) }
  }

  /// Reads the bytes as whole numbers, or nil when numbers of the type need not be whole or fit.
  func int64s(_ type: TensorDataType, _ order: ByteOrder) -> [Int64]? {
    guard let format = type.format else { return nil }
    return inLittleEndian(type.width, order).withBytes { PackedNumbers.int64s($0, format) }
  }

  /// The same numbers with their least significant byte first.
  private func inLittleEndian(_ width: Int, _ order: ByteOrder) -> FilePart {
    guard order == .big, width > 1 else { return self }
    var bytes = copy()
    for start in stride(from: 0, to: bytes.count - bytes.count % width, by: width) {
      bytes[start..<start + width].reverse()
    }
    return FilePart(.memory(bytes))
  }
}

/// A shape for people: "[2, 3]", cut after eight dimensions.
func shownShape(_ shape: [Int]) -> String {
  "[" + shape.prefix(8).map(String.init).joined(separator: ", ") + (shape.count > 8 ? ", …]" : "]")
}
