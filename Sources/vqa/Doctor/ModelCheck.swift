// ModelCheck.swift - whether a model can be used, and whether it is the file it is said to be.

import Foundation
import SafeFiles
import VQAFormats
import VQAPipeline
import WeightFiles

/// A file is not the one that the list beside it names.
enum ListedFileFailure: Failure, Equatable {
  /// It has another hash.
  case changed(expected: String, found: String)
  /// It is not there.
  case missing
  /// A line of the list is no hash with a name.
  case badLine(Int)

  var kind: FailureKind { self == .missing ? .missing : .badData }
  var place: String? { if case .badLine(let number) = self { "line \(number)" } else { nil } }

  var problem: String {
    switch self {
    case .changed(let expected, let found):
      "its SHA-256 is \(found.prefix(12))..., \(ModelCheck.listName) beside it has \(expected.prefix(12))..."
    case .missing: "it is not there, but \(ModelCheck.listName) beside it names it"
    case .badLine: "this is no SHA-256 with the name of a file"
    }
  }

  var advice: String {
    switch self {
    case .changed, .missing:
      "fetch the file again; if you changed it, renew the list: sha256sum *.safetensors > \(ModelCheck.listName)"
    case .badLine: "write the list anew: sha256sum *.safetensors > \(ModelCheck.listName)"
    }
  }
}

/// One model, looked at.
struct ModelCheck: Sendable {
  /// The list of hashes that may stand beside models, as `sha256sum` writes it.
  static let listName = "SHA256SUMS"

  /// Name that `--model` takes, or the path.
  let name: String
  let path: String
  /// What it is: `model`, `backbone` or `dynamic-vit`; nil when it cannot be read.
  let kind: String?
  /// SHA-256 of the file; nil when it cannot be read.
  let hash: String?
  /// Whether the list beside it names it.
  let isListed: Bool
  /// What is wrong with it.
  let failure: FileFailure?

  /// Looks at a model.
  ///
  /// - Parameters:
  ///   - name: What it is called.
  ///   - path: Its file.
  ///   - listed: Hashes by name of the file, from the list beside it.
  init(name: String, path: String, listed: [String: String]) {
    (self.name, self.path) = (name, path)
    var (kind, hash): (String?, String?)
    var failure: FileFailure?
    let expected = listed[(path as NSString).lastPathComponent]
    do throws(FileFailure) {
      let found = try ContentHash.hex(path: path, limit: LoadLimits.default.weightFileBytes)
      hash = found
      if let expected, expected != found {
        throw FileFailure(file: path, cause: ListedFileFailure.changed(expected: expected, found: found))
      }
      kind = try Self.read(path)
    } catch {
      failure = error
    }
    (self.kind, self.hash, self.failure, isListed) = (kind, hash, failure, expected != nil)
  }

  /// Reads the whole file and says what it is.
  private static func read(_ path: String) throws(FileFailure) -> String {
    let metadata = try TensorFile(path: path).metadata
    if BackboneFile.isOne(metadata) {
      _ = try BackboneFile.read(path)
      return "backbone"
    }
    if DynamicViTFile.isOne(metadata) {
      _ = try DynamicViTFile.load(path)
      return DynamicViTFile.kind
    }
    _ = try ModelFile.load(path)
    return "model"
  }

  /// The hashes by name of a folder's list; none where there is no list.
  static func listed(in folder: String) throws(FileFailure) -> [String: String] {
    let path = "\(folder)/\(listName)"
    guard isRegularFile(path) else { return [:] }
    let text = String(decoding: try readFile(path, limit: 1 << 20), as: UTF8.self)
    var hashes: [String: String] = [:]
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where !line.isEmpty
    {
      // The hash, then a space and a space or a star, then the name.
      let hash = line.prefix(64).lowercased()
      let name = line.dropFirst(66)
      guard hash.utf8.count == 64, hash.allSatisfy(\.isHexDigit), !name.isEmpty else {
        throw FileFailure(file: path, cause: ListedFileFailure.badLine(number + 1))
      }
      hashes[String(name)] = hash
    }
    return hashes
  }
}
