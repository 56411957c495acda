// CLEVRQuestionFile.swift - the CLEVR question file, as far as the original TRAR uses it.
//
//   {info: {split}, questions: [{image_index, image_filename, question, answer, program: [..., {function}]}]}; test files have no answers.

import SafeFiles

/// One CLEVR question.
public struct CLEVRQuestion: Sendable, Equatable {
  /// Index of the picture in its split.
  public var imageIndex: Int
  /// File name of the picture, such as "CLEVR_val_000042.png", where the file gives it.
  public var imageFile: String?
  /// The question as written.
  public var text: String
  /// The answer; nil in test files.
  public var answer: String?
  /// Function of the last step of the question's program; nil in test files.
  public var lastFunction: String?

  /// A question.
  public init(imageIndex: Int, imageFile: String? = nil, text: String, answer: String?, lastFunction: String?) {
    self.imageIndex = imageIndex
    self.imageFile = imageFile
    self.text = text
    self.answer = answer
    self.lastFunction = lastFunction
  }
}

/// A file of CLEVR questions.
public struct CLEVRQuestionFile: Sendable, Equatable {
  /// The split, "train", "val" or "test", where the file gives it.
  public var split: String?
  /// All questions in the order of the file.
  public var questions: [CLEVRQuestion]

  /// A file of given questions.
  public init(split: String? = nil, questions: [CLEVRQuestion]) {
    self.split = split
    self.questions = questions
  }

  /// Reads the text of a CLEVR question file.
  public init(json bytes: [UInt8], limits: LoadLimits = .default) throws(FormatFailure) {
    self = try FieldReader.whole(bytes, limits: limits, Self.read)
  }

  /// Reads a CLEVR question file.
  public init(path: String, limits: LoadLimits = .default) throws(FileFailure) {
    self = try FieldReader.whole(path: path, limits: limits, Self.read)
  }

  private static func read(_ fields: inout FieldReader) throws(FormatFailure) -> CLEVRQuestionFile {
    var split: String?
    var questions: [CLEVRQuestion]?
    try fields.object { fields, key throws(FormatFailure) in
      switch key {
      case "info": split = try fields.value()["split"]?.stringValue
      case "questions":
        var list: [CLEVRQuestion] = []
        try fields.list { fields, _ throws(FormatFailure) in list.append(try CLEVRQuestion(from: &fields)) }
        questions = list
      default: try fields.skip()
      }
    }
    return CLEVRQuestionFile(split: split, questions: try fields.required(questions, "questions"))
  }
}

extension CLEVRQuestion {
  fileprivate init(from fields: inout FieldReader) throws(FormatFailure) {
    var imageIndex: Int?
    var imageFile: String?
    var text: String?
    var answer: String?
    var lastFunction: String?
    try fields.object { fields, key throws(FormatFailure) in
      switch key {
      case "image_index": imageIndex = try fields.integer()
      case "image_filename": imageFile = try fields.string()
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
      imageIndex: try fields.required(imageIndex, "image_index"), imageFile: imageFile,
      text: try fields.required(text, "question"), answer: answer, lastFunction: lastFunction)
  }
}
