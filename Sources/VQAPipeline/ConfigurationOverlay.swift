// ConfigurationOverlay.swift - settings from JSON laid over defaults; a key that does not exist is refused by name.

import Foundation
import SafeFiles

/// Why settings were refused.
public enum ConfigurationFailure: Failure, Equatable {
  /// No setting has this name.
  case unknownKey(path: String, known: [String])
  /// The value is of another kind than the setting.
  case wrongKind(path: String, expected: JSONKind, found: JSONKind)
  /// The value cannot be used.
  case unusable(path: String, problem: String)

  /// Bad data.
  public var kind: FailureKind { .badData }

  /// The setting.
  public var place: String? {
    switch self {
    case .unknownKey(let path, _), .wrongKind(let path, _, _), .unusable(let path, _): path.isEmpty ? nil : path
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .unknownKey: "there is no setting of this name"
    case .wrongKind(_, let expected, let found): "\(expected.rawValue) is needed, not \(found.rawValue)"
    case .unusable(_, let problem): problem
    }
  }

  /// What to do.
  public var advice: String {
    switch self {
    case .unknownKey(_, let known): "the settings here are " + known.joined(separator: ", ")
    case .wrongKind, .unusable: "correct the value"
    }
  }
}

/// Lays settings over defaults.
public enum ConfigurationOverlay {
  /// A value decoded from its defaults with some of its settings replaced.
  ///
  /// - Parameters:
  ///   - settings: A JSON object with some of the keys of the encoded defaults.
  ///   - defaults: What holds where nothing else is said.
  ///   - path: Where the settings stand in their file, for errors.
  /// - Returns: The value.
  /// - Throws: ``ConfigurationFailure`` that names the setting.
  public static func apply<Value: Codable>(
    _ settings: JSONValue, over defaults: Value, path: String = ""
  ) throws(ConfigurationFailure) -> Value {
    let base = try json(of: defaults)
    do {
      return try decode(try merge(settings, over: base, path: path))
    } catch let failure as ConfigurationFailure {
      throw failure
    } catch {
      // The decoder's own path often ends before the setting, so each setting is tried by itself.
      for leaf in leaves(of: settings) {
        let single = leaf.keys.reversed().reduce(leaf.value) { .object(JSONObject([($1, $0)])) }
        if let merged = try? merge(single, over: base, path: path), (try? decode(merged) as Value) == nil {
          let place = ([path] + leaf.keys).filter { !$0.isEmpty }.joined(separator: ".")
          throw .unusable(path: place, problem: "\(visibleText(leaf.value.serialized())) cannot be used here")
        }
      }
      throw .unusable(path: path, problem: "the settings cannot be used together")
    }
  }

  private static func decode<Value: Decodable>(_ json: JSONValue) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(json.serialized().utf8))
  }

  /// The settings that are no groups of others, with the keys that lead to them.
  private static func leaves(of settings: JSONValue) -> [(keys: [String], value: JSONValue)] {
    guard case .object(let object) = settings else { return [([], settings)] }
    return object.members.flatMap { member in
      leaves(of: member.value).map { ([member.key] + $0.keys, $0.value) }
    }
  }

  /// The value as JSON, every setting written out.
  public static func json(of value: some Encodable) throws(ConfigurationFailure) -> JSONValue {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    do {
      return try JSONValue.parse([UInt8](encoder.encode(value)))
    } catch {
      throw .unusable(path: "", problem: "\(error)")
    }
  }

  /// Levels of settings that are looked at; objects of any depth would overflow the stack.
  private static let deepest = 16

  /// One `key.path=value` from the command line as settings; the value is JSON, or else text.
  public static func settings(fromAssignment text: String) throws(ConfigurationFailure) -> JSONValue {
    // Looked for by bytes: a value that begins with an accent makes one letter with the sign before it.
    guard let sign = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
      throw .unusable(path: text, problem: "this is not of the form key=value")
    }
    let keys = text[..<sign].split(separator: ".", maxSplits: deepest, omittingEmptySubsequences: false)
    guard keys.count <= deepest else {
      throw .unusable(path: visibleText(text, limit: 40), problem: "no setting lies \(deepest) levels deep")
    }
    let written = String(text[text.utf8.index(after: sign)...])
    var value = (try? JSONValue.parse(Array(written.utf8))) ?? .string(written)
    for key in keys.reversed() { value = .object(JSONObject([(String(key), value)])) }
    return value
  }

  private static func merge(
    _ settings: JSONValue, over base: JSONValue, path: String
  ) throws(ConfigurationFailure) -> JSONValue {
    guard case .object(let known) = base else {
      guard isCompatible(settings, base) else {
        throw .wrongKind(path: path, expected: kind(of: base), found: kind(of: settings))
      }
      return settings
    }
    guard case .object(let given) = settings else {
      throw .wrongKind(path: path, expected: kind(of: base), found: kind(of: settings))
    }
    for key in given.keys where known[key] == nil {
      throw .unknownKey(path: path.isEmpty ? key : path + "." + key, known: known.keys)
    }
    var members: [JSONObject.Member] = []
    for member in known.members {
      guard let value = given[member.key] else {
        members.append(member)
        continue
      }
      let name = path.isEmpty ? member.key : path + "." + member.key
      members.append((member.key, try merge(value, over: member.value, path: name)))
    }
    return .object(JSONObject(members))
  }

  private static func isCompatible(_ settings: JSONValue, _ base: JSONValue) -> Bool {
    if settings.numberValue != nil && base.numberValue != nil { return true }
    return settings.kind == base.kind || base.kind == .null
  }

  /// Whether a default happens to be whole says nothing about what its setting takes.
  private static func kind(of value: JSONValue) -> JSONKind { value.numberValue == nil ? value.kind : .number }
}
