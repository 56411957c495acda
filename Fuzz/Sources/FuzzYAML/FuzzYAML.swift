// FuzzYAML.swift - any bytes as the settings of the original TRAR.

import FuzzSupport
import SafeFiles
import VQAFormats

/// Reads an input as settings and, where they are some, once more from what they say; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzYAML(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do throws(YAMLFailure) {
    let settings = try OriginalConfiguration(yaml: input(start, count))
    promise(settings.network.hidden % settings.network.heads == 0, "settings go together")
    promise(settings.network.orders.allSatisfy { $0 < settings.network.gridSide }, "spans are on the grid")
    let text = JSONValue.object(settings.settings).serialized()
    let again = try? OriginalConfiguration(yaml: Array(text.utf8))
    promise(again?.settings == settings.settings, "settings that are shown can be read")
  } catch {
    promise(!error.problem.isEmpty && !error.advice.isEmpty, "a refusal says what and what to do")
  }
  return 0
}
