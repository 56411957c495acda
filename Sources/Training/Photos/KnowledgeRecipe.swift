// KnowledgeRecipe.swift - what a model of photographs is made of besides questions: backbone, word vectors, concepts, labels.

/// Files that a model with a backbone is made of; they count where `model.cascade.stages.family` is `grids`.
public struct KnowledgeRecipe: Sendable, Equatable, Codable {
  /// The backbone's weights, relative to the folder of the data.
  public var backbone = "backbone.safetensors"
  /// Vectors of words: a safetensors file with `vectors` `[n, D]`, beside it a text file of n words of the same name.
  public var vectors = "glove.safetensors"
  /// The concept vocabulary; empty: the one of the package.
  public var concepts = ""
  /// Folder of WordNet's files.
  public var wordNet = "/usr/share/wordnet"
  /// Labels of photos, a JSON object from picture id to names, beside it `images.json`; empty: none, labels have no score.
  public var labels = ""
  /// Folder in which grids are kept; empty: `cache` below the output folder.
  public var cache = ""
  /// Views of each picture that are kept: 1: as it is; 2: mirrored, too.
  public var views = 2
  /// Which words beyond the labels have heads.
  public var words = WordRule()
  /// Which answers are known besides the names of what the backbone knows.
  public var answers: [AnswerRule] = []
  /// Which questions without photos borrow one.
  public var lending = LendingRule()

  /// Questions without photos are asked again about photos that what they say is true of.
  public struct LendingRule: Sendable, Equatable, Codable {
    /// The set whose questions have no photos; empty: nothing is lent.
    public var set = ""
    /// The name that the mixture calls them by when they have one.
    public var name = "lent"
    /// Sets whose photos are lent.
    public var photosOf: [String] = []

    /// Nothing is lent.
    public init() {}
  }

  /// Heads are learned for words that are used about many pictures.
  public struct WordRule: Sendable, Equatable, Codable {
    /// Sets whose questions and answers count.
    public var sets: [String] = []
    /// About at least so many pictures; 0: no heads.
    public var count = 0

    /// No heads.
    public init() {}
  }

  /// How often an answer must be the most frequent one of a set's questions.
  public struct AnswerRule: Sendable, Equatable, Codable {
    /// The set.
    public var set: String
    /// At least so many questions.
    public var count: Int
  }

  /// The files that `scripts/photos-data` makes.
  public init() {}
}

/// Some passes that learn from several sets in fixed shares.
public struct MixturePhase: Sendable, Equatable, Codable {
  /// Questions of one set in each step.
  public struct Share: Sendable, Equatable, Codable {
    /// The set.
    public var set: String
    /// Questions of a step.
    public var questions: Int
  }

  /// Passes; a pass is `training.stepsPerPass` steps.
  public var passes: Int
  /// The shares.
  public var shares: [Share]
}
