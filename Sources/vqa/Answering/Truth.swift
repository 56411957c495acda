// Truth.swift - what answers are held against, question by question: annotations, or the answers that CLEVR's questions hold.

import Evaluation
import SafeFiles
import VQAFormats

/// The right answers to the questions of a file.
struct Truth {
  /// What is known of one question.
  private struct Known {
    let type: String
    let label: String
    let answers: [HumanAnswer]
  }

  /// Annotations, where the file has none of its own.
  let annotations: (file: AnnotationFile, path: String)?
  private let known: [Int: Known]
  private let scorer: Scorer

  /// Reads the truth of questions.
  ///
  /// - Parameters:
  ///   - asked: The questions.
  ///   - path: Their file, for errors.
  ///   - annotationPath: The annotation file, which is asked for when it is needed.
  ///   - scorer: The rules answers are compared by; CLEVR's are compared to the letter.
  /// - Throws: `FileFailure` that names the file, or what `annotationPath` throws.
  init(of asked: AskedQuestions, path: String, annotations annotationPath: () throws -> String, scorer: Scorer) throws {
    switch asked.file {
    case .clevr(let file):
      var known: [Int: Known] = [:]
      for (place, question) in file.questions.enumerated() {
        guard let answer = question.answer else {
          throw FileFailure(file: path, cause: EvaluationFailure.notAnnotated(index: place))
        }
        let family = question.lastFunction.flatMap { CLEVRAccuracy.family(of: $0) }
        known[place] = Known(type: family ?? "", label: answer, answers: [])
      }
      self.init(annotations: nil, known: known, scorer: scorer)
    case .vqa:
      let path = try annotationPath()
      self.init(try AnnotationFile(path: path), path: path, scorer: scorer)
    }
  }

  /// Takes the truth that annotations hold; `path` names them in errors.
  init(_ file: AnnotationFile, path: String, scorer: Scorer) {
    var known: [Int: Known] = [:]
    for annotation in file.annotations {
      known[annotation.questionID] = Known(
        type: annotation.questionType,
        label: annotation.multipleChoiceAnswer ?? Self.mostFrequent(annotation.answers), answers: annotation.answers)
    }
    self.init(annotations: (file, path), known: known, scorer: scorer)
  }

  private init(annotations: (file: AnnotationFile, path: String)?, known: [Int: Known], scorer: Scorer) {
    self.annotations = annotations
    self.known = known
    self.scorer = scorer
  }

  /// Whether the answer to a question is known.
  func knows(_ question: Question) -> Bool { known[question.questionID] != nil }

  /// The type of a question, or its family.
  func type(of question: Question) -> String { known[question.questionID]?.type ?? "" }

  /// What an answer is worth, from 0 to 1.
  func score(_ answer: String, to question: Question) -> Double {
    guard let known = known[question.questionID] else { return 0 }
    guard annotations != nil else { return answer.isExactly(known.label) ? 1 : 0 }
    return scorer.accuracy(of: answer, answers: known.answers)
  }

  private static func mostFrequent(_ answers: [HumanAnswer]) -> String {
    var counts: [String: Int] = [:]
    for answer in answers { counts[answer.answer, default: 0] += 1 }
    let most = counts.values.max() ?? 0
    return answers.first { counts[$0.answer] == most }?.answer ?? ""
  }
}
