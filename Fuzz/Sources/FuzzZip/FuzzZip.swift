// FuzzZip.swift - any bytes as a zip archive, as an .npz file and as a checkpoint.

import FuzzSupport
import SafeFiles
import WeightFiles

/// Reads an input as an archive; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzZip(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = input(start, count)
  var limits = LoadLimits()
  limits.inflatedBytes = 1 << 24
  guard let archive = try? ZipArchive(bytes: bytes, limits: limits) else { return 0 }
  for entry in archive.entries {
    promise(!entry.name.hasPrefix("/") && !entry.name.contains("../"), "names stay inside")
    if let contents = try? archive.bytes(of: entry) { promise(contents.count == entry.size, "sizes are true") }
  }
  if let arrays = try? ArrayArchive(bytes: bytes, limits: limits) {
    for name in arrays.names { _ = try? arrays.array(name).floats() }
  }
  _ = try? TorchCheckpoint(bytes: bytes, limits: limits)
  return 0
}
