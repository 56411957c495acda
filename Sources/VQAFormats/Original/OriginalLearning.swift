// OriginalLearning.swift - how the original learns, and how its program runs.

/// What is made small.
public enum OriginalLoss: String, Sendable, CaseIterable {
  /// Binary cross-entropy of every answer against its soft score.
  case binaryCrossEntropy = "bce"
  /// Kullback-Leibler divergence from the shares of people's answers.
  case divergence = "kld"
  /// Cross-entropy against the one answer.
  case crossEntropy = "ce"
}

/// What becomes of the losses of a batch.
public enum OriginalReduction: String, Sendable, CaseIterable {
  /// Nothing.
  case none
  /// Their mean.
  case mean = "elementwise_mean"
  /// Their sum.
  case sum
}

/// How the network learns; the defaults are the original's for VQA.
public struct OriginalLearning: Sendable, Equatable {
  /// BATCH_SIZE: questions of a step.
  public var batchSize = 64
  /// GRAD_ACCU_STEPS: parts a batch is cut into, one after the other.
  public var accumulationSteps = 1
  /// LR_BASE: the learning rate after the warm-up.
  public var rate = 1e-4
  /// LR_DECAY_R: factor of the rate at each epoch of ``decayEpochs``.
  public var rateDecay = 0.2
  /// LR_DECAY_LIST: epochs, from 0, at whose start the rate falls.
  public var decayEpochs = [10, 12]
  /// WARMUP_EPOCH: epochs of the warm-up.
  public var warmupEpochs = 3
  /// MAX_EPOCH: epochs.
  public var epochs = 13
  /// GRAD_NORM_CLIP: greatest norm of the gradient; 0 or less: no clipping.
  public var clipNorm = -1.0
  /// LOSS_FUNC: what is made small.
  public var loss = OriginalLoss.binaryCrossEntropy
  /// LOSS_REDUCTION: what becomes of the losses of a batch.
  public var reduction = OriginalReduction.sum
  /// OPT: the optimiser.
  public var optimiser = OriginalOptimiser.adam
  /// OPT_PARAMS: its parameters by PyTorch's names, as given; see ``OriginalOptimiser/defaults`` for the others.
  public var optimiserParameters: [String: OriginalParameter] = ["betas": .pair(0.9, 0.98), "eps": .number(1e-9)]
  /// USE_GLOVE: whether the embedding starts from GloVe vectors.
  public var usesGloVe = true
  /// TRAIN_SPLIT: splits to learn from, joined by `+`.
  public var split = "train"

  /// The original's choices for a data set.
  public init(dataSet: OriginalConfiguration.DataSet = .vqa) {
    guard dataSet == .clevr else { return }
    accumulationSteps = 2
    rate = 4e-5
    decayEpochs = [13, 15]
    epochs = 16
    loss = .crossEntropy
  }

  /// SUB_BATCH_SIZE: questions of one part of a batch.
  public var partSize: Int { batchSize / max(1, accumulationSteps) }
  /// EVAL_BATCH_SIZE: questions of a batch in evaluation.
  public var evaluationBatchSize: Int { max(1, partSize / 2) }

  /// A parameter of the optimiser: as given, or else PyTorch's default; nil when the optimiser has none of that name.
  public func parameter(_ name: String) -> OriginalParameter? {
    optimiserParameters[name] ?? optimiser.defaults.first { $0.key == name }?.value
  }
}

/// How the original's program runs.
public struct OriginalRun: Sendable, Equatable {
  /// GPU: numbers of graphics cards.
  public var cards = "0"
  /// SEED: nil, as the original draws one.
  public var seed: Int?
  /// VERSION: name of the run.
  public var version: String?
  /// RESUME: whether training goes on from a checkpoint.
  public var resumes = false
  /// CKPT_VERSION: the run whose checkpoint is read.
  public var checkpointVersion: String?
  /// CKPT_EPOCH: finished epochs of that checkpoint.
  public var checkpointEpoch = 0
  /// CKPT_PATH: path of the checkpoint, in place of the two.
  public var checkpointPath: String?
  /// VERBOSE: whether every step is told.
  public var isVerbose = true
  /// EVAL_EVERY_EPOCH: whether each epoch is evaluated.
  public var evaluatesEveryEpoch = true
  /// TEST_SAVE_PRED: whether logits are kept.
  public var savesPredictions = false
  /// NUM_WORKERS: processes that read.
  public var workers = 8
  /// PIN_MEM: whether memory is pinned.
  public var pinsMemory = true
  /// RUN_MODE: train, val or test, where the file says it.
  public var mode: String?

  /// The original's choices.
  public init() {}
}
