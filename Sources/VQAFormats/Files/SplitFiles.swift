// SplitFiles.swift - the files of one split: in this package's layout, or where the original TRAR has them.
//
//   DIR/SPLIT/questions.json and annotations.json                       this package
//   DIR/vqa/raw/v2_OpenEnded_mscoco_train2014_questions.json ...        the original's ./data; the folders may be left out
//   DIR/clevr/raw/questions/CLEVR_train_questions.json ...

import SafeFiles

/// How the questions of a data set are written.
public enum QuestionLayout: String, Sendable, Codable, CaseIterable {
  /// Question and annotation files of VQA v2, ten answers a question.
  case vqa
  /// CLEVR: questions with their answer in one file.
  case clevr
  /// A folder of somebody's own pictures with one table of questions and answers.
  case own

  /// The splits that the original collects words from, in its order.
  public var vocabularySplits: [String] { self == .vqa ? ["train", "val", "test", "vg"] : ["train", "val", "test"] }
}

/// No file of a split is there.
public struct NoSplit: Failure, Equatable {
  /// The split.
  public let split: String
  /// Where its questions were looked for.
  public let tried: [String]

  /// An input that is not there.
  public var kind: FailureKind { .notFound }
  /// The split.
  public var place: String? { "split \(visibleText(split))" }
  /// What is wrong.
  public var problem: String { "its questions are not there; looked for " + tried.joined(separator: ", ") }
  /// What to do.
  public var advice: String { "check the folder given with --data and the names given with --split" }
}

/// The files of one split.
public struct SplitFiles: Sendable, Equatable {
  /// The questions.
  public var questions: String
  /// The annotations; nil where the layout has none, or none is there.
  public var annotations: String?
  /// The folder of the split's features in the original's layout, where it is there.
  public var features: String?

  /// Given files.
  public init(questions: String, annotations: String? = nil, features: String? = nil) {
    self.questions = questions
    self.annotations = annotations
    self.features = features
  }

  /// Finds the files of a split.
  ///
  /// - Parameters:
  ///   - split: `train`, `val`, `test` or `vg`, or the name of a folder in this package's layout.
  ///   - root: Folder of the data set.
  ///   - layout: How questions are written.
  /// - Throws: `FileFailure` with ``NoSplit``.
  public init(_ split: String, in root: String, layout: QuestionLayout) throws(FileFailure) {
    let own = "\(root)/\(split)/questions.json"
    var tried = [own]
    if isRegularFile(own) {
      questions = own
      let annotations = "\(root)/\(split)/annotations.json"
      self.annotations = layout == .vqa && isRegularFile(annotations) ? annotations : nil
      return
    }
    guard let names = Self.officialNames(split, layout) else {
      throw FileFailure(file: root, cause: NoSplit(split: split, tried: tried))
    }
    let folders =
      layout == .vqa ? ["vqa/raw/", "raw/", ""] : ["clevr/raw/questions/", "raw/questions/", "questions/", ""]
    for folder in folders {
      let path = "\(root)/\(folder)\(names.questions)"
      tried.append(path)
      guard isRegularFile(path) else { continue }
      questions = path
      annotations = names.annotations.map { "\(root)/\(folder)\($0)" }.flatMap { isRegularFile($0) ? $0 : nil }
      features = Self.featureFolder(split, in: root, layout)
      return
    }
    throw FileFailure(file: root, cause: NoSplit(split: split, tried: tried))
  }

  private static func officialNames(
    _ split: String, _ layout: QuestionLayout
  ) -> (questions: String, annotations: String?)? {
    switch (layout, split) {
    case (.vqa, "train"), (.vqa, "val"):
      ("v2_OpenEnded_mscoco_\(split)2014_questions.json", "v2_mscoco_\(split)2014_annotations.json")
    case (.vqa, "test"): ("v2_OpenEnded_mscoco_test2015_questions.json", nil)
    case (.vqa, "vg"): ("VG_questions.json", "VG_annotations.json")
    case (.clevr, "train"), (.clevr, "val"), (.clevr, "test"): ("CLEVR_\(split)_questions.json", nil)
    default: nil
    }
  }

  /// The original's folder of features: one of each split for CLEVR, whose splits count their pictures alike; all of them for VQA.
  private static func featureFolder(_ split: String, in root: String, _ layout: QuestionLayout) -> String? {
    let names = layout == .vqa ? ["vqa/feats", "feats"] : ["clevr/feats/\(split)", "feats/\(split)"]
    return names.map { "\(root)/\($0)" }.first(where: isFolder)
  }
}
