// QuestionTokenizerTests.swift - words and ids of questions, ordinary and odd.

import Foundation
import Testing
import VQAFormats

@Suite struct QuestionTokenizerTests {
  let vocabulary = Vocabulary.build(fromQuestions: ["What color is the cat?", "Is the CAT black?"], madeFrom: "test")

  @Test func vocabularyKeepsFirstOccurrences() {
    #expect(vocabulary.words == ["PAD", "UNK", "CLS", "what", "color", "is", "the", "cat", "black"])
    #expect(vocabulary.id(of: "cat") == 7)
    #expect(vocabulary.word(8) == "black")
    #expect(vocabulary.word(9) == nil && vocabulary.word(-1) == nil)
  }

  @Test(arguments: [
    ("black-and-white/colour", ["black", "and", "white", "colour"]), ("What's (this)?", ["whats", "this"]),
    ("3.5 & 10:08; #1*", ["35", "&", "1008", "1"]), ("", []), ("?!", []), ("- / -", []),
    ("a\u{85}b\u{1C}c", ["a", "b", "c"]),
    ("don\u{2019}t", ["don\u{2019}t"]), ("!\u{301}x", ["\u{301}x"]),
  ])
  func words(_ question: String, _ expected: [String]) {
    #expect(QuestionTokenizer.words(of: question) == expected)
  }

  @Test func padsCutsAndNamesUnknownWords() {
    let short = QuestionTokenizer.tokenize("the dog the dog cat", vocabulary: vocabulary, length: 7)
    #expect(short.ids == [6, 1, 6, 1, 7, 0, 0])
    #expect(short.wordCount == 5 && short.droppedWords == 0)
    #expect(short.unknownWords == ["dog"])
    let cut = QuestionTokenizer.tokenize("the dog the dog cat", vocabulary: vocabulary, length: 1)
    #expect(cut.ids == [6] && cut.droppedWords == 4 && cut.unknownWords.isEmpty)
    #expect(QuestionTokenizer.tokenize("the", vocabulary: vocabulary, length: -3).ids.isEmpty)
  }

  @Test func composedAndDecomposedLettersAreDifferentWords() {
    let vocabulary = Vocabulary.build(fromQuestions: ["caf\u{E9} cafe\u{301}"], madeFrom: "test")
    #expect(vocabulary.count == 5)
    #expect(vocabulary.id(of: "cafe\u{301}") == 4)
  }

  /// Text as anyone may type it: nothing may trap, and the length always holds.
  @Test(arguments: [
    "\0", "a\0b", "👩‍👩‍👧‍👦 🇦🇹?", "\u{202E}txet\u{202C} \u{200F}של\u{5C1}", "\u{301}\u{301}", "\u{10FFFF}",
    String(repeating: " \t\r\n", count: 1000), String(repeating: "ΑΣ'", count: 2000),
  ])
  func oddTextKeepsTheLength(_ question: String) {
    let tokens = QuestionTokenizer.tokenize(question, vocabulary: vocabulary, length: 14)
    #expect(tokens.ids.count == 14)
    let words = QuestionTokenizer.words(of: question)
    #expect(tokens.wordCount == min(words.count, 14) && tokens.droppedWords == max(words.count - 14, 0))
    #expect(words.allSatisfy { !$0.unicodeScalars.contains(where: PythonText.isWhitespace) && !$0.isEmpty })
  }

  /// A millisecond of the processor each thousand bytes, also without optimisation, whatever the text is made of.
  @Test(arguments: ["cat? ", "x", "\u{1F98A}'s ", "a\u{301}-b/", "\0.,;"])
  func timeGrowsWithTheText(_ part: String) {
    let bytes = 1 << 20
    let question = String(repeating: part, count: bytes / part.utf8.count)
    var before = timespec()
    var after = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before)
    let tokens = QuestionTokenizer.tokenize(question, vocabulary: vocabulary, length: 3)
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after)
    #expect(tokens.ids.count == 3)
    let seconds = Double(after.tv_sec - before.tv_sec) + Double(after.tv_nsec - before.tv_nsec) / 1e9
    #expect(seconds <= Double(bytes) / 1e6, "\(seconds) s for \(bytes) bytes")
  }

  @Test func aMegabyteIsNoTrouble() {
    let tokens = QuestionTokenizer.tokenize(
      String(repeating: "cat? ", count: 200_000), vocabulary: vocabulary, length: 3)
    #expect(tokens.ids == [7, 7, 7] && tokens.droppedWords == 199_997)
    let one = QuestionTokenizer.words(of: String(repeating: "x", count: 1 << 20))
    #expect(one.count == 1)
  }
}
