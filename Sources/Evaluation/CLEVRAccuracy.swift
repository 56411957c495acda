// CLEVRAccuracy.swift - CLEVR accuracy by family of question, as the original TRAR prints it.
//
// An answer counts when it is the question's to the letter. The family is that of the program's last function; note that
// equal_integer counts among the attributes here, unlike the usual CLEVR convention.

import SafeFiles
import VQAFormats

/// Right answers of one group of CLEVR questions.
public struct CLEVRScore: Sendable, Equatable {
  /// Name of the family, or "Overall".
  public let name: String
  /// Questions answered right.
  public internal(set) var correct = 0
  /// Questions asked.
  public internal(set) var total = 0

  /// Share of right answers in percent; 0 without questions.
  public var percent: Double { total == 0 ? 0 : 100 * Double(correct) / Double(total) }
}

/// The accuracy of answers to CLEVR questions.
public struct CLEVRAccuracy: Sendable, Equatable {
  /// All questions together.
  public private(set) var overall = CLEVRScore(name: "Overall")
  /// The five families, in a fixed order, also those without questions.
  public private(set) var families: [CLEVRScore]

  /// The functions a program of each family ends with.
  static let functions: KeyValuePairs<String, [String]> = [
    "Count": ["count"],
    "Exist": ["exist"],
    "Compare_Numbers": ["greater_than", "less_than"],
    "Query_Attribute": ["query_color", "query_material", "query_shape", "query_size"],
    "Compare_Attribute": ["equal_color", "equal_integer", "equal_material", "equal_shape", "equal_size"],
  ]

  /// The family of questions whose program ends with a function, or nil when no family has it.
  public static func family(of function: String) -> String? {
    index(ofFamilyOf: function).map { functions[$0].key }
  }

  /// The five families, in a fixed order.
  public static var familyNames: [String] { functions.map(\.key) }

  private static func index(ofFamilyOf function: String) -> Int? {
    functions.firstIndex { $0.value.contains(where: function.isExactly) }
  }

  /// Scores answers.
  ///
  /// - Parameters:
  ///   - answers: One answer a question.
  ///   - questions: The questions, in the same order.
  /// - Throws: ``EvaluationFailure`` when the counts differ, a question has no answer, or its function no family.
  public init(answers: [String], questions: [CLEVRQuestion]) throws(EvaluationFailure) {
    guard answers.count == questions.count else {
      throw .countsDiffer(answers: answers.count, questions: questions.count)
    }
    families = Self.functions.map { CLEVRScore(name: $0.key) }
    for (index, (answer, question)) in zip(answers, questions).enumerated() {
      guard let right = question.answer, let function = question.lastFunction else {
        throw .notAnnotated(index: index)
      }
      guard let family = Self.index(ofFamilyOf: function) else {
        throw .unknownFunction(index: index, name: function)
      }
      let score = answer.isExactly(right) ? 1 : 0
      overall.correct += score
      overall.total += 1
      families[family].correct += score
      families[family].total += 1
    }
  }

  /// The report: `overall`, `perQuestionType` by family, and `count`.
  public var json: JSONObject {
    let figures = families.filter { $0.total > 0 }
      .map { ($0.name, JSONValue.number(PythonRounding.round($0.percent, places: 2))) }
    return [
      "overall": .number(PythonRounding.round(overall.percent, places: 2)),
      "perQuestionType": .object(JSONObject(figures)),
      "count": .integer(Int64(overall.total)),
    ]
  }
}
