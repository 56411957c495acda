// AnswerNormalisation.swift - how answers are made comparable: the official rules and the original TRAR loader's.
//
// Source: the official VQA evaluator (processPunctuation, processDigitArticle) and TRAR's answer preparation. Digits are
// ASCII digits, as in the official run. All 21 punctuation marks are ASCII, so those steps work on UTF-8 bytes.

import SafeFiles

/// Answer normalisation, one function a step.
public enum AnswerNormalisation {
  /// Most periods the period rule deletes: the original passes a flag constant, 32, where the count goes.
  static let mostPeriodsDeleted = 32

  /// Newlines and tabs become spaces, then white space is stripped at both ends; a carriage return inside stays.
  public static func whitespace(_ text: String) -> String {
    let isBreak = { (byte: UInt8) in byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t") }
    guard text.utf8.contains(where: isBreak) else { return PythonText.stripped(text) }
    let spaced = text.utf8.map { isBreak($0) ? space : $0 }
    return PythonText.stripped(String(decoding: spaced, as: UTF8.self))
  }

  /// Small letters and single spaces, all else as people wrote it: the form in which somebody's own answers are learned and scored.
  public static func written(_ text: String) -> String {
    text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Deletes punctuation, or turns it into spaces.
  ///
  /// A mark that somewhere touches a space is deleted everywhere, any other becomes a space; one digit-comma-digit makes
  /// every mark a deletion. Then the first 32 periods not followed by a digit are deleted.
  public static func punctuation(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let marks = isMark
    guard bytes.contains(where: { $0 == period || $0 < 0x80 && marks[Int($0)] }) else { return text }
    let deleted = deletedMarks(bytes)
    var spaced: [UInt8] = []
    spaced.reserveCapacity(bytes.count)
    for byte in bytes {
      if byte >= 0x80 || !marks[Int(byte)] {
        spaced.append(byte)
      } else if !deleted[Int(byte)] {
        spaced.append(space)
      }
    }
    return String(decoding: withoutPeriods(spaced), as: UTF8.self)
  }

  /// Lower-cases, turns number words into digits, drops articles, restores apostrophes; single spaces between words.
  public static func digitArticle(_ text: String) -> String {
    var kept: [String] = []
    for word in PythonText.words(PythonText.lowercased(text)) {
      let digits = AnswerTables.numberWords[ScalarText(word)] ?? word
      if !AnswerTables.articles.contains(ScalarText(digits)) {
        kept.append(AnswerTables.contractions[ScalarText(digits)] ?? digits)
      }
    }
    return kept.joined(separator: " ")
  }

  /// The official evaluator's whole normalisation of an answer.
  public static func official(_ text: String) -> String { digitArticle(punctuation(whitespace(text))) }

  /// The original TRAR loader's preparation of an answer, for vocabularies and training targets.
  public static func loader(_ text: String) -> String {
    String(digitArticle(punctuation(text)).unicodeScalars.filter { $0 != "," })
  }

  private static let space = UInt8(ascii: " ")
  private static let comma = UInt8(ascii: ",")
  private static let period = UInt8(ascii: ".")

  /// Which of the 128 ASCII bytes are punctuation marks.
  private static let isMark: [Bool] = {
    var marks = [Bool](repeating: false, count: 128)
    for mark in AnswerTables.punctuation { marks[Int(mark.value)] = true }
    return marks
  }()

  private static func isDigit(_ byte: UInt8) -> Bool { 0x30 <= byte && byte <= 0x39 }

  /// Which marks the text has next to a space; all of them when it has a digit-comma-digit.
  private static func deletedMarks(_ bytes: [UInt8]) -> [Bool] {
    var deleted = [Bool](repeating: false, count: 128)
    for index in bytes.indices.dropLast() {
      let (byte, next) = (bytes[index], bytes[index + 1])
      if next == space, byte < 0x80 { deleted[Int(byte)] = true }
      if byte == space, next < 0x80 { deleted[Int(next)] = true }
      if byte == comma, index > 0, isDigit(bytes[index - 1]), isDigit(next) { return isMark }
    }
    return deleted
  }

  private static func withoutPeriods(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var left = mostPeriodsDeleted
    for (index, byte) in bytes.enumerated() {
      let digitFollows = index + 1 < bytes.count && isDigit(bytes[index + 1])
      if byte == period, left > 0, !digitFollows {
        left -= 1
      } else {
        result.append(byte)
      }
    }
    return result
  }
}
