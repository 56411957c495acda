// FormatFailure.swift - what can be wrong with a question, answer or vocabulary file.

import SafeFiles

/// Something in a file is not what its format says, with the field it is in.
public struct FormatFailure: Failure, Equatable {
  /// What is wrong.
  public enum Reason: Sendable, Equatable {
    /// The JSON text is wrong there, or holds another kind of value.
    case json(JSONFailure)
    /// A field that must be there is not.
    case missingField
    /// A result file is not a list of answers.
    case notResults(found: JSONKind)
    /// A file is not the list of two objects that the original's answer dictionary is.
    case notAnswerDictionary
    /// A number is outside what the field may hold.
    case outOfRange(value: Int, allowed: ClosedRange<Int>)
    /// A number with a fraction is outside what the field may hold.
    case numberOutOfRange(value: Double, allowed: ClosedRange<Double>)
    /// The file names another format, or none.
    case unknownFormat(found: String, expected: String)
    /// An entry of a vocabulary occurs twice.
    case duplicate(text: String, first: Int)
    /// An entry of a vocabulary is empty.
    case emptyEntry
    /// A text holds a NUL character.
    case containsNUL
    /// A text is longer than any sensible one.
    case tooLong(bytes: Int, limit: Int)
    /// A list is longer than any sensible one.
    case tooMany(count: Int, limit: Int)
    /// A word vocabulary does not begin with the three special words.
    case wrongSpecialWord(expected: String, found: String)
    /// The two halves of an original answer dictionary disagree.
    case inconsistentIndex(answer: String, index: Int)
    /// A picture's file name would leave its folder.
    case unsafeFileName(String)
    /// A picture id is no plain whole number.
    case badImageID(String)
  }

  /// Where in the file, such as `questions[3].question_id`; empty for the whole file.
  public let path: String
  /// What is wrong there.
  public let reason: Reason
  /// Byte after which the fault lies, where it is known.
  public let offset: Int?

  /// Names what is wrong and where.
  public init(path: String, reason: Reason, offset: Int? = nil) {
    self.path = path
    self.reason = reason
    self.offset = offset
  }

  /// The same failure, its path continued outwards by a key.
  func inside(_ key: String) -> FormatFailure { FormatFailure(path: key + path, reason: reason, offset: offset) }

  /// Always bad data.
  public var kind: FailureKind { .badData }

  /// The field, and the byte where it is known.
  public var place: String? {
    let byte = offset.map { "byte \($0)" }
    if path.isEmpty { return byte }
    return byte.map { "\(visibleText(path)) (\($0))" } ?? visibleText(path)
  }

  /// What is wrong, with the offending value.
  public var problem: String {
    switch reason {
    case .json(let failure): failure.problem
    case .missingField: "the field is not there"
    case .notResults(let found): "found \(found.rawValue) where the list of answers must stand"
    case .notAnswerDictionary: "this is not the list of two objects that an answer dictionary is"
    case .outOfRange(let value, let allowed): "\(value) is not from \(allowed.lowerBound) to \(allowed.upperBound)"
    case .numberOutOfRange(let value, let allowed):
      "\(value) is not from \(allowed.lowerBound) to \(allowed.upperBound)"
    case .unknownFormat(let found, let expected):
      "the format is '\(shortened(found))', not '\(expected)'"
    case .duplicate(let text, let first): "'\(shortened(text))' is already entry \(first)"
    case .emptyEntry: "the entry is empty"
    case .containsNUL: "the text holds a NUL character"
    case .tooLong(let bytes, let limit): "the text has \(bytes) bytes, more than \(limit)"
    case .tooMany(let count, let limit): "the list has \(count) entries, more than \(limit)"
    case .wrongSpecialWord(let expected, let found): "'\(shortened(found))' stands where '\(expected)' belongs"
    case .inconsistentIndex(let answer, let index):
      "answer '\(shortened(answer))' and index \(index) do not belong to each other in both halves"
    case .unsafeFileName(let name): "the file name '\(shortened(name))' leaves the picture folder"
    case .badImageID(let text): "'\(shortened(text))' is no picture id"
    }
  }

  /// What to do next.
  public var advice: String {
    switch reason {
    case .json(let failure): failure.advice
    case .notResults: "results are a JSON list of {\"question_id\": number, \"answer\": text}"
    case .notAnswerDictionary: "give the original's answer_dict.json, or a vocabulary of this program"
    case .unknownFormat: "give a file of the format asked for"
    case .missingField, .outOfRange, .numberOutOfRange: "correct the field, or give the file in its official layout"
    case .duplicate, .emptyEntry, .containsNUL, .tooLong, .tooMany, .wrongSpecialWord, .inconsistentIndex:
      "make the vocabulary again from its source"
    case .unsafeFileName: "name each picture by its plain file name, without folders"
    case .badImageID: "use the image_id of the questions as key, such as \"42\""
    }
  }

  private func shortened(_ text: String) -> String { visibleText(text, limit: 60) }
}
