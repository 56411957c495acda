// HeldOut.swift - how many questions of a set a model answers as most people did.

import VQAPipeline

/// Measures a model on a set.
enum HeldOut {
  private static let pictureGroup = 256

  /// The share of questions whose best answer is the one most people gave, from 0 to 1.
  static func accuracy(of model: VQAModel, on set: QuestionSet) throws -> Double {
    var right = 0
    var byPicture = [[Int]](repeating: [], count: set.pictures.count)
    for (index, question) in set.questions.enumerated() { byPicture[question.picture].append(index) }
    for start in stride(from: 0, to: set.pictures.count, by: pictureGroup) {
      let range = start..<min(start + pictureGroup, set.pictures.count)
      let seen = try model.see(Array(set.pictures[range]))
      let questions = range.flatMap { byPicture[$0] }
      let answers = model.answer(
        questions.map { set.questions[$0].text },
        about: questions.map { seen[set.questions[$0].picture - start] }, top: 1)
      for (question, answer) in zip(questions, answers) where answer.best.answer == set.questions[question].common {
        right += 1
      }
    }
    return Double(right) / Double(max(1, set.questions.count))
  }
}
