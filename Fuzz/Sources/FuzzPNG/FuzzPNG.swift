// FuzzPNG.swift - any bytes as a PNG picture; every second one gets right checksums.

import FuzzSupport
import ImageCodecs

/// A larger picture says nothing that a smaller one does not.
private let pictureLimits = {
  var limits = ImageLimits()
  limits.pixels = 1_000_000
  return limits
}()

/// Decodes an input whole and small; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPNG(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = input(start, count)
  // Half of the inputs, by a byte that is easily changed, get past the checksums whatever is in their chunks.
  let isMended = bytes.last.map { $0 % 2 == 0 } ?? false
  let file = isMended ? PNGBuilder.withChecksums(bytes) : bytes
  promise(brokenPromise(ofPicture: file, limits: pictureLimits).broken)
  return 0
}
