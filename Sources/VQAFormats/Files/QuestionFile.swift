// QuestionFile.swift - the official VQA v2 question file.
//
//   {info, task_type, data_type, license, data_subtype, questions: [{image_id, question, question_id}]}
//
// Two additions of this package: a simulated subject (see SimulatedSubject.swift), and the image id -1 for a question without a picture.

import SafeFiles

/// One question about one picture.
public struct Question: Sendable, Equatable {
  /// Stands for the id of a picture where there is none: the question is learned from by its words alone.
  public static let noPicture = -1

  /// Id of the picture, or ``noPicture``.
  public var imageID: Int
  /// The question as written.
  public var text: String
  /// Id of the question.
  public var questionID: Int
  /// The answers to choose from, in multiple-choice files.
  public var choices: [String]?
  /// What the picture is taken to show instead of what it does; nil for all questions about real pictures.
  public var subject: SimulatedSubject?

  /// A question.
  public init(
    imageID: Int, text: String, questionID: Int, choices: [String]? = nil, subject: SimulatedSubject? = nil
  ) {
    self.imageID = imageID
    self.text = text
    self.questionID = questionID
    self.choices = choices
    self.subject = subject
  }
}

/// A file of questions.
public struct QuestionFile: Sendable, Equatable {
  /// What stands before the list.
  public var header: DataSetHeader
  /// All questions in the order of the file.
  public var questions: [Question]

  /// Most choices of one question; the official files have 18.
  static let mostChoices = 10_000

  /// A file of given questions.
  public init(header: DataSetHeader, questions: [Question]) {
    self.header = header
    self.questions = questions
  }

  /// Reads the text of a question file; fields it does not know are checked and passed over.
  public init(json bytes: [UInt8], limits: LoadLimits = .default) throws(FormatFailure) {
    self = try FieldReader.whole(bytes, limits: limits, Self.read)
  }

  /// Reads a question file.
  public init(path: String, limits: LoadLimits = .default) throws(FileFailure) {
    self = try FieldReader.whole(path: path, limits: limits, Self.read)
  }

  private static func read(_ fields: inout FieldReader) throws(FormatFailure) -> QuestionFile {
    var header = DataSetHeader()
    var questions: [Question]?
    try fields.object { fields, key throws(FormatFailure) in
      guard key == "questions" else { return try header.read(key, from: &fields) }
      var list: [Question] = []
      try fields.list { fields, _ throws(FormatFailure) in list.append(try Question(from: &fields)) }
      questions = list
    }
    return QuestionFile(header: header, questions: try fields.required(questions, "questions"))
  }

  /// The text of the file.
  public var json: String { header.file(listKey: "questions", items: questions.lazy.map(\.members)) }

  /// Writes the file as a whole or not at all.
  public func write(to path: String) throws(FileFailure) { try AtomicFile.write(json, to: path) }
}

extension Question {
  fileprivate init(from fields: inout FieldReader) throws(FormatFailure) {
    var imageID: Int?
    var text: String?
    var questionID: Int?
    var choices: [String]?
    var subject: SimulatedSubject?
    try fields.object { fields, key throws(FormatFailure) in
      switch key {
      case "image_id": imageID = try fields.integer()
      case "question": text = try fields.string()
      case "question_id": questionID = try fields.integer()
      case "multiple_choices": choices = try fields.strings(limit: QuestionFile.mostChoices)
      case "subject": subject = try SimulatedSubject(from: &fields)
      default: try fields.skip()
      }
    }
    self.init(
      imageID: try fields.required(imageID, "image_id"), text: try fields.required(text, "question"),
      questionID: try fields.required(questionID, "question_id"), choices: choices, subject: subject)
  }

  fileprivate var members: JSONObject {
    var object: JSONObject = [
      "image_id": .integer(Int64(imageID)), "question": .string(text), "question_id": .integer(Int64(questionID)),
    ]
    object["multiple_choices"] = choices.map { .array($0.map(JSONValue.string)) }
    object["subject"] = subject.map { .object($0.members) }
    return object
  }
}
