// EvaluationFailure.swift - why results cannot be scored.

import SafeFiles

/// Why results and annotations cannot be scored together.
public enum EvaluationFailure: Failure, Equatable {
  /// Questions of the annotation file have no answer in the results.
  case unanswered(first: Int, count: Int)
  /// The results answer questions that the annotation file does not have.
  case unknownQuestions(first: Int, count: Int)
  /// There is nothing to score.
  case nothingToScore
  /// A question has no human answers.
  case noHumanAnswers(questionID: Int)
  /// The question file lacks header keys that the official layout has.
  case missingHeader(keys: [String])
  /// An answer is none of the question's choices.
  case notAmongChoices(questionID: Int, answer: String)
  /// A multiple-choice question or its choices are not in the question file.
  case noChoices(questionID: Int)
  /// Answers and questions differ in number.
  case countsDiffer(answers: Int, questions: Int)
  /// A CLEVR question lacks its answer or its program.
  case notAnnotated(index: Int)
  /// A CLEVR program ends in a function of no family.
  case unknownFunction(index: Int, name: String)

  /// Always bad data.
  public var kind: FailureKind { .badData }

  /// The question.
  public var place: String? {
    switch self {
    case .unanswered(let id, _), .unknownQuestions(let id, _), .noHumanAnswers(let id), .notAmongChoices(let id, _),
      .noChoices(let id):
      "question_id \(id)"
    case .notAnnotated(let index), .unknownFunction(let index, _): "questions[\(index)]"
    case .nothingToScore, .missingHeader, .countsDiffer: nil
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .unanswered(_, let count): "\(count) of the annotated questions have no answer in the results"
    case .unknownQuestions(_, let count): "\(count) of the answered questions are not in the annotation file"
    case .nothingToScore: "there are no questions to score"
    case .noHumanAnswers: "the question has no human answers"
    case .missingHeader(let keys): "the question file has no \(keys.joined(separator: ", "))"
    case .notAmongChoices(_, let answer): "'\(visibleText(answer, limit: 60))' is none of the question's choices"
    case .noChoices: "the question file gives no choices for this multiple-choice question"
    case .countsDiffer(let answers, let questions): "there are \(answers) answers to \(questions) questions"
    case .notAnnotated: "the question has no answer or no program"
    case .unknownFunction(_, let name): "'\(visibleText(name, limit: 60))' is a function of no CLEVR family"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .unanswered, .unknownQuestions: "score results against the annotations of the very questions they answer"
    case .nothingToScore, .noHumanAnswers: "give an annotation file with answers"
    case .missingHeader: "give a question file in the official VQA v2 layout"
    case .notAmongChoices, .noChoices: "answer with one of multiple_choices, or use the open-ended questions"
    case .countsDiffer: "give one answer a question, in the order of the questions"
    case .notAnnotated, .unknownFunction: "give the CLEVR train or val questions"
    }
  }
}
