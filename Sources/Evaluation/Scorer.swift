// Scorer.swift - the accuracy of one answer against the answers people gave.
//
// Source: the official VQA evaluator, and the older copy of it in the original TRAR. An answer counts fully when three
// others gave it; the mean is over each person left out in turn. "Others" are the entries that differ in some field, so
// entries that are equal in all fields leave together.

import SafeFiles
import VQAFormats

/// Which rules answers are compared by.
public enum Scorer: String, Sendable, CaseIterable {
  /// The official VQA accuracy: nothing is normalised when all people agree to the letter, else both sides are.
  case official
  /// The original TRAR's: the prediction is always normalised, people's answers only in their punctuation.
  case trar

  /// The accuracy of one answer, 0 to 1.
  ///
  /// - Parameters:
  ///   - prediction: The answer as predicted.
  ///   - answers: What people answered, in full; no answers give 0.
  /// - Returns: The mean over people of min(1, matches among the others / 3).
  public func accuracy(of prediction: String, answers: [HumanAnswer]) -> Double {
    var answers = answers
    return accuracy(of: prediction, normalising: &answers)
  }

  /// The same, leaving the answers normalised: the originals do so, which shows when a question is scored twice.
  func accuracy(of prediction: String, normalising answers: inout [HumanAnswer]) -> Double {
    if self == .official {
      for index in answers.indices { answers[index].answer = AnswerNormalisation.whitespace(answers[index].answer) }
    }
    guard let first = answers.first?.answer else { return 0 }
    let differ = answers.contains { !$0.answer.isExactly(first) }
    if differ {
      // People mostly say the same: what the first few said is normalised once.
      var known: [(said: String, meant: String)] = []
      for index in answers.indices {
        let said = answers[index].answer
        if let meant = known.first(where: { $0.said.isExactly(said) })?.meant {
          answers[index].answer = meant
        } else {
          answers[index].answer = truth(said)
          if known.count < 10 { known.append((said, answers[index].answer)) }
        }
      }
    }
    let normalises = self == .trar || differ
    let said = normalises ? AnswerNormalisation.official(prediction) : AnswerNormalisation.whitespace(prediction)
    return Self.leaveOneOut(said, answers)
  }

  private func truth(_ answer: String) -> String {
    let text = AnswerNormalisation.punctuation(answer)
    return self == .official ? AnswerNormalisation.digitArticle(text) : text
  }

  /// Mean over the entries of min(1, matches among the entries unequal to this one / 3).
  private static func leaveOneOut(_ said: String, _ answers: [HumanAnswer]) -> Double {
    let matching = answers.map { $0.answer.isExactly(said) }
    let matchCount = matching.count { $0 }
    let copies = CopyCounts(zip(answers, matching).lazy.filter(\.1).map(\.0))
    var sum = 0.0
    for (entry, matches) in zip(answers, matching) {
      // Equal entries have the same text: they only ever leave from among the matches of a matching one.
      let others = matches ? matchCount - copies.count(of: entry) : matchCount
      sum += min(1, Double(others) / 3)
    }
    return sum / Double(answers.count)
  }
}

/// How often each entry occurs among entries of one text.
private struct CopyCounts {
  private struct Key: Hashable {
    var answerID: Int?
    var confidence: ScalarText?
    var others: ScalarText?

    init(_ entry: HumanAnswer) {
      answerID = entry.answerID
      confidence = entry.confidence.map(ScalarText.init)
      others = entry.others.map { ScalarText(Self.text(.object($0))) }
    }

    /// A text that is the same for values that Python calls equal: members in any order, 1, 1.0 and true.
    private static func text(_ value: JSONValue) -> String {
      switch value {
      case .object(let object):
        let members = object.map { "\(JSONValue.quoted($0.key)):\(text($0.value))" }
        return "{\(members.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ","))}"
      case .array(let elements): return "[\(elements.map(text).joined(separator: ","))]"
      case .number(let number): return Int64(exactly: number).map(String.init) ?? value.serialized()
      case .bool(let flag): return flag ? "1" : "0"
      case .null, .integer, .string: return value.serialized()
      }
    }
  }

  private var counts: [Key: Int] = [:]

  init(_ entries: some Sequence<HumanAnswer>) {
    for entry in entries { counts[Key(entry), default: 0] += 1 }
  }

  func count(of entry: HumanAnswer) -> Int { counts[Key(entry), default: 0] }
}
