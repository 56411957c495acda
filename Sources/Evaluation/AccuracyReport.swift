// AccuracyReport.swift - the accuracy of a whole set, over all and by type.
//
// Means are of unrounded accuracies; every printed figure is 100 times one, rounded like Python's round(x, 2).

import SafeFiles
import VQAFormats

/// The accuracy of the answer to one question.
public struct QuestionAccuracy: Sendable, Equatable {
  /// Id of the question.
  public let questionID: Int
  /// Its question type, as annotated.
  public let questionType: String
  /// Its answer type, as annotated.
  public let answerType: String
  /// Accuracy, 0 to 1, unrounded.
  public let accuracy: Double

  /// The accuracy of one answer.
  public init(questionID: Int, questionType: String, answerType: String, accuracy: Double) {
    self.questionID = questionID
    self.questionType = questionType
    self.answerType = answerType
    self.accuracy = accuracy
  }
}

/// The mean accuracy of all questions of one type.
public struct TypeAccuracy: Sendable, Equatable {
  /// The type.
  public let name: String
  /// Number of questions.
  public let count: Int
  /// Mean accuracy in percent, unrounded.
  public let percent: Double
}

/// The accuracy of a set of answers.
public struct AccuracyReport: Sendable, Equatable {
  /// Each question in the order scored; one listed twice is here twice.
  public let questions: [QuestionAccuracy]
  /// Mean accuracy in percent, unrounded; 0 without questions.
  public let percent: Double
  /// By answer type, in order of first occurrence.
  public let answerTypes: [TypeAccuracy]
  /// By question type, in order of first occurrence.
  public let questionTypes: [TypeAccuracy]

  /// Sums up the accuracies of questions.
  public init(questions: [QuestionAccuracy]) {
    self.questions = questions
    percent = Self.percent(sum: questions.reduce(0) { $0 + $1.accuracy }, count: questions.count)
    answerTypes = Self.types(questions, \.answerType)
    questionTypes = Self.types(questions, \.questionType)
  }

  /// Number of questions scored.
  public var count: Int { questions.count }
  /// Mean accuracy in percent with two decimals: the official overall accuracy.
  public var overall: Double { PythonRounding.round(percent, places: 2) }

  /// The report with the keys of the official evaluator.
  ///
  /// - Parameters:
  ///   - places: Decimals of every figure.
  ///   - perQuestion: Whether to add `evalQA`, `evalAnsType` and `evalQuesType` with each question's figure.
  /// - Returns: `overall`, `perAnswerType`, `perQuestionType` and `count`, types sorted by name.
  public func json(places: Int = 2, perQuestion: Bool = false) -> JSONObject {
    var object: JSONObject = [
      "overall": .number(PythonRounding.round(percent, places: places)),
      "perAnswerType": Self.json(answerTypes, places: places),
      "perQuestionType": Self.json(questionTypes, places: places),
      "count": .integer(Int64(count)),
    ]
    guard perQuestion else { return object }
    object["evalQA"] = .object(figures(questions, places: places))
    object["evalAnsType"] = figures(by: \.answerType, answerTypes, places: places)
    object["evalQuesType"] = figures(by: \.questionType, questionTypes, places: places)
    return object
  }

  private func figures(_ questions: [QuestionAccuracy], places: Int) -> JSONObject {
    JSONObject(
      questions.lazy.map { question in
        (String(question.questionID), .number(PythonRounding.round(100 * question.accuracy, places: places)))
      })
  }

  private func figures(
    by type: KeyPath<QuestionAccuracy, String>, _ types: [TypeAccuracy], places: Int
  ) -> JSONValue {
    let groups = Dictionary(grouping: questions) { ScalarText($0[keyPath: type]) }
    let members = Self.sorted(types).map { type in
      (type.name, JSONValue.object(figures(groups[ScalarText(type.name), default: []], places: places)))
    }
    return .object(JSONObject(members))
  }

  private static func types(
    _ questions: [QuestionAccuracy], _ type: KeyPath<QuestionAccuracy, String>
  ) -> [TypeAccuracy] {
    var order: [String] = []
    var sums: [ScalarText: (sum: Double, count: Int)] = [:]
    for question in questions {
      let name = question[keyPath: type]
      let (sum, count) = sums[ScalarText(name), default: (0, 0)]
      if count == 0 { order.append(name) }
      sums[ScalarText(name)] = (sum + question.accuracy, count + 1)
    }
    return order.map { name in
      let (sum, count) = sums[ScalarText(name), default: (0, 0)]
      return TypeAccuracy(name: name, count: count, percent: percent(sum: sum, count: count))
    }
  }

  /// In the original's order of operations, which the last digit of a double remembers.
  private static func percent(sum: Double, count: Int) -> Double { count == 0 ? 0 : 100 * sum / Double(count) }

  private static func sorted(_ types: [TypeAccuracy]) -> [TypeAccuracy] {
    types.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private static func json(_ types: [TypeAccuracy], places: Int) -> JSONValue {
    .object(JSONObject(sorted(types).map { ($0.name, .number(PythonRounding.round($0.percent, places: places))) }))
  }
}
