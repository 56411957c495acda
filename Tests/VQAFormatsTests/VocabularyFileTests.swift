// VocabularyFileTests.swift - vocabulary files: what is written is read, what is wrong is refused with its place.

import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct VocabularyFileTests {
  private func failure<Value>(_ body: () throws -> Value) -> FormatFailure? {
    do { _ = try body() } catch { return error as? FormatFailure }
    return nil
  }

  private func words(_ list: String) -> FormatFailure? {
    failure { try Vocabulary(json: Array("{\"format\":\"vqa-words-1\",\"madeFrom\":\"x\",\"words\":\(list)}".utf8)) }
  }

  private func answers(_ text: String) -> FormatFailure? { failure { try AnswerVocabulary(json: Array(text.utf8)) } }

  @Test func writtenVocabulariesAreReadBack() throws {
    let vocabulary = Vocabulary.build(fromQuestions: ["what's \"that\\ 🐈 \u{1}?"], madeFrom: "one\nquestion")
    let again = try Vocabulary(json: Array(vocabulary.json.utf8))
    #expect(again == vocabulary && again.madeFrom == "one\nquestion")
    #expect(again.contentHash == vocabulary.contentHash)
    let answers = try AnswerVocabulary(answers: ["yes", "", "no"], madeFrom: "three")
    #expect(try AnswerVocabulary(json: Array(answers.json.utf8)) == answers)
    #expect(answers.index(of: "") == 1 && answers.answer(2) == "no" && answers.answer(3) == nil)
  }

  @Test func filesNameThemselvesInFailures() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/words.json"
      try AtomicFile.write("{}", to: path)
      let failure = #expect(throws: FileFailure.self) { try Vocabulary(path: path) }
      #expect(failure?.file == path && failure?.kind == .badData)
      #expect(throws: FileFailure.self) { try AnswerVocabulary(path: folder + "/none.json") }
    }
  }

  @Test func hashesDependOnWordsAndOrderOnly() throws {
    let one = try AnswerVocabulary(answers: ["a", "b"], madeFrom: "here")
    #expect(one.contentHash == (try AnswerVocabulary(answers: ["a", "b"], madeFrom: "there")).contentHash)
    #expect(one.contentHash != (try AnswerVocabulary(answers: ["b", "a"], madeFrom: "here")).contentHash)
    #expect(one.contentHash != (try AnswerVocabulary(answers: ["ab"], madeFrom: "here")).contentHash)
  }

  @Test func wrongWordsAreRefused() {
    #expect(words("[\"PAD\",\"UNK\",\"CLS\",\"cat\",\"cat\"]")?.path == "words[4]")
    #expect(words("[\"PAD\",\"UNK\",\"CLS\",\"cat\",\"cat\"]")?.reason == .duplicate(text: "cat", first: 3))
    #expect(words("[\"PAD\",\"UNK\"]")?.reason == .wrongSpecialWord(expected: "CLS", found: ""))
    #expect(words("[\"UNK\",\"PAD\",\"CLS\"]")?.path == "words[0]")
    #expect(words("[\"PAD\",\"UNK\",\"CLS\",\"\"]")?.reason == .emptyEntry)
    #expect(words("[\"PAD\",\"UNK\",\"CLS\",\"a\\u0000b\"]")?.reason == .containsNUL)
    let long = String(repeating: "x", count: 1025)
    #expect(words("[\"PAD\",\"UNK\",\"CLS\",\"\(long)\"]")?.reason == .tooLong(bytes: 1025, limit: 1024))
    #expect(words("[\"PAD\",\"UNK\",\"CLS\",7]")?.path == "words[3]")
    #expect(words("[\"PAD\",\"UNK\",\"CLS\",7]")?.offset == 66)
    #expect(words("null")?.path == "words")
  }

  @Test func wrongFilesAreRefused() {
    #expect(failure { try Vocabulary(json: []) }?.place == "byte 0")
    #expect(failure { try Vocabulary(json: Array("{\"format\":\"vqa-words-1\"}".utf8)) }?.reason == .missingField)
    #expect(failure { try Vocabulary(json: Array("{\"words\":[]}".utf8)) }?.path == "format")
    #expect(
      answers("{\"format\":\"vqa-words-1\",\"answers\":[]}")?.reason
        == .unknownFormat(found: "vqa-words-1", expected: "vqa-answers-1"))
    #expect(answers("{\"format\":\"vqa-answers-1\",\"answers\":[\"a\",\"a\"]}")?.path == "answers[1]")
    #expect(answers("{\"format\":\"vqa-answers-1\",\"answers\":[]} x") != nil)
  }

  @Test func originalDictionariesAreRead() throws {
    let text = #" [{"yes":1,"no":0,"":2},{"0":"no","1":"yes","2":""}]"#
    let vocabulary = try AnswerVocabulary(json: Array(text.utf8))
    #expect(vocabulary.answers == ["no", "yes", ""])
  }

  @Test(arguments: [
    #"[]"#, #"[{"a":0}]"#, #"[{"a":0},{"0":"a"},{}]"#, #"[{"a":1},{"1":"a"}]"#, #"[{"a":-1},{"-1":"a"}]"#,
    #"[{"a":9223372036854775807},{"0":"a"}]"#, #"[{"a":9223372036854775808},{"0":"a"}]"#, #"[{"a":0,"b":0},{"0":"a"}]"#,
    #"[{"a":0},{"0":"b"}]"#, #"[{"a":0},{}]"#, #"[{"a":0},{"00":"a"}]"#, #"[{"a":0},{"0":"a","1":"b"}]"#,
    #"[{"a":"0"},{"0":"a"}]"#, #"[{"a":0},{"0":0}]"#, #"[1,2]"#, #"[{"a":0,"a":1},{"0":"a"}]"#,
    #"[{"é":0,"e\u0301":1},{"0":"é","1":"é"}]"#,
  ])
  func wrongDictionariesAreRefused(_ text: String) throws {
    let failure = try #require(answers(text))
    #expect(failure.kind == .badData && !failure.message.isEmpty)
  }

  @Test func answersAreCountedAndKeptInOrder() {
    let answers = ["no", "yes", "yes", "no", "maybe", "yes"]
    #expect(AnswerVocabulary.build(fromAnswers: answers, minimumCount: 2, madeFrom: "t").answers == ["no", "yes"])
    #expect(AnswerVocabulary.build(fromAnswers: answers, madeFrom: "t").answers == ["no", "yes", "maybe"])
  }

  @Test func wordsNoFileMayHoldAreLeftOut() throws {
    let long = String(repeating: "y", count: 2000)
    let vocabulary = Vocabulary.build(fromQuestions: ["a\0b \(long) cat"], madeFrom: "odd")
    #expect(vocabulary.words == ["PAD", "UNK", "CLS", "cat"])
    #expect(try Vocabulary(json: Array(vocabulary.json.utf8)) == vocabulary)
  }
}
