// Questions.swift - the questions of a command line, and what a person should know about them.

import CommandLineKit
import VQAPipeline

/// The questions of a command line.
enum Questions {
  /// Reads the argument QUESTION; one without a word is refused.
  static func read(_ arguments: Arguments, _ console: Console) throws(UsageError) -> [String] {
    let questions = arguments.arguments("QUESTION")
    if questions.count > 1, !questions.contains(where: { $0.contains(where: \.isWhitespace) }) {
      console.note("every argument is a question of its own; put a question of several words in quotes")
    }
    for question in questions where !question.contains(where: { $0.isLetter || $0.isNumber }) {
      throw arguments.failure(.invalidValue(option: "QUESTION", value: question, expected: "a question"))
    }
    return questions
  }

  /// Notes words that the model does not know, each once, and questions it did not read to the end.
  static func note(_ answers: [Answer], _ model: VQAModel, _ console: Console) {
    var told: Set<String> = []
    for word in answers.flatMap(\.unknownWords) where told.insert(word).inserted {
      console.note("the model does not know the word '\(word)'")
    }
    for answer in answers where answer.droppedWords > 0 {
      console.note(
        "the model reads \(model.configuration.network.questionLength) words of a question; the last "
          + "\(answer.droppedWords) of '\(answer.question)' were left out")
    }
  }
}
