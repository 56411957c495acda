// DataOrder.swift - which questions each step learns from.
//
// Questions about one picture come in groups, so that a step computes the picture once for all of a group. The order follows from seed
// and epoch alone: a resumed run goes on exactly where the other one stopped.

import Tensors

/// Questions about one picture that are learned together.
public struct QuestionGroup: Sendable, Equatable {
  /// Place of the picture.
  public var picture: Int
  /// Places of the questions.
  public var questions: [Int]

  /// A group.
  public init(picture: Int, questions: [Int]) {
    self.picture = picture
    self.questions = questions
  }
}

/// The steps of a run.
public struct DataOrder: Sendable {
  private let set: QuestionSet
  private let recipe: TrainingRecipe
  /// Steps of each pass.
  private let steps: [Int]
  /// From where steps are counted.
  private let start: RunStart
  private let mixture: MixtureOrder?

  /// Plans a run over a set.
  ///
  /// - Parameters:
  ///   - set: The questions.
  ///   - recipe: Sizes, seed and curriculum.
  /// - Throws: ``TrainingFailure`` when a pass cannot fill even one step.
  public init(_ set: QuestionSet, _ recipe: TrainingRecipe) throws(TrainingFailure) {
    try self.init(set, recipe, start: .fresh)
  }

  /// Plans the rest of a run over a set.
  init(_ set: QuestionSet, _ recipe: TrainingRecipe, start: RunStart) throws(TrainingFailure) {
    self.set = set
    self.recipe = recipe
    self.start = start
    for rule in recipe.prior where !set.questions.contains(where: rule.concerns) { throw .noQuestionsOfRule(rule) }
    mixture = recipe.mixture.isEmpty ? nil : try MixtureOrder(set, recipe)
    if mixture != nil {
      steps = Array(repeating: recipe.stepsPerPass, count: recipe.epochs)
      return
    }
    var steps: [Int] = []
    // A pass over the same questions as the one before has as many steps.
    let changes = [recipe.curriculum.firstEpochs, recipe.curriculum.namingEpochs]
    for epoch in 0..<recipe.epochs {
      if epoch > 0, !changes.contains(epoch) {
        steps.append(steps[epoch - 1])
      } else {
        steps.append(try Self.stepCount(ofEpoch: epoch, set, recipe))
      }
    }
    self.steps = steps
  }

  private static func stepCount(
    ofEpoch epoch: Int, _ set: QuestionSet, _ recipe: TrainingRecipe
  ) throws(TrainingFailure) -> Int {
    // The first for questions without a picture.
    var counts = [Int](repeating: 0, count: 1 + set.pictureCount)
    for question in questions(ofEpoch: epoch, set, recipe) { counts[1 + set.questions[question].picture] += 1 }
    let groups = counts.reduce(0) { $0 + ($1 + recipe.questionsPerPicture - 1) / recipe.questionsPerPicture }
    let perStep = recipe.questionsPerStep / recipe.questionsPerPicture
    guard !recipe.dropsIncompleteStep else {
      guard groups >= perStep else { throw .tooFewForAStep(groups: groups, perStep: perStep) }
      return groups / perStep
    }
    let steps = groups / perStep + (groups % perStep >= recipe.shards * recipe.accumulation ? 1 : 0)
    guard steps > 0 else { throw .tooFewQuestions(groups: groups, shards: recipe.shards * recipe.accumulation) }
    return steps
  }

  /// Steps of one pass; a last one that cannot fill every shard is left out.
  public func steps(inEpoch epoch: Int) -> Int { steps[epoch] }

  /// Steps of the whole run.
  public var totalSteps: Int { start.step + steps.dropFirst(start.epoch).reduce(0, +) }

  /// The pass that a step belongs to, and how many steps of that pass come before it.
  ///
  /// - Parameter step: Steps of the run before it.
  /// - Returns: Pass and place, both from 0.
  public func place(ofStep step: Int) -> (epoch: Int, index: Int) {
    var rest = step - start.step
    for (epoch, count) in steps.enumerated().dropFirst(start.epoch) {
      if rest < count { return (epoch, rest) }
      rest -= count
    }
    return (steps.count, rest)
  }

  /// The groups of every step of a pass, in order.
  public func epoch(_ epoch: Int) -> [[QuestionGroup]] {
    if let mixture { return mixture.epoch(epoch) }
    var random = SeededRandom(seed: recipe.seed, stream: 0x0E_90C4, UInt64(epoch))
    var byPicture = [[Int]](repeating: [], count: 1 + set.pictureCount)
    for question in Self.questions(ofEpoch: epoch, set, recipe) {
      byPicture[1 + set.questions[question].picture].append(question)
    }
    let size = recipe.questionsPerPicture
    var groups: [QuestionGroup] = []
    for (place, questions) in byPicture.enumerated() where !questions.isEmpty {
      let picture = place == 0 ? AskedQuestion.noPicture : place - 1
      let shuffled = random.permutation(questions.count).map { questions[$0] }
      for start in stride(from: 0, to: shuffled.count, by: size) {
        let members = Array(shuffled[start..<min(start + size, shuffled.count)])
        groups.append(QuestionGroup(picture: picture, questions: members))
      }
    }
    let order = random.permutation(groups.count)
    let perStep = recipe.questionsPerStep / size
    return (0..<steps[epoch]).map { step in
      order[(step * perStep)..<min((step + 1) * perStep, order.count)].map { groups[$0] }
    }
  }

  /// Places of the questions that a pass learns from.
  private static func questions(ofEpoch epoch: Int, _ set: QuestionSet, _ recipe: TrainingRecipe) -> [Int] {
    let curriculum = recipe.curriculum
    return set.questions.indices.filter { index in
      let question = set.questions[index]
      return (epoch >= curriculum.firstEpochs || question.set == curriculum.firstSet)
        && (epoch >= curriculum.namingEpochs || question.answerType != curriculum.leftOutAnswerType)
    }
  }
}
