// FeatureRecord.swift - what the features of a folder are, kept beside them as features.json.
//
// Features of two networks look alike and mean nothing to each other; so a folder takes those of one network only.

import Foundation
import SafeFiles
import Training
import VQAFormats
import VQAPipeline

/// What the features of a folder were made by.
struct FeatureRecord: Equatable {
  /// Name of the file in the folder of features.
  static let fileName = "features.json"
  private static let format = "vqa-features-1"

  /// Name of the network.
  let backbone: String
  /// SHA-256 of its file.
  let hash: String
  /// Side of the grid.
  let grid: Int
  /// Width of a row.
  let width: Int
  /// How numbers are stored: f32 or f16.
  let type: String

  /// The record as the file holds it.
  var json: JSONValue {
    [
      "format": .string(Self.format), "backbone": .string(backbone), "sha256": .string(hash),
      "grid": [.integer(Int64(grid)), .integer(Int64(grid))], "width": .integer(Int64(width)), "type": .string(type),
    ]
  }

  /// Prepares a folder for features of this kind: makes it, or finds in it features of the same kind.
  func prepare(_ folder: String) throws {
    let path = "\(folder)/\(Self.fileName)"
    if FileManager.default.fileExists(atPath: path) {
      let found = try? JSONValue.parse(try readFile(path, limit: 1 << 16))
      guard let found, found == json else {
        throw FileFailure(
          file: path, cause: OtherFeatures(found: found?["backbone"]?.stringValue, type: found?["type"]?.stringValue))
      }
      return
    }
    try makeFolder(folder)
    if let entry = try listFolder(folder).map(\.name).filter({ !$0.hasPrefix(".") }).min() {
      throw FileFailure(file: folder, cause: OutputFailure.folderInUse(entry: entry))
    }
    try AtomicFile.write(json.serialized(pretty: true) + "\n", to: path)
  }
}

/// The folder holds features of another network.
struct OtherFeatures: Failure, Equatable {
  let found: String?
  let type: String?

  var kind: FailureKind { .cannotCreate }
  var place: String? { nil }
  var problem: String {
    guard let found else { return "it does not tell what the features in its folder are" }
    return "the folder holds features of \(visibleText(found))" + (type.map { " as \(visibleText($0))" } ?? "")
      + ", of another version, network or type than those to be written"
  }
  var advice: String { "choose another folder with --output" }
}
