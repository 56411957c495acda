// RunSchedule.swift - learning rate and temperature of each step of a run.

import Layers

/// The rates and temperatures of a run.
package struct RunSchedule {
  private let recipe: TrainingRecipe
  private let start: RunStart
  private let rates: Schedule

  /// The schedule of a recipe.
  ///
  /// - Parameters:
  ///   - recipe: The choices.
  ///   - questions: Questions that are learned from.
  ///   - totalSteps: Steps of the whole run.
  package init(_ recipe: TrainingRecipe, questions: Int, totalSteps: Int) {
    self.init(recipe, questions: questions, totalSteps: totalSteps, start: .fresh)
  }

  /// The schedule of a run that began somewhere.
  init(_ recipe: TrainingRecipe, questions: Int, totalSteps: Int, start: RunStart) {
    self.recipe = recipe
    self.start = start
    switch recipe.schedule {
    case .cosine:
      rates = .cosine(
        peak: recipe.rate, warmupSteps: Int(Float(totalSteps) * recipe.warmupShare), totalSteps: totalSteps,
        finalShare: recipe.finalShare)
    case .steps:
      // A rate from a checkpoint of the original has its decays behind it.
      let decayEpochs = recipe.rateSteps.decayEpochs.filter { start.rate == nil || $0 >= start.epoch }
      rates = .steps(
        base: start.rate.map { Float($0) } ?? recipe.rate,
        stepsPerEpoch: Double(questions) / Double(recipe.questionsPerStep), warmupEpochs: recipe.rateSteps.warmupEpochs,
        decay: recipe.rateSteps.decay, decayEpochs: decayEpochs)
    }
  }

  /// The learning rate of a step.
  ///
  /// - Parameters:
  ///   - step: Its number, from 1.
  ///   - epoch: The pass it belongs to, from 0.
  /// - Returns: The rate.
  package func rate(step: Int, epoch: Int) -> Float {
    rates.rate(step: step - start.step + start.update, epoch: epoch)
  }

  /// The temperature of hard routing in a pass, from 0; nil: the model's own.
  package func temperature(epoch: Int) -> Float? {
    recipe.temperature.temperature(epoch: epoch, epochs: recipe.epochs, warmup: recipe.rateSteps.warmupEpochs)
  }
}
