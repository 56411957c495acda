// Score.swift - the accuracy of answers to a question file, by the rules of its data set.

import Evaluation
import Reports
import SafeFiles
import VQAFormats

/// The accuracy of answers.
enum Score {
  /// VQA: by answer type and question type.
  case vqa(AccuracyReport)
  /// CLEVR: by family of questions.
  case clevr(CLEVRAccuracy)

  /// Scores answers to CLEVR questions; what does not fit is the answers' file's fault or the questions'.
  static func clevr(
    _ answers: [String], from results: String, to file: CLEVRQuestionFile, from questions: String
  ) throws(FileFailure) -> Score {
    do throws(EvaluationFailure) {
      return .clevr(try CLEVRAccuracy(answers: answers, questions: file.questions))
    } catch {
      if case .countsDiffer = error { throw FileFailure(file: results, cause: error) }
      throw FileFailure(file: questions, cause: error)
    }
  }

  /// The score for programs.
  var json: JSONObject {
    switch self {
    case .vqa(let report): report.json()
    case .clevr(let accuracy): accuracy.json
    }
  }

  /// The score for people.
  var table: String {
    switch self {
    case .vqa(let report): AccuracyText.table(report)
    case .clevr(let accuracy): AccuracyText.table(accuracy)
    }
  }
}
