// FixtureFile.swift - safetensors files made byte by byte, good and bad.

import SafeFiles
import WeightFiles

/// The bytes of a file with a header written as text and so many bytes of data.
func safetensors(_ header: String, data: Int = 0, length: UInt64? = nil) -> [UInt8] {
  safetensors(Array(header.utf8), data: data, length: length)
}

/// The bytes of a file with any header and so many bytes of data.
func safetensors(_ header: [UInt8], data: Int = 0, length: UInt64? = nil) -> [UInt8] {
  let length = length ?? UInt64(header.count)
  return (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + header
    + (0..<data).map { UInt8(truncatingIfNeeded: $0) }
}

/// The header entry of a tensor.
func entry(_ name: String, _ type: String = "U8", shape: String, offsets: String) -> String {
  "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
}
