// OriginalAnswerDictionary.swift - reads `answer_dict.json` of the original TRAR.
//
// A list of two objects: answer to index, and index (as text) to answer. Both must say the same.

import SafeFiles

/// The original's answer dictionary.
enum OriginalAnswerDictionary {
  /// The answers by index.
  static func parse(_ bytes: [UInt8]) throws(FormatFailure) -> [String] {
    try FieldReader.whole(bytes) { fields throws(FormatFailure) in
      var forward: [(answer: String, index: Int)] = []
      var backward: [(key: String, answer: String)] = []
      var count = 0
      try fields.list { fields, half throws(FormatFailure) in
        count = half + 1
        try fields.object { fields, key throws(FormatFailure) in
          switch half {
          case 0: forward.append((key, try fields.integer()))
          case 1: backward.append((key, try fields.string()))
          default: throw fields.failure(.notAnswerDictionary)
          }
        }
      }
      guard count == 2 else { throw FormatFailure(path: "", reason: .notAnswerDictionary) }
      return try joined(forward, backward)
    }
  }

  /// Puts the answers in order and holds the two halves against each other.
  private static func joined(
    _ forward: [(answer: String, index: Int)], _ backward: [(key: String, answer: String)]
  ) throws(FormatFailure) -> [String] {
    var answers = [String?](repeating: nil, count: forward.count)
    for (answer, index) in forward {
      guard answers.indices.contains(index) else {
        throw FormatFailure(path: "[0]", reason: .outOfRange(value: index, allowed: 0...max(forward.count - 1, 0)))
      }
      guard answers[index] == nil else {
        throw FormatFailure(path: "[0]", reason: .inconsistentIndex(answer: answer, index: index))
      }
      answers[index] = answer
    }
    for (key, answer) in backward {
      guard let index = Int(key), String(index) == key, answers.indices.contains(index),
        answers[index]?.isExactly(answer) == true
      else { throw FormatFailure(path: "[1]", reason: .inconsistentIndex(answer: answer, index: Int(key) ?? -1)) }
    }
    guard backward.count == forward.count else {
      throw FormatFailure(path: "[1]", reason: .inconsistentIndex(answer: "", index: backward.count))
    }
    return answers.compactMap { $0 }
  }
}
