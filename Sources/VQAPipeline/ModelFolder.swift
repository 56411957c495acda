// ModelFolder.swift - finds a model by name or path.

import Foundation
import SafeFiles

/// Why no model was found.
public struct ModelNotFound: Failure, Equatable {
  /// The name or path that was asked for.
  public let name: String
  /// Where it was looked for.
  public let tried: [String]

  /// A missing model.
  public var kind: FailureKind { .missing }
  /// None.
  public var place: String? { nil }
  /// What is wrong.
  public var problem: String { "no such model; looked at " + tried.joined(separator: ", ") }
  /// What to do.
  public var advice: String { "give a file with --model FILE, or set VQA_DATA to the folder that holds models/" }
}

/// Finds models.
public enum ModelFolder {
  /// The model used when none is named.
  public static let defaultName = "photos"

  /// The path of a model.
  ///
  /// - Parameters:
  ///   - name: A path, or a name such as `easy-vqa`; nil for the default.
  ///   - dataFolders: Folders that may hold `models/NAME.safetensors`, the first that has it wins.
  /// - Returns: The path.
  /// - Throws: `FileFailure` that lists where it was looked for.
  public static func find(_ name: String?, dataFolders: [String]) throws(FileFailure) -> String {
    let wanted = name ?? defaultName
    let isPath = wanted.contains("/") || wanted.hasSuffix(".safetensors")
    let candidates = isPath ? [wanted] : dataFolders.map { $0 + "/models/" + wanted + ".safetensors" }
    for candidate in candidates where FileManager.default.fileExists(atPath: candidate) { return candidate }
    throw FileFailure(file: wanted, cause: ModelNotFound(name: wanted, tried: candidates))
  }
}
