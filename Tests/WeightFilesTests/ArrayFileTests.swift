// ArrayFileTests.swift - arrays that NumPy wrote, number by number.

import SafeFiles
import TestSupport
import Testing
import WeightFiles

/// The folder of the files that NumPy and PyTorch wrote.
let arrayFixtures = ParitySets.fixtures + "/arrays/"

/// Number `index` of each of those files, before it is cut to whole and to positive numbers.
func fixtureNumber(_ index: Int, type: TensorDataType = .float32) -> Float {
  let value = Float(index) / 2 - 3
  switch type {
  case .bool: return value.rounded(.down) == 0 ? 0 : 1
  case .uint8, .uint16, .uint32, .uint64: return value.rounded(.down).magnitude
  case .int8, .int16, .int32, .int64: return value.rounded(.down)
  default: return value
  }
}

@Suite struct ArrayFileTests {
  static let types: [(code: String, type: TensorDataType)] = [
    ("f2", .float16), ("f4", .float32), ("f8", .float64), ("i1", .int8), ("i2", .int16), ("i4", .int32), ("i8", .int64),
    ("u1", .uint8), ("u2", .uint16), ("u4", .uint32), ("u8", .uint64), ("b1", .bool),
  ]

  @Test(arguments: types) func everyTypeInEveryOrderOfBytes(code: String, type: TensorDataType) throws {
    for order in ["little", "big"] where order == "little" || type.width > 1 {
      let file = try ArrayFile(path: arrayFixtures + "\(order)-\(code).npy")
      #expect(file.shape == [2, 3, 2])
      #expect(file.dataType == type)
      #expect(file.count == 12)
      #expect(type.width == 1 || (file.byteOrder == .big) == (order == "big"))
      let expected = (0..<12).map { fixtureNumber($0, type: type) }
      #expect(try file.floats() == expected)
      if [.float16, .float32, .float64, .uint64].contains(type) {
        #expect(throws: ArrayFailure.notWhole(type)) { try file.int64s() }
      } else {
        #expect(try file.int64s() == expected.map { Int64($0) })
      }
    }
  }

  @Test(arguments: [("fortran", [2, 3, 2]), ("fortran-big", [3, 4])])
  func fortranOrderBecomesRowMajor(name: String, shape: [Int]) throws {
    let file = try ArrayFile(path: arrayFixtures + "\(name).npy")
    #expect(file.isFortranOrder)
    #expect(file.shape == shape)
    #expect(try file.floats() == (0..<12).map { fixtureNumber($0) })
  }

  @Test func everyVersionOfTheFormat() throws {
    for name in ["version-2", "version-3"] {
      let file = try ArrayFile(path: arrayFixtures + "\(name).npy")
      #expect(file.shape == [2, 3])
      #expect(try file.floats() == (0..<6).map { fixtureNumber($0) })
    }
  }

  @Test func singleNumbersAndEmptyArrays() throws {
    let single = try ArrayFile(path: arrayFixtures + "single.npy")
    #expect(single.shape == [])
    #expect(try single.floats() == [-3])
    let empty = try ArrayFile(path: arrayFixtures + "empty.npy")
    #expect(empty.shape == [0, 5])
    #expect(try empty.floats() == [])
  }

  @Test func headersAreReadAsPythonWritesThem() throws {
    // Python 2 wrote long numbers; keys may come in any order and with either quote.
    let old = npy("{\"shape\": (2L, 1L, ), 'fortran_order': True, 'descr': '=f4'}", data: 8)
    #expect(try ArrayFile(bytes: old).shape == [2, 1])
    #expect(
      try ArrayFile(bytes: npy("{'descr':'|u1','fortran_order':False,'shape':[3]}", data: 3)).int64s() == [0, 1, 2])
    #expect(try ArrayFile(bytes: npy(" {'descr':'?','fortran_order':False,'shape':()} \n", data: 1)).dataType == .bool)
  }
}

/// The bytes of an `.npy` file with a header written as text and so many bytes of data.
func npy(_ header: String, data: Int, version: UInt8 = 1, length: Int? = nil) -> [UInt8] {
  let length = length ?? header.utf8.count
  let width = version == 1 ? 2 : 4
  return [0x93] + Array("NUMPY".utf8) + [version, 0] + littleEndian(UInt32(truncatingIfNeeded: length)).prefix(width)
    + Array(header.utf8) + (0..<data).map { UInt8(truncatingIfNeeded: $0) }
}

/// A header of an `.npy` file.
func npyHeader(_ descr: String = "'<f4'", order: String = "False", shape: String) -> String {
  "{'descr': \(descr), 'fortran_order': \(order), 'shape': \(shape), }"
}
