// FuzzJPEG.swift - any bytes as a JPEG picture.

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
public func fuzzJPEG(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  promise(brokenPromise(ofPicture: input(start, count), limits: pictureLimits).broken)
  return 0
}
