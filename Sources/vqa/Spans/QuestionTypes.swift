// QuestionTypes.swift - the type of a question: as people annotated it, or else its first words.

import SafeFiles
import VQAFormats

/// Tells the types of questions.
struct QuestionTypes {
  /// The type of a question that an annotation file does not have.
  static let missing = "not annotated"
  /// Words that make a type where there are no annotations.
  private static let firstWords = 2

  private let annotated: [Int: String]?

  /// Reads the types of an annotation file.
  ///
  /// - Parameter path: The file; nil takes the first words of each question.
  /// - Throws: `FileFailure` when the file cannot be read.
  init(annotations path: String?) throws(FileFailure) {
    let file = try path.map { path throws(FileFailure) in try AnnotationFile(path: path) }
    annotated = file.map { file in
      Dictionary(file.annotations.map { ($0.questionID, $0.questionType) }) { first, _ in first }
    }
  }

  /// The type of a question.
  func type(of question: Question) -> String {
    if let annotated { return annotated[question.questionID] ?? Self.missing }
    return QuestionTokenizer.words(of: question.text).prefix(Self.firstWords).joined(separator: " ")
  }
}
