// AskedQuestion.swift - one question to learn from, with what people answered.

import VQAFormats

/// A question with what people answered.
public struct AskedQuestion: Sendable {
  /// Its number.
  public var id: Int
  /// The text.
  public var text: String
  /// Place of its picture in the set, or ``noPicture``.
  public var picture: Int
  /// What people answered, normally ten times; normalised for VQA.
  public var answers: [String]
  /// The answer that most people gave, the first of equals.
  public var common: String
  /// The kind of question, as annotated.
  public var questionType: String
  /// The kind of answer, as annotated.
  public var answerType: String
  /// Which of several sets it comes from, by name; empty for a single set.
  public var set: String
  /// The class that the picture is taken to show in place of what it shows; nil: nothing else.
  public var subject: SimulatedSubject?
  /// Whether question or answers speak of left or right, so that they are not true of the mirrored picture.
  package var tellsSides: Bool {
    ([text] + answers).contains { said in
      QuestionTokenizer.words(of: said).contains { $0.hasPrefix("left") || $0.hasPrefix("right") }
    }
  }

  /// Stands for the picture of a question without one.
  public static let noPicture = -1

  /// Collects a question.
  ///
  /// - Parameters:
  ///   - id: Its number.
  ///   - text: The text.
  ///   - picture: Place of its picture in the set.
  ///   - answers: What people answered.
  ///   - common: The answer that most people gave.
  ///   - questionType: The kind of question, as annotated.
  ///   - answerType: The kind of answer, as annotated.
  ///   - set: Which of several sets it comes from.
  ///   - subject: The class that the picture is taken to show.
  public init(
    id: Int, text: String, picture: Int, answers: [String], common: String, questionType: String = "",
    answerType: String = "", set: String = "", subject: SimulatedSubject? = nil
  ) {
    self.id = id
    self.text = text
    self.picture = picture
    self.answers = answers
    self.common = common
    self.questionType = questionType
    self.answerType = answerType
    self.set = set
    self.subject = subject
  }
}
