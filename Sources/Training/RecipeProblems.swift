// RecipeProblems.swift - settings that no run can be made with.

import SafeFiles
import VQAPipeline

extension Recipe {
  /// The first setting that cannot be used, or nil.
  var problem: ConfigurationFailure? {
    let counts = [
      ("epochs", training.epochs), ("questionsPerStep", training.questionsPerStep),
      ("questionsPerPicture", training.questionsPerPicture), ("shards", training.shards),
      ("accumulation", training.accumulation),
      ("logSteps", training.logSteps), ("checkpointSteps", training.checkpointSteps),
      ("evaluationEpochs", training.evaluationEpochs), ("stepsPerPass", training.stepsPerPass),
    ]
    for (name, count) in counts where count < 1 || count > 1_000_000 {
      return .unusable(path: "training.\(name)", problem: "\(count) is not from 1 to 1000000")
    }
    if training.questionsPerStep % training.accumulation != 0 {
      return .unusable(
        path: "training.accumulation",
        problem: "\(training.questionsPerStep) questions cannot be cut into \(training.accumulation) equal parts")
    }
    if training.questionsPerPicture * training.shards > training.questionsPerStep / training.accumulation {
      let parts = training.accumulation == 1 ? "" : "a part of "
      return .unusable(
        path: "training.questionsPerStep",
        problem: "\(parts)\(training.questionsPerStep / training.accumulation) questions cannot be cut into "
          + "\(training.shards) shards")
    }
    // Each is a thread, though few of them compute at a time.
    if training.shards > 256 {
      return .unusable(path: "training.shards", problem: "\(training.shards) is not from 1 to 256")
    }
    if !(training.rate > 0 && training.rate < 100) {
      return .unusable(path: "training.rate", problem: "\(training.rate) is not a learning rate")
    }
    return sharesProblem ?? curriculumProblem ?? mixtureProblem ?? scheduleProblem ?? dataProblem
      ?? model.problem.map { .unusable(path: "model", problem: $0) }
  }

  private var sharesProblem: ConfigurationFailure? {
    let optimiser = training.optimiser
    let augmentation = training.augmentation
    let closed = [
      ("warmupShare", training.warmupShare), ("finalShare", training.finalShare),
      ("pictureDropout", training.pictureDropout), ("finerShare", training.finerShare),
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
      ("training.curriculum.firstEpochs", training.curriculum.firstEpochs),
      ("training.augmentation.shift", training.augmentation.shift), ("data.answerCount", data.answerCount),
    ]
    for (path, count) in counts where count < 0 || count > 1_000_000 {
      return .unusable(path: path, problem: "\(count) is not from 0 to 1000000")
    }
    let first = training.curriculum.firstSet
    if training.curriculum.firstEpochs > 0, !([data.set] + data.also).contains(first) {
      return .unusable(path: "training.curriculum.firstSet", problem: "'\(visibleText(first))' is no set of the recipe")
    }
    return nil
  }

  private var mixtureProblem: ConfigurationFailure? {
    let path = "training.mixture"
    for phase in training.mixture {
      if !(1...1_000_000).contains(phase.passes) {
        return .unusable(path: path, problem: "a phase of \(phase.passes) passes is not from 1 to 1000000")
      }
      if phase.shares.isEmpty { return .unusable(path: path, problem: "a phase has no shares") }
      for share in phase.shares where !(1...1_000_000).contains(share.questions) {
        let problem = "\(share.questions) questions of '\(visibleText(share.set))' are not from 1 to 1000000"
        return .unusable(path: path, problem: problem)
      }
      if Set(phase.shares.map(\.set)).count < phase.shares.count {
        return .unusable(path: path, problem: "a phase names a set twice")
      }
    }
    for rule in training.prior {
      if !(0...1).contains(rule.share) {
        return .unusable(path: "training.prior", problem: "\(rule.share) is not from 0 to 1")
      }
      if training.loss != .binaryCrossEntropy {
        return .unusable(path: "training.prior", problem: "only the loss binary-cross-entropy can lean on a prior")
      }
    }
    if !training.answerBias.isFinite {
      return .unusable(path: "training.answerBias", problem: "\(training.answerBias) is not finite")
    }
    return nil
  }

  private var scheduleProblem: ConfigurationFailure? {
    let steps = training.rateSteps
    if !(0...1_000_000).contains(steps.warmupEpochs) {
      return .unusable(
        path: "training.rateSteps.warmupEpochs", problem: "\(steps.warmupEpochs) is not from 0 to 1000000")
    }
    if !(steps.decay > 0 && steps.decay <= 1) {
      return .unusable(path: "training.rateSteps.decay", problem: "\(steps.decay) is not above 0, at most 1")
    }
    if steps.decayEpochs.count > 1000 {
      return .unusable(path: "training.rateSteps.decayEpochs", problem: "more than 1000 passes are listed")
    }
    for (name, number) in [("greatest", training.temperature.greatest), ("least", training.temperature.least)]
    where !(number > 0 && number < 1e6) {
      return .unusable(path: "training.temperature.\(name)", problem: "\(number) is not a temperature")
    }
    // Questions about one picture are learned together, so a part of a step is a number of whole groups.
    if training.accumulation > 1, training.questionsPerPicture > 1 {
      return .unusable(
        path: "training.accumulation", problem: "steps of several questions a picture cannot be cut into equal parts")
    }
    return nil
  }

  private var dataProblem: ConfigurationFailure? {
    if !(1...2).contains(data.knowledge.views) {
      return .unusable(path: "data.knowledge.views", problem: "\(data.knowledge.views) is not 1 or 2")
    }
    let lending = data.knowledge.lending
    if !lending.set.isEmpty, lending.name.isEmpty || ([data.set] + data.also).contains(lending.name) {
      return .unusable(
        path: "data.knowledge.lending.name", problem: "'\(visibleText(lending.name))' is no new name of a set")
    }
    if data.splits.isEmpty { return .unusable(path: "data.split", problem: "no split is named") }
    for (index, split) in data.splits.enumerated() where data.splits[..<index].contains(split) {
      return .unusable(path: "data.split", problem: "'\(visibleText(split))' is named twice")
    }
    if !data.also.isEmpty {
      let sets = [data.set] + data.also
      if Set(sets).count < sets.count || sets.contains("") {
        return .unusable(path: "data.also", problem: "\(sets) are not several different sets")
      }
      if data.vocabulary == .everySplit {
        return .unusable(path: "data.also", problem: "several sets have no common splits to collect words from")
      }
    }
    if data.layout == .clevr, training.loss != .crossEntropy {
      return .unusable(path: "training.loss", problem: "CLEVR has one answer a question: only cross-entropy fits")
    }
    if data.layout == .clevr, training.measure == .official {
      return .unusable(path: "training.measure", problem: "the official accuracy is that of VQA v2, not of CLEVR")
    }
    return nil
  }
}
