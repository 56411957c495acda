// DynamicViTConversion.swift - `vqa convert` for checkpoints of Dynamic ViT, which keep all but the number of heads in their tensors.

import CommandLineKit
import DynamicViT
import Foundation
import SafeFiles
import VQAFormats
import VQAPipeline
import WeightFiles

extension Conversion {
  /// Options that only TRAR's checkpoints need.
  private static let settingsOfTRAR = ["config", "answers", "questions", "dataset", "name"]

  /// Writes a checkpoint as one file of weights with its thresholds.
  func convertDynamicViT(_ file: TorchCheckpoint) throws -> ExitCode {
    let arguments = call.arguments
    let heads = try arguments.integer("heads", in: 1...65_536)
    let weights = arguments.string("weights").flatMap(DynamicViTCheckpoint.Weights.init)
    tellUnused(Self.settingsOfTRAR, on: "a Dynamic ViT")
    let checkpoint = try inFile(input) { try DynamicViTCheckpoint(file, weights: weights, heads: heads) }
    let cascade = try inFile(input) { try checkpoint.cascade() }
    var record = [
      "converted.from": URL(filePath: input).lastPathComponent,
      "converted.from.sha256": try ContentHash.hex(path: input, limit: LoadLimits.default.weightFileBytes),
      "converted.heads": checkpoint.sizes.headSource.rawValue,
    ]
    if !checkpoint.source.isEmpty { record["converted.weights"] = checkpoint.source }
    try DynamicViTFile.save(
      cascade, facts: checkpoint.facts, record: record, storage: Storage.of(arguments), to: output)
    var rows = [("model", output)]
    if !checkpoint.source.isEmpty { rows.append(("weights", checkpoint.source)) }
    try call.console.write(Columns.text(rows + DynamicViTInspection.sizes(checkpoint.sizes.configuration)))
    if checkpoint.sizes.headSource == .usual {
      call.console.note(
        "no tensor tells the number of heads; \(checkpoint.sizes.configuration.heads) is taken, the width / 64 of the "
          + "published models; say --heads N if it is another one")
    }
    call.console.inform("next: vqa inspect \(output)")
    return .success
  }

  /// Stores a Dynamic ViT of this program another way.
  func storeDynamicViT() throws -> ExitCode {
    tellUnused(Self.settingsOfTRAR + ["weights", "heads"], on: "a Dynamic ViT, which has all in itself")
    let contents = try DynamicViTFile.load(input)
    try DynamicViTFile.save(
      contents.cascade, facts: contents.facts, record: contents.record, storage: Storage.of(call.arguments), to: output)
    try call.console.write(
      Columns.text([("model", output)] + DynamicViTInspection.sizes(contents.cascade.configuration)))
    return .success
  }
}
