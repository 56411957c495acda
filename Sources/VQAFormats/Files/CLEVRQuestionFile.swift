// CLEVRQuestionFile.swift - the CLEVR question file, as far as the original TRAR uses it.
//
//   {info, questions: [{image_index, question, answer, program: [..., {function}]}]}; test files have no answers.

import SafeFiles

/// One CLEVR question.
public struct CLEVRQuestion: Sendable, Equatable {
  /// Index of the picture in its split.
  public var imageIndex: Int
  /// The question as written.
  public var text: String
  /// The answer; nil in test files.
  public var answer: String?
  /// Function of the last step of the question's program; nil in test files.
  public var lastFunction: String?

  /// A question.
  public init(imageIndex: Int, text: String, answer: String?, lastFunction: String?) {
    self.imageIndex = imageIndex
    self.text = text
    self.answer = answer
    self.lastFunction = lastFunction
  }
}

/// A file of CLEVR questions.
public struct CLEVRQuestionFile: Sendable, Equatable {
  /// All questions in the order of the file.
  public var questions: [CLEVRQuestion]

  /// Reads the text of a CLEVR question file.
  public init(json bytes: [UInt8], limits: LoadLimits = .default) throws(FormatFailure) {
    questions = try FieldReader.whole(bytes, limits: limits) { fields throws(FormatFailure) in
      var questions: [CLEVRQuestion]?
      try fields.object { fields, key throws(FormatFailure) in
        guard key == "questions" else { return try fields.skip() }
        var list: [CLEVRQuestion] = []
        try fields.list { fields, _ throws(FormatFailure) in list.append(try CLEVRQuestion(from: &fields)) }
        questions = list
      }
      return try fields.required(questions, "questions")
    }
  }

  /// Reads a CLEVR question file.
  public init(path: String, limits: LoadLimits = .default) throws(FileFailure) {
    let bytes = try readFile(path, limit: limits.jsonFileBytes)
    do { try self.init(json: bytes, limits: limits) } catch { throw FileFailure(file: path, cause: error) }
  }
}

extension CLEVRQuestion {
  fileprivate init(from fields: inout FieldReader) throws(FormatFailure) {
    var imageIndex: Int?
    var text: String?
    var answer: String?
    var lastFunction: String?
    try fields.object { fields, key throws(FormatFailure) in
      switch key {
      case "image_index": imageIndex = try fields.integer()
      case "question": text = try fields.string()
      case "answer": answer = try fields.string()
      case "program":
        try fields.list { fields, _ throws(FormatFailure) in
          lastFunction = nil
          try fields.object { fields, key throws(FormatFailure) in
            guard key == "function" else { return try fields.skip() }
            lastFunction = try fields.string()
          }
        }
      default: try fields.skip()
      }
    }
    self.init(
      imageIndex: try fields.required(imageIndex, "image_index"), text: try fields.required(text, "question"),
      answer: answer, lastFunction: lastFunction)
  }
}
