// FailureTests.swift - every failure says what is wrong and what to do, and no text from a file reaches a terminal raw.

import SafeFiles
import Testing
import VQAFormats

@Suite struct FailureTests {
  private let escape = "\u{1B}[31m\u{202E}"

  @Test func formatFailuresSpeak() {
    let reasons: [FormatFailure.Reason] = [
      .json(.unexpectedEnd(offset: 3)), .missingField, .notResults(found: .object), .notAnswerDictionary,
      .outOfRange(value: 7, allowed: 0...3), .unknownFormat(found: escape, expected: "vqa-words-1"),
      .duplicate(text: escape, first: 2), .emptyEntry, .containsNUL, .tooLong(bytes: 9, limit: 8),
      .tooMany(count: 9, limit: 8), .wrongSpecialWord(expected: "PAD", found: escape),
      .inconsistentIndex(answer: escape, index: 1), .unsafeFileName(escape), .badImageID(escape),
    ]
    let failures = reasons.map { FormatFailure(path: "words[1]", reason: $0, offset: 4) }
    for failure in failures { check(failure, kind: .badData) }
    #expect(Set(failures.map(\.problem)).count == reasons.count)
    #expect(failures.first?.place == "words[1] (byte 4)")
    #expect(FormatFailure(path: "", reason: .missingField).place == nil)
    #expect(FormatFailure(path: "", reason: .missingField, offset: 0).place == "byte 0")
    #expect(FormatFailure(path: escape, reason: .missingField).place == "\\u{1B}[31m\\u{202E}")
  }

  @Test func otherFailuresSpeak() {
    check(PictureFailure.noFolder, kind: .notFound)
    check(PictureFailure.noPicture(imageID: 7), kind: .notFound)
    check(EasyVQAFailure.notThePackage, kind: .notFound)
    check(EasyVQAFailure.otherDataSet, kind: .cannotCreate)
    check(EasyVQAFailure.tooManyQuestions(image: 1, limit: 2), kind: .badData)
  }

  private func check(_ failure: some Failure, kind: FailureKind) {
    #expect(failure.kind == kind && !failure.problem.isEmpty && !failure.advice.isEmpty)
    #expect(!failure.message.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
  }
}
