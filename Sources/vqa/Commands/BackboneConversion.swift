// BackboneConversion.swift - `vqa convert` for the published EfficientNet-lite0, which needs nothing beside itself.

import CommandLineKit
import Foundation
import SafeFiles
import VQAPipeline

extension Conversion {
  /// Options of no use to a backbone.
  private static let otherOptions = ["config", "answers", "questions", "dataset", "weights", "heads", "name"]

  /// Writes a published checkpoint as one file of weights, or a file of this program another way.
  func storeBackbone() throws -> ExitCode {
    tellUnused(Self.otherOptions, on: "a backbone")
    let contents = try BackboneFile.read(input)
    var record = contents.record
    // Its own file has a record of where it came from.
    if record["source"] == nil { record["source"] = URL(filePath: input).lastPathComponent }
    try BackboneFile.save(contents.network, record: record, storage: Storage.of(call.arguments), to: output)
    try call.console.write(Columns.text([("backbone", output)] + BackboneInspection.sizes(contents.network)))
    call.console.inform("next: vqa inspect \(output)")
    return .success
  }
}
