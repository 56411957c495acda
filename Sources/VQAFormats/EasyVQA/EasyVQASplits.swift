// EasyVQASplits.swift - easy-VQA's questions in this package's splits, ids and types.

import SafeFiles

/// The three splits of the data set in the official layout.
struct EasyVQASplits {
  /// One split.
  struct Split {
    let name: String
    var questions: [Question] = []
    var annotations: [Annotation] = []
  }

  var splits: [Split] = ["train", "val", "test"].map { Split(name: $0) }

  /// Question ids of a picture start at so many times its id.
  static let questionsPerPicture = 1000

  /// How questions begin; the longest that fits is the type.
  static let questionTypes = [
    "what color", "what shape", "what is", "is there", "is there not", "does the image", "does the image not", "is a",
    "is no",
  ]

  /// Sorts the lines of both of the package's splits.
  init(train: [EasyVQASource.Line], test: [EasyVQASource.Line], seed: UInt64) throws(EasyVQAFailure) {
    let heldOut = Self.heldOut(from: Set(train.map(\.image)), seed: seed)
    var counts: [Int: Int] = [:]
    for line in train { try add(line, imageID: line.image, to: heldOut.contains(line.image) ? 1 : 0, &counts) }
    for line in test { try add(line, imageID: line.image + EasyVQASource.firstTestPicture, to: 2, &counts) }
  }

  /// A tenth of the pictures, the same for the same seed on every machine: the first in an order made from their ids.
  static func heldOut(from pictures: Set<Int>, seed: UInt64) -> Set<Int> {
    let order = pictures.map { (SeededDraws.hash($0, seed: seed), $0) }.sorted { $0 < $1 }
    return Set(order.prefix(pictures.count / 10).map(\.1))
  }

  /// The type of a question: how it begins.
  static func questionType(of question: String) -> String {
    let words = QuestionTokenizer.words(of: question)
    let fitting = questionTypes.filter { words.starts(with: $0.split(separator: " ").map(String.init)) }
    return fitting.max { $0.utf8.count < $1.utf8.count } ?? "none of the above"
  }

  private mutating func add(
    _ line: EasyVQASource.Line, imageID: Int, to split: Int, _ counts: inout [Int: Int]
  ) throws(EasyVQAFailure) {
    let number = counts[imageID, default: 0]
    guard number < Self.questionsPerPicture else {
      throw .tooManyQuestions(image: line.image, limit: Self.questionsPerPicture)
    }
    counts[imageID] = number + 1
    let id = imageID * Self.questionsPerPicture + number
    splits[split].questions.append(Question(imageID: imageID, text: line.question, questionID: id))
    splits[split].annotations.append(
      Annotation(
        questionID: id, imageID: imageID, questionType: Self.questionType(of: line.question),
        answerType: line.answer == "yes" || line.answer == "no" ? "yes/no" : "other",
        multipleChoiceAnswer: line.answer, answers: HumanAnswer.tenTimes(line.answer)))
  }
}
