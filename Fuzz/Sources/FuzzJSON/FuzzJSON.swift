// FuzzJSON.swift - any bytes as JSON.

import FuzzSupport

/// Reads an input in every way there is, and what is written of it again; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  promise(brokenPromise(ofJSON: input(start, count)))
  return 0
}
