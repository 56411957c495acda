// LineRequest.swift - one line of `vqa batch`: {"id", "image", "question"}.

import Foundation
import SafeFiles

/// Why a line cannot be answered.
enum LineFailure: Failure, Equatable {
  case tooLong(limit: Int)
  case noJSON(JSONFailure)
  case noObject(found: JSONKind)
  case missing(key: String)
  case wrongKind(key: String, expected: String, found: JSONKind)
  case noQuestion

  var kind: FailureKind { .badData }

  var place: String? {
    switch self {
    case .noJSON(let failure): failure.place
    case .missing(let key), .wrongKind(let key, _, _): key
    case .noQuestion: "question"
    case .tooLong, .noObject: nil
    }
  }

  var problem: String {
    switch self {
    case .tooLong(let limit): "the line is longer than \(limit) bytes"
    case .noJSON(let failure): failure.problem
    case .noObject(let found): "found \(found.rawValue) where an object must stand"
    case .missing: "the field is not there"
    case .wrongKind(_, let expected, let found): "\(expected) is needed, not \(found.rawValue)"
    case .noQuestion: "there is no word in it"
    }
  }

  var advice: String { "each line is {\"id\": text or number, \"image\": path, \"question\": text}" }
}

/// What one line asks, or why it cannot be understood.
struct LineRequest {
  /// The id as it was given; null when the line has none.
  var id = JSONValue.null
  /// Picture and question.
  var item: Result<AskedItem, FileFailure>

  /// Reads a line.
  ///
  /// - Parameters:
  ///   - line: The line.
  ///   - number: Its number, from 1, for errors.
  ///   - limit: Longest line in bytes, for errors.
  ///   - folders: Where relative pictures are, the first that has it wins; none for the current folder.
  init(_ line: LineReader.Line, number: Int, limit: Int, folders: [String]) {
    item = .failure(FileFailure(file: "line \(number)", cause: LineFailure.tooLong(limit: limit)))
    guard case .bytes(let bytes) = line else { return }
    do throws(LineFailure) {
      item = .success(try read(bytes, folders: folders))
    } catch {
      item = .failure(FileFailure(file: "line \(number)", cause: error))
    }
  }

  private mutating func read(_ bytes: [UInt8], folders: [String]) throws(LineFailure) -> AskedItem {
    let value: JSONValue
    do { value = try JSONValue.parse(bytes) } catch { throw .noJSON(error) }
    guard let object = value.objectValue else { throw .noObject(found: value.kind) }
    guard let id = object["id"] else { throw .missing(key: "id") }
    guard id.stringValue != nil || id.numberValue != nil else {
      throw .wrongKind(key: "id", expected: "a text or a number", found: id.kind)
    }
    self.id = id
    let picture = try Self.text(object, "image")
    let question = try Self.text(object, "question")
    guard question.contains(where: { $0.isLetter || $0.isNumber }) else { throw .noQuestion }
    guard !picture.hasPrefix("/") else { return AskedItem(picture: picture, question: question) }
    let candidates = folders.map { "\($0)/\(picture)" }
    let found = candidates.count > 1 ? candidates.first(where: FileManager.default.fileExists) : nil
    return AskedItem(picture: found ?? candidates.first ?? picture, question: question)
  }

  private static func text(_ object: JSONObject, _ key: String) throws(LineFailure) -> String {
    guard let value = object[key] else { throw .missing(key: key) }
    guard let text = value.stringValue else { throw .wrongKind(key: key, expected: "a text", found: value.kind) }
    return text
  }
}
