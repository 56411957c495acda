// Vocabulary.swift - the words a question network knows, and their ids.
//
// As in the original TRAR: PAD 0, UNK 1, CLS 2 (never produced by the tokenizer), then every word in order of first
// occurrence over the questions, without a frequency cut.

import SafeFiles

/// Words and their ids.
public struct Vocabulary: Sendable, Equatable {
  /// Id that fills a question up to its length.
  public static let padding = 0
  /// Id of every word not in the vocabulary.
  public static let unknown = 1
  /// Id the original reserves and never uses.
  public static let classification = 2
  /// The first three entries of every vocabulary.
  public static let specialWords = ["PAD", "UNK", "CLS"]

  /// What the vocabulary was made from, for the reader of its file.
  public let madeFrom: String
  private let list: UniqueList

  /// A vocabulary of given words.
  ///
  /// - Parameters:
  ///   - words: All words by id, the three special ones first; none empty, twice, with a NUL or over 1,024 bytes.
  ///   - madeFrom: What they were made from.
  /// - Throws: ``FormatFailure`` with the first word that cannot be there.
  public init(words: [String], madeFrom: String) throws(FormatFailure) {
    for (index, special) in Self.specialWords.enumerated() {
      let found = words.dropFirst(index).first
      guard let found, found.isExactly(special) else {
        let reason = FormatFailure.Reason.wrongSpecialWord(expected: special, found: found ?? "")
        throw FormatFailure(path: "words[\(index)]", reason: reason)
      }
    }
    do { list = try UniqueList(words, allowsEmpty: false) } catch { throw error.inside("words") }
    self.madeFrom = madeFrom
  }

  private init(list: UniqueList, madeFrom: String) {
    self.list = list
    self.madeFrom = madeFrom
  }

  /// Collects the words of questions in order of first occurrence.
  ///
  /// Words that no vocabulary file may hold (with a NUL, or over 1,024 bytes) are left out and stay unknown.
  public static func build(fromQuestions questions: some Sequence<String>, madeFrom: String) -> Vocabulary {
    let words = questions.lazy.flatMap(QuestionTokenizer.words(of:))
    return Vocabulary(
      list: UniqueList(firstOccurrencesOf: words, startingWith: specialWords, allowsEmpty: false), madeFrom: madeFrom)
  }

  /// All words by id.
  public var words: [String] { list.items }
  /// Number of ids.
  public var count: Int { list.items.count }
  /// The id of a word as the tokenizer gives it, or nil.
  public func id(of word: String) -> Int? { list.indices[ScalarText(word)] }
  /// The word of an id, or nil.
  public func word(_ id: Int) -> String? { list.item(at: id) }
  /// SHA-256 of the words in order, in hexadecimal; what it was made from does not count.
  public var contentHash: String { ContentHash.hex(texts: [VocabularyFile.words.format] + list.items) }

  /// Two vocabularies are equal when their words are.
  public static func == (left: Vocabulary, right: Vocabulary) -> Bool {
    left.words.elementsEqual(right.words) { $0.isExactly($1) }
  }
}

extension Vocabulary {
  /// Reads a vocabulary from the text of its file.
  public init(json bytes: [UInt8]) throws(FormatFailure) {
    let (words, madeFrom) = try VocabularyFile.words.parse(bytes)
    try self.init(words: words, madeFrom: madeFrom)
  }

  /// Reads a vocabulary file.
  public init(path: String, limits: LoadLimits = .default) throws(FileFailure) {
    let bytes = try readFile(path, limit: limits.fileBytes)
    do { try self.init(json: bytes) } catch { throw FileFailure(file: path, cause: error) }
  }

  /// The text of the vocabulary's file.
  public var json: String { VocabularyFile.words.text(items: words, madeFrom: madeFrom) }
}
