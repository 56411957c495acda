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
}

/// The steps of a run.
public struct DataOrder: Sendable {
  private let byPicture: [[Int]]
  private let easyByPicture: [[Int]]
  private let recipe: TrainingRecipe
  private let steps: (full: Int, easy: Int)

  /// Plans a run over a set.
  ///
  /// - Parameters:
  ///   - set: The questions.
  ///   - recipe: Sizes, seed and curriculum.
  /// - Throws: ``TrainingFailure`` when a pass cannot fill even one step.
  public init(_ set: QuestionSet, _ recipe: TrainingRecipe) throws(TrainingFailure) {
    self.recipe = recipe
    func grouped(_ isKept: (AskedQuestion) -> Bool) -> [[Int]] {
      var byPicture = [[Int]](repeating: [], count: set.pictures.count)
      for (index, question) in set.questions.enumerated() where isKept(question) {
        byPicture[question.picture].append(index)
      }
      return byPicture
    }
    func steps(_ groups: Int) -> Int {
      let perStep = recipe.questionsPerStep / recipe.questionsPerPicture
      return groups / perStep + (groups % perStep >= recipe.shards ? 1 : 0)
    }
    byPicture = grouped { _ in true }
    easyByPicture = grouped { $0.answerType != recipe.curriculum.leftOutAnswerType }
    let counts = [byPicture, easyByPicture].map { questions in
      questions.reduce(0) { $0 + ($1.count + recipe.questionsPerPicture - 1) / recipe.questionsPerPicture }
    }
    self.steps = (steps(counts[0]), steps(counts[1]))
    for epoch in [0, recipe.epochs - 1] where self.steps(inEpoch: epoch) == 0 {
      throw .tooFewQuestions(groups: counts[epoch < recipe.curriculum.epochs ? 1 : 0], shards: recipe.shards)
    }
  }

  private var groupsPerStep: Int { recipe.questionsPerStep / recipe.questionsPerPicture }

  private func questions(ofEpoch epoch: Int) -> [[Int]] {
    epoch < recipe.curriculum.epochs ? easyByPicture : byPicture
  }

  /// Steps of one pass; a last one that cannot fill every shard is left out.
  public func steps(inEpoch epoch: Int) -> Int {
    epoch < recipe.curriculum.epochs ? steps.easy : steps.full
  }

  /// Steps of the whole run.
  public var totalSteps: Int { (0..<recipe.epochs).reduce(0) { $0 + steps(inEpoch: $1) } }

  /// The pass that a step belongs to, and how many steps of that pass come before it.
  ///
  /// - Parameter step: Steps of the run before it.
  /// - Returns: Pass and place, both from 0.
  public func place(ofStep step: Int) -> (epoch: Int, index: Int) {
    var rest = step
    for epoch in 0..<recipe.epochs {
      let steps = steps(inEpoch: epoch)
      if rest < steps { return (epoch, rest) }
      rest -= steps
    }
    return (recipe.epochs, rest)
  }

  /// The groups of every step of a pass, in order.
  public func epoch(_ epoch: Int) -> [[QuestionGroup]] {
    var random = SeededRandom(seed: recipe.seed, stream: 0x0E_90C4, UInt64(epoch))
    let size = recipe.questionsPerPicture
    var groups: [QuestionGroup] = []
    for (picture, questions) in questions(ofEpoch: epoch).enumerated() where !questions.isEmpty {
      let shuffled = random.permutation(questions.count).map { questions[$0] }
      for start in stride(from: 0, to: shuffled.count, by: size) {
        let members = Array(shuffled[start..<min(start + size, shuffled.count)])
        groups.append(QuestionGroup(picture: picture, questions: members))
      }
    }
    let order = random.permutation(groups.count)
    return (0..<steps(inEpoch: epoch)).map { step in
      order[(step * groupsPerStep)..<min((step + 1) * groupsPerStep, order.count)].map { groups[$0] }
    }
  }
}
