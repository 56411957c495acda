// Inspection.swift - finds out what a file is and collects what is worth telling about it.

import CommandLineKit
import ImageCodecs
import SafeFiles
import WeightFiles

/// What was found in a file: rows for people, an object for programs.
struct Finding {
  /// What the file is, such as `model` or `questions`.
  let kind: String
  /// Rows of the text, after file and kind.
  var rows: [(name: String, value: String)] = []
  /// Lines below the rows.
  var details = ""
  /// Members of the JSON object, after file and kind.
  var members: JSONObject = [:]

  /// Adds a fact under the same name in both forms.
  mutating func add(_ name: String, _ value: Int) {
    rows.append((name, Columns.grouped(value)))
    members[name] = .integer(Int64(value))
  }

  /// Adds a fact under the same name in both forms.
  mutating func add(_ name: String, _ value: String) {
    rows.append((name, value))
    members[name] = .string(value)
  }

  /// The finding for people.
  func text(path: String) -> String {
    Columns.text([("file", path), ("kind", kind)] + rows) + (details.isEmpty ? "" : "\n" + details)
  }

  /// The finding as one object.
  func json(path: String) -> JSONValue {
    var object: JSONObject = ["file": .string(path), "kind": .string(kind)]
    for (key, value) in members { object[key] = value }
    return .object(object)
  }
}

/// Looks into files.
enum Inspection {
  /// Tells what a file is by its first bytes and reads it whole.
  ///
  /// - Parameters:
  ///   - path: A regular file.
  ///   - limits: What a picture may cost.
  /// - Returns: What was found.
  /// - Throws: `FileFailure` when the file cannot be read or is damaged.
  static func inspect(_ path: String, limits: ImageLimits) throws -> Finding {
    let mapped = FileBytes.mapped(try MappedFile(path: path, limit: LoadLimits.default.weightFileBytes))
    let start = mapped.copy(0..<min(16, mapped.count))
    if isWeights(start, count: mapped.count) { return try WeightInspection.inspect(path) }
    if start.starts(with: [0x93] + Array("NUMPY".utf8)) { return try ArrayInspection.array(path) }
    if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) || start.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
      return try ArrayInspection.archive(path)
    }
    if let format = pictureFormat(start) { return try picture(path, format, limits) }
    if path.hasSuffix(".jsonl") { return try TableInspection.lines(path) }
    let first = start.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return try JSONInspection.inspect(path) }
    // One whose length is wrong.
    if start.count > 8, start[8] == UInt8(ascii: "{") { return try WeightInspection.inspect(path) }
    // A checkpoint of torch before 1.6; a bare pickle is never read, but it can be told what is wrong with it.
    if start.first == 0x80 { return try ArrayInspection.checkpoint(path) }
    if path.hasSuffix(".yml") || path.hasSuffix(".yaml") { return try OriginalInspection.settings(path) }
    if path.hasSuffix(".csv"), !start.isEmpty { return try TableInspection.table(path) }
    throw FileFailure(file: path, cause: UnknownFile(isEmpty: start.isEmpty))
  }

  /// Whether a file begins as safetensors do, with a length that fits the file and the brace of the header or white space behind it; no
  /// other file does, for texts and pictures would begin with lengths beyond any file.
  private static func isWeights(_ start: [UInt8], count: Int) -> Bool {
    guard start.count > 8, [UInt8(ascii: "{"), 0x20, 0x09, 0x0A, 0x0D].contains(start[8]) else { return false }
    let length = start[..<8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    return length > 0 && length <= UInt64(count - 8)
  }

  private static func pictureFormat(_ start: [UInt8]) -> String? {
    if start.starts(with: [0xFF, 0xD8]) { return "JPEG" }
    return start.starts(with: [0x89, 0x50, 0x4E, 0x47]) ? "PNG" : nil
  }

  private static func picture(_ path: String, _ format: String, _ limits: ImageLimits) throws -> Finding {
    let bytes = try readFile(path, limit: limits.fileBytes)
    var finding = Finding(kind: "picture")
    do {
      let image = try decodeImage(bytes, limits: limits)
      finding.rows = [("format", format), ("size", "\(image.width) x \(image.height) pixels, upright")]
      finding.members = [
        "format": .string(format), "width": .integer(Int64(image.width)), "height": .integer(Int64(image.height)),
      ]
    } catch {
      throw FileFailure(file: path, cause: error)
    }
    return finding
  }
}

/// A file that is nothing the program knows.
struct UnknownFile: Failure, Equatable {
  let isEmpty: Bool

  var kind: FailureKind { .badData }
  var place: String? { nil }
  var problem: String {
    isEmpty ? "the file is empty" : "this is no model, safetensors, NumPy, PyTorch, picture, JSON, .csv or .yml file"
  }
  var advice: String { "give one of these" }
}
