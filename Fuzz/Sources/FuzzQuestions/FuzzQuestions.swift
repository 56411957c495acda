// FuzzQuestions.swift - any bytes as a file of questions, annotations or results.

import FuzzSupport

/// Reads an input as each kind of file, and what is written of it again; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzQuestions(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  promise(brokenPromise(ofQuestionFile: input(start, count)))
  return 0
}
