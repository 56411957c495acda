// AnswerVocabulary.swift - the answers a network can give, and their indices.
//
// The original counts the normalised multiple_choice_answer of the training annotations and keeps those seen more than
// eight times (3,129 answers for VQA v2), indexed by first occurrence.

import SafeFiles

/// Answers and their indices.
public struct AnswerVocabulary: Sendable, Equatable {
  /// What the vocabulary was made from, for the reader of its file.
  public let madeFrom: String
  private let list: UniqueList

  /// A vocabulary of given answers by index; the empty answer is allowed, for normalisation can leave nothing.
  public init(answers: [String], madeFrom: String) throws(FormatFailure) {
    do { list = try UniqueList(answers, allowsEmpty: true) } catch { throw error.inside("answers") }
    self.madeFrom = madeFrom
  }

  private init(list: UniqueList, madeFrom: String) {
    self.list = list
    self.madeFrom = madeFrom
  }

  /// Collects answers that occur often enough, in order of first occurrence.
  ///
  /// - Parameters:
  ///   - answers: Answers as they are to be kept, repetitions included: for VQA ``AnswerNormalisation/loader(_:)`` of
  ///     each annotation's multiple-choice answer, for CLEVR the plain answers.
  ///   - minimumCount: Fewest occurrences of a kept answer; the original's VQA vocabulary has 9.
  ///   - madeFrom: What the answers come from.
  /// - Returns: The kept answers, each once.
  public static func build(
    fromAnswers answers: some Sequence<String>, minimumCount: Int = 1, madeFrom: String
  ) -> AnswerVocabulary {
    var counts: [ScalarText: Int] = [:]
    var order: [String] = []
    for answer in answers {
      let count = counts[ScalarText(answer), default: 0]
      if count == 0 { order.append(answer) }
      counts[ScalarText(answer)] = count + 1
    }
    let kept = order.lazy.filter { counts[ScalarText($0), default: 0] >= minimumCount }
    return AnswerVocabulary(list: UniqueList(firstOccurrencesOf: kept, allowsEmpty: true), madeFrom: madeFrom)
  }

  /// All answers by index.
  public var answers: [String] { list.items }
  /// Number of answers: the width of the network's last layer.
  public var count: Int { list.items.count }
  /// The index of an answer, or nil.
  public func index(of answer: String) -> Int? { list.indices[ScalarText(answer)] }
  /// The answer at an index, or nil.
  public func answer(_ index: Int) -> String? { list.item(at: index) }
  /// SHA-256 of the answers in order, in hexadecimal; what they were made from does not count.
  public var contentHash: String { ContentHash.hex(texts: [VocabularyFile.answers.format] + list.items) }

  /// Two vocabularies are equal when their answers are.
  public static func == (left: AnswerVocabulary, right: AnswerVocabulary) -> Bool {
    left.answers.elementsEqual(right.answers) { $0.isExactly($1) }
  }
}

extension AnswerVocabulary {
  /// Reads a vocabulary from the text of its file: this package's, or the original's `answer_dict.json`.
  public init(json bytes: [UInt8]) throws(FormatFailure) {
    if bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) == UInt8(ascii: "[") {
      try self.init(answers: OriginalAnswerDictionary.parse(bytes), madeFrom: "answer_dict.json")
    } else {
      let (answers, madeFrom) = try VocabularyFile.answers.parse(bytes)
      try self.init(answers: answers, madeFrom: madeFrom)
    }
  }

  /// Reads a vocabulary file, this package's or the original's.
  public init(path: String, limits: LoadLimits = .default) throws(FileFailure) {
    let bytes = try readFile(path, limit: limits.fileBytes)
    do { try self.init(json: bytes) } catch { throw FileFailure(file: path, cause: error) }
  }

  /// The text of the vocabulary's file.
  public var json: String { VocabularyFile.answers.text(items: answers, madeFrom: madeFrom) }
}
