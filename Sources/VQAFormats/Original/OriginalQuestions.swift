// OriginalQuestions.swift - the words that the original numbers, from the question files it scans.
//
// The original keeps no vocabulary: it numbers the words anew each time, in the order in which they first occur in its question files - for
// VQA train, val, test and Visual Genome, for CLEVR train, val and test, always all of them, whatever it learns from.

import SafeFiles

/// A part of the original's data, in the order in which it scans them.
public enum OriginalPart: String, Sendable, CaseIterable {
  /// The training questions.
  case train
  /// The validation questions.
  case val
  /// The test questions.
  case test
  /// The questions of Visual Genome, VQA's only.
  case vg

  /// The parts of a data set.
  public static func all(of dataSet: OriginalConfiguration.DataSet) -> [OriginalPart] {
    dataSet == .vqa ? allCases : [.train, .val, .test]
  }

  /// The name of the official file.
  public func fileName(of dataSet: OriginalConfiguration.DataSet) -> String {
    switch (dataSet, self) {
    case (.clevr, _): "CLEVR_\(rawValue)_questions.json"
    case (.vqa, .vg): "VG_questions.json"
    case (.vqa, .test): "v2_OpenEnded_mscoco_test2015_questions.json"
    case (.vqa, _): "v2_OpenEnded_mscoco_\(rawValue)2014_questions.json"
    }
  }

  /// Which part a file is, by its name and by the split it names; nil when neither tells.
  static func told(byName path: String, split: String?) -> OriginalPart? {
    let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    // Visual Genome's questions were put into VQA's layout, so that their header may speak of any split.
    if name.hasPrefix("vg") || name.contains("genome") { return .vg }
    for text in [split?.lowercased() ?? "", name] {
      // Of "trainval" neither can be said.
      let parts = [OriginalPart.train, .val, .test].filter { text.contains($0.rawValue) }
      if parts.count == 1 { return parts[0] }
    }
    return nil
  }
}

/// The question files of the original, in the order in which they are scanned.
public struct OriginalQuestions: Sendable {
  /// A file and which part it is.
  public struct File: Sendable {
    /// Its path.
    public let path: String
    /// The part, where name or contents tell it.
    public let part: OriginalPart?
    /// SHA-256 of its bytes, in hexadecimal.
    public let hash: String
    /// Its questions.
    public let questions: AnyQuestionFile
  }

  /// The data set.
  public let dataSet: OriginalConfiguration.DataSet
  /// The files in the order in which they are scanned.
  public let files: [File]
  /// Whether the order is the original's; otherwise the files stand in the order in which they were given.
  public let isOrderKnown: Bool

  /// Reads question files.
  ///
  /// - Parameters:
  ///   - paths: The files, in any order.
  ///   - dataSet: What they must be of.
  ///   - limits: Size of each.
  /// - Throws: `FileFailure` when a file cannot be read or is of the other data set.
  public init(
    paths: [String], dataSet: OriginalConfiguration.DataSet, limits: LoadLimits = .default
  ) throws(FileFailure) {
    var files: [File] = []
    for path in paths { files.append(try Self.file(path, dataSet: dataSet, limits: limits)) }
    let parts = files.compactMap(\.part)
    isOrderKnown = parts.count == files.count && Set(parts).count == parts.count
    if isOrderKnown {
      let order = OriginalPart.allCases
      files.sort { one, other in
        (one.part.flatMap(order.firstIndex) ?? 0) < (other.part.flatMap(order.firstIndex) ?? 0)
      }
    }
    self.files = files
    self.dataSet = dataSet
  }

  private static func file(
    _ path: String, dataSet: OriginalConfiguration.DataSet, limits: LoadLimits
  ) throws(FileFailure) -> File {
    let bytes = try readFile(path, limit: limits.jsonFileBytes)
    let questions: AnyQuestionFile
    do {
      questions = try AnyQuestionFile(json: bytes, limits: limits)
    } catch {
      throw FileFailure(file: path, cause: error)
    }
    let split: String?
    switch questions {
    case .vqa(let file):
      guard dataSet == .vqa else { throw FileFailure(file: path, cause: OtherDataSet(expected: dataSet)) }
      split = file.header.dataSubtype
    case .clevr(let file):
      guard dataSet == .clevr else { throw FileFailure(file: path, cause: OtherDataSet(expected: dataSet)) }
      split = file.split
    }
    let part = OriginalPart.told(byName: path, split: split)
    return File(path: path, part: part, hash: ContentHash.hex(bytes), questions: questions)
  }

  /// The words of all questions in the order of their first occurrence.
  public var vocabulary: Vocabulary {
    let names = files.map { visibleText($0.path.split(separator: "/").last.map(String.init) ?? $0.path) }
    return Vocabulary.build(
      fromQuestions: files.lazy.flatMap(\.questions.texts),
      madeFrom: "the questions of " + names.joined(separator: ", ") + ", in this order")
  }

  /// Number of words of the longest question; the original pads CLEVR's questions to it.
  public var longestQuestion: Int {
    files.lazy.flatMap(\.questions.texts).map { QuestionTokenizer.words(of: $0).count }.max() ?? 0
  }

  /// CLEVR's answers in the order of their first occurrence in the train and val questions; nil for VQA.
  ///
  /// Where the parts are not known, every file that has answers counts.
  public var answers: AnswerVocabulary? {
    guard dataSet == .clevr else { return nil }
    let answers = files.lazy.filter { $0.part != .test }.flatMap { file -> [String] in
      guard case .clevr(let questions) = file.questions else { return [] }
      return questions.questions.compactMap(\.answer)
    }
    return AnswerVocabulary.build(fromAnswers: answers, madeFrom: "the answers of CLEVR's train and val questions")
  }

  /// The official files of parts that are not among these.
  public var missing: [String] {
    let present = Set(files.compactMap(\.part))
    return OriginalPart.all(of: dataSet).filter { !present.contains($0) }.map { $0.fileName(of: dataSet) }
  }

  /// The order of the files in words: "train (a.json), val (b.json)".
  public var order: String {
    files.map { file in
      let name = visibleText(file.path.split(separator: "/").last.map(String.init) ?? file.path, limit: 80)
      return isOrderKnown ? "\(file.part?.rawValue ?? "") (\(name))" : name
    }.joined(separator: ", ")
  }
}

/// A question file is of the other data set.
struct OtherDataSet: Failure, Equatable {
  let expected: OriginalConfiguration.DataSet

  var kind: FailureKind { .badData }
  var place: String? { nil }

  var problem: String {
    switch expected {
    case .vqa: "these are CLEVR questions, and the settings are for VQA"
    case .clevr: "these are VQA questions, and the settings are for CLEVR"
    }
  }

  var advice: String {
    "give the questions it was trained with, or say --dataset \(expected == .vqa ? "clevr" : "vqa")"
  }
}
