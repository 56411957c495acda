// AnswerNormalisationTests.swift - the rules of the official accuracy one by one, and text that may not harm them.

import Testing
import VQAFormats

@Suite struct AnswerNormalisationTests {
  @Test(arguments: [
    ("a\nb\tc", "a b c"), ("\u{A0}yes\u{3000}", "yes"), ("\u{1C}\u{85}", ""), ("a\rb", "a\rb"),
    ("\u{200B}x", "\u{200B}x"),
    ("a\r\nb", "a\r b"),
  ])
  func whiteSpace(_ text: String, _ expected: String) {
    #expect(AnswerNormalisation.whitespace(text).isExactly(expected))
  }

  @Test(arguments: [
    ("a/b", "a b"), ("a/ b", "a b"), ("a /b", "a b"), ("a/ b c/d", "a b cd"), ("1,2 a-b/c", "12 abc"), ("3.", "3"),
    ("3.a", "3a"), ("U.S.A.", "USA"), (".5", ".5"), ("1.2.3", "1.2.3"), ("it's 5% #1: $2&*~^|", "it's 5% #1: $2&*~^|"),
    ("“a”–b", "“a”–b"), ("[x]{y}", " x  y "), (",\u{301}", " \u{301}"), ("a,\u{301} b", "a \u{301} b"), (",", " "),
    ("é-é", "é é"), ("1,a", "1 a"), (",1", " 1"), ("", ""),
  ])
  func punctuation(_ text: String, _ expected: String) {
    #expect(AnswerNormalisation.punctuation(text).isExactly(expected))
  }

  @Test func onlyThirtyTwoPeriodsAreDeleted() {
    let dots = String(repeating: ".", count: 40)
    #expect(AnswerNormalisation.punctuation(dots) == String(repeating: ".", count: 8))
    #expect(AnswerNormalisation.punctuation(".1" + dots) == ".1........")
  }

  @Test(arguments: [
    ("None", "0"), ("the A an", ""), ("Two  dogs", "2 dogs"), ("eleven", "eleven"), ("DONT", "don't"),
    ("Im Ive", "im ive"),
    ("somebody'd", "somebodyd"), ("let's", "let's"), ("couldntve", "couldntve"), ("theone", "theone"), ("", ""),
  ])
  func digitsAndArticles(_ text: String, _ expected: String) {
    #expect(AnswerNormalisation.digitArticle(text).isExactly(expected))
  }

  @Test func tablesAreWhole() {
    #expect(AnswerTables.punctuation.count == 21 && Set(AnswerTables.punctuation).count == 21)
    #expect(AnswerTables.contractions.count == 120)
    #expect(AnswerTables.numberWords.count == 12)
  }

  /// Results are single-spaced lower-case words, whatever comes in, and a second pass of the word rules changes nothing
  /// for text without number words and contractions.
  @Test(arguments: [
    "\0", "🏳️‍🌈, 👍🏽!", "\u{202E}abc", "של\u{5C1},ום", "e\u{301}-\u{E9}", "\u{10FFFF}..",
    String(repeating: ", ", count: 5000),
    String(repeating: ".", count: 5000), "ΑΣ ΑΣ",
  ])
  func oddText(_ text: String) {
    let result = AnswerNormalisation.official(text)
    #expect(PythonText.words(result).joined(separator: " ").isExactly(result))
    #expect(AnswerNormalisation.digitArticle(result).isExactly(result))
    #expect(AnswerNormalisation.loader(text).utf8.allSatisfy { $0 != UInt8(ascii: ",") })
  }

  @Test func aMegabyteIsNoTrouble() {
    let text = String(repeating: "Extraordinarily ", count: 1 << 16)
    #expect(AnswerNormalisation.official(text).utf8.count == (1 << 20) - 1)
    #expect(AnswerNormalisation.official(String(repeating: "é", count: 1 << 19)).utf8.count == 1 << 20)
  }

  @Test func softTargetsCountInVocabularyOnly() throws {
    let vocabulary = try AnswerVocabulary(answers: ["2", "dog"], madeFrom: "test")
    let answers = ["two", "2", "a dog", "cat"]
    #expect(
      SoftTargets.entries(answers: answers, vocabulary: vocabulary)
        == [SoftTargets.Entry(index: 0, value: 0.6), SoftTargets.Entry(index: 1, value: 0.3)])
    #expect(SoftTargets.vector(answers: answers, vocabulary: vocabulary, kind: .kld) == [0.2, 0.1])
    #expect(SoftTargets.vector(answers: [], vocabulary: vocabulary) == [0, 0])
  }
}
