// Recipe.swift - everything that decides the outcome of a training run, as one JSON file.

import Layers
import SafeFiles
import VQAPipeline

/// Which data a run learns from.
public struct DataRecipe: Sendable, Equatable, Codable {
  /// A set that `vqa data` can make, `easy-vqa` or `scenes`; empty when only a folder is used.
  public var set = ""
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
  /// Name of the split to learn from.
  public var split = "train"
  /// Name of the split held out for choosing.
  public var heldOut = "val"
  /// An answer must occur this often in the training split to enter the vocabulary.
  public var answerCount = 1

  /// The defaults.
  public init() {}
}

/// How pictures are changed before each use in training.
public struct AugmentationRecipe: Sendable, Equatable, Codable {
  /// Mirror left and right for half of the uses.
  public var mirror = false
  /// Greatest shift in pixels in each direction; pixels at the border are repeated.
  public var shift = 0
  /// Greatest change of brightness, as a share of the full range.
  public var brightness: Float = 0
  /// Share of question words replaced by the unknown word, so that its embedding is learned.
  public var unknownWords: Float = 0

  /// No change.
  public init() {}
}

/// Which questions the first passes leave out (Bengio et al., ICML 2009, "Curriculum learning").
///
/// A yes/no question compares a word with the picture. As long as the network cannot see, the best it can do is to answer such questions by
/// their most frequent answer, and it stays there for a long time. So it may learn first to name what it sees.
public struct CurriculumRecipe: Sendable, Equatable, Codable {
  /// Number of passes, at the beginning, without the questions whose answers are of one kind.
  public var namingEpochs = 0
  /// The kind of answer that they leave out, as annotated.
  public var leftOutAnswerType = "yes/no"

  /// All questions from the beginning.
  public init() {}
}

/// How a run learns.
public struct TrainingRecipe: Sendable, Equatable, Codable {
  /// What is made small.
  public enum Loss: String, Sendable, Codable {
    /// Cross-entropy against the most frequent answer.
    case crossEntropy = "cross-entropy"
    /// Binary cross-entropy against the soft scores of the ten answers, summed over answers, as the original TRAR.
    case binaryCrossEntropy = "binary-cross-entropy"
  }

  /// Seed of first weights, order of the data, dropout and augmentation.
  public var seed: UInt64 = 1
  /// Passes over the data.
  public var epochs = 10
  /// Questions of one step.
  public var questionsPerStep = 64
  /// Questions about the same picture that share one step's computation of it.
  public var questionsPerPicture = 4
  /// Parts a step is cut into; part of the result, unlike the number of threads.
  public var shards = 4
  /// The greatest learning rate.
  public var rate: Float = 1e-3
  /// Share of all steps in which the rate rises.
  public var warmupShare: Float = 0.05
  /// The last rate as a share of the greatest.
  public var finalShare: Float = 0.01
  /// The optimiser's choices.
  public var optimiser = OptimiserConfiguration()
  /// What is made small.
  public var loss = Loss.crossEntropy
  /// Share of the target spread over all answers, for cross-entropy.
  public var labelSmoothing: Float = 0
  /// Decay of the running average of the weights that answers; 0: the last weights answer.
  public var averageDecay: Float = 0.999
  /// Which questions the first passes leave out.
  public var curriculum = CurriculumRecipe()
  /// How pictures and words are changed.
  public var augmentation = AugmentationRecipe()
  /// Steps from one line of the log to the next.
  public var logSteps = 20
  /// Steps from one checkpoint to the next.
  public var checkpointSteps = 200
  /// Epochs from one measurement on held-out questions to the next.
  public var evaluationEpochs = 1

  /// The defaults.
  public init() {}
}

/// A whole recipe.
public struct Recipe: Sendable, Equatable, Codable {
  /// The data.
  public var data = DataRecipe()
  /// The model.
  public var model = ModelConfiguration()
  /// The learning.
  public var training = TrainingRecipe()

  /// The defaults.
  public init() {}

  /// Reads a recipe file and lays further settings over it.
  ///
  /// - Parameters:
  ///   - path: A JSON file with some of the settings; the others keep their defaults.
  ///   - assignments: `key.path=value` texts, the later ones winning.
  /// - Returns: The recipe.
  /// - Throws: `FileFailure` that names the setting.
  public static func load(_ path: String, assignments: [String] = []) throws(FileFailure) -> Recipe {
    do {
      let settings = try JSONValue.parse(try readFile(path, limit: 1 << 20))
      var recipe = try ConfigurationOverlay.apply(settings, over: Recipe())
      for assignment in assignments {
        recipe = try ConfigurationOverlay.apply(
          try ConfigurationOverlay.settings(fromAssignment: assignment), over: recipe)
      }
      if let problem = recipe.problem { throw problem }
      return recipe
    } catch let failure as FileFailure {
      throw failure
    } catch let failure as any Failure {
      throw FileFailure(file: path, cause: failure)
    } catch {
      throw FileFailure(file: path, cause: ConfigurationFailure.unusable(path: "", problem: "\(error)"))
    }
  }

  private var problem: ConfigurationFailure? {
    let counts = [
      ("epochs", training.epochs), ("questionsPerStep", training.questionsPerStep),
      ("questionsPerPicture", training.questionsPerPicture), ("shards", training.shards),
      ("logSteps", training.logSteps), ("checkpointSteps", training.checkpointSteps),
      ("evaluationEpochs", training.evaluationEpochs),
    ]
    for (name, count) in counts where count < 1 || count > 1_000_000 {
      return .unusable(path: "training.\(name)", problem: "\(count) is not from 1 to 1000000")
    }
    if training.questionsPerPicture * training.shards > training.questionsPerStep {
      return .unusable(
        path: "training.questionsPerStep",
        problem: "\(training.questionsPerStep) questions cannot be cut into \(training.shards) shards")
    }
    // Each is a thread, though few of them compute at a time.
    if training.shards > 256 {
      return .unusable(path: "training.shards", problem: "\(training.shards) is not from 1 to 256")
    }
    if !(training.rate > 0 && training.rate < 100) {
      return .unusable(path: "training.rate", problem: "\(training.rate) is not a learning rate")
    }
    return sharesProblem ?? curriculumProblem ?? model.problem.map { .unusable(path: "model", problem: $0) }
  }

  private var sharesProblem: ConfigurationFailure? {
    let optimiser = training.optimiser
    let augmentation = training.augmentation
    let closed = [
      ("warmupShare", training.warmupShare), ("finalShare", training.finalShare),
      ("augmentation.brightness", augmentation.brightness), ("augmentation.unknownWords", augmentation.unknownWords),
    ]
    for (name, share) in closed where !(0...1).contains(share) {
      return .unusable(path: "training.\(name)", problem: "\(share) is not from 0 to 1")
    }
    let open = [
      ("labelSmoothing", training.labelSmoothing), ("averageDecay", training.averageDecay),
      ("optimiser.firstDecay", optimiser.firstDecay), ("optimiser.secondDecay", optimiser.secondDecay),
    ]
    for (name, share) in open where !(0..<1).contains(share) {
      return .unusable(path: "training.\(name)", problem: "\(share) is not from 0 to below 1")
    }
    for (name, number) in [("epsilon", optimiser.epsilon), ("weightDecay", optimiser.weightDecay)]
    where !(number >= 0 && number.isFinite) {
      return .unusable(path: "training.optimiser.\(name)", problem: "\(number) is below 0")
    }
    return nil
  }

  private var curriculumProblem: ConfigurationFailure? {
    let counts = [
      ("training.curriculum.namingEpochs", training.curriculum.namingEpochs),
      ("training.augmentation.shift", training.augmentation.shift), ("data.answerCount", data.answerCount),
    ]
    for (path, count) in counts where count < 0 || count > 1_000_000 {
      return .unusable(path: path, problem: "\(count) is not from 0 to 1000000")
    }
    return nil
  }

  /// The recipe as JSON with every setting written out.
  public func json() throws(ConfigurationFailure) -> JSONValue { try ConfigurationOverlay.json(of: self) }
}
