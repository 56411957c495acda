// YAMLFailure.swift - why a file of settings in YAML is refused, with the line and column.

import SafeFiles

/// Why a YAML file, or a setting in it, is refused.
public struct YAMLFailure: Failure, Equatable {
  /// What is wrong.
  public enum Reason: Sendable, Equatable {
    /// The program was built without libyaml.
    case notBuilt
    /// There is no memory for the parser.
    case noMemory
    /// The file is larger than any sensible one.
    case tooLarge(bytes: Int, limit: Int)
    /// The text is no YAML; in libyaml's words.
    case syntax(String)
    /// Bytes that are no characters, or characters that YAML does not allow; in libyaml's words.
    case notCharacters(offset: Int, problem: String)
    /// There is nothing in the file.
    case empty
    /// A second document begins.
    case severalDocuments
    /// Lists and mappings nest deeper than the limit.
    case tooDeep(limit: Int)
    /// A value that others could repeat.
    case anchor(String)
    /// A value repeated by name.
    case alias(String)
    /// A tag that is none of YAML's own, such as one that makes Python objects.
    case tag(String)
    /// A value that does not fit its tag.
    case notOfTag(String, tag: String)
    /// A key that is no text.
    case keyNotText(String)
    /// A key that stands twice in one mapping; where it stood first.
    case duplicateKey(first: Int)
    /// The file is no mapping of keys to values.
    case notSettings(found: String)
    /// No setting has this name.
    case unknownKey(known: [String])
    /// A value of another kind than the setting takes.
    case wrongKind(found: String, expected: String)
    /// A value outside what the setting takes.
    case outOfRange(found: String, allowed: String)
    /// A value that goes with no other setting's.
    case conflict(OriginalConflict)
  }

  /// What is wrong.
  public let reason: Reason
  /// The setting, where one is reached.
  public let key: String?
  /// Line, from 1, where it is known.
  public let line: Int?
  /// Column in characters, from 1, where it is known.
  public let column: Int?

  /// Names what is wrong and where.
  package init(_ reason: Reason, key: String? = nil, at mark: YAMLMark? = nil) {
    self.reason = reason
    self.key = key
    line = mark?.line
    column = mark?.column
  }

  /// A missing library, or bad data.
  public var kind: FailureKind { reason == .notBuilt ? .missing : .badData }

  /// The setting, line and column.
  public var place: String? {
    if case .notCharacters(let offset, _) = reason { return "byte \(offset)" }
    let mark = line.map { line in column.map { "line \(line), column \($0)" } ?? "line \(line)" }
    let parts = [mark, key.map { visibleText($0, limit: 60) }].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// What is wrong, with the offending value.
  public var problem: String {
    switch reason {
    case .notBuilt: "this program was built without the library that reads YAML"
    case .noMemory: "there is no memory to read it"
    case .tooLarge(let bytes, let limit): "the file has \(bytes) bytes, more than \(limit)"
    case .syntax(let problem), .notCharacters(_, let problem): "this is no YAML: \(shortened(problem))"
    case .empty: "there is nothing in the file"
    case .severalDocuments: "a second document begins"
    case .tooDeep(let limit): "lists and mappings nest deeper than \(limit)"
    case .anchor(let name): "the anchor '&\(shortened(name))' is not allowed in settings"
    case .alias(let name): "the alias '*\(shortened(name))' is not allowed in settings"
    case .tag(let tag): "the tag '\(shortened(tag))' is not allowed in settings"
    case .notOfTag(let text, let tag): "'\(shortened(text))' is nothing that the tag \(tag) can mean"
    case .keyNotText(let text): "the key '\(shortened(text))' is no name"
    case .duplicateKey(let line): "the key stands twice, first in line \(line)"
    case .notSettings(let found): "found \(found) where settings must stand"
    case .unknownKey: "there is no setting of this name"
    case .wrongKind(let found, let expected): "found \(shortened(found)) where \(expected) must stand"
    case .outOfRange(let found, let allowed): "'\(shortened(found))' is not \(allowed)"
    case .conflict(let conflict): conflict.problem
    }
  }

  /// What to do next.
  public var advice: String {
    switch reason {
    case .notBuilt:
      "install libyaml-dev and build with --traits YAML, or run scripts/vqa, which does both"
    case .noMemory: "close other programs and try again"
    case .tooLarge, .empty, .notSettings: "give the original's configuration, such as configs/vqa/trar.yml"
    case .syntax: "correct the file there"
    case .notCharacters: "save the file as UTF-8"
    case .severalDocuments: "keep one document in the file"
    case .tooDeep: "check that this is the right file"
    case .anchor, .alias: "write the value out"
    case .tag: "remove the tag: nothing in this file is ever run"
    case .notOfTag: "remove the tag or correct the value"
    case .keyNotText: "write KEY: VALUE, with a name in capitals as key"
    case .duplicateKey: "remove one of the two"
    case .unknownKey(let known): "the settings here are " + known.joined(separator: ", ")
    case .wrongKind, .outOfRange: "correct the value"
    case .conflict(let conflict): conflict.advice
    }
  }

  private func shortened(_ text: String) -> String { visibleText(text, limit: 60) }
}
