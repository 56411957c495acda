// BackboneInspection.swift - what a frozen network that turns pictures into grids is, and what a picture costs.

import Backbones
import Layers
import SafeFiles
import VQAPipeline

/// Looks into backbones.
enum BackboneInspection {
  /// Sides of pictures whose cost is told: grids of 7 x 7, 10 x 10 and 14 x 14 cells.
  private static let sides = [224, 320, 448]

  /// A file that this program has written; all of it is read and checked.
  static func file(_ path: String, hash: String) throws -> Finding {
    let contents = try BackboneFile.read(path)
    var finding = Finding(kind: "backbone")
    finding.rows = sizes(contents.network)
    let record = contents.record.sorted { $0.key < $1.key }
    finding.rows += record.map { ($0.key, visibleText($0.value, limit: 64)) }
    finding.rows.append(("sha256", hash))
    finding.members = [
      "architecture": .string(BackboneFile.architecture),
      "parameters": .integer(Int64(contents.network.parameterCount)),
      "multiplyAdds": .object(
        JSONObject(sides.map { ("\($0)", .integer(Int64(EfficientNetLite.multiplyAdds(pictureSize: $0)))) })),
      "record": .object(JSONObject(record.map { ($0.key, .string($0.value)) })),
      "sha256": .string(hash),
    ]
    return finding
  }

  /// Size and costs.
  static func sizes(_ network: EfficientNetLite) -> [(name: String, value: String)] {
    [
      ("architecture", BackboneFile.architecture), ("parameters", Columns.grouped(network.parameterCount)),
      ("grid", "cells of \(EfficientNetLite.cell) pixels, \(Columns.grouped(EfficientNetLite.width)) numbers each"),
      ("multiply-adds", "of a picture, without its classifier"),
    ]
      + sides.map { side in
        ("  \(side) x \(side)", Columns.grouped(EfficientNetLite.multiplyAdds(pictureSize: side)))
      }
  }
}
