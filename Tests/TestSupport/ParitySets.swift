// ParitySets.swift - finds the folders of reference values that a test compares the package with.
//
// They lie as KIND/SET/ under Tests/Fixtures, and under the folder that the environment variable VQA_FIXTURES names, if
// it names one. What a set is for is read from its contents; the names of folders mean nothing.

import Foundation
import SafeFiles
import Synchronization

/// What a parity set is compared with.
public enum ParityKind: String, Sendable, Equatable, CaseIterable {
  /// The TRAR network: configuration, weights, inputs, intermediate values and outputs.
  case trar
  /// Checkpoints of the original TRAR, and the tensors and logits they must give.
  case trarCheckpoint
  /// Tables around the TRAR network: tokens, masks, schedules, soft targets.
  case trarTables
  /// A Dynamic ViT cascade: configuration, weights, inputs, intermediate values, gradients or exits.
  case dynamicViT
  /// Checkpoints of the original Dynamic ViT, and the logits they must give.
  case dynamicViTCheckpoint
  /// Probabilities of a cascade's exits, and the thresholds that must come of them.
  case exitThresholds
  /// The official VQA accuracy: questions, annotations, results and what must come out.
  case vqaEvaluation
  /// What the published EfficientNet-lite0 gives for pictures.
  case efficientNet
  /// A kind that is known, but that no test here reads.
  case other
}

/// A folder of reference values.
public struct ParitySet: Sendable, Equatable {
  /// What it is compared with.
  public let kind: ParityKind
  /// Path of the folder.
  public let path: String

  /// Name of the folder.
  public var name: String { (path as NSString).lastPathComponent }

  /// Path of a file in the folder.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Names of the files in the folder that begin and end so, sorted.
  public func files(prefix: String = "", suffix: String) -> [String] {
    names(in: path).filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
  }

  /// A JSON file of the folder.
  public func json(_ name: String) throws -> JSONValue {
    try JSONValue.parse(try readFile(file(name), limit: LoadLimits.default.jsonFileBytes))
  }
}

/// Why no parity set can be given.
public enum ParitySetFailure: Error, Equatable {
  /// The folder is missing, or no parity set of a known kind is in it.
  case noSets(folder: String)
}

/// Finds parity sets.
public enum ParitySets {
  /// The folder of the fixtures of this package.
  public static let fixtures = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures").path

  /// All sets of a kind, those of the package first.
  /// - Parameters:
  ///   - kind: What is to be compared.
  ///   - environment: Where VQA_FIXTURES is looked up.
  /// - Returns: The sets, sorted by path within each root.
  /// - Throws: ``ParitySetFailure`` when a root has no set at all.
  public static func folders(
    _ kind: ParityKind, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> [ParitySet] {
    var sets = try sets(under: fixtures)
    if let more = environment["VQA_FIXTURES"] { sets += try self.sets(under: more) }
    return sets.filter { $0.kind == kind }
  }

  /// All sets under a root of the layout KIND/SET/, and those whose files lie in KIND/ itself.
  static func sets(under root: String) throws -> [ParitySet] {
    var sets: [ParitySet] = []
    for kindFolder in names(in: root).map({ "\(root)/\($0)" }) {
      for folder in [kindFolder] + names(in: kindFolder).map({ "\(kindFolder)/\($0)" }) {
        let files = names(in: folder)
        guard files.contains(where: { $0.hasSuffix(".json") || $0.hasSuffix(".safetensors") }) else { continue }
        if let kind = kind(of: folder, files: files) {
          sets.append(ParitySet(kind: kind, path: folder))
        } else {
          reportUnknown(folder)
        }
      }
    }
    guard !sets.isEmpty else { throw ParitySetFailure.noSets(folder: root) }
    return sets
  }

  private static func kind(of folder: String, files: [String]) -> ParityKind? {
    func has(_ names: String...) -> Bool { names.allSatisfy(files.contains) }
    func json(_ name: String) -> JSONValue? {
      guard let bytes = try? readFile("\(folder)/\(name)", limit: LoadLimits.default.fileBytes) else { return nil }
      return try? JSONValue.parse(bytes)
    }
    if has("questions.json", "annotations.json", "results.json", "expected.json") { return .vqaEvaluation }
    if has("question_tokens.json", "window_masks.safetensors") { return .trarTables }
    if has("config.json"), let config = json("config.json") {
      if config["config"]?["MODEL_USE"]?.stringValue == "TRAR", has("weights.safetensors"),
        files.contains(where: { $0.hasPrefix("io_") && $0.hasSuffix(".safetensors") })
      {
        return .trar
      }
      if config["family"] != nil, config["embed_dim"] != nil, config["files"]?["weights"] != nil,
        config["files"]?["io"] != nil
      {
        return .dynamicViT
      }
      if config["table"] != nil, config["gflops_per_exit"] != nil, has("softmax.safetensors") {
        return .exitThresholds
      }
      if config["family"] != nil || config["gflops_per_exit"] != nil { return .other }
    }
    if has("expected.safetensors") {
      if files.contains(where: { $0.hasSuffix(".pkl") }) { return .trarCheckpoint }
      if files.contains(where: { $0.hasSuffix(".pth.tar") }) { return .dynamicViTCheckpoint }
    }
    if files.contains(where: { $0.hasSuffix(".json") && json($0)?["model"]?.stringValue == "efficientnet-lite0" }) {
      return .efficientNet
    }
    let describesItself = files.contains { name in
      guard name.hasSuffix(".json"), has("\(name.dropLast(5)).safetensors"), let value = json(name) else {
        return false
      }
      return value["system"] != nil || value["model"] != nil
    }
    return describesItself ? .other : nil
  }

  private static let reported = Mutex<Set<String>>([])

  private static func reportUnknown(_ folder: String) {
    guard reported.withLock({ $0.insert(folder).inserted }) else { return }
    try? CheckedOutput(descriptor: 2).write("parity: \(visibleText(folder)) holds no known kind of set and is left\n")
  }
}

/// Names in a folder, sorted; none when it is no folder.
private func names(in folder: String) -> [String] {
  (try? FileManager.default.contentsOfDirectory(atPath: folder).sorted()) ?? []
}
