// FuzzSafetensors.swift - any bytes as a safetensors file.

import FuzzSupport
import WeightFiles

/// Reads an input as a weight file and every tensor of it; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSafetensors(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let file = try? TensorFile(bytes: input(start, count)) else { return 0 }
  for tensor in file.tensors {
    promise(tensor.shape.reduce(1, *) == tensor.count, "the shape has as many numbers as the file")
    if let floats = try? file.floats(tensor.name) { promise(floats.count == tensor.count, "every number is read") }
    _ = try? file.int64s(tensor.name)
  }
  _ = try? file.checkFinite()
  return 0
}
