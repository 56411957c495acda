// AnnotationFile.swift - the official VQA v2 annotation file.
//
//   {info, data_type, license, data_subtype, annotations: [{question_id, image_id, question_type, answer_type,
//    multiple_choice_answer, answers: [{answer, answer_confidence, answer_id}]}]}

import SafeFiles

/// What people answered to one question.
public struct Annotation: Sendable, Equatable {
  /// Id of the question.
  public var questionID: Int
  /// Id of the picture.
  public var imageID: Int
  /// How the question begins, as labelled: "what color is the", "none of the above".
  public var questionType: String
  /// "yes/no", "number", "other", or what else the data set says.
  public var answerType: String
  /// The most frequent answer.
  public var multipleChoiceAnswer: String?
  /// All answers, ten in the official files.
  public var answers: [HumanAnswer]

  /// An annotation.
  public init(
    questionID: Int, imageID: Int, questionType: String, answerType: String, multipleChoiceAnswer: String?,
    answers: [HumanAnswer]
  ) {
    self.questionID = questionID
    self.imageID = imageID
    self.questionType = questionType
    self.answerType = answerType
    self.multipleChoiceAnswer = multipleChoiceAnswer
    self.answers = answers
  }
}

/// A file of annotations.
public struct AnnotationFile: Sendable, Equatable {
  /// What stands before the list.
  public var header: DataSetHeader
  /// All annotations in the order of the file.
  public var annotations: [Annotation]

  /// A file of given annotations.
  public init(header: DataSetHeader, annotations: [Annotation]) {
    self.header = header
    self.annotations = annotations
  }

  /// Reads the text of an annotation file; unknown fields outside the answers are checked and passed over.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - limits: What it may cost.
  ///   - needsTypes: Whether each annotation must have its types; those of Visual Genome, which are only learned from, have none.
  /// - Throws: ``FormatFailure`` that names the field.
  public init(json bytes: [UInt8], limits: LoadLimits = .default, needsTypes: Bool = true) throws(FormatFailure) {
    self = try FieldReader.whole(bytes, limits: limits) { fields throws(FormatFailure) in
      try Self.read(&fields, needsTypes: needsTypes)
    }
  }

  /// Reads an annotation file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limits: What it may cost.
  ///   - needsTypes: Whether each annotation must have its types.
  /// - Throws: `FileFailure` that names the field.
  public init(path: String, limits: LoadLimits = .default, needsTypes: Bool = true) throws(FileFailure) {
    self = try FieldReader.whole(path: path, limits: limits) { fields throws(FormatFailure) in
      try Self.read(&fields, needsTypes: needsTypes)
    }
  }

  private static func read(
    _ fields: inout FieldReader, needsTypes: Bool
  ) throws(FormatFailure) -> AnnotationFile {
    var header = DataSetHeader()
    var annotations: [Annotation]?
    try fields.object { fields, key throws(FormatFailure) in
      guard key == "annotations" else { return try header.read(key, from: &fields) }
      var list: [Annotation] = []
      try fields.list { fields, _ throws(FormatFailure) in
        list.append(try Annotation(from: &fields, needsTypes: needsTypes))
      }
      annotations = list
    }
    return AnnotationFile(header: header, annotations: try fields.required(annotations, "annotations"))
  }

  /// The text of the file.
  public var json: String { header.file(listKey: "annotations", items: annotations.lazy.map(\.members)) }

  /// Writes the file as a whole or not at all.
  public func write(to path: String) throws(FileFailure) { try AtomicFile.write(json, to: path) }
}

extension Annotation {
  fileprivate init(from fields: inout FieldReader, needsTypes: Bool) throws(FormatFailure) {
    var questionID: Int?
    var imageID: Int?
    var questionType: String?
    var answerType: String?
    var multipleChoiceAnswer: String?
    var answers: [HumanAnswer]?
    try fields.object { fields, key throws(FormatFailure) in
      switch key {
      case "question_id": questionID = try fields.integer()
      case "image_id": imageID = try fields.integer()
      case "question_type": questionType = try fields.string()
      case "answer_type": answerType = try fields.string()
      case "multiple_choice_answer": multipleChoiceAnswer = try fields.string()
      case "answers":
        var list: [HumanAnswer] = []
        list.reserveCapacity(10)
        try fields.list { fields, _ throws(FormatFailure) in list.append(try HumanAnswer(from: &fields)) }
        answers = list
      default: try fields.skip()
      }
    }
    if !needsTypes { (questionType, answerType) = (questionType ?? "", answerType ?? "") }
    self.init(
      questionID: try fields.required(questionID, "question_id"), imageID: try fields.required(imageID, "image_id"),
      questionType: try fields.required(questionType, "question_type"),
      answerType: try fields.required(answerType, "answer_type"), multipleChoiceAnswer: multipleChoiceAnswer,
      answers: try fields.required(answers, "answers"))
  }

  fileprivate var members: JSONObject {
    var object: JSONObject = ["question_type": .string(questionType)]
    object["multiple_choice_answer"] = multipleChoiceAnswer.map(JSONValue.string)
    object["answers"] = .array(answers.map { .object($0.members) })
    object["image_id"] = .integer(Int64(imageID))
    object["answer_type"] = .string(answerType)
    object["question_id"] = .integer(Int64(questionID))
    return object
  }
}
