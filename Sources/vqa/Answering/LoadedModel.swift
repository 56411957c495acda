// LoadedModel.swift - the model that a command line asks for.

import SafeFiles
import VQAFormats
import VQAPipeline

/// A model with the file it came from.
struct LoadedModel: Sendable {
  let path: String
  var model: VQAModel
  let metadata: [String: String]

  /// Finds and reads the model of a call.
  ///
  /// - Parameters:
  ///   - call: The call; `--model` names the model.
  ///   - name: A file or name that goes over it.
  /// - Throws: `FileFailure` when there is no such model, or it cannot be used.
  init(_ call: Call, named name: String? = nil) throws(FileFailure) {
    path = try Self.path(call, named: name)
    (model, metadata) = try ModelFile.load(path)
  }

  /// Finds and reads the model of a call that answers where `--exit`, `--exact` or `--budget` say.
  ///
  /// - Parameter call: The call.
  /// - Throws: `UsageError` or `FileFailure` when the options do not fit each other or the model, or it cannot be used.
  init(answering call: Call) throws {
    try ExitOptions.check(call.arguments)
    try self.init(call)
    model.exitChoice = try ExitOptions.choice(call.arguments, model, path: path)
  }

  /// Where the model of a call lies.
  static func path(_ call: Call, named name: String? = nil) throws(FileFailure) -> String {
    try ModelFolder.find(
      name ?? call.arguments.string(SharedOptions.model.name),
      dataFolders: DataFolders.all(environment: call.environment))
  }

  /// SHA-256 of the configuration as the file holds it.
  var configurationHash: String { ContentHash.hex(Array((metadata["configuration"] ?? "").utf8)) }
}
