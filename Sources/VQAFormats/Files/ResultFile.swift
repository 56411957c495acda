// ResultFile.swift - the official VQA result file: a list of {"answer", "question_id"}, as EvalAI takes it.

import SafeFiles

/// The answer given to one question.
public struct ResultEntry: Sendable, Equatable {
  /// Id of the question.
  public var questionID: Int
  /// The answer, raw: only scoring normalises.
  public var answer: String

  /// An answer to a question.
  public init(questionID: Int, answer: String) {
    self.questionID = questionID
    self.answer = answer
  }
}

/// A file of answers.
public struct ResultFile: Sendable, Equatable {
  /// All answers in the order of the file; for a repeated id the last one counts.
  public var entries: [ResultEntry]

  /// A file of given answers, to be in the order of the questions.
  public init(entries: [ResultEntry]) { self.entries = entries }

  /// Reads the text of a result file; fields it does not know are checked and passed over.
  public init(json bytes: [UInt8], limits: LoadLimits = .default) throws(FormatFailure) {
    self = try FieldReader.whole(bytes, limits: limits, Self.read)
  }

  /// Reads a result file.
  public init(path: String, limits: LoadLimits = .default) throws(FileFailure) {
    self = try FieldReader.whole(path: path, limits: limits, Self.read)
  }

  private static func read(_ fields: inout FieldReader) throws(FormatFailure) -> ResultFile {
    let kind = try fields.kind()
    guard kind == .array else { throw fields.failure(.notResults(found: kind)) }
    var entries: [ResultEntry] = []
    try fields.list { fields, _ throws(FormatFailure) in entries.append(try ResultEntry(from: &fields)) }
    return ResultFile(entries: entries)
  }

  /// The text of the file, one answer a line.
  public var json: String {
    let lines = entries.map { "{\"answer\":\(JSONValue.quoted($0.answer)),\"question_id\":\($0.questionID)}" }
    return "[\n" + lines.joined(separator: ",\n") + "\n]\n"
  }

  /// Writes the file as a whole or not at all.
  public func write(to path: String) throws(FileFailure) { try AtomicFile.write(json, to: path) }
}

extension ResultEntry {
  fileprivate init(from fields: inout FieldReader) throws(FormatFailure) {
    var questionID: Int?
    var answer: String?
    try fields.object { fields, key throws(FormatFailure) in
      switch key {
      case "question_id": questionID = try fields.integer()
      case "answer": answer = try fields.string()
      default: try fields.skip()
      }
    }
    self.init(
      questionID: try fields.required(questionID, "question_id"), answer: try fields.required(answer, "answer"))
  }
}
