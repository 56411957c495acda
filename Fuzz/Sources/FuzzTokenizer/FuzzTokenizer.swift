// FuzzTokenizer.swift - any bytes as the number of ids wanted and a question.

import FuzzSupport

/// Cuts an input into words and ids; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTokenizer(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  promise(brokenPromise(ofQuestion: input(start, count)))
  return 0
}
