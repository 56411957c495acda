// OriginalRecipe.swift - the settings of the original TRAR as a recipe: training as published.

import Layers
import Routing
import SafeFiles
import VQAFormats
import VQAPipeline

extension Recipe {
  /// Parts that a step is cut into; the original knows none, and sums do not depend on them but for rounding.
  private static let shards = 2
  /// Fewest occurrences of an answer of the original's VQA vocabulary.
  private static let answerCountOfVQA = 9

  /// The recipe that trains as the original does with its settings.
  ///
  /// - Parameter original: The settings.
  /// - Throws: ``ConfigurationFailure`` that names the key which cannot be followed here.
  public init(_ original: OriginalConfiguration) throws(ConfigurationFailure) {
    let learning = original.learning
    data.layout = original.dataSet == .vqa ? .vqa : .clevr
    data.source = .annotations
    data.vocabulary = .everySplit
    data.split = learning.split
    data.heldOut = original.run.evaluatesEveryEpoch ? "val" : ""
    data.answerCount = original.dataSet == .vqa ? Self.answerCountOfVQA : 1
    model = original.modelConfiguration()
    if let seed = original.run.seed { training.seed = UInt64(max(0, seed)) }
    training.epochs = learning.epochs
    training.questionsPerStep = learning.batchSize
    training.questionsPerPicture = 1
    training.accumulation = learning.accumulationSteps
    training.shards = min(Self.shards, learning.partSize)
    training.dropsIncompleteStep = true
    training.schedule = .steps
    training.rate = Float(learning.rate)
    training.rateSteps.warmupEpochs = learning.warmupEpochs
    training.rateSteps.decayEpochs = learning.decayEpochs
    training.rateSteps.decay = Float(learning.rateDecay)
    training.temperature = Self.temperature(original.network)
    training.optimiser = try OptimiserConfiguration(learning)
    switch learning.loss {
    case .binaryCrossEntropy: training.loss = .binaryCrossEntropy
    case .divergence: training.loss = .divergence
    case .crossEntropy: training.loss = .crossEntropy
    }
    switch learning.reduction {
    case .sum: training.reduction = .sum
    case .mean: training.reduction = .mean
    case .none:
      throw .unusable(path: "LOSS_REDUCTION", problem: "without a reduction there is no loss to follow; choose sum")
    }
    training.averageDecay = 0
    training.measure = original.dataSet == .vqa ? .official : .share
    training.keep = .last
    if let problem { throw problem }
  }

  private static func temperature(_ network: OriginalNetwork) -> TemperatureRecipe {
    var recipe = TemperatureRecipe()
    (recipe.greatest, recipe.least) = (network.greatestTemperature, network.leastTemperature)
    guard network.routing == .hard else { return recipe }
    recipe.policy = [.slow, .fast, .finetune][network.temperaturePolicy]
    return recipe
  }
}

extension OptimiserConfiguration {
  /// The original's choice of an optimiser.
  fileprivate init(_ learning: OriginalLearning) throws(ConfigurationFailure) {
    self.init()
    guard learning.optimiser == .adam else {
      throw .unusable(path: "OPT", problem: "'\(learning.optimiser.rawValue)' is not here; only Adam is")
    }
    if case .pair(let first, let second)? = learning.parameter("betas") {
      (firstDecay, secondDecay) = (Float(first), Float(second))
    }
    if case .number(let number)? = learning.parameter("eps") { epsilon = Float(number) }
    if let decay = learning.parameter("weight_decay"), decay != .number(0) {
      throw .unusable(
        path: "OPT_PARAMS.weight_decay", problem: "a decay added to the gradient is not here; leave it at 0")
    }
    if learning.parameter("amsgrad") == .flag(true) {
      throw .unusable(path: "OPT_PARAMS.amsgrad", problem: "it is not here; leave it at False")
    }
    clipNorm = Float(max(0, learning.clipNorm))
  }
}
