// FuzzPickle.swift - any bytes as the pickle of a checkpoint with two storages.

import FuzzSupport
import SafeFiles
import WeightFiles

private let storages = [("0", [UInt8](repeating: 1, count: 40)), ("1", [UInt8](repeating: 2, count: 16))]

/// Reads an input as a pickle and every tensor of it; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPickle(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = input(start, count)
  var limits = LoadLimits()
  // A tree that many places share is walked here, place by place.
  limits.pickleSteps = 100_000
  let value = try? Pickle.read(bytes, limits: limits) { key in storages.first { $0.0 == key }?.1.count }
  guard let value else { return 0 }
  promise(value == value, "a value equals itself")
  let tensors = value.tensors(limit: 100)
  for (_, tensor) in tensors { promise(tensor.count <= tensor.storageCount, "no tensor is larger than its storage") }
  guard !tensors.isEmpty else { return 0 }
  let entries = [ZipBuilderEntry("a/data.pkl", bytes)] + storages.map { ZipBuilderEntry("a/data/\($0.0)", $0.1) }
  guard let checkpoint = try? TorchCheckpoint(bytes: ZipBuilder(entries).bytes(), limits: limits) else {
    promise(false, "a pickle that is read makes a checkpoint")
    return 0
  }
  for (_, tensor) in tensors {
    promise((try? checkpoint.floats(of: tensor))?.count == tensor.count, "every number is read")
  }
  return 0
}
