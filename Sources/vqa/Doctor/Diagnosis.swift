// Diagnosis.swift - everything `vqa doctor` looks at, and what is wrong with it.

import CommandLineKit
import ImageCodecs
import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline
import WeightFiles

/// The folder that VQA_DATA names is not there.
struct NoDataFolder: Failure, Equatable {
  var kind: FailureKind { .notFound }
  var place: String? { nil }
  var problem: String { "VQA_DATA names this folder, but there is no folder models/ in it" }
  var advice: String { "correct or unset VQA_DATA" }
}

/// What was found.
struct Diagnosis {
  /// What is wrong, with its exit code; the text says what to do.
  typealias Problem = (code: ExitCode, text: String)

  let problems: [Problem]
  /// Where models are looked for, and whether the folder is there.
  let folders: [(path: String, isThere: Bool)]
  let models: [ModelCheck]
  /// The model that answers where none is named.
  let answering: String?
  private let limits: ImageLimits

  /// Looks at everything.
  init(_ call: Call) throws {
    limits = try SharedOptions.imageLimits(call.arguments)
    let dataFolders = DataFolders.all(environment: call.environment)
    folders = dataFolders.map { ($0, isFolder($0 + "/models")) }
    var failures: [FileFailure] = []
    if let own = call.environment["VQA_DATA"], !own.isEmpty, !isFolder(own + "/models") {
      failures.append(FileFailure(file: own, cause: NoDataFolder()))
    }
    var found = ModelFolder.all(dataFolders: dataFolders)
    do throws(FileFailure) {
      let path = try LoadedModel.path(call)
      answering = path
      if !found.contains(where: { $0.path == path }) { found.append((path, path)) }
    } catch {
      answering = nil
      failures.append(error)
    }
    var lists: [String: [String: String]] = [:]
    for folder in folders where folder.isThere {
      let models = folder.path + "/models"
      do throws(FileFailure) { lists[models] = try ModelCheck.listed(in: models) } catch { failures.append(error) }
      for name in (lists[models] ?? [:]).keys.sorted() where !isRegularFile("\(models)/\(name)") {
        failures.append(FileFailure(file: "\(models)/\(name)", cause: ListedFileFailure.missing))
      }
    }
    models = found.map { name, path in
      let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      return ModelCheck(name: name, path: path, listed: lists[folder] ?? [:])
    }
    failures += models.compactMap(\.failure)
    problems = failures.map { ExitCode.explain($0) }
  }

  /// Libraries with their versions; nil for one that is not built in.
  private static var libraries: [(name: String, version: String?)] {
    [
      ("libjpeg", CodecLibraries.jpeg), ("libpng", CodecLibraries.png), ("zlib", ZlibLibrary.version),
      ("oneDNN", Backend.available.contains(.oneDNN) ? Backend.oneDNN.libraryVersion ?? "unknown" : nil),
      ("libyaml", YAMLLibrary.version),
    ]
  }

  /// What a library that is not built in would be good for.
  private static let missing = [
    "oneDNN": "not built in: the same answers, slower", "libyaml": "not built in: settings in trar.yml are not read",
  ]

  /// The finding for people.
  var text: String {
    var rows: [(name: String, value: String)] = [(Program.name, Version.number)]
    rows += Self.libraries.map { ($0, $1 ?? Self.missing[$0] ?? "not built in") }
    rows.append(("processor", [Machine.architecture, Machine.processorName].compactMap { $0 }.joined(separator: ", ")))
    rows += Machine.features.map { ("  \($0)", $1 ? "yes" : "no") }
    rows += [("cores", "\(processorCount())"), ("threads", "\(WorkerPool.shared.threads)")]
    let available = Machine.availableMemory.map { ", \(Self.size($0)) of it free" } ?? ""
    rows.append(("memory", Self.size(Machine.memory) + available))
    if let limit = Machine.memoryLimit { rows.append(("  limit", "\(Self.size(limit.bytes)) by \(limit.source)")) }
    rows += [
      ("budget", "what is refused before memory is taken"),
      ("  a picture", "\(Self.size(limits.memory)), \(Columns.grouped(limits.pixels)) pixels"),
      ("  its file", Self.size(limits.fileBytes)), ("  a model", Self.size(LoadLimits.default.weightFileBytes)),
      ("  a JSON file", Self.size(LoadLimits.default.jsonFileBytes)),
    ]
    // Those that are not there are of interest only where there is no other.
    let shown = folders.contains(where: \.isThere) ? folders.filter(\.isThere) : folders
    rows += shown.map { ("data folder", $0 + ($1 ? "" : "  (not there)")) }
    rows += models.map { ("  \($0.name)", verdict(on: $0)) }
    rows.append(("all is well", problems.isEmpty ? "yes" : "no, \(problems.count) to mend"))
    return Columns.text(rows)
  }

  private func verdict(on model: ModelCheck) -> String {
    if let failure = model.failure { return "not usable: \(failure.cause.problem)" }
    var parts = [model.kind ?? "", "valid"]
    if model.isListed { parts.append("SHA-256 as listed") }
    if model.path == answering { parts.append("answers by default") }
    return parts.joined(separator: ", ")
  }

  /// The finding as one object; sizes in bytes.
  var json: JSONValue {
    func number(_ value: Int) -> JSONValue { .integer(Int64(value)) }
    let models = models.map { model -> JSONValue in
      [
        "name": .string(model.name), "file": .string(model.path), "kind": model.kind.map { .string($0) } ?? .null,
        "valid": .bool(model.failure == nil), "sha256": model.hash.map { .string($0) } ?? .null,
        "listed": .bool(model.isListed), "default": .bool(model.path == answering),
      ]
    }
    return [
      "version": .string(Version.number),
      "libraries": .object(JSONObject(Self.libraries.map { ($0, $1.map { .string($0) } ?? .null) })),
      "processor": [
        "architecture": .string(Machine.architecture), "name": Machine.processorName.map { .string($0) } ?? .null,
        "features": .object(JSONObject(Machine.features.map { ($0, .bool($1)) })),
      ],
      "cores": number(processorCount()), "threads": number(WorkerPool.shared.threads),
      "memory": [
        "total": number(Machine.memory), "free": Machine.availableMemory.map(number) ?? .null,
        "limit": Machine.memoryLimit.map { number($0.bytes) } ?? .null,
      ],
      "budget": [
        "pictureMemory": number(limits.memory), "picturePixels": number(limits.pixels),
        "pictureFile": number(limits.fileBytes), "model": number(LoadLimits.default.weightFileBytes),
        "json": number(LoadLimits.default.jsonFileBytes),
      ],
      "dataFolders": .array(folders.map { ["path": .string($0), "isThere": .bool($1)] }), "models": .array(models),
      "problems": .array(
        problems.map { ["code": .integer(Int64($0.code.rawValue)), "message": .string($0.text)] }),
    ]
  }

  /// Bytes in the largest unit that gives at least one.
  private static func size(_ bytes: Int) -> String {
    for (unit, name) in [(1 << 30, "GiB"), (1 << 20, "MiB")] where bytes >= unit {
      let tenths = Int((Double(bytes) * 10 / Double(unit)).rounded())
      return tenths % 10 == 0 ? "\(tenths / 10) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
    }
    return "\(bytes / 1024) KiB"
  }
}
