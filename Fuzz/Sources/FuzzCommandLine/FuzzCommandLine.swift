// FuzzCommandLine.swift - any bytes as the words of a command line, parted by NUL.

import FuzzSupport

/// Reads an input by a table of commands, and as the texts of such a table; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCommandLine(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let words = commandLine(input(start, count))
  promise(brokenPromise(ofCommandLine: words))
  // Texts are wrapped letter by letter, which takes long: an eighth of the inputs is enough, and short ones show as much.
  if count < 200, count % 8 == 0 { promise(brokenPromise(ofTexts: words)) }
  return 0
}
