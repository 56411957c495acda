// FuzzNpy.swift - any bytes as an .npy file.

import FuzzSupport
import WeightFiles

/// Reads an input as an array; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzNpy(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let array = try? ArrayFile(bytes: input(start, count)) else { return 0 }
  promise(array.shape.reduce(1, *) == array.count, "the shape has as many numbers as the file")
  if let floats = try? array.floats() { promise(floats.count == array.count, "every number is read") }
  if let whole = try? array.int64s() { promise(whole.count == array.count, "every whole number is read") }
  return 0
}
