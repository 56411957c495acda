// VQAAccuracy.swift - scores a result file against an annotation file, as the official VQA evaluator does.
//
// The set of question ids must be the same in both. Questions are scored in the order of the annotation file; one listed
// twice counts twice, and is then scored against its already normalised last annotation, for the original normalises in
// place. Of an id answered twice the last answer counts.

import VQAFormats

/// The VQA accuracy of result files.
public enum VQAAccuracy {
  /// Scores results.
  ///
  /// - Parameters:
  ///   - results: One answer for each annotated question.
  ///   - annotations: What people answered.
  ///   - questions: The question file where there is one: its header is checked, and the choices of multiple choice.
  ///   - scorer: The rules.
  ///   - only: Ids to score, in this order, instead of all.
  /// - Returns: The accuracies.
  /// - Throws: ``EvaluationFailure`` when the files do not belong together.
  public static func evaluate(
    _ results: ResultFile, against annotations: AnnotationFile, questions: QuestionFile? = nil,
    scorer: Scorer = .official, only: [Int]? = nil
  ) throws(EvaluationFailure) -> AccuracyReport {
    let annotated = Dictionary(annotations.annotations.map { ($0.questionID, $0) }) { _, last in last }
    let answered = Dictionary(results.entries.map { ($0.questionID, $0.answer) }) { _, last in last }
    try checkIDs(results, annotations, answered: answered, annotated: annotated)
    if let questions { try check(results, against: questions) }

    let ids = only ?? annotations.annotations.map(\.questionID)
    guard !ids.isEmpty else { throw .nothingToScore }
    var normalised: [Int: [HumanAnswer]] = [:]
    let repeated = ids.count > Set(ids).count
    var scores: [QuestionAccuracy] = []
    scores.reserveCapacity(ids.count)
    for id in ids {
      guard let annotation = annotated[id], let answer = answered[id] else {
        throw .unknownQuestions(first: id, count: 1)
      }
      guard !annotation.answers.isEmpty else { throw .noHumanAnswers(questionID: id) }
      var truths = normalised[id] ?? annotation.answers
      let accuracy = scorer.accuracy(of: answer, normalising: &truths)
      if repeated { normalised[id] = truths }
      scores.append(
        QuestionAccuracy(
          questionID: id, questionType: annotation.questionType, answerType: annotation.answerType, accuracy: accuracy))
    }
    return AccuracyReport(questions: scores)
  }

  private static func checkIDs(
    _ results: ResultFile, _ annotations: AnnotationFile, answered: [Int: String], annotated: [Int: Annotation]
  ) throws(EvaluationFailure) {
    let unknown = results.entries.lazy.map(\.questionID).filter { annotated[$0] == nil }
    if let first = unknown.first { throw .unknownQuestions(first: first, count: Set(unknown).count) }
    let unanswered = annotations.annotations.lazy.map(\.questionID).filter { answered[$0] == nil }
    if let first = unanswered.first { throw .unanswered(first: first, count: Set(unanswered).count) }
  }

  /// The header must be whole, and in multiple choice each answer one of its question's choices.
  private static func check(_ results: ResultFile, against file: QuestionFile) throws(EvaluationFailure) {
    guard file.header.missingKeys.isEmpty else { throw .missingHeader(keys: file.header.missingKeys) }
    guard file.header.taskType == "Multiple Choice" else { return }
    let choices = Dictionary(file.questions.map { ($0.questionID, $0.choices) }) { _, last in last }
    for entry in results.entries {
      guard let allowed = choices[entry.questionID] ?? nil else { throw .noChoices(questionID: entry.questionID) }
      guard allowed.contains(where: { $0.isExactly(entry.answer) }) else {
        throw .notAmongChoices(questionID: entry.questionID, answer: entry.answer)
      }
    }
  }
}
