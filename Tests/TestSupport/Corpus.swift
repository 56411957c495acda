// Corpus.swift - the inputs of the fuzz targets: seeds that are good, and finds that must stay mended.

import Foundation
import SafeFiles

/// The corpora of the folder Fuzz.
public enum Corpus {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fuzz").path

  /// Names of the fuzz targets, in order.
  public static var targets: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: folder + "/Sources")
        .filter { $0.hasPrefix("Fuzz") && $0 != "FuzzSupport" }.sorted()
    }
  }

  /// Names of the targets that have a corpus, in order.
  public static var targetsWithSeeds: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder + "/Corpus").sorted() }
  }

  /// The dictionary of a target.
  public static func dictionary(of target: String) throws -> [UInt8] {
    try readFile("\(folder)/Dictionaries/\(target).dict", limit: 1 << 16)
  }

  /// The inputs of a target in the order of their names.
  public static func inputs(of target: String) throws -> [(name: String, bytes: [UInt8])] {
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/Corpus/\(target)").sorted()
    return try names.map { ($0, try readFile("\(folder)/Corpus/\(target)/\($0)", limit: 1 << 20)) }
  }

  /// Whether an input was found by a fuzz target, and need not be good.
  public static func isFind(_ name: String) -> Bool { name.hasPrefix("regression-") }
}
