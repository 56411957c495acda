// SceneQuestion.swift - a question about a scene with its only right answer.

/// A question about a scene.
public struct SceneQuestion: Sendable, Equatable {
  /// The text.
  public var text: String
  /// The right answer.
  public var answer: String
  /// The kind of question, for tables by `question_type`.
  public var questionType: String
  /// The kind of answer, for tables by `answer_type`.
  public var answerType: String

  /// A question with its answer.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - answer: The right answer.
  ///   - questionType: The kind of question.
  ///   - answerType: The kind of answer.
  public init(text: String, answer: String, questionType: String, answerType: String) {
    self.text = text
    self.answer = answer
    self.questionType = questionType
    self.answerType = answerType
  }
}
