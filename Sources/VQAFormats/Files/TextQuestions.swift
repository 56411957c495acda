// TextQuestions.swift - questions without pictures: what people ask and answer, one object a line.
//
//   {"question": "What meal is this?", "answer_type": "other", "answers": {"brunch": 2, "lunch": 8}}

import SafeFiles

/// Questions without pictures, as a split.
public enum TextQuestions {
  /// How many answers each question gets.
  static let answers = 10
  /// One answer may be counted so often.
  static let counts = 1...1_000_000

  /// Reads lines.
  ///
  /// - Parameters:
  ///   - bytes: The lines; empty ones are passed over.
  ///   - name: Name of the split.
  ///   - info: What the header tells of it.
  /// - Returns: Questions with ids from 1 and ``Question/noPicture``; answers spread to ten by their counts.
  /// - Throws: ``FormatFailure`` that names line and field.
  public static func split(
    lines bytes: [UInt8], name: String = "train", info: String
  ) throws(FormatFailure) -> DataSplit {
    let header = DataSetHeader(
      info: ["description": .string(info)], taskType: "Open-Ended", dataType: "text", dataSubtype: name)
    var split = DataSplit(name: name, header: header, questions: [], annotations: [])
    for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { continue }
      let parsed: Line
      do { parsed = try Line(json: Array(line)) } catch { throw error.inside("line \(number + 1): ") }
      let id = split.questions.count + 1
      split.questions.append(Question(imageID: Question.noPicture, text: parsed.question, questionID: id))
      let spread = Self.spread(parsed.answers)
      split.annotations.append(
        Annotation(
          questionID: id, imageID: Question.noPicture,
          questionType: QuestionTokenizer.words(of: parsed.question).prefix(2).joined(separator: " "),
          answerType: parsed.answerType,
          // The first of the most frequent.
          multipleChoiceAnswer: parsed.answers.max { $0.count < $1.count }?.text,
          answers: spread.enumerated().map { HumanAnswer($1, confidence: "yes", answerID: $0 + 1) }))
    }
    return split
  }

  /// Ten answers in the shares of the counts: whole parts first, then the greatest remainders, earlier ones before later ones.
  static func spread(_ counted: [(text: String, count: Int)]) -> [String] {
    let total = counted.reduce(0) { $0 + $1.count }
    guard total > 0 else { return [] }
    var shares = counted.map { $0.count * answers / total }
    let byRemainder = counted.indices.sorted {
      (counted[$1].count * answers % total, $0) < (counted[$0].count * answers % total, $1)
    }
    for place in byRemainder.prefix(answers - shares.reduce(0, +)) { shares[place] += 1 }
    return zip(counted, shares).flatMap { [String](repeating: $0.text, count: $1) }
  }

  private struct Line {
    let question: String
    let answerType: String
    let answers: [(text: String, count: Int)]

    init(json bytes: [UInt8]) throws(FormatFailure) {
      self = try FieldReader.whole(bytes) { fields throws(FormatFailure) in
        var question: String?
        var answerType: String?
        var answers: [(text: String, count: Int)] = []
        try fields.object { fields, key throws(FormatFailure) in
          switch key {
          case "question": question = try fields.string()
          case "answer_type": answerType = try fields.string()
          case "answers":
            try fields.object { fields, text throws(FormatFailure) in
              answers.append((text, try fields.integer(in: TextQuestions.counts)))
            }
          default: try fields.skip()
          }
        }
        return Line(
          question: try fields.required(question, "question"), answerType: answerType ?? "other",
          answers: try fields.required(answers.isEmpty ? nil : answers, "answers"))
      }
    }

    private init(question: String, answerType: String, answers: [(text: String, count: Int)]) {
      (self.question, self.answerType, self.answers) = (question, answerType, answers)
    }
  }
}
