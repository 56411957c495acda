// HumanAnswer.swift - one person's answer in an annotation file, all of its fields kept.
//
// The official accuracy leaves out of the others every entry that equals this one in all fields, so none may be lost.

import SafeFiles

/// One person's answer to a question.
public struct HumanAnswer: Sendable, Equatable {
  /// The answer as written.
  public var answer: String
  /// How sure the person was: "yes", "maybe" or "no".
  public var confidence: String?
  /// Number of the answer, 1 to 10.
  public var answerID: Int?
  /// Any other field, and the two above when they hold something unusual.
  public var others: JSONObject?

  /// An answer.
  public init(_ answer: String, confidence: String? = nil, answerID: Int? = nil, others: JSONObject? = nil) {
    self.answer = answer
    self.confidence = confidence
    self.answerID = answerID
    self.others = others
  }

  /// Ten equal answers, for data sets with one answer a question.
  public static func tenTimes(_ answer: String) -> [HumanAnswer] {
    (1...10).map { HumanAnswer(answer, confidence: "yes", answerID: $0) }
  }

  /// Whether all fields are equal, texts by their scalars.
  public static func == (left: HumanAnswer, right: HumanAnswer) -> Bool {
    left.answerID == right.answerID && left.answer.isExactly(right.answer)
      && (left.confidence.map(ScalarText.init)) == right.confidence.map(ScalarText.init) && left.others == right.others
  }

  init(from fields: inout FieldReader) throws(FormatFailure) {
    var answer: String?
    var confidence: String?
    var answerID: Int?
    var others: JSONObject?
    try fields.object { fields, key throws(FormatFailure) in
      // The fields of the official files go straight to their places: there are ten of these a question.
      if key == "answer" { return answer = try fields.string() }
      if key == "answer_confidence", try fields.kind() == .string { return confidence = try fields.string() }
      let value = try fields.value()
      switch (key, value) {
      case ("answer_id", .integer(let number)): answerID = Int(number)
      case ("answer_id", .number(let number)) where Int(exactly: number) != nil: answerID = Int(exactly: number)
      default:
        if others == nil { others = JSONObject() }
        others?[key] = value
      }
    }
    self.init(try fields.required(answer, "answer"), confidence: confidence, answerID: answerID, others: others)
  }

  var members: JSONObject {
    var object: JSONObject = ["answer": .string(answer)]
    object["answer_confidence"] = confidence.map(JSONValue.string)
    object["answer_id"] = answerID.map { .integer(Int64($0)) }
    for (key, value) in others ?? [:] { object[key] = value }
    return object
  }
}
