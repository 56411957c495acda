// ModelFolder.swift - finds a model by name or path.

import Foundation
import SafeFiles

/// Why no model was found.
public struct ModelNotFound: Failure, Equatable {
  /// The name or path that was asked for.
  public let name: String
  /// Where it was looked for.
  public let tried: [String]
  /// Names of models that are there.
  public let known: [String]

  /// A missing model.
  public var kind: FailureKind { .missing }
  /// None.
  public var place: String? { nil }
  /// What is wrong.
  public var problem: String { "no such model; looked at " + tried.joined(separator: ", ") }
  /// What to do.
  public var advice: String {
    let others = known.isEmpty ? "" : "choose one of \(known.joined(separator: ", ")), "
    return others + "give a file with --model FILE, or set VQA_DATA to the folder that holds models/"
  }
}

/// Finds models.
public enum ModelFolder {
  /// The model used when none is named.
  public static let defaultName = "photos"
  private static let suffix = ".safetensors"

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
    let known = all(dataFolders: dataFolders).map(\.name)
    throw FileFailure(file: wanted, cause: ModelNotFound(name: wanted, tried: candidates, known: known))
  }

  /// Every model that can be named, in alphabetical order; of two of one name the one that ``find(_:dataFolders:)`` gives.
  ///
  /// - Parameter dataFolders: Folders that may hold `models/NAME.safetensors`.
  /// - Returns: Names and paths; the files are not opened.
  public static func all(dataFolders: [String]) -> [(name: String, path: String)] {
    var paths: [String: String] = [:]
    for folder in dataFolders {
      for entry in (try? listFolder(folder + "/models")) ?? [] where entry.name.hasSuffix(suffix) {
        let name = String(entry.name.dropLast(suffix.count))
        guard !name.isEmpty, !name.hasPrefix("."), paths[name] == nil else { continue }
        paths[name] = "\(folder)/models/\(entry.name)"
      }
    }
    return paths.sorted { $0.key < $1.key }.map { (name: $0.key, path: $0.value) }
  }
}
