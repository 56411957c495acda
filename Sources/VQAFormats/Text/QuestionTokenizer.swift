// QuestionTokenizer.swift - a question to words and word ids, as the original TRAR's loader does it.
//
// Lower-case; delete . , ' ! ? " ( ) * # : ; ; turn - and / into spaces; split on white space. Other symbols stay.

import SafeFiles

/// Word ids of a question and what the vocabulary did not know.
public struct TokenizedQuestion: Sendable, Equatable {
  /// Word ids, padded with ``Vocabulary/padding`` to the length asked for.
  public let ids: [Int]
  /// How many of the ids are words.
  public let wordCount: Int
  /// Words that became ``Vocabulary/unknown``, in the question's order, each once.
  public let unknownWords: [String]
  /// How many words did not fit and were left out.
  public let droppedWords: Int
}

/// Cuts questions into words by the original's rules.
public enum QuestionTokenizer {
  /// The words of a question: lower-case, without punctuation, in order.
  public static func words(of question: String) -> [String] {
    var kept = String.UnicodeScalarView()
    for scalar in PythonText.lowercased(question).unicodeScalars {
      switch scalar {
      case ".", ",", "'", "!", "?", "\"", "(", ")", "*", "#", ":", ";": continue
      case "-", "/": kept.append(" ")
      default: kept.append(scalar)
      }
    }
    return PythonText.words(String(kept))
  }

  /// The word ids of a question, padded or cut to one length.
  ///
  /// - Parameters:
  ///   - question: Any text; empty text gives padding only.
  ///   - vocabulary: Gives each word its id.
  ///   - length: Number of ids wanted: 14 for VQA, the longest question for CLEVR. Negative counts as 0.
  /// - Returns: Exactly `length` ids, the number of words among them, and the words that were unknown or dropped.
  public static func tokenize(_ question: String, vocabulary: Vocabulary, length: Int) -> TokenizedQuestion {
    let words = words(of: question)
    let length = max(length, 0)
    var ids: [Int] = []
    var unknown: [String] = []
    var seen: Set<ScalarText> = []
    for word in words.prefix(length) {
      if let id = vocabulary.id(of: word) {
        ids.append(id)
      } else {
        ids.append(Vocabulary.unknown)
        if seen.insert(ScalarText(word)).inserted { unknown.append(word) }
      }
    }
    let count = ids.count
    ids.append(contentsOf: repeatElement(Vocabulary.padding, count: length - count))
    return TokenizedQuestion(ids: ids, wordCount: count, unknownWords: unknown, droppedWords: words.count - count)
  }
}
