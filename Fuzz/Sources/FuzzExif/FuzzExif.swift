// FuzzExif.swift - any bytes as the note of a camera on how it was held.

import FuzzSupport

/// Sets a JPEG and a PNG picture with this note upright; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzExif(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  promise(brokenPromise(ofExif: input(start, count)))
  return 0
}
