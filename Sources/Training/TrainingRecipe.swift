// TrainingRecipe.swift - how a run learns.

import Layers
import Routing

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

  /// Number of passes, at the beginning, over one of several sets alone: the one whose pictures are the simplest.
  public var firstEpochs = 0
  /// That set; one of `data.set` and `data.also`.
  public var firstSet = ""

  /// All questions from the beginning.
  public init() {}
}

/// The original TRAR's warm-up and decay of the learning rate.
public struct RateStepsRecipe: Sendable, Equatable, Codable {
  /// Passes of the warm-up; its four quarters fit for 3.
  public var warmupEpochs = 3
  /// Passes, from 0, at whose start the rate falls.
  public var decayEpochs = [10, 12]
  /// What it is multiplied by.
  public var decay: Float = 0.2

  /// The original's for VQA.
  public init() {}
}

/// How the temperature of hard routing changes from pass to pass.
public struct TemperatureRecipe: Sendable, Equatable, Codable {
  /// The original TRAR's three policies, or none.
  public enum Policy: String, Sendable, Codable {
    /// That of the model, all the time.
    case constant
    /// A straight line.
    case slow
    /// To 1 during the warm-up, then on towards 0.
    case fast
    /// Above 1 during the warm-up, then 0.1.
    case finetune
  }

  /// How it changes.
  public var policy = Policy.constant
  /// The temperature to start from.
  public var greatest = 10.0
  /// The temperature to end at; only the slow policy heeds it.
  public var least = 0.1

  /// The model's own temperature, all the time.
  public init() {}

  /// The temperature of a pass; nil: the model's own.
  ///
  /// - Parameters:
  ///   - epoch: Number of the pass, from 0.
  ///   - epochs: Passes of the run.
  ///   - warmup: Passes of the warm-up.
  /// - Returns: The temperature.
  public func temperature(epoch: Int, epochs: Int, warmup: Int) -> Float? {
    let policy: TemperaturePolicy
    switch self.policy {
    case .constant: return nil
    case .slow: policy = .slow
    case .fast: policy = .fast
    case .finetune: policy = .finetune
    }
    return Float(
      policy.temperature(epoch: epoch, epochs: epochs, warmup: warmup, greatest: greatest, least: least))
  }
}

/// How far what is to be answered leans on the prior: what the network itself answers to the question without the picture.
///
/// A few thousand photos teach which of them go with which answer, and much of that is chance. What the picture adds to the prior then counts for
/// less than what people answered about this one picture (a soft target as in Hinton et al., 2015, "Distilling the knowledge in a neural network").
public struct PriorRule: Sendable, Equatable, Codable {
  /// The set.
  public var set: String
  /// The kind of answer, as annotated; empty: every kind.
  public var answerType: String
  /// The share of the target that is the prior's, from 0 to 1.
  public var share: Float

  /// A rule for one set.
  public init(set: String, answerType: String, share: Float) {
    (self.set, self.answerType, self.share) = (set, answerType, share)
  }

  /// Whether the rule is about a question.
  func concerns(_ question: AskedQuestion) -> Bool {
    set == question.set && (answerType.isEmpty || answerType == question.answerType)
  }
}

/// How a run learns.
public struct TrainingRecipe: Sendable, Equatable, Codable {
  /// What is made small.
  public enum Loss: String, Sendable, Codable {
    /// Cross-entropy against the most frequent answer.
    case crossEntropy = "cross-entropy"
    /// Binary cross-entropy against the soft scores of the ten answers, summed over answers, as the original TRAR.
    case binaryCrossEntropy = "binary-cross-entropy"
    /// Divergence of the answers' shares among people from the softmax, as the original TRAR's `kld`.
    case divergence = "kl-divergence"
  }

  /// What becomes of the losses of a step.
  public enum Reduction: String, Sendable, Codable {
    /// Their sum over the answers, and their mean over the questions of the step.
    case question
    /// Their sum over answers and questions, as the original TRAR's.
    case sum
    /// Their mean over answers and questions of each part of the step (of a cross-entropy: over the questions), as PyTorch's.
    case mean
  }

  /// How the rate changes.
  public enum RateSchedule: String, Sendable, Codable {
    /// A linear rise, then a half cosine.
    case cosine
    /// The original TRAR's quarters of a warm-up, then steps down.
    case steps
  }

  /// Which weights the finished model has.
  public enum Keep: String, Sendable, Codable {
    /// The best on held-out questions; the last where nothing is held out.
    case best
    /// The last.
    case last
  }

  /// What is measured on held-out questions.
  public enum Measure: String, Sendable, Codable {
    /// The share of questions answered as most people did; for CLEVR with each family of questions.
    case share
    /// The official accuracy of VQA v2, with each type of answer.
    case official
  }

  /// Seed of first weights, order of the data, dropout and augmentation.
  public var seed: UInt64 = 1
  /// Passes over the data.
  public var epochs = 10
  /// Questions of one step.
  public var questionsPerStep = 64
  /// Questions about the same picture that share one step's computation of it.
  public var questionsPerPicture = 4
  /// Parts a step is cut into that are computed one after the other, their gradients summed: less memory for a large step.
  public var accumulation = 1
  /// Parts that each of these is cut into, computed at the same time; part of the result, unlike the number of threads.
  public var shards = 4
  /// Leave out a last step of each pass that is not full.
  public var dropsIncompleteStep = false
  /// How the rate changes.
  public var schedule = RateSchedule.cosine
  /// The greatest learning rate.
  public var rate: Float = 1e-3
  /// Share of all steps in which the rate rises.
  public var warmupShare: Float = 0.05
  /// The last rate as a share of the greatest.
  public var finalShare: Float = 0.01
  /// Warm-up and decay of the schedule `steps`.
  public var rateSteps = RateStepsRecipe()
  /// How the temperature of hard routing falls.
  public var temperature = TemperatureRecipe()
  /// The optimiser's choices.
  public var optimiser = OptimiserConfiguration()
  /// What is made small.
  public var loss = Loss.crossEntropy
  /// What becomes of the losses of a step.
  public var reduction = Reduction.question
  /// Share of the target spread over all answers, for cross-entropy.
  public var labelSmoothing: Float = 0
  /// Decay of the running average of the weights that answers; 0: the last weights answer.
  public var averageDecay: Float = 0.999
  /// Which questions the first passes leave out.
  public var curriculum = CurriculumRecipe()
  /// Which sets are learned from in which shares, pass by pass; empty: every question once a pass.
  public var mixture: [MixturePhase] = []
  /// Steps of a pass of a mixture.
  public var stepsPerPass = 500
  /// Share of the pictures that are left out, with all that comes of them, for a model with a backbone.
  public var pictureDropout: Float = 0
  /// Share of the steps that learn the exits beyond the first.
  public var finerShare: Float = 1
  /// Which questions lean on what the network itself answers without the picture, for a model with a backbone.
  public var prior: [PriorRule] = []
  /// First bias of every answer, for a model with a backbone: most answers are improbable.
  public var answerBias: Float = 0
  /// How pictures and words are changed.
  public var augmentation = AugmentationRecipe()
  /// Steps from one line of the log to the next.
  public var logSteps = 20
  /// Steps from one checkpoint to the next.
  public var checkpointSteps = 200
  /// Epochs from one measurement on held-out questions to the next.
  public var evaluationEpochs = 1
  /// What is measured.
  public var measure = Measure.share
  /// Which weights the finished model has.
  public var keep = Keep.best

  /// The defaults.
  public init() {}
}
