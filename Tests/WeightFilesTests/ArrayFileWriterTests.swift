// ArrayFileWriterTests.swift - .npy files as numpy.save writes them.

import SafeFiles
import Testing
import WeightFiles

@Suite struct ArrayFileWriterTests {
  @Test func theBytesOfNumPy() {
    // numpy.save(file, numpy.array([[1, 2, 3], [4, 5, 6]], dtype="float32"))
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
    let expected: [UInt8] =
      [0x93] + Array("NUMPY".utf8) + [1, 0, 0x76, 0] + Array(header.utf8)
      + [UInt8](repeating: 0x20, count: 0x76 - 1 - header.utf8.count) + [0x0A]
      + [1, 2, 3, 4, 5, 6].flatMap { (value: Float) in withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) }
    #expect(ArrayFileWriter.bytes([1, 2, 3, 4, 5, 6], shape: [2, 3]) == expected)
  }

  @Test(arguments: [[], [7], [2, 3], [1, 2, 3, 1], [0, 4], [Int](repeating: 1, count: 40)])
  func shapesComeBack(shape: [Int]) throws {
    let values = (0..<shape.reduce(1, *)).map { Float($0) / 8 - 1 }
    for storage in [TensorStorage.float32, .float16] {
      let file = try ArrayFile(bytes: ArrayFileWriter.bytes(values, shape: shape, storage: storage))
      #expect(file.shape == shape)
      #expect(file.dataType == (storage == .float16 ? .float16 : .float32))
      #expect(try file.floats() == values)
    }
  }

  @Test func sixteenBitsAreRounded() throws {
    let file = try ArrayFile(bytes: ArrayFileWriter.bytes([1.0004883, 65504, -2], shape: [3], storage: .float16))
    #expect(try file.floats() == [1, 65504, -2])
  }
}
