// DataRecipe.swift - which data a run learns from.

import VQAFormats

/// Which data a run learns from.
public struct DataRecipe: Sendable, Equatable, Codable {
  /// A set that `vqa data` can make, `easy-vqa` or `scenes`; empty when only a folder is used.
  public var set = ""
  /// Further sets that `vqa data` can make, learned together with it; each then has a folder of its name below that of the data.
  public var also: [String] = []
  /// The kind of scenes to draw, for the set `scenes`.
  public var preset = "sort-of-clevr"
  /// Number of scenes to draw.
  public var pictures = 10_000
  /// Height and width of a drawn scene in pixels; 0: the preset's own.
  public var size = 0
  /// Seed of the drawn scenes.
  public var seed: UInt64 = 1
  /// Folder in the layout of `vqa data`, relative to the caller's folder; empty: made below the output folder.
  public var folder = ""
  /// How its questions are written.
  public var layout = QuestionLayout.vqa
  /// Name of the split to learn from, or several joined by `+`.
  public var split = "train"
  /// Name of the split held out for choosing; empty: none.
  public var heldOut = "val"
  /// Splits of sets that have others than `split` and `heldOut`.
  public var splitsOfSets: [SetSplits] = []
  /// Folders of feature files, for a model that takes features; empty: where the original TRAR has them below `folder`.
  public var features: [String] = []
  /// What a model with a backbone is made of besides questions.
  public var knowledge = KnowledgeRecipe()
  /// What questions are learned from.
  public var source = Source.questions
  /// Which splits words and answers come from.
  public var vocabulary = VocabularySource.learned
  /// A file of answers, this package's or the original's `answer_dict.json`; empty: they are collected.
  public var answers = ""
  /// How answers are written that are learned.
  public var answerForm = AnswerForm.loader
  /// An answer must occur this often to enter the vocabulary.
  public var answerCount = 1

  /// The splits of one of several sets.
  public struct SetSplits: Sendable, Equatable, Codable {
    /// The set.
    public var set: String
    /// Name of the split to learn from, or several joined by `+`.
    public var split: String
    /// Name of the split held out; empty: none.
    public var heldOut: String
  }

  /// The splits of a set in place of some splits of the recipe.
  func splits(of set: String, _ splits: [String]) -> [String] {
    guard let own = splitsOfSets.first(where: { $0.set == set }) else { return splits }
    if splits == self.splits { return own.split.split(separator: "+").map(String.init) }
    return own.heldOut.isEmpty ? [] : [own.heldOut]
  }

  /// How answers are written that are learned.
  public enum AnswerForm: String, Sendable, Codable {
    /// As the original TRAR's loader writes them: without punctuation and articles, numbers as digits.
    case loader
    /// As people wrote them, in small letters: where all agree, the official accuracy compares letter by letter.
    case written
  }

  /// The file that says which questions there are.
  public enum Source: String, Sendable, Codable {
    /// The question file; each question needs its annotation.
    case questions
    /// The annotation file, as in the original TRAR: questions that nobody annotated are left out.
    case annotations
  }

  /// Which splits words and answers come from.
  public enum VocabularySource: String, Sendable, Codable {
    /// Those that are learned from.
    case learned
    /// As in the original TRAR: words of every split that is there (train, val, test, vg), answers of train and val.
    case everySplit = "every-split"
  }

  /// All sets and their folders below that of the data.
  public func folders(below folder: String) -> [(set: String, folder: String)] {
    also.isEmpty ? [(set, folder)] : ([set] + also).map { ($0, "\(folder)/\($0)") }
  }

  /// The splits to learn from.
  public var splits: [String] { split.split(separator: "+").map(String.init) }

  /// The split held out for choosing; nil where there is none, or it is learned from.
  public var measuredSplit: String? { heldOut.isEmpty || splits.contains(heldOut) ? nil : heldOut }

  /// The defaults.
  public init() {}
}
